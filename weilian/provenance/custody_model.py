"""CustodyLedger without a chain: who has which goods, pallets among them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from eth_abi.abi import encode
from eth_utils.address import to_canonical_address, to_checksum_address

from weilian.address import ZERO_ADDRESS
from weilian.hashing import keccak256
from weilian.provenance.identity_model import Call
from weilian.provenance.lot_model import (
    LotModel,
    LotRef,
    OfferState,
    check_holder,
    check_receiver,
    refuse_packed,
)
from weilian.provenance.terms import LOT_PACKED, CustodyState
from weilian.refusal import InvariantError, RefusedError

SSCC_LIMIT = 999_999_999_999_999_999
PALLET_LIMIT = 64
_ADDRESS_LENGTH = 20


@dataclass(frozen=True, slots=True)
class PalletState:
    """Lots that move together, none once it is unpacked; `manifest` is the hash of their list."""

    holder: str = ZERO_ADDRESS
    version: int = 0
    lot_count: int = 0
    manifest: bytes = bytes(32)


def pallet_address(holder: str, sscc: int) -> str:
    """Return the name of a pallet that `holder` packs."""
    name = keccak256(encode(("address", "uint64"), (holder, sscc)))[-_ADDRESS_LENGTH:]
    return str(to_checksum_address(name))


def manifest_of(lots: Sequence[LotRef]) -> bytes:
    """Hash the list of a pallet's lots."""
    listed = [(lot.batch_id, lot.first) for lot in lots]
    return keccak256(encode(("(bytes32,uint32)[]",), (listed,)))


def unit_id(pallet: str) -> bytes:
    """Return by what the offers of a pallet are kept."""
    return to_canonical_address(pallet).rjust(32, b"\0")


@dataclass(kw_only=True)
class CustodyModel(LotModel):
    """Lots, offers, sellers, and pallets by their names."""

    pallets: dict[str, PalletState] = field(default_factory=dict)
    _seen: dict[object, int] = field(default_factory=dict)
    """Versions of lots and pallets at the last check."""

    def pallet(self, name: str) -> PalletState:
        """Return what is kept of a pallet."""
        return self.pallets.get(name, PalletState())

    def pack_pallet(self, call: Call, sscc: int, lots: Sequence[LotRef]) -> str:
        """Pack lots of one holder; return the pallet's name."""
        if not 0 < sscc <= SSCC_LIMIT:
            raise RefusedError("PalletLedger_SsccOutOfRange", sscc=sscc, limit=SSCC_LIMIT)
        if not 0 < len(lots) <= PALLET_LIMIT:
            raise RefusedError("PalletLedger_LotCountWrong", count=len(lots), limit=PALLET_LIMIT)
        holder = self._loose(lots[0]).holder
        self._check_actor(call, holder)
        name = pallet_address(holder, sscc)
        kept = self.pallet(name)
        if kept.lot_count:
            raise RefusedError("PalletLedger_AlreadyPacked", pallet=name, lotCount=kept.lot_count)
        for place, ref in enumerate(lots):
            lot = self._loose(ref)
            if ref in lots[:place]:
                refuse_packed(ref, name)
            check_holder(ref, lot.holder, holder)
        for ref in lots:
            lot = self.lot(ref)
            self._write(ref, lot, holder=name, flags=lot.flags | LOT_PACKED)
        manifest = manifest_of(lots)
        self.pallets[name] = PalletState(holder, kept.version + 1, len(lots), manifest)
        return name

    def unpack_pallet(self, call: Call, name: str, lots: Sequence[LotRef]) -> None:
        """Make the lots of a pallet single again."""
        kept = self._pallet_with(name, lots)
        self._check_actor(call, kept.holder)
        for ref in lots:
            lot = self.lot(ref)
            self._write(ref, lot, holder=kept.holder, flags=lot.flags & ~LOT_PACKED)
        self.pallets[name] = replace(kept, lot_count=0, version=kept.version + 1)

    def ship_pallet(self, call: Call, name: str, to: str) -> None:
        """Offer a pallet to a receiver."""
        kept = self._known_pallet(name)
        self._check_actor(call, kept.holder)
        check_receiver(kept.holder, to)
        self._offer(unit_id(name), OfferState(to, kept.version, call.time))

    def receive_pallet(self, call: Call, name: str, lots: Sequence[LotRef]) -> None:
        """Receive a pallet that was offered."""
        kept = self._pallet_with(name, lots)
        offer = self._standing_offer(unit_id(name), kept.version)
        self._check_actor(call, to := offer.to)
        for ref in lots:
            self._check_tradable(call, ref, to, offer.offered_at)
        self.pallets[name] = replace(kept, holder=to, version=kept.version + 1)

    def cancel_pallet_offer(self, call: Call, name: str) -> None:
        """Take an offer of a pallet back, or refuse it."""
        kept = self.pallet(name)
        offer = self._standing_offer(unit_id(name), kept.version)
        self._check_party(call, kept.holder, offer.to)
        self.pallets[name] = replace(kept, version=kept.version + 1)

    def custody(self, ref: LotRef) -> CustodyState:
        """Say who has a lot, pallets looked through; all zero if there is none."""
        lot = self.lot(ref)
        if not lot.size:
            return CustodyState()
        unit, holder, version, pallet = ref.id, lot.holder, lot.version, ZERO_ADDRESS
        if lot.flags & LOT_PACKED:
            pallet = lot.holder
            kept = self.pallet(pallet)
            unit, holder, version = unit_id(pallet), kept.holder, kept.version
        offer = self.offer(unit, version) or OfferState(ZERO_ADDRESS, version, 0)
        return CustodyState(
            holder=holder,
            first=ref.first,
            size=lot.size,
            version=lot.version,
            flags=lot.flags,
            pallet=pallet,
            offered_to=offer.to,
            offered_at=offer.offered_at,
        )

    def lots_of(self, batch_id: bytes) -> list[LotRef]:
        """List the lots of a batch, in the order of their items."""
        refs = {LotRef(batch_id, 0), *(ref for ref in self.lots if ref.batch_id == batch_id)}
        standing = [ref for ref in refs if self.lot(ref).size]
        return sorted(standing, key=lambda ref: ref.first)

    def check_custody(self) -> None:
        """Raise InvariantError unless the promises of the ledger hold.

        The lots of each batch cover it without gap or overlap, a packed lot is on a pallet that
        is packed, and no version is lower than it was at the last check.
        """
        for batch_id, batch in self.registry.batches.items():
            self._check_partition(batch_id, batch.item_count)
        for ref, lot in self.lots.items():
            if lot.flags & LOT_PACKED and not self.pallet(lot.holder).lot_count:
                raise InvariantError(f"the pallet of lot {ref} must be packed", lot)
        self._check_versions()

    def _check_partition(self, batch_id: bytes, count: int) -> None:
        end = 0
        for ref in self.lots_of(batch_id):
            if ref.first != end:
                raise InvariantError(f"a lot of {batch_id.hex()} must begin at {end}", ref)
            end += self.lot(ref).size
        if end != count:
            raise InvariantError(f"the lots of {batch_id.hex()} must end at {count}", end)

    def _check_versions(self) -> None:
        versions: dict[object, int] = {ref: lot.version for ref, lot in self.lots.items()}
        versions |= {name: pallet.version for name, pallet in self.pallets.items()}
        for unit, seen in self._seen.items():
            if versions.get(unit, 0) < seen:
                raise InvariantError(
                    f"the version of {unit} must not fall below {seen}", versions.get(unit)
                )
        self._seen = versions

    def _known_pallet(self, name: str) -> PalletState:
        kept = self.pallet(name)
        if not kept.lot_count:
            raise RefusedError("PalletLedger_PalletUnknown", pallet=name)
        return kept

    def _pallet_with(self, name: str, lots: Sequence[LotRef]) -> PalletState:
        kept = self._known_pallet(name)
        if (given := manifest_of(lots)) != kept.manifest:
            raise RefusedError(
                "PalletLedger_ManifestWrong", pallet=name, given=given, manifest=kept.manifest
            )
        return kept
