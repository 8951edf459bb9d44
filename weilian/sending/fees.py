"""What to offer for gas: first, and when it was too little."""

from weilian.sending.envelope import Fees

_BUMP_NUMERATOR, _BUMP_DENOMINATOR = 9, 8
"""12.5 %: what the strictest nodes ask of a replacement, on both fees."""


def first_offer(base_fee: int, priority_fee: int, ceiling: int) -> Fees:
    """Offer twice the base fee, enough for six full blocks in a row, up to `ceiling`; in wei."""
    max_fee = min(2 * base_fee + priority_fee, ceiling)
    return Fees(max_fee, min(priority_fee, max_fee))


def higher_offer(old: Fees, market: Fees, ceiling: int) -> Fees | None:
    """Offer at least 12.5 % more on both fees and no less than the market; None above `ceiling`."""
    least = Fees(_bumped(old.max_fee), _bumped(old.priority_fee))
    if least.max_fee > ceiling or least.priority_fee > ceiling:
        return None
    max_fee = min(max(least.max_fee, market.max_fee), ceiling)
    priority_fee = min(max(least.priority_fee, market.priority_fee), max_fee)
    return Fees(max_fee, priority_fee)


def _bumped(fee: int) -> int:
    return max(-(-fee * _BUMP_NUMERATOR // _BUMP_DENOMINATOR), fee + 1)
