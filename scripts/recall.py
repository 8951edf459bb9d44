"""Recall or suspend an item, a range, a batch or a product; lift that again."""

from pathlib import Path
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, BATCH_ID, GTIN, PATH, UsageRuleError, read_note
from weilian.batch import Batches
from weilian.chain import NoticeKind
from weilian.chain.values import to_hex
from weilian.gs1 import Gtin
from weilian.notice import NoticeError, Notices

DONE = {NoticeKind.RECALL: "recalled · 已召回", NoticeKind.SUSPENSION: "suspended · 已暂停"}
GTIN_LIFT = -1


@script(writes=True)
@click.option("--batch", "batch_id", type=BATCH_ID, help="The batch's folder, or its id.")
@click.option("--item", type=click.IntRange(0), help="Index of the only item.")
@click.option("--first", type=click.IntRange(0), help="First item of a range.")
@click.option("--last", type=click.IntRange(0), help="Last item of a range, itself included.")
@click.option("--gtin", type=GTIN, help="Every batch of this product instead, up to now.")
@click.option("--issuer", type=ADDRESS, help="Whose product it is.  [default: the account]")
@click.option("--suspend", is_flag=True, help="Hold back until more is known, not recall.")
@click.option(
    "--lift",
    type=click.IntRange(GTIN_LIFT),
    is_flag=False,
    flag_value=GTIN_LIFT,
    help="Lift a batch's notice by its number; with --gtin, the one on the product.",
)
@click.option("--notice", type=PATH, required=True, help="The public notice; its hash is anchored.")
def cli(
    session: Session,
    batch_id: bytes | None,
    item: int | None,
    first: int | None,
    last: int | None,
    gtin: Gtin | None,
    issuer: str | None,
    suspend: bool,
    lift: int | None,
    notice: Path,
) -> None:
    """Recall or suspend a whole batch, a range of its items, one item, or a product: 召回.

    One transaction, however many items. Nobody can claim or trade what is recalled or suspended;
    --lift takes a notice back. A notice that stands already is found and not sent again.
    """
    if (batch_id is None) is (gtin is None):
        raise UsageRuleError("name what is recalled: either a --batch or a --gtin")
    if item is not None and (first, last) != (None, None):
        raise UsageRuleError("name either one --item or a range from --first to --last")
    digest = read_note(notice)
    kind = NoticeKind.SUSPENSION if suspend else NoticeKind.RECALL
    if batch_id is None:
        _on_gtin(session, issuer, gtin, kind, digest, is_lift=lift is not None)
    elif lift is not None:
        _lift(session, batch_id, lift, digest)
    else:
        start = item if item is not None else first or 0
        _on_batch(session, batch_id, (start, last if item is None else item), kind, digest)


def _on_batch(
    session: Session,
    batch_id: bytes,
    items: tuple[int, int | None],
    kind: NoticeKind,
    digest: bytes,
) -> None:
    suite = session.suite()
    notices, count = Notices(suite), Batches(suite).get(batch_id).item_count
    first, last = items[0], count - 1 if items[1] is None else items[1]
    name = f"{last - first + 1:,} of {count:,} items"
    session.out.say(f"Items {first} to {last}: {name}")
    wanted = (kind, first, last, digest)
    same = [
        each.number
        for each in notices.of(batch_id)
        if each.stands and (each.kind, each.first, each.last, each.notice_hash) == wanted
    ]
    number = same[0] if same else None
    if same:
        session.out.say(f"{DONE[kind]} already, by notice {number} · 无需重复")
    else:
        act = notices.recall if kind is NoticeKind.RECALL else notices.suspend
        issued = session.attempt(
            f"{kind.name.capitalize()} of {name}?",
            f"{DONE[kind]}: {name}",
            lambda: act(batch_id, digest, session.signer(), first=first, last=last),
        )
        number = issued.number if issued else None
    session.finish(
        {"batchId": to_hex(batch_id), "noticeHash": to_hex(digest), "kind": kind.name}
        | {"number": number, "first": first, "last": last}
    )


def _lift(session: Session, batch_id: bytes, number: int, digest: bytes) -> None:
    notices = Notices(session.suite())
    found = {each.number: each for each in notices.of(batch_id)}
    if number not in found:
        known = ", ".join(map(str, found)) or "none"
        raise NoticeError(f"the batch has no notice {number}; its notices: {known}")
    if not found[number].stands:
        session.out.say(f"Notice {number} was lifted already · 已撤销，无需重复")
    else:
        session.attempt(
            f"Lift notice {number}, {found[number].kind.name}?",
            f"lifted notice {number} · 已撤销",
            lambda: notices.reinstate(batch_id, number, digest, session.signer()),
        )
    session.finish({"batchId": to_hex(batch_id), "noticeHash": to_hex(digest), "number": number})


def _on_gtin(
    session: Session,
    issuer: str | None,
    gtin: Any,
    kind: NoticeKind,
    digest: bytes,
    *,
    is_lift: bool,
) -> None:
    notices, signer = Notices(session.suite()), session.signer()
    owner = issuer or signer.address
    kept = notices.on_gtin(owner, gtin)
    stands = kept is not None and kept.stands
    batches = Batches(session.suite()).find(issuer=owner, gtin=gtin)
    newer = kept is not None and any(
        Batches(session.suite()).get(each.batch_id).registered_at > kept.issued_at
        for each in batches
    )
    act = notices.recall_gtin if kind is NoticeKind.RECALL else notices.suspend_gtin
    if is_lift:
        act = notices.reinstate_gtin
    done = "lifted · 已撤销" if is_lift else DONE[kind]
    is_done = not stands if is_lift else (stands and kept.kind is kind and not newer)
    session.out.say(f"GTIN {gtin} of {owner}: {len(batches)} batches")
    if is_done:
        session.out.say(f"{done} already · 无需重复")
    else:
        session.attempt(
            f"{gtin}, {len(batches)} batches: {'lift' if is_lift else kind.name.lower()}?",
            done,
            lambda: act(owner, gtin, digest, signer),
        )
    session.finish({"gtin": gtin.value, "issuer": owner, "noticeHash": to_hex(digest)})
