"""ProvenanceRegistry without a chain: batches, their activation, trace and recalls."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from eth_abi.abi import encode
from eth_utils.address import to_canonical_address

from weilian.hashing import keccak256
from weilian.provenance.grading import Reasons, condition, gravest
from weilian.provenance.identity_model import Call
from weilian.provenance.issuer_model import issuer_of, tag_of
from weilian.provenance.membership import Ground, Item, flaw_of
from weilian.provenance.terms import (
    NEVER,
    BatchState,
    GtinNoticeState,
    NoticeKind,
    NoticeState,
    Reason,
    Verdict,
)
from weilian.provenance.trace_model import TraceModel
from weilian.refusal import RefusedError

GTIN_LIMIT = 99_999_999_999_999
NOTICE_LIMIT = 32
"""Notices in a batch's life; one more place is for the whole batch, and written anew."""

_PRODUCT_LENGTH = 12
_NO_BATCH = BatchState(root=bytes(32), item_count=0, gtin=0, registered_at=0)


@dataclass(frozen=True, slots=True)
class BatchTerms:
    """What an issuer declares of a batch; `lot` has 20 bytes, times are in seconds since 1970."""

    issuer: str
    gtin: int
    lot: bytes
    item_count: int
    root: bytes
    carton_size: int = 0
    produced_at: int = 0
    expires_at: int = 0

    @property
    def batch_id(self) -> bytes:
        """The id that the batch will have."""
        product = keccak256(encode(("uint64", "bytes20"), (self.gtin, self.lot)))
        return to_canonical_address(self.issuer) + product[:_PRODUCT_LENGTH]


@dataclass(kw_only=True)
class RegistryModel(TraceModel):
    """Batches, active cartons and notices by batch, notices on GTINs by issuer and GTIN."""

    ground: Ground
    batches: dict[bytes, BatchState] = field(default_factory=dict)
    active_cartons: dict[bytes, set[int]] = field(default_factory=dict)
    notices: dict[bytes, list[NoticeState]] = field(default_factory=dict)
    gtin_notices: dict[tuple[str, int], GtinNoticeState] = field(default_factory=dict)

    def batch(self, batch_id: bytes) -> BatchState:
        """Return what is kept of a batch; all zero if there is none."""
        return self.batches.get(batch_id, _NO_BATCH)

    def gtin_notice(self, issuer: str, gtin: int) -> GtinNoticeState:
        """Return what is kept of the notice on a GTIN; all zero if there never was one."""
        return self.gtin_notices.get((issuer, gtin), GtinNoticeState())

    def is_active(self, batch_id: bytes, index: int) -> bool:
        """Tell whether an item can be claimed as far as activation goes."""
        batch = self.batch(batch_id)
        if index >= batch.item_count or not batch.carton_size:
            return index < batch.item_count
        return index // batch.carton_size in self.active_cartons[batch_id]

    def register(self, call: Call, terms: BatchTerms) -> bytes:
        """Register a batch; return its id."""
        self._check_authorized(call, terms.issuer, "batch")
        _check_terms(terms, call.time)
        batch_id = terms.batch_id
        if registered_at := self.batch(batch_id).registered_at:
            raise RefusedError(
                "ProvenanceRegistry_BatchExists", batchId=batch_id, registeredAt=registered_at
            )
        operator = self._allowance(call, terms.issuer, terms.item_count)
        tag = tag_of(call.sender)
        self.operators[terms.issuer, tag] = operator
        self.batches[batch_id] = BatchState(
            root=terms.root,
            item_count=terms.item_count,
            gtin=terms.gtin,
            registered_at=call.time,
            expires_at=terms.expires_at,
            carton_size=terms.carton_size,
            operator_tag=tag,
        )
        self.active_cartons[batch_id], self.notices[batch_id] = set(), []
        return batch_id

    def activate(self, call: Call, batch_id: bytes, first: int, last: int) -> None:
        """Activate the cartons `first` to `last`, itself included."""
        self._check_authorized(call, issuer_of(batch_id), "activate")
        batch = self._registered(batch_id)
        if batch.carton_size == 0:
            raise RefusedError("ProvenanceRegistry_NothingToActivate", batchId=batch_id)
        cartons = -(-batch.item_count // batch.carton_size)
        _check_range(batch_id, first, last, cartons)
        self.active_cartons[batch_id].update(range(first, last + 1))

    def recall(self, call: Call, batch_id: bytes, first: int, last: int, kind: NoticeKind) -> int:
        """Recall or suspend the items `first` to `last`, itself included; return the number."""
        self._check_authorized(call, issuer_of(batch_id), "recall")
        batch = self._registered(batch_id)
        _check_range(batch_id, first, last, batch.item_count)
        number = min(batch.notice_count, NOTICE_LIMIT)
        if number == NOTICE_LIMIT and (first, last) != (0, batch.item_count - 1):
            raise RefusedError(
                "ProvenanceRegistry_TooManyNotices", batchId=batch_id, limit=NOTICE_LIMIT
            )
        kept = self.notices[batch_id]
        kind = _not_weaker(kind, *kept[number:])
        kept[number:] = [NoticeState(first, last, call.time, 0, kind)]
        self.batches[batch_id] = replace(batch, notice_count=len(kept))
        return number

    def reinstate(self, call: Call, batch_id: bytes, number: int) -> None:
        """Lift a notice."""
        self._check_authorized(call, issuer_of(batch_id), "recall")
        kept = self.notices.get(batch_id, [])
        if number >= len(kept) or not kept[number].stands:
            raise RefusedError(
                "ProvenanceRegistry_NoticeNotStanding", batchId=batch_id, number=number
            )
        kept[number] = replace(kept[number], lifted_at=call.time)

    def recall_gtin(self, call: Call, issuer: str, gtin: int, kind: NoticeKind) -> None:
        """Recall or suspend every batch of a GTIN that was registered up to this second."""
        self._check_authorized(call, issuer, "recall")
        _check_gtin(gtin)
        kind = _not_weaker(kind, self.gtin_notice(issuer, gtin))
        self.gtin_notices[issuer, gtin] = GtinNoticeState(call.time, 0, kind)

    def reinstate_gtin(self, call: Call, issuer: str, gtin: int) -> None:
        """Lift the notice on a GTIN."""
        self._check_authorized(call, issuer, "recall")
        notice = self.gtin_notice(issuer, gtin)
        if not notice.stands:
            raise RefusedError("ProvenanceRegistry_GtinNoticeNotStanding", issuer=issuer, gtin=gtin)
        self.gtin_notices[issuer, gtin] = replace(notice, lifted_at=call.time)

    def condition(
        self, batch_id: bytes, first: int, last: int, now: int, since: int = NEVER
    ) -> Reasons:
        """Say what forbids the items `first` to `last` to be traded, itself included.

        Notices issued at `since` or later count even if they are lifted.
        """
        batch = self.batch(batch_id)
        if not batch.item_count:
            return frozenset({Reason.BATCH_UNKNOWN})
        if first > last or last >= batch.item_count:
            return frozenset({Reason.INDEX_OUT_OF_RANGE})
        gtin_notice = self.gtin_notice(issuer_of(batch_id), batch.gtin)
        items = (first, last)
        return condition(batch, self.notices[batch_id], gtin_notice, items, now, since)

    def standing(self, batch_id: bytes, index: int, now: int) -> Reasons:
        """Say what is held against an item, if it is a member of the batch."""
        batch, issuer = self.batch(batch_id), issuer_of(batch_id)
        if not batch.item_count:
            return frozenset()
        gtin_notice = self.gtin_notice(issuer, batch.gtin)
        reasons = set(condition(batch, self.notices[batch_id], gtin_notice, (index, index), now))
        revoked_from = self.operator(issuer, batch.operator_tag).revoked_from
        found = {
            Reason.ISSUER_DEACTIVATED: not self.identities.is_active(issuer),
            Reason.KEY_REVOKED: 0 < revoked_from <= batch.registered_at,
            Reason.NOT_ACTIVATED: not self.is_active(batch_id, index),
        }
        return frozenset(reasons | {reason for reason, holds in found.items() if holds})

    def verdict(self, item: Item, proof: Sequence[bytes], now: int) -> tuple[Verdict, Reasons]:
        """Say what the registry alone says of an item."""
        batch = self.batch(item.batch_id)
        if flaw := flaw_of(self.ground, item, proof, batch.root, batch.item_count):
            return Verdict.UNKNOWN, frozenset({flaw})
        reasons = self.standing(item.batch_id, item.index, now)
        return gravest(reasons), reasons

    def _check_registered(self, batch_id: bytes) -> None:
        self._registered(batch_id)

    def _registered(self, batch_id: bytes) -> BatchState:
        batch = self.batch(batch_id)
        if not batch.item_count:
            raise RefusedError("ProvenanceRegistry_BatchUnknown", batchId=batch_id)
        return batch


def _not_weaker(kind: NoticeKind, *before: NoticeState | GtinNoticeState) -> NoticeKind:
    """Return the kind of a notice that is written over others: a recall that stands stays one."""
    return max([kind, *(notice.kind for notice in before if notice.stands)])


def _check_terms(terms: BatchTerms, now: int) -> None:
    _check_gtin(terms.gtin)
    if not any(terms.lot):
        raise RefusedError("ProvenanceRegistry_LotEmpty")
    if terms.item_count == 0 or not any(terms.root):
        raise RefusedError(
            "ProvenanceRegistry_BatchEmpty", itemCount=terms.item_count, root=terms.root
        )
    earliest = 1 + max(terms.produced_at, now)
    if terms.expires_at and terms.expires_at < earliest:
        raise RefusedError(
            "ProvenanceRegistry_ExpiryTooEarly", expiresAt=terms.expires_at, earliest=earliest
        )


def _check_gtin(gtin: int) -> None:
    if not 0 < gtin <= GTIN_LIMIT:
        raise RefusedError("ProvenanceRegistry_GtinOutOfRange", gtin=gtin, limit=GTIN_LIMIT)


def _check_range(batch_id: bytes, first: int, last: int, count: int) -> None:
    if first > last or last >= count:
        raise RefusedError(
            "ProvenanceRegistry_RangeWrong", batchId=batch_id, first=first, last=last, count=count
        )
