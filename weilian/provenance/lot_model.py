"""LotLedger without a chain: lots, offers of them, and hand-overs by signed receipt."""

from dataclasses import dataclass, field, replace

from weilian.address import ZERO_ADDRESS
from weilian.merkle.items import item_id
from weilian.provenance.grading import Reasons, bits_of
from weilian.provenance.identity_model import Call, permission
from weilian.provenance.issuer_model import issuer_of
from weilian.provenance.seller_model import SellerModel
from weilian.provenance.terms import LOT_DISCREPANCY, LOT_PACKED, NEVER
from weilian.refusal import RefusedError

_CUSTODY = permission("custody")


@dataclass(frozen=True, slots=True)
class LotRef:
    """A lot by its batch and its first index."""

    batch_id: bytes
    first: int

    @property
    def id(self) -> bytes:
        """The id of the lot."""
        return item_id(self.batch_id, self.first)


@dataclass(frozen=True, slots=True)
class LotState:
    """A lot; of size 0 where there is none. `holder` is a pallet if it is packed."""

    holder: str = ZERO_ADDRESS
    size: int = 0
    version: int = 0
    flags: int = 0


@dataclass(frozen=True, slots=True)
class OfferState:
    """An offer of a lot or pallet as it was in one version, made in second `offered_at`."""

    to: str
    version: int
    offered_at: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receiver signs: the lot as it is, and the last second at which that counts."""

    lot: LotRef
    size: int
    holder: str
    to: str
    version: int
    deadline: int


@dataclass(frozen=True, slots=True)
class HandOver:
    """A hand-over in one transaction, for which `signer` is said to have signed the receipt."""

    lot: LotRef
    to: str
    signer: str
    deadline: int


@dataclass(kw_only=True)
class LotModel(SellerModel):
    """Lots that anything ever happened to, and the last offer of each lot or pallet by its id."""

    lots: dict[LotRef, LotState] = field(default_factory=dict)
    offers: dict[bytes, OfferState] = field(default_factory=dict)

    def lot(self, ref: LotRef) -> LotState:
        """Return a lot. Before anything happened a batch is one lot of its issuer's."""
        if ref in self.lots or ref.first:
            return self.lots.get(ref, LotState())
        return LotState(issuer_of(ref.batch_id), self.registry.batch(ref.batch_id).item_count)

    def offer(self, unit_id: bytes, version: int) -> OfferState | None:
        """Return the offer of a lot or pallet that stands for this version of it."""
        offer = self.offers.get(unit_id)
        return offer if offer and offer.version == version else None

    def condition(self, ref: LotRef, now: int, since: int = NEVER) -> Reasons:
        """Say what forbids a lot to be traded; notices from `since` on count even if lifted."""
        last = ref.first + self.lot(ref).size - 1
        return self.registry.condition(ref.batch_id, ref.first, last, now, since)

    def ship_lot(self, call: Call, ref: LotRef, to: str) -> None:
        """Offer a lot to a receiver."""
        lot = self._loose(ref)
        self._check_actor(call, lot.holder)
        check_receiver(lot.holder, to)
        self._offer(ref.id, OfferState(to, lot.version, call.time))

    def receive_lot(self, call: Call, ref: LotRef, counted: int) -> None:
        """Receive a lot that was offered; note it if another number of items was counted."""
        lot = self._known(ref)
        offer = self._standing_offer(ref.id, lot.version)
        self._check_actor(call, to := offer.to)
        self._check_tradable(call, ref, to, offer.offered_at)
        self._write(ref, lot, holder=to, flags=lot.flags | LOT_DISCREPANCY * (counted != lot.size))

    def hand_over(self, call: Call, terms: HandOver, receipt: Receipt, signed_by: str) -> None:
        """Hand a lot over by a receipt that `signed_by` signed."""
        ref, to = terms.lot, terms.to
        lot = self._loose(ref)
        self._check_actor(call, lot.holder)
        check_receiver(lot.holder, to)
        if call.time > terms.deadline:
            raise RefusedError(
                "CustodyLedger_DeadlinePassed", deadline=terms.deadline, time=call.time
            )
        self._check_authorized(to, terms.signer, call.time)
        if (receipt, signed_by) != (self.receipt(ref, to, terms.deadline), terms.signer):
            raise RefusedError(
                "CustodyLedger_ReceiptWrong",
                signer=terms.signer,
                holder=lot.holder,
                size=lot.size,
                version=lot.version,
            )
        self._check_tradable(call, ref, to, NEVER)
        self._write(ref, lot, holder=to)

    def receipt(self, ref: LotRef, to: str, deadline: int) -> Receipt:
        """Return what a receiver has to sign of a lot as it is."""
        lot = self.lot(ref)
        return Receipt(ref, lot.size, lot.holder, to, lot.version, deadline)

    def cancel_offer(self, call: Call, ref: LotRef) -> None:
        """Take an offer back, or refuse it."""
        lot = self._known(ref)
        self._check_party(call, lot.holder, self._standing_offer(ref.id, lot.version).to)
        self._write(ref, lot)

    def split_lot(self, call: Call, ref: LotRef, second: int) -> None:
        """Make the items from index `second` on a lot of their own."""
        lot = self._loose(ref)
        self._check_actor(call, lot.holder)
        if not 0 < second - ref.first < lot.size:
            raise RefusedError(
                "CustodyLedger_SplitOutside",
                batchId=ref.batch_id,
                first=ref.first,
                size=lot.size,
                second=second,
            )
        next_ref = LotRef(ref.batch_id, second)
        left = second - ref.first
        version = self.lot(next_ref).version
        self._write(ref, lot, size=left)
        self._write(next_ref, replace(lot, version=version), size=lot.size - left)

    def merge_lots(self, call: Call, ref: LotRef, second: int) -> None:
        """Make the lot at `second` part of the one that ends where it begins."""
        next_ref = LotRef(ref.batch_id, second)
        lot, following = self._loose(ref), self._loose(next_ref)
        self._check_actor(call, lot.holder)
        check_holder(next_ref, following.holder, lot.holder)
        if ref.first + lot.size != second:
            raise RefusedError(
                "CustodyLedger_NotNeighbours",
                batchId=ref.batch_id,
                first=ref.first,
                size=lot.size,
                second=second,
            )
        flags = lot.flags | following.flags
        self._write(ref, lot, size=lot.size + following.size, flags=flags)
        self._write(next_ref, following, size=0, flags=0)

    def _write(self, ref: LotRef, lot: LotState, **changes: object) -> None:
        """Keep a lot in its next version, which ends every offer and receipt for this one."""
        self.lots[ref] = replace(lot, version=lot.version + 1, **changes)  # type: ignore[arg-type]

    def _offer(self, unit_id: bytes, offer: OfferState) -> None:
        if pending := self.offer(unit_id, offer.version):
            raise RefusedError("CustodyLedger_OfferPending", unitId=unit_id, to=pending.to)
        self.offers[unit_id] = offer

    def _standing_offer(self, unit_id: bytes, version: int) -> OfferState:
        offer = self.offer(unit_id, version)
        if offer is None:
            raise RefusedError("CustodyLedger_NoOffer", unitId=unit_id)
        return offer

    def _known(self, ref: LotRef) -> LotState:
        lot = self.lot(ref)
        if not lot.size:
            raise RefusedError("CustodyLedger_LotUnknown", batchId=ref.batch_id, first=ref.first)
        return lot

    def _loose(self, ref: LotRef) -> LotState:
        lot = self._known(ref)
        if lot.flags & LOT_PACKED:
            refuse_packed(ref, lot.holder)
        return lot

    def _check_tradable(self, call: Call, ref: LotRef, to: str, since: int) -> None:
        """Nothing may stand against the goods, nor have come up since, unless they go back."""
        reasons = self.condition(ref, call.time, since)
        if reasons and to != issuer_of(ref.batch_id):
            raise RefusedError(
                "CustodyLedger_NotTradable",
                batchId=ref.batch_id,
                first=ref.first,
                reasons=bits_of(reasons),
            )

    def _check_party(self, call: Call, holder: str, to: str) -> None:
        """Either party of an offer may end it."""
        if not self._may(holder, call.sender, call.time):
            self._check_actor(call, to)

    def _check_actor(self, call: Call, identity: str) -> None:
        self._check_authorized(identity, call.sender, call.time)

    def _check_authorized(self, identity: str, actor: str, now: int) -> None:
        if not self._may(identity, actor, now):
            raise RefusedError(
                "CustodyLedger_NotAuthorized", identity=identity, permission=_CUSTODY, actor=actor
            )

    def _may(self, identity: str, actor: str, now: int) -> bool:
        return self.registry.identities.is_authorized(identity, _CUSTODY, actor, now)


def check_receiver(holder: str, to: str) -> None:
    if to in (ZERO_ADDRESS, holder):
        raise RefusedError("CustodyLedger_ReceiverInvalid", to=to)


def check_holder(ref: LotRef, holder: str, expected: str) -> None:
    if holder != expected:
        raise RefusedError(
            "CustodyLedger_HolderDiffers",
            batchId=ref.batch_id,
            first=ref.first,
            holder=holder,
            expected=expected,
        )


def refuse_packed(ref: LotRef, pallet: str) -> None:
    raise RefusedError(
        "CustodyLedger_LotPacked", batchId=ref.batch_id, first=ref.first, pallet=pallet
    )
