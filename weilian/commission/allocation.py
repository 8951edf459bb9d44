"""Who gets which rate of an order, and what that is; as AllocationLib.sol."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from weilian.commission.plan import BPS_DENOMINATOR, MAX_LEVELS, Plan
from weilian.errors import WeilianError

BREAKAGE = 0
"""The number of a level that nobody earns."""

_ENTRY_BITS = 46
_NUMBER_BITS = 32
_RATE_BITS = 14


class ShareError(WeilianError, ValueError):
    """An amount cannot be shared as asked."""


@dataclass(frozen=True)
class Upline:
    """One distributor of an order's line."""

    number: int
    rank: int = 0
    is_active: bool = True


@dataclass(frozen=True)
class Entry:
    """Who gets a level: a distributor's number, or BREAKAGE, and the rate in basis points."""

    number: int
    bps: int


Allocation = tuple[Entry, ...]


@dataclass(frozen=True)
class Shares:
    """What everyone gets of a sale, in the currency's smallest unit.

    `amounts` go with the entries of the allocation; that of breakage is 0. `breakage` is contained
    in `brand`.
    """

    fee: int
    amounts: tuple[int, ...]
    breakage: int
    brand: int

    @property
    def shared(self) -> int:
        """What does not stay with the brand."""
        return self.fee + sum(self.amounts)


def allocate(
    plan: Plan,
    line: Sequence[Upline],
    own_rates: Sequence[int] = (),
    excluded: int = BREAKAGE,
) -> Allocation:
    """Decide who of a line, the seller first, gets which rate.

    `own_rates` are the product's, in basis points by level, for every rank; none: the plan's.
    `excluded` is a number that earns nothing on this order: its level is breakage.
    """
    is_idle = [plan.is_gated and not upline.is_active for upline in line]
    if plan.compresses:
        line = [upline for upline, idle in zip(line, is_idle, strict=True) if not idle]
        is_idle = [False] * len(line)
    line, is_idle = line[: plan.depth], is_idle[: plan.depth]
    rates = _rates(plan, line, own_rates)
    numbers = [
        BREAKAGE if idle or upline.number == excluded else upline.number
        for upline, idle in zip(line, is_idle, strict=True)
    ]
    numbers += [BREAKAGE] * (len(rates) - len(numbers))
    return tuple(map(Entry, numbers, rates))


def split(net: int, fee_bps: int, allocation: Allocation) -> Shares:
    """Share `net`, in the currency's smallest unit.

    Cumulative rounding: the platform and the first n entries together get their summed rates
    rounded down, the brand all that is left. So each is within one unit of its rate, and all sum
    to `net`. Raises ShareError on a negative number and on rates above the whole.
    """
    rates = (fee_bps, *(entry.bps for entry in allocation))
    if min(net, *rates) < 0:
        raise ShareError(f"{net=} and {rates=} must not be negative")
    if sum(rates) > BPS_DENOMINATOR:
        raise ShareError(f"{rates=} sum to {sum(rates)}; the whole is {BPS_DENOMINATOR}")

    up_to = (net * bps // BPS_DENOMINATOR for bps in accumulate(rates, initial=0))
    fee, *parts = (upper - lower for lower, upper in pairwise(up_to))
    earned = [entry.number != BREAKAGE for entry in allocation]
    amounts = tuple(part if is_earned else 0 for part, is_earned in zip(parts, earned, strict=True))
    breakage = sum(parts) - sum(amounts)
    return Shares(fee, amounts, breakage, net - fee - sum(amounts))


def packed_rates(rates: Sequence[int]) -> int:
    """Pack a product's own rates, in basis points, as a line of an order carries them."""
    return _packed(rates, _RATE_BITS)


def packed(allocation: Allocation) -> int:
    """Pack an allocation as the escrow's events and SettledLine carry it."""
    return _packed([entry.number | entry.bps << _NUMBER_BITS for entry in allocation], _ENTRY_BITS)


def unpacked(word: int) -> Allocation:
    """Read an allocation from a word; levels from the last that says anything on are left out."""
    entries: list[Entry] = []
    while word and len(entries) < MAX_LEVELS:
        number = word % 2**_NUMBER_BITS
        entries.append(Entry(number, (word >> _NUMBER_BITS) % 2**_RATE_BITS))
        word >>= _ENTRY_BITS
    return tuple(entries)


def _packed(values: Sequence[int], bits: int) -> int:
    return sum(value << bits * place for place, value in enumerate(values))


def _rates(plan: Plan, line: Sequence[Upline], own_rates: Sequence[int]) -> list[int]:
    """Return the rates of the levels there are, whether or not somebody earns them."""

    def rate(rank: int, level: int) -> int:
        rates = own_rates if any(own_rates) else plan.rates[min(rank, plan.top_rank)]
        return rates[level] if level < len(rates) else 0

    if not plan.is_differential:
        ranks = [upline.rank for upline in line] + [0] * (plan.depth - len(line))
        return [rate(rank, level) for level, rank in enumerate(ranks)]
    # What those below are entitled to already goes off each one's own.
    highest = accumulate((rate(upline.rank, 0) for upline in line), max, initial=0)
    return [higher - lower for lower, higher in pairwise(highest)]
