"""How an item is graded: the rules of ProvenanceRegistry.standingOf and ProvenanceLens.inspect.

The contracts answer the same by `eth_call`; this is what a verifier applies to state that it
proved by itself, and what the contracts are tested against.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from weilian.address import ZERO_ADDRESS
from weilian.provenance.terms import (
    ITEM_DESTROYED,
    ITEM_FLAGGED,
    ITEM_LOST,
    ITEM_STOLEN,
    LOT_DISCREPANCY,
    NEVER,
    BatchState,
    CustodyState,
    GtinNoticeState,
    ItemState,
    NoticeKind,
    NoticeState,
    Reason,
    SellerState,
    Verdict,
)

Reasons = frozenset[Reason]


@dataclass(frozen=True, slots=True)
class ItemView:
    """All that the chain keeps and that a verdict on the item at `index` depends on.

    `is_issuer_active` is whether the issuer's identity is not deactivated, `revoked_from` the
    second from which the key that registered the batch is not trusted (0 for never), `is_active`
    whether the item's carton is activated.
    """

    issuer: str
    index: int
    batch: BatchState
    notices: Sequence[NoticeState] = ()
    gtin_notice: GtinNoticeState = field(default_factory=GtinNoticeState)
    is_issuer_active: bool = True
    revoked_from: int = 0
    is_active: bool = True
    item: ItemState = field(default_factory=ItemState)
    custody: CustodyState = field(default_factory=CustodyState)
    seller: SellerState = field(default_factory=SellerState)


def condition(
    batch: BatchState,
    notices: Iterable[NoticeState],
    gtin_notice: GtinNoticeState,
    items: tuple[int, int],
    now: int,
    since: int = NEVER,
) -> Reasons:
    """Say what forbids the items of a range, (first, last) itself included, to be traded.

    Notices issued at `since` or later count even if they are lifted.
    """
    kinds = {notice.kind for notice in notices if notice.touches(*items, since)}
    reasons = {Reason.EXPIRED} if batch.expires_at and now >= batch.expires_at else set()
    if gtin_notice.reaches(batch, since):
        kinds.add(gtin_notice.kind)
        reasons.add(Reason.GTIN_NOTICE)
    reasons |= {
        Reason.RECALLED if kind is NoticeKind.RECALL else Reason.SUSPENDED for kind in kinds
    }
    return frozenset(reasons)


def standing(view: ItemView, now: int) -> Reasons:
    """Say what the registry holds against an item that is a member of its batch."""
    batch = view.batch
    reasons = set(condition(batch, view.notices, view.gtin_notice, (view.index, view.index), now))
    if not view.is_issuer_active:
        reasons.add(Reason.ISSUER_DEACTIVATED)
    if view.revoked_from and batch.registered_at >= view.revoked_from:
        reasons.add(Reason.KEY_REVOKED)
    if not view.is_active:
        reasons.add(Reason.NOT_ACTIVATED)
    return frozenset(reasons)


def gravest(reasons: Reasons) -> Verdict:
    """Return the verdict that the gravest of a registry's reasons makes."""
    if Reason.RECALLED in reasons:
        return Verdict.RECALLED
    if reasons & {Reason.ISSUER_DEACTIVATED, Reason.KEY_REVOKED}:
        return Verdict.ISSUER_REVOKED
    if Reason.SUSPENDED in reasons:
        return Verdict.SUSPENDED
    return Verdict.EXPIRED if Reason.EXPIRED in reasons else Verdict.REGISTERED


def grade(
    view: ItemView, now: int, viewer: str = ZERO_ADDRESS, seller: str = ZERO_ADDRESS
) -> tuple[Verdict, Reasons]:
    """Grade an item that is a member of its batch as `viewer` sees it at second `now`.

    `seller` is who offers it, the holder of its lot where it is zero; `view.seller` is that
    account's authorisation.
    """
    held_against = standing(view, now)
    verdict = gravest(held_against)
    trade = _trade_reasons(view)
    owner = _owner_reasons(view.item, viewer)
    if verdict is Verdict.REGISTERED:
        verdict = _softened(view.item, trade, owner)
    return verdict, held_against | trade | owner | _seller_reasons(view, seller, now)


def reasons_of(bits: int) -> tuple[Reason, ...]:
    """Read the reasons that a contract answers, a bit each."""
    return tuple(Reason(place) for place in range(bits.bit_length()) if bits >> place & 1)


def bits_of(reasons: Iterable[Reason]) -> int:
    """Write reasons as a contract answers them, a bit each."""
    return sum(1 << reason.value for reason in set(reasons))


def _is_in_lot(view: ItemView) -> bool:
    first = view.custody.first
    return first <= view.index < first + view.custody.size


def _trade_reasons(view: ItemView) -> Reasons:
    custody = view.custody
    if not _is_in_lot(view):
        return frozenset({Reason.LOT_WRONG})
    found = {
        Reason.DISCREPANCY: bool(custody.flags & LOT_DISCREPANCY),
        Reason.IN_TRANSIT: custody.offered_to != ZERO_ADDRESS,
        Reason.LEFT_ISSUER: custody.holder != view.issuer,
    }
    return frozenset(reason for reason, holds in found.items() if holds)


def _seller_reasons(view: ItemView, seller: str, now: int) -> Reasons:
    if seller == ZERO_ADDRESS and _is_in_lot(view):
        seller = view.custody.holder
    if seller in (ZERO_ADDRESS, view.issuer):
        return frozenset()
    if not view.seller.since:
        return frozenset({Reason.SELLER_UNKNOWN})
    is_valid = now < view.seller.valid_to
    return frozenset({Reason.SELLER_AUTHORIZED if is_valid else Reason.SELLER_LAPSED})


def _owner_reasons(item: ItemState, viewer: str) -> Reasons:
    if not item.claimed_at:
        return frozenset()
    found = {
        Reason.CLAIMED_BY_VIEWER: item.owner == viewer,
        Reason.CLAIMED_BY_OTHER: item.owner != viewer,
        Reason.LOST: bool(item.flags & ITEM_LOST),
        Reason.STOLEN: bool(item.flags & (ITEM_STOLEN | ITEM_FLAGGED)),
        Reason.DESTROYED: bool(item.flags & ITEM_DESTROYED),
    }
    return frozenset(reason for reason, holds in found.items() if holds)


def _softened(item: ItemState, trade: Reasons, owner: Reasons) -> Verdict:
    """What trade and owners make of an item that the registry holds nothing against."""
    if owner & {Reason.LOST, Reason.STOLEN}:
        return Verdict.LOST_OR_STOLEN
    if Reason.CLAIMED_BY_VIEWER in owner and Reason.DESTROYED not in owner:
        return Verdict.CLAIMED_BY_YOU
    if item.claimed_at:
        return Verdict.ALREADY_CLAIMED
    left = trade & {Reason.IN_TRANSIT, Reason.LEFT_ISSUER}
    return Verdict.IN_TRADE if left else Verdict.REGISTERED
