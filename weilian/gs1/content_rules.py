"""What parts of values must be beyond their characters and lengths; one function for each rule.

A rule gets a text whose characters and length are right already. It returns what is wrong with it,
or None. Sources: General Specifications, section 3, and the standards named there.
"""

import re
from collections.abc import Callable
from functools import cache, partial
from importlib import resources

import yaml

from weilian.gs1.charsets import IMPORTER_INDEX, NUMERIC
from weilian.gs1.check_digits import check_digit_flaw, check_pair_flaw
from weilian.gs1.coupons import coupon_flaw, coupon_offer_flaw
from weilian.gs1.dates import calendar_flaw, date_flaw
from weilian.gs1.errors import Flaw
from weilian.gs1.percent_encoding import half_escape_flaw

Rule = Callable[[str], Flaw | None]

_PREFIX_LENGTH = 4
_POLES = 1_800_000_000
_ROUND = 3_600_000_000
_IBAN_LENGTHS = range(11, 35)


@cache
def _codes(name: str) -> frozenset[str]:
    lists = yaml.safe_load(resources.files(__package__).joinpath("code_lists.yaml").read_text())
    return frozenset(lists[name].split())


def _listed(name: str, noun: str, *others: str) -> Rule:
    def flaw(text: str) -> Flaw | None:
        known = text in _codes(name) or text in others
        return None if known else Flaw(0, f"{text!r} is no {noun}")

    return flaw


def _one_of(*allowed: str) -> Rule:
    def flaw(text: str) -> Flaw | None:
        return None if text in allowed else Flaw(0, f"{text!r} must be {' or '.join(allowed)}")

    return flaw


def _at_most(limit: int, noun: str) -> Rule:
    def flaw(text: str) -> Flaw | None:
        return Flaw(0, f"{noun} {text} must be at most {limit:,}") if int(text) > limit else None

    return flaw


def _nonzero(text: str) -> Flaw | None:
    return None if text.strip("0") else Flaw(0, "it must not be zero")


def _no_leading_zero(text: str) -> Flaw | None:
    if len(text) == 1 or text[0] != "0":
        return None
    return Flaw(0, "it must not begin with a zero")


def _prefix(text: str) -> Flaw | None:
    """Ask for digits where the GS1 Company Prefix stands; the shortest has four."""
    found = NUMERIC.flaw(text[:_PREFIX_LENGTH])
    if found:
        return Flaw(found.offset, "it must begin with a GS1 Company Prefix, which is digits")
    if len(text) < _PREFIX_LENGTH:
        return Flaw(len(text), "it is too short to begin with a GS1 Company Prefix")
    return None


def _non_digit(text: str) -> Flaw | None:
    return Flaw(0, "one character at least must not be a digit") if text.isdigit() else None


def _padding(text: str) -> Flaw | None:
    body = text.rstrip("=")
    if "=" in body:
        return Flaw(body.index("="), "'=' can only stand at the end")
    if len(text) - len(body) > 2:
        return Flaw(len(body) + 2, "at most two '=' can stand at the end")
    return None


def _full_date(text: str) -> Flaw | None:
    year = int(text[:4])
    return calendar_flaw(year, text[4:], 4, first_day=1) if year else Flaw(0, "there is no year 0")


def _time(text: str) -> Flaw | None:
    found = RULES["hour"](text[:2])
    if found:
        return found
    late = RULES["minute"](text[2:])
    return late.after(2) if late else None


def _media_type(text: str) -> Flaw | None:
    known = 1 <= int(text) <= 10 or int(text) >= 80
    return None if known else Flaw(0, f"media type {text} must be 01 to 10 or 80 to 99")


def _piece(text: str) -> Flaw | None:
    """Judge `0203`, the second piece of three."""
    piece, total = text[:2], text[2:]
    if piece == "00" or total == "00":
        return Flaw(0 if piece == "00" else 2, "pieces are counted from 01")
    return Flaw(0, f"piece {piece} is more than the total {total}") if piece > total else None


def _birth_order(text: str) -> Flaw | None:
    """Judge `2/3`, the second baby of three."""
    shaped = re.fullmatch(r"([1-9])/([1-9])", text)
    if not shaped:
        return Flaw(0, f"{text!r} must look like 2/3, with digits from 1")
    return Flaw(0, f"{shaped[1]} is more than {shaped[2]}") if shaped[1] > shaped[2] else None


def _iban(text: str) -> Flaw | None:
    """Judge an International Bank Account Number (ISO 13616, check digits of ISO 7064)."""
    if text[:2] not in _codes("countries"):
        return Flaw(0, f"{text[:2]!r} is no country of ISO 3166")
    strange = re.search(r"[^0-9A-Z]", text)
    if strange:
        return Flaw(strange.start(), f"{strange[0]!r} cannot stand in an IBAN")
    if len(text) not in _IBAN_LENGTHS:
        return Flaw(len(text), f"an IBAN of {len(text)} characters is too short")
    number = int("".join(str(int(character, 36)) for character in text[4:] + text[:4]))
    return None if number % 97 == 1 else Flaw(2, f"check digits {text[2:4]} are wrong")


RULES: dict[str, Rule] = {
    "check": check_digit_flaw,
    "check-pair": check_pair_flaw,
    "prefix": _prefix,
    "nonzero": _nonzero,
    "zero": _one_of("0"),
    "no-leading-zero": _no_leading_zero,
    "non-digit": _non_digit,
    "padding": _padding,
    "percent-encoded": half_escape_flaw,
    "date": partial(date_flaw, first_day=1),
    "date-or-month": partial(date_flaw, first_day=0),
    "full-date": _full_date,
    "time": _time,
    "hour": _at_most(23, "hour"),
    "minute": _at_most(59, "minute"),
    "second": _at_most(59, "second"),
    "country": _listed("country_numbers", "country number of ISO 3166"),
    "processor-country": _listed("country_numbers", "country number of ISO 3166, nor 999", "999"),
    "country-letters": _listed("countries", "country of ISO 3166"),
    "currency": _listed("currencies", "currency number of ISO 4217"),
    "latitude": _at_most(_POLES, "latitude"),
    "longitude": _at_most(_ROUND, "longitude"),
    "flag": _one_of("0", "1"),
    "winding": _one_of("0", "1", "9"),
    "sex": _one_of("0", "1", "2", "9"),
    "minus": _one_of("-"),
    "media-type": _media_type,
    "importer-index": IMPORTER_INDEX.flaw,
    "package-type": _listed("package_types", "package type of GS1"),
    "piece": _piece,
    "birth-order": _birth_order,
    "iban": _iban,
    "coupon": coupon_flaw,
    "coupon-offer": coupon_offer_flaw,
}
"""By the names that application_identifiers.yaml uses."""
