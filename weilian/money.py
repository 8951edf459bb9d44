"""Amounts of money: Decimal for people, whole base units for the chain, never a float."""

from decimal import Decimal, InvalidOperation

from weilian.errors import WeilianError

NATIVE_DECIMALS = 18


class AmountError(WeilianError, ValueError):
    """An amount that a currency cannot express."""

    def __init__(self, value: object, rule: str) -> None:
        self.rule = rule
        super().__init__(f"amount {str(value)!r}: {rule}")


def to_units(amount: Decimal | int | str, decimals: int) -> int:
    """Turn an amount into base units of a currency with `decimals` places, exactly.

    Raises AmountError for text that is no number, for a negative amount, and for more digits
    behind the point than the currency has; nothing is ever rounded.
    """
    try:
        sign, digits, exponent = Decimal(amount).as_tuple()
    except InvalidOperation as error:
        raise AmountError(amount, "it must be a number such as 199.90") from error
    if not isinstance(exponent, int):
        raise AmountError(amount, "it must be a finite number such as 199.90")
    number = int("".join(map(str, digits)))
    if sign and number:
        raise AmountError(amount, "it must not be negative")
    # NOTE: whole-number arithmetic, as that of Decimal rounds to 28 digits.
    shift = exponent + decimals
    units: int = number * 10 ** max(shift, 0)
    units, rest = divmod(units, 10 ** max(-shift, 0))
    if rest:
        raise AmountError(amount, f"it must have at most {decimals} digits behind the point")
    return units


def from_units(units: int, decimals: int) -> Decimal:
    """Turn base units into an amount, exactly."""
    return Decimal((int(units < 0), tuple(map(int, str(abs(units)))), -decimals))


def format_units(units: int, decimals: int, symbol: str = "") -> str:
    """Write base units for people: thousands separated, no zeros at the end, symbol last."""
    whole, _, fraction = f"{from_units(units, decimals):,f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{'.' if fraction else ''}{fraction} {symbol}".rstrip()
