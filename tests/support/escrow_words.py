"""The escrow's model in the words of the contracts, and back."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, NamedTuple

from eth_abi import decode, encode

from tests.support.abi import selector
from weilian.commission.allocation import packed
from weilian.commission.ladder import Ladder
from weilian.commission.order import Order, OrderState, Part, SettledLine, struct_of
from weilian.commission.plan import Plan

ORDER_VIEW = "(uint8,bool,uint40,uint128[],uint128[],uint160)"
STANDING = ("uint256", "bool", "uint256", "uint256")
PARTY = ("uint256", "address")
DISTRIBUTOR = ("address", "address", "uint32")


class View(NamedTuple):
    """An order as the escrow shows it."""

    status: int
    is_held: bool
    changed_at: int
    captured: tuple[int, ...]
    refunded: tuple[int, ...]
    digest: int


def words(thing: Any) -> Any:
    """Put what the model takes as the contracts take it; sequences part by part."""
    match thing:
        case Order():
            return struct_of(thing)
        case Part():
            return thing.line, thing.amount
        case SettledLine():
            return thing.net, packed(thing.allocation)
        case Plan() | Ladder():
            return {camel_case(name): value for name, value in asdict(thing).items()}
        case list():
            return [words(part) for part in thing]
    return thing


def view_of(state: OrderState) -> View:
    """Put what the model keeps of an order as the escrow shows it."""
    lines = state.captured, state.refunded
    return View(int(state.status), state.is_held, state.changed_at, *lines, state.digest)


class EscrowReader:
    """Many reads of the escrow in one call."""

    def __init__(self, escrow: Any, reader: Any) -> None:
        self._escrow, self._reader = escrow, reader
        methods = ("creditOf", "debtOf", "standingOf")
        self._selectors = {name: selector(getattr(escrow, name).abis[0]) for name in methods}
        self._order_calls: dict[Order, bytes] = {}

    def credits_and_debts(self, parties: list[tuple[int, str]]) -> tuple[list[int], list[int]]:
        """Read credits and debts of parties in currencies."""
        words = [encode(PARTY, party) for party in parties]
        calls = [self._selectors[name] + w for name in ("creditOf", "debtOf") for w in words]
        amounts = [int.from_bytes(answer) for answer in self._read(calls)]
        return amounts[: len(parties)], amounts[len(parties) :]

    def standings(self, members: list[tuple[str, str, int]]) -> list[tuple[int, bool, int, int]]:
        """Read standings of distributors by brand, currency and number."""
        calls = [self._selectors["standingOf"] + encode(DISTRIBUTOR, m) for m in members]
        return [decode(STANDING, answer) for answer in self._read(calls)]

    def views(self, orders: Iterable[Order]) -> list[View]:
        """Read where orders stand."""
        calls = [self._order_call(order) for order in orders]
        return [View(*decode([ORDER_VIEW], answer)[0]) for answer in self._read(calls)]

    def _order_call(self, order: Order) -> bytes:
        if order not in self._order_calls:
            self._order_calls[order] = bytes(self._escrow.orderOf.encode_input(words(order)))
        return self._order_calls[order]

    def _read(self, calls: list[bytes]) -> list[bytes]:
        return [bytes(answer) for answer in self._reader.read(self._escrow, calls)] if calls else []


def camel_case(name: str) -> str:
    """Put a name of the model as the contracts write it."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
