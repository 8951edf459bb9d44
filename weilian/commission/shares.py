"""Shares that sum exactly."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from weilian.errors import WeilianError

BPS_DENOMINATOR = 10_000


class SplitError(WeilianError, ValueError):
    """An amount cannot be split as asked."""


@dataclass(frozen=True)
class Split:
    """What everyone gets of a settled order.

    `breakage` is the part of levels with nobody who earns on them; `brand` contains it.
    """

    platform: int
    levels: tuple[int, ...]
    brand: int
    breakage: int


def split(
    net: int,
    platform_fee_bps: int,
    level_bps: Sequence[int],
    line_length: int,
    unpaid: Collection[int] = (),
) -> Split:
    """Divide `net` among the platform, the `line_length` distributors there are, and the brand.

    `unpaid` has the levels, from 0, whose distributor earns nothing: the payer of the order.

    Cumulative rounding, as ShareLib.sol: the first n parties together get their summed rates
    rounded down, so each is within one unit of its rate and all sum to `net`.
    Raises SplitError on a negative number and on rates above the whole.
    """
    rates = (platform_fee_bps, *level_bps)
    if min(net, line_length, *rates) < 0:
        raise SplitError(f"{net=}, {line_length=} and {rates=} must not be negative")
    if sum(rates) > BPS_DENOMINATOR:
        raise SplitError(f"{rates=} sum to {sum(rates)}; the whole is {BPS_DENOMINATOR}")

    up_to = (net * bps // BPS_DENOMINATOR for bps in accumulate(rates, initial=0))
    platform, *parts = (upper - lower for lower, upper in pairwise(up_to))
    levels = tuple(0 if level in unpaid else part for level, part in enumerate(parts[:line_length]))
    breakage = sum(parts) - sum(levels)
    return Split(platform, levels, net - platform - sum(levels), breakage)
