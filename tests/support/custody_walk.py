"""Goods on a random walk from hand to hand, each step by who may take it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from eth_abi import decode
from hypothesis import strategies as st

from tests.support.abi import ZERO_HASH
from tests.support.custody import Lot, create_hand_over, pallet_address_of
from tests.support.custody_events import CustodyTale
from tests.support.events import Event, events_of

CUSTODY = "(address,uint32,uint32,uint32,uint8,address,address,uint48)"
KINDS = (
    "deliver",
    "deliver",
    "hand_over",
    "cancel",
    "split",
    "split",
    "split",
    "merge",
    "pack",
    "deliver_pallet",
    "cancel_pallet",
    "unpack",
)
STEPS = st.tuples(st.sampled_from(KINDS), st.integers(0, 1000), st.integers(0, 1000))
WALKS = st.lists(STEPS, min_size=8, max_size=16)


@dataclass(frozen=True)
class Told:
    """What custodyOf answers of one lot."""

    holder: str
    first: int
    size: int
    version: int
    flags: int
    pallet: str
    offered_to: str
    offered_at: int


def read_lots(custody, reader, lots: Sequence[Lot]) -> dict[Lot, Told]:
    """Read the custody of all lots among `lots` in one call; names are in lower case."""
    calls = [custody.custodyOf.encode_input(*lot) for lot in lots]
    answers = [Told(*decode([CUSTODY], answer)[0]) for answer in reader.read(custody, calls)]
    return {lot: told for lot, told in zip(lots, answers, strict=True) if told.size}


class Walk:
    """The traders, the goods they move, and the tale that the events of their moves tell.

    A step does nothing where there is nothing to do it with.
    """

    def __init__(self, custody: Any, traders: Sequence[Any], batches: dict[bytes, int]) -> None:
        self.custody = custody
        self.traders = {trader.address.lower(): trader for trader in traders}
        self.tale = CustodyTale()
        self.events: list[Event] = []
        # No other walk on the same chain has these goods, so none uses these numbers either.
        own = int.from_bytes(next(iter(batches))[-6:]) + 1
        self.ssccs = (own, own + 1)
        for batch_id, count in batches.items():
            self.tale.begin(batch_id, count)

    def step(self, kind: str, one: int, two: int) -> None:
        """Take a step; the two numbers choose among what is there."""
        getattr(self, f"_{kind}")(one, two)

    def _deliver(self, one: int, two: int) -> None:
        for lot in self._chosen(self._loose(), one):
            to, holder = self._other_than(self.tale.holders[lot], two)
            self._tell(self.custody.shipLot(*lot, to, sender=holder))
            counted = self.tale.sizes[lot] + two % 2
            self._tell(self.custody.receiveLot(*lot, counted, ZERO_HASH, sender=to))

    def _hand_over(self, one: int, two: int) -> None:
        for lot in self._chosen(self._loose(), one):
            to, holder = self._other_than(self.tale.holders[lot], two)
            arguments = create_hand_over(self.custody, lot, to)
            self._tell(self.custody.handOver(*arguments, sender=holder))

    def _cancel(self, one: int, two: int) -> None:
        for lot in self._chosen(self._loose(), one):
            sides = self._other_than(self.tale.holders[lot], two)
            self._tell(self.custody.shipLot(*lot, sides[0], sender=sides[1]))
            self._tell(self.custody.cancelOffer(*lot, sender=sides[two % 2]))

    def _split(self, one: int, two: int) -> None:
        for lot in self._chosen([lot for lot in self._loose() if self.tale.sizes[lot] > 1], one):
            second = lot[1] + 1 + two % (self.tale.sizes[lot] - 1)
            self._tell(self.custody.splitLot(*lot, second, sender=self._holder(lot)))

    def _merge(self, one: int, two: int) -> None:
        for lot, gone in self._chosen(self._neighbours(), one):
            self._tell(self.custody.mergeLots(*lot, gone[1], sender=self._holder(lot)))

    def _pack(self, one: int, two: int) -> None:
        loose = self._loose()
        for lot in self._chosen(loose, one):
            holder = self._holder(lot)
            lots = [each for each in loose if self._holder(each) == holder][: 1 + two % 3]
            names = {sscc: pallet_address_of(holder, sscc).lower() for sscc in self.ssccs}
            free = [sscc for sscc in self.ssccs if names[sscc] not in self.tale.cargo]
            for sscc in self._chosen(free, two):
                self._tell(self.custody.packPallet(sscc, lots[::-1], sender=holder))

    def _deliver_pallet(self, one: int, two: int) -> None:
        for pallet, lots in self._chosen(sorted(self.tale.cargo.items()), one):
            to, holder = self._other_than(self.tale.pallet_holders[pallet], two)
            self._tell(self.custody.shipPallet(pallet, to, sender=holder))
            self._tell(self.custody.receivePallet(pallet, lots, sender=to))

    def _cancel_pallet(self, one: int, two: int) -> None:
        for pallet in self._chosen(sorted(self.tale.cargo), one):
            sides = self._other_than(self.tale.pallet_holders[pallet], two)
            self._tell(self.custody.shipPallet(pallet, sides[0], sender=sides[1]))
            self._tell(self.custody.cancelPalletOffer(pallet, sender=sides[two % 2]))

    def _unpack(self, one: int, two: int) -> None:
        for pallet, lots in self._chosen(sorted(self.tale.cargo.items()), one):
            holder = self.traders[self.tale.pallet_holders[pallet]]
            self._tell(self.custody.unpackPallet(pallet, lots, sender=holder))

    def _tell(self, tx: Any) -> None:
        events = events_of(tx)
        self.events += events
        self.tale.tell(events)

    def _loose(self) -> list[Lot]:
        return sorted(self.tale.sizes.keys() - self.tale.packed)

    def _neighbours(self) -> list[tuple[Lot, Lot]]:
        return [
            (lot, other)
            for lot, other in product(self._loose(), repeat=2)
            if other == (lot[0], lot[1] + self.tale.sizes[lot])
            and self.tale.holders[lot] == self.tale.holders[other]
        ]

    def _holder(self, lot: Lot) -> Any:
        return self.traders[self.tale.holders[lot]]

    def _other_than(self, holder: str, number: int) -> tuple[Any, Any]:
        others = [trader for name, trader in self.traders.items() if name != holder]
        return others[number % len(others)], self.traders[holder]

    @staticmethod
    def _chosen(choices: Sequence[Any], number: int) -> Sequence[Any]:
        return [choices[number % len(choices)]] if choices else []
