"""Who has which goods as events alone tell it, without asking the chain."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from tests.support.custody import Lot
from tests.support.events import Event

Inputs = dict[str, Any]


class CustodyTale:
    """The lots of some batches, told by the events of their ledger one after another.

    Each event is held against those before it: goods come from who had them, and a version is that
    of as many changes as were told. Names of holders and pallets are in lower case.
    """

    def __init__(self) -> None:
        self.sizes: dict[Lot, int] = {}
        self.holders: dict[Lot, str] = {}
        self.cargo: dict[str, tuple[Lot, ...]] = {}
        self.pallet_holders: dict[str, str] = {}
        self.versions: Counter[Lot | str] = Counter()

    def begin(self, batch_id: bytes, count: int) -> None:
        """Add a batch to which nothing happened: one lot of its issuer's."""
        self.sizes[batch_id, 0] = count
        self.holders[batch_id, 0] = "0x" + batch_id[:20].hex()

    def tell(self, events: Iterable[Event]) -> None:
        """Go on with these events; raises AssertionError where one does not follow."""
        for _, name, inputs in events:
            TELLERS[name](self, inputs)

    def partition(self, batch_id: bytes) -> dict[int, int]:
        """Return the sizes of the lots of a batch by their first indices."""
        return {first: size for (batch, first), size in self.sizes.items() if batch == batch_id}

    @property
    def packed(self) -> set[Lot]:
        return {lot for lots in self.cargo.values() for lot in lots}

    def lot_shipped(self, inputs: Inputs) -> None:
        lot = self._loose(inputs)
        assert inputs["from"] == self.holders[lot], "shipped by who does not hold it"
        assert inputs["version"] == self.versions[lot], "shipped as another version"

    def lot_received(self, inputs: Inputs) -> None:
        lot = self._loose(inputs)
        assert inputs["from"] == self.holders[lot], "received from who did not hold it"
        self._count(lot)
        assert inputs["version"] == self.versions[lot], "received as another version"
        self.holders[lot] = inputs["to"]

    def discrepancy_recorded(self, inputs: Inputs) -> None:
        lot = self._loose(inputs)
        assert (inputs["to"], inputs["size"]) == (self.holders[lot], self.sizes[lot])

    def offer_cancelled(self, inputs: Inputs) -> None:
        self._count(self._loose(inputs))

    def lot_split(self, inputs: Inputs) -> None:
        lot, new = self._loose(inputs), (inputs["batchId"], inputs["second"])
        size = new[1] - lot[1]
        assert 0 < size < self.sizes[lot], "split outside"
        assert inputs["holder"] == self.holders[lot], "split by who does not hold it"
        self.sizes[lot], self.sizes[new] = size, self.sizes[lot] - size
        self.holders[new] = self.holders[lot]
        self._count(lot, new)

    def lots_merged(self, inputs: Inputs) -> None:
        lot, gone = self._loose(inputs), (inputs["batchId"], inputs["second"])
        assert lot[1] + self.sizes[lot] == gone[1], "merged without being neighbours"
        assert inputs["holder"] == self.holders[lot] == self.holders.pop(gone)
        self.sizes[lot] += self.sizes.pop(gone)
        self._count(lot, gone)

    def pallet_packed(self, inputs: Inputs) -> None:
        pallet, holder, lots = inputs["pallet"], inputs["holder"], inputs["lots"]
        assert pallet not in self.cargo, "packed twice"
        for lot in lots:
            assert lot not in self.packed, "on two pallets"
            assert self.holders[lot] == holder, "packed by who does not hold it"
        self.cargo[pallet], self.pallet_holders[pallet] = lots, holder
        self._count(pallet, *lots)

    def pallet_unpacked(self, inputs: Inputs) -> None:
        pallet = inputs["pallet"]
        lots = self.cargo.pop(pallet)
        assert inputs["holder"] == self.pallet_holders[pallet]
        self._count(pallet, *lots)
        assert inputs["version"] == self.versions[pallet]

    def pallet_shipped(self, inputs: Inputs) -> None:
        pallet = inputs["pallet"]
        assert pallet in self.cargo, "shipped unpacked"
        assert inputs["from"] == self.pallet_holders[pallet]
        assert inputs["version"] == self.versions[pallet]

    def pallet_received(self, inputs: Inputs) -> None:
        pallet, to = inputs["pallet"], inputs["to"]
        assert inputs["from"] == self.pallet_holders[pallet]
        self._count(pallet)
        assert inputs["version"] == self.versions[pallet]
        self.pallet_holders[pallet] = to
        self.holders |= dict.fromkeys(self.cargo[pallet], to)

    def pallet_offer_cancelled(self, inputs: Inputs) -> None:
        self._count(inputs["pallet"])

    def _loose(self, inputs: Inputs) -> Lot:
        lot = inputs["batchId"], inputs["first"]
        assert lot in self.sizes, "no such lot"
        assert lot not in self.packed, "it is packed"
        return lot

    def _count(self, *changed: Lot | str) -> None:
        self.versions.update(changed)


TELLERS = {
    "LotShipped": CustodyTale.lot_shipped,
    "LotReceived": CustodyTale.lot_received,
    "DiscrepancyRecorded": CustodyTale.discrepancy_recorded,
    "OfferCancelled": CustodyTale.offer_cancelled,
    "LotSplit": CustodyTale.lot_split,
    "LotsMerged": CustodyTale.lots_merged,
    "PalletPacked": CustodyTale.pallet_packed,
    "PalletUnpacked": CustodyTale.pallet_unpacked,
    "PalletShipped": CustodyTale.pallet_shipped,
    "PalletReceived": CustodyTale.pallet_received,
    "PalletOfferCancelled": CustodyTale.pallet_offer_cancelled,
}
