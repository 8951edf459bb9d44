"""Ladders, and what the escrow must keep of a plan and a ladder: packed here a second time."""

from typing import Any

from eth_abi.abi import encode
from eth_utils import keccak

RATE_BITS = 14
MAX_LEVELS = 5
HIGHER_RANKS = 3
GTIN_AND_RATES = ["uint64", "uint256"]
"""Types of a catalogue's leaf."""


def create_ladder(**changes: Any) -> dict[str, Any]:
    """Return a ladder of 30 days in the currency's smallest unit, with `changes`."""
    ladder = {
        "periodDays": 30,
        "unitDecimals": 0,
        "activityMinimum": 100,
        "own": [1_000, 2_000, 3_000],
        "team": [10_000, 20_000, 30_000],
    }
    unknown = changes.keys() - ladder.keys()
    assert not unknown, f"a ladder has no {unknown}"
    return ladder | changes


def plan_key(plan_id: bytes, brand: Any, currency: Any) -> bytes:
    """Return under what the escrow keeps a plan."""
    addresses = [str(getattr(party, "address", party)) for party in (brand, currency)]
    return keccak(encode(["bytes32", "address", "address"], [plan_id, *addresses]))


def plan_word(terms: dict[str, Any], active_from: int, active_until: int = 0) -> int:
    """Pack what settlement needs of a plan, as PlanState.sol says."""
    flags = ("isFinal", "isDifferential", "compresses", "isGated", "countsSales")
    return _packed(
        (_rates_word(terms["rates"][0]), RATE_BITS * MAX_LEVELS),
        (terms["platformFeeBps"], 14),
        (terms["refundWindow"], 24),
        (terms["maturity"], 24),
        (active_from, 32),
        (active_until, 32),
        (terms["depth"], 3),
        (len(terms["rates"]) - 1, 2),
        (terms["selfPurchase"], 2),
        (terms["bond"], 2),
        (terms["bondDays"], 12),
        (ceiling_bps(terms), 14),
        *((int(terms[flag]), 1) for flag in flags),
        (int(terms["catalogueRoot"] != bytes(32)), 1),
    )


def higher_rates_word(terms: dict[str, Any]) -> int:
    """Pack the rates of rank 1 to 3."""
    words = [_rates_word(rates) for rates in terms["rates"][1:]]
    return _packed(*((word, RATE_BITS * MAX_LEVELS) for word in words))


def ceiling_bps(terms: dict[str, Any]) -> int:
    """Return the most that all levels of an order can get: the best rank at each level."""
    best = sum(max(level) for level in zip(*terms["rates"], strict=True))
    return max(best, terms["catalogueBps"])


def ladder_word(ladder: dict[str, Any]) -> int:
    """Pack a ladder as LadderState.sol says."""
    return _packed(
        *((units, 32) for units in (*ladder["own"], *ladder["team"])),
        (ladder["activityMinimum"], 32),
        (ladder["periodDays"], 16),
        (ladder["unitDecimals"], 8),
    )


def _rates_word(rates: list[int]) -> int:
    return _packed(*((rate, RATE_BITS) for rate in rates))


def _packed(*parts: tuple[int, int]) -> int:
    """Put values of so many bits one above the other, the first one lowest."""
    word = place = 0
    for value, bits in parts:
        assert 0 <= value < 1 << bits, f"{value} does not fit {bits} bits"
        word |= value << place
        place += bits
    return word
