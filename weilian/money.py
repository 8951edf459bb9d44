"""Amounts of money: Decimal for people, whole base units for the chain, never a float."""

from decimal import Decimal, InvalidOperation

from weilian.errors import WeilianError, shown

NATIVE_DECIMALS = 18
_MOST_DIGITS = 80
"""Of an amount as written, and of its exponent: enough for any that 256 bits hold."""

_FEWER_DIGITS = f"it must have at most {_MOST_DIGITS} digits, such as 199.90"


class AmountError(WeilianError, ValueError):
    """An amount that a currency cannot express."""

    def __init__(self, value: object, rule: str) -> None:
        self.rule = rule
        super().__init__(f"amount {shown(value if isinstance(value, int) else str(value))}: {rule}")


def to_units(amount: Decimal | int | str, decimals: int) -> int:
    """Turn an amount into base units of a currency with `decimals` places, exactly.

    Raises AmountError for text that is no number, for a negative amount, for more digits behind
    the point than the currency has, and from 2**256 base units on; nothing is ever rounded.
    """
    sign, number, exponent = _parts(amount)
    if sign and number:
        raise AmountError(amount, "it must not be negative")
    # NOTE: whole-number arithmetic, as that of Decimal rounds to 28 digits.
    shift = exponent + decimals
    units: int = number * 10 ** max(shift, 0)
    units, rest = divmod(units, 10 ** max(-shift, 0))
    if rest:
        raise AmountError(amount, f"it must have at most {decimals} digits behind the point")
    if units >= 2**256:
        raise AmountError(amount, f"it must be below 2^256 units of 10^-{decimals}")
    return units


def _parts(amount: Decimal | int | str) -> tuple[int, int, int]:
    """Return sign, digits and exponent, of which none is large enough to keep a machine busy."""
    if isinstance(amount, str) and len(amount) > _MOST_DIGITS:
        raise AmountError(amount, _FEWER_DIGITS)
    try:
        sign, digits, exponent = Decimal(amount).as_tuple()
    except InvalidOperation as error:
        raise AmountError(amount, "it must be a number such as 199.90") from error
    if not isinstance(exponent, int):
        raise AmountError(amount, "it must be a finite number such as 199.90")
    if max(len(digits), abs(exponent)) > _MOST_DIGITS:
        raise AmountError(amount, _FEWER_DIGITS)
    return sign, int("".join(map(str, digits))), exponent


def from_units(units: int, decimals: int) -> Decimal:
    """Turn base units into an amount, exactly."""
    return Decimal((int(units < 0), tuple(map(int, str(abs(units)))), -decimals))


def format_units(units: int, decimals: int, symbol: str = "") -> str:
    """Write base units for people: thousands separated, no zeros at the end, symbol last."""
    whole, _, fraction = f"{from_units(units, decimals):,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{'.' if fraction else ''}{fraction} {symbol}".rstrip()
