"""What is asked of the lens, and what the library's grading makes of the same state."""

from typing import Any

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import SampleBatch, item_id_of
from weilian.provenance.grading import ItemView
from weilian.provenance.terms import (
    BatchState,
    CustodyState,
    GtinNoticeState,
    ItemState,
    NoticeKind,
    NoticeState,
    SellerState,
)


def query(
    batch: SampleBatch,
    index: int = 0,
    viewer: Any = ZERO_ADDRESS,
    lot_first: int = 0,
    seller: Any = ZERO_ADDRESS,
    **changes: Any,
) -> dict[str, Any]:
    """Return a good question about an item, with `changes` to any part of it."""
    asked = {
        "item": batch.item(index),
        "proof": batch.proof(index),
        "viewer": viewer,
        "lotFirst": lot_first,
        "seller": seller,
    }
    unknown = changes.keys() - asked.keys()
    assert not unknown, f"a query has no {unknown}"
    return asked | changes


def graded(report: Any) -> tuple[int, int]:
    """Return verdict and reasons of a report."""
    return report.verdict, report.reasons


def view_of(suite: Any, batch: SampleBatch, issuer: Any, asked: dict[str, Any]) -> ItemView:
    """Read from the registries, one by one, what a verdict on an item depends on.

    The issuer itself must have registered the batch.
    """
    index = asked["item"]["index"]
    kept = BatchState(*suite.provenance.batchOf(batch.batch_id))
    custody = CustodyState(*suite.custody.custodyOf(batch.batch_id, asked["lotFirst"]))
    is_in_lot = custody.first <= index < custody.first + custody.size
    holder = custody.holder if is_in_lot else ZERO_ADDRESS
    seller = holder if asked["seller"] == ZERO_ADDRESS else asked["seller"]
    return ItemView(
        issuer=issuer.address,
        index=index,
        batch=kept,
        notices=[_notice(suite, batch, number) for number in range(kept.notice_count)],
        gtin_notice=_gtin_notice(suite, issuer, kept.gtin),
        is_issuer_active=suite.identities.identityOwner(issuer) != ZERO_ADDRESS,
        revoked_from=suite.provenance.operatorOf(issuer, issuer).revokedFrom,
        is_active=suite.provenance.isActive(batch.batch_id, index),
        item=ItemState(*suite.items.itemOf(item_id_of(batch.batch_id, index))),
        custody=custody,
        seller=SellerState(*suite.custody.sellerOf(issuer, seller)),
    )


def _notice(suite: Any, batch: SampleBatch, number: int) -> NoticeState:
    *times, kind = suite.provenance.noticeOf(batch.batch_id, number)
    return NoticeState(*times, NoticeKind(kind))


def _gtin_notice(suite: Any, issuer: Any, gtin: int) -> GtinNoticeState:
    *times, kind = suite.provenance.gtinNoticeOf(issuer, gtin)
    return GtinNoticeState(*times, NoticeKind(kind))
