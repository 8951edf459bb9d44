"""Scanning items of the tea, and reading the state that a verdict depends on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.integration.tea_ending import Question
from tests.integration.tea_story import LOT_SIZE, TeaStory, first_of
from weilian.chain import ZERO_ADDRESS
from weilian.item import item_tuple
from weilian.merkle.items import item_id
from weilian.provenance.grading import ItemView, Reasons, reasons_of
from weilian.provenance.terms import (
    BatchState,
    CustodyState,
    GtinNoticeState,
    ItemState,
    NoticeKind,
    NoticeState,
    SellerState,
    Verdict,
)

SCANS_AT_ONCE = 50


@dataclass(frozen=True)
class Scan:
    """What the lens answered, and the second at which it holds."""

    found: tuple[Verdict, Reasons]
    time: int


def scan(story: TeaStory, asked: Sequence[Question]) -> Iterator[Scan]:
    """Ask the lens about many items, fifty in a call."""
    for start in range(0, len(asked), SCANS_AT_ONCE):
        queries = [_query(story, question) for question in asked[start : start + SCANS_AT_ONCE]]
        for report in story.read("lens", "inspectMany", queries):
            found = (Verdict(report.verdict), frozenset(reasons_of(report.reasons)))
            yield Scan(found, report.blockTime)


def _query(story: TeaStory, asked: Question) -> tuple[object, ...]:
    proof = story.proof(asked.index)
    lot_first = first_of(asked.index // LOT_SIZE)
    return (item_tuple(proof), list(proof.proof), asked.viewer, lot_first, asked.seller)


def views_of(story: TeaStory, asked: Sequence[Question]) -> Iterator[ItemView]:
    """Read from the registries what a verdict depends on."""
    shared = _shared(story)
    lots = {lot: CustodyState(*story.custody(lot)) for lot in {q.index // LOT_SIZE for q in asked}}
    sellers: dict[str, SellerState] = {}
    for question in asked:
        custody = lots[question.index // LOT_SIZE]
        seller = custody.holder if question.seller == ZERO_ADDRESS else question.seller
        if seller not in sellers:
            found = story.read("custody", "sellerOf", shared.issuer, seller)
            sellers[seller] = SellerState(*found)
        kept = story.read("items", "itemOf", item_id(story.batch_id, question.index))
        yield replace(
            shared,
            index=question.index,
            is_active=story.read("provenance", "isActive", story.batch_id, question.index),
            item=ItemState(*kept),
            custody=custody,
            seller=sellers[seller],
        )


def _shared(story: TeaStory) -> ItemView:
    """Read what holds for every item of the batch."""
    issuer, batch_id = story.address("issuer"), story.batch_id
    batch = BatchState(*story.read("provenance", "batchOf", batch_id))
    notices = [
        story.read("provenance", "noticeOf", batch_id, number)
        for number in range(batch.notice_count)
    ]
    on_gtin = story.read("provenance", "gtinNoticeOf", issuer, batch.gtin)
    return ItemView(
        issuer=issuer,
        index=0,
        batch=batch,
        notices=[NoticeState(*notice[:4], NoticeKind(notice[4])) for notice in notices],
        gtin_notice=GtinNoticeState(*on_gtin[:2], NoticeKind(on_gtin[2])),
        is_issuer_active=story.read("identities", "identityOwner", issuer) != ZERO_ADDRESS,
        revoked_from=story.read("provenance", "operatorOf", issuer, issuer).revokedFrom,
    )
