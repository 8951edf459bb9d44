"""The escrow's model in the words of the contracts, and back."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Any, NamedTuple

from eth_abi import decode

from tests.support.abi import Method
from tests.support.chains import Chain
from weilian.commission.allocation import packed
from weilian.commission.ladder import Ladder
from weilian.commission.order import Order, OrderState, Part, SettledLine, struct_of
from weilian.commission.plan import Plan

ORDER_VIEW = "(uint8,bool,uint40,uint128[],uint128[],uint160)"
STANDING = ("uint256", "bool", "uint256", "uint256")


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


@lru_cache(10_000)
def view_of(state: OrderState) -> View:
    """Put what the model keeps of an order as the escrow shows it."""
    lines = state.captured, state.refunded
    return View(int(state.status), state.is_held, state.changed_at, *lines, state.digest)


class EscrowReader:
    """Many reads of the escrow in one call."""

    def __init__(self, escrow: Any, chain: Chain) -> None:
        self._escrow, self._chain = escrow, chain
        names = ("creditOf", "debtOf", "standingOf", "orderOf")
        methods = {name: Method(getattr(escrow, name).abis[0]) for name in names}
        # NOTE: most of what is asked was asked before, and most answers came before.
        self._calldata = lru_cache(10_000)(
            lambda name, *inputs: methods[name].encode(list(map(words, inputs)))
        )

    def state(
        self,
        parties: Sequence[tuple[int, str]],
        members: Sequence[tuple[str, str, int]],
        orders: Iterable[Order],
    ) -> tuple[list[int], list[int], list[tuple[int, bool, int, int]], list[View]]:
        """Read credits and debts of parties by currency, standings of distributors, orders.

        A distributor is brand, currency and number.
        """
        calls = [self._calldata("creditOf", *party) for party in parties]
        calls += [self._calldata("debtOf", *party) for party in parties]
        calls += [self._calldata("standingOf", *member) for member in members]
        calls += [self._calldata("orderOf", order) for order in orders]
        answers = iter(self._chain.read(self._escrow, calls))
        return (
            [int.from_bytes(next(answers)) for _ in parties],
            [int.from_bytes(next(answers)) for _ in parties],
            [_standing(next(answers)) for _ in members],
            [_view(answer) for answer in answers],
        )


@lru_cache(10_000)
def _standing(answer: bytes) -> tuple[int, bool, int, int]:
    return decode(STANDING, answer)


@lru_cache(10_000)
def _view(answer: bytes) -> View:
    return View(*decode([ORDER_VIEW], answer)[0])


def camel_case(name: str) -> str:
    """Put a name of the model as the contracts write it."""
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
