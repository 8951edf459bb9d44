"""Reading all that a verdict on an item depends on, slot by slot, from wherever slots are read."""

from collections.abc import Callable
from dataclasses import dataclass

from weilian.address import ZERO_ADDRESS
from weilian.hashing import keccak256
from weilian.provenance.grading import ItemView
from weilian.provenance.terms import LOT_PACKED, BatchState, CustodyState, NoticeState
from weilian.verification import layout

ReadSlot = Callable[[str, int], int]
"""Returns the word in a slot of a contract, by the contract's name."""

_IDENTITIES, _PROVENANCE = "IdentityRegistry", "ProvenanceRegistry"
_ITEMS, _CUSTODY = "ItemRegistry", "CustodyLedger"
CONTRACTS = (_IDENTITIES, _PROVENANCE, _ITEMS, _CUSTODY)
"""The contracts whose state decides."""


@dataclass(frozen=True, slots=True)
class StateReader:
    """The state that verdicts on one item depend on."""

    read: ReadSlot
    batch_id: bytes
    index: int

    def batch(self) -> BatchState:
        """Read the batch; it has no items if there is no such batch."""
        slot = layout.slot_of(_PROVENANCE, "_batches", self.batch_id)
        return layout.read_batch(self.read(_PROVENANCE, slot), self.read(_PROVENANCE, slot + 1))

    def trace(self) -> tuple[bytes, int]:
        """Read head and number of the batch's trace."""
        return layout.read_trace(self._word(_PROVENANCE, "_traces", self.batch_id))

    def view(self, batch: BatchState, lot_first: int | None, seller: str) -> ItemView:
        """Read the rest of what a verdict on an item of the batch depends on.

        `lot_first` is the first index of its lot, None to leave custody out; `seller` is who offers
        it, zero for the lot's holder.
        """
        issuer = self._issuer
        custody = CustodyState() if lot_first is None else self._custody(batch, lot_first)
        offering = custody.holder if seller == ZERO_ADDRESS else seller
        identity = self._word(_IDENTITIES, "_identities", issuer)
        operator = self._word(_PROVENANCE, "_operators", issuer, batch.operator_tag)
        on_gtin = self._word(_PROVENANCE, "_gtinNotices", issuer, batch.gtin)
        item = self._word(_ITEMS, "_items", self._unit_id(self.index))
        return ItemView(
            issuer=issuer,
            index=self.index,
            batch=batch,
            notices=[self._notice(number) for number in range(batch.notice_count)],
            gtin_notice=layout.read_gtin_notice(on_gtin),
            is_issuer_active=not layout.is_deactivated(identity),
            revoked_from=layout.revoked_from(operator),
            is_active=self._is_active(batch.carton_size),
            item=layout.read_item(item),
            custody=custody,
            seller=layout.read_seller(self._word(_CUSTODY, "_sellers", issuer, offering)),
        )

    @property
    def _issuer(self) -> str:
        """The front of the batch id."""
        return layout.address_of(int.from_bytes(self.batch_id[:20]))

    def _notice(self, number: int) -> NoticeState:
        return layout.read_notice(self._word(_PROVENANCE, "_notices", self.batch_id, number))

    def _custody(self, batch: BatchState, first: int) -> CustodyState:
        """Read who has the lot as `ICustodyLedger.custodyOf` does; all zero if it has not the item.

        Before anything happened a batch is one lot of its issuer's.
        """
        unit_id = self._unit_id(first)
        word = self._word(_CUSTODY, "_lots", unit_id)
        holder, size, version, flags = layout.read_lot(word)
        if version == 0 and first == 0:
            holder, size = self._issuer, batch.item_count
        if not first <= self.index < first + size:
            return CustodyState()
        pallet, unit_version = ZERO_ADDRESS, version
        if flags & LOT_PACKED:
            pallet = holder
            unit_id = int(pallet, 16).to_bytes(32)
            holder, unit_version = layout.read_pallet(self._word(_CUSTODY, "_pallets", pallet))
        offer = self._word(_CUSTODY, "_offers", unit_id)
        offered_to, offered_at = layout.standing_offer(offer, unit_version)
        return CustodyState(holder, first, size, version, flags, pallet, offered_to, offered_at)

    def _is_active(self, carton_size: int) -> bool:
        if carton_size == 0:
            return True
        carton = self.index // carton_size
        word = self._word(_PROVENANCE, "_activations", self.batch_id, carton >> 8)
        return bool(word >> (carton & 0xFF) & 1)

    def _unit_id(self, index: int) -> bytes:
        return keccak256(self.batch_id + index.to_bytes(32))

    def _word(self, contract: str, name: str, *keys: bytes | int | str) -> int:
        return self.read(contract, layout.slot_of(contract, name, *keys))
