"""North American coupon codes: AI 8110 (coupon code) and AI 8112 (positive offer file).

Source: North American Coupon Application Guideline Using GS1 DataBar Expanded Symbols. Most fields
are preceded by a digit that tells their length.
"""

from collections.abc import Callable

from weilian.gs1.charsets import NUMERIC
from weilian.gs1.dates import date_flaw
from weilian.gs1.errors import Flaw, Gs1Error

_REQUIREMENT_CODES = "012349"
_ABSENT = "9"


class _Fields:
    """Reads a code field by field."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._place = 0
        self._expiry: str | None = None

    @property
    def next_digit(self) -> str:
        """The digit that follows, or nothing at the end."""
        return self._text[self._place : self._place + 1]

    def digits(self, count: int, noun: str) -> str:
        """Take a field of a fixed length."""
        field = self._text[self._place : self._place + count]
        if len(field) < count:
            self._refuse(len(self._text), f"the {noun} of {count} digits is cut off")
        self._place += count
        return field

    def choice(self, allowed: str, noun: str) -> str:
        """Take one digit out of those allowed."""
        digit = self.digits(1, noun)
        if digit not in allowed:
            self._refuse(self._place - 1, f"the {noun} is {digit}, it must be one of {allowed}")
        return digit

    def measured(self, lengths: str, noun: str, extra: int = 0) -> str:
        """Take a field after the digit that tells its length less `extra`."""
        length = self.choice(lengths, f"length of the {noun}")
        return "" if length == _ABSENT and extra else self.digits(int(length) + extra, noun)

    def purchase(self, ordinal: str) -> None:
        """Take what must be bought: how much, in which unit, from which family."""
        self.measured("12345", f"{ordinal} purchase requirement")
        self.choice(_REQUIREMENT_CODES, f"{ordinal} purchase requirement code")
        self.digits(3, f"{ordinal} purchase family code")

    def expiry(self) -> None:
        """Take the last day."""
        self._expiry = self._date("expiry date")

    def start(self) -> None:
        """Take the first day, which must not be after the last."""
        start = self._date("start date")
        if self._expiry is not None and start > self._expiry:
            self._refuse(self._place - 6, f"the start {start} is after the expiry {self._expiry}")

    def end(self) -> None:
        """Refuse what follows the last field."""
        if self.next_digit:
            self._refuse(self._place, "there are digits after the last field")

    def _date(self, noun: str) -> str:
        start = self._place
        text = self.digits(6, noun)
        found = date_flaw(text, first_day=1)
        if found:
            self._refuse(start + found.offset, f"{noun}: {found.rule}")
        return text

    def _refuse(self, offset: int, rule: str) -> None:
        raise Gs1Error(self._text, rule, offset + 1)


def coupon_flaw(text: str) -> Flaw | None:
    """Judge the code of AI 8110."""
    return _flaw(text, _read_coupon)


def coupon_offer_flaw(text: str) -> Flaw | None:
    """Judge the code of AI 8112."""
    return _flaw(text, _read_offer)


def _flaw(text: str, read: Callable[[_Fields], None]) -> Flaw | None:
    found = NUMERIC.flaw(text)
    if found:
        return found
    try:
        read(_Fields(text))
    except Gs1Error as error:
        return Flaw(error.position - 1, error.rule)
    return None


def _read_coupon(fields: _Fields) -> None:
    fields.measured("0123456", "company prefix", extra=6)
    fields.digits(6, "offer code")
    fields.measured("12345", "save value")
    fields.purchase("first")
    for mark, read in _OPTIONAL_FIELDS.items():
        if fields.next_digit == mark:
            fields.digits(1, "field mark")
            read(fields)
    fields.end()


def _read_second(fields: _Fields) -> None:
    fields.choice("0123", "additional purchase rules code")
    fields.purchase("second")
    fields.measured("01234569", "second company prefix", extra=6)


def _read_third(fields: _Fields) -> None:
    fields.purchase("third")
    fields.measured("01234569", "third company prefix", extra=6)


def _read_serial(fields: _Fields) -> None:
    length = fields.choice("0123456789", "length of the serial")
    fields.digits(int(length) + 6, "serial")


def _read_retailer(fields: _Fields) -> None:
    fields.measured("1234567", "retailer's prefix or GLN", extra=6)


def _read_remainder(fields: _Fields) -> None:
    fields.choice("01256", "save value code")
    fields.choice("012", "item that the save value applies to")
    fields.digits(1, "store coupon flag")
    fields.choice("01", "don't multiply flag")


_OPTIONAL_FIELDS: dict[str, Callable[[_Fields], None]] = {
    "1": _read_second,
    "2": _read_third,
    "3": _Fields.expiry,
    "4": _Fields.start,
    "5": _read_serial,
    "6": _read_retailer,
    "9": _read_remainder,
}
"""By their marks, in the order in which they stand."""


def _read_offer(fields: _Fields) -> None:
    fields.choice("01", "format")
    fields.measured("0123456", "funder", extra=6)
    fields.digits(6, "offer code")
    _read_serial(fields)
    fields.end()
