"""A million seeded strings through every parser: none may end in anything but a Gs1Error."""

import random
from datetime import date
from urllib.parse import unquote

import pytest

from weilian.gs1 import DigitalLink, Gs1Error, Gtin, Lot, Serial
from weilian.gs1.application_identifiers import table
from weilian.gs1.dates import read_date, write_date
from weilian.gs1.element_string import SYMBOLOGIES, ElementString
from weilian.gs1.epc import canonical_link, from_urn, to_urn
from weilian.gs1.identifiers import Gln, Sscc
from weilian.gs1.link_uri import LinkUri

TODAY = date(2026, 11, 25)
STRANGE = '\x00\x1d\n\x7f ()\\%#?&/:;=.*"<>[]]d2é茶٣\ud800\U0001f375'
PLAIN = "0123456789" * 3 + "ABCabcdefgtin/.()=&%:"

KEYS = ["09521234001010", "9521234000037", "00614141123452", "95212340", "395212340000001011"]
VALUES = ["LOT-1", "S/1", 'A!"%&b', "0" * 20, "A" * 20]
LINKS = [
    "https://id.gs1.org/01/09521234001010/22/V/10/LOT-1/21/S%2F1",
    "https://a.cn:80/x/01/y/01/09521234001010/21/A?17=290519&3103=000195&linkType=all#code",
    "http://a.cn/414/9521234000037/254/B2",
    "https://a.cn/8006/095212340010100102/21/9?99=A%20",
    "https://a.cn/gtin/09521234001010/lot/A",
]
BRACKETS = [
    "(01)09521234001010(10)A\\(B)(17)290500(21)S/1",
    "(00)395212340000001011(02)09521234001010(37)12(4309)02790858483015297971",
    "(8003)09521234000440X(8030)abc_-",
    "(8110)012345612345611110123(8013)1987654Ad4X4bL5ttr2310c2K",
    "(421)156ABC(7007)260101260131(8008)2601012359(7258)1/2(7259)A%20B(8018)952123400000000123",
]
SCANS = [
    "]d2010952123400101010LOT\x1d21SER\x1d17251231",
    "010952123400101017251231\x1d10A",
    "]C10039521234000000101137123\x1d0209521234001010",
]
URNS = [
    "urn:epc:id:sgtin:9521234.000101.A%2F1",
    "urn:epc:class:lgtin:9521234.000101.L-1",
    "urn:epc:id:sgln:952123456.789.B.2",
    "urn:epc:id:grai:9521234.00044.77",
    "urn:epc:idpat:itip:4012345.012345.01.02.*",
    "urn:epc:id:cpi:9521234.7-A%23%2F.42",
    "urn:epc:id:giai:952123.HYG.07",
]


def check_values(text):
    """Ask an application identifier about a value; the first characters choose which."""
    codes = list(table())
    table()[codes[sum(map(ord, text)) % len(codes)]].check(text)
    return text


PARSERS = {
    "gtin": (Gtin, KEYS, str),
    "gln": (Gln, KEYS, str),
    "sscc": (Sscc, KEYS, str),
    "lot": (Lot, VALUES, str),
    "serial": (Serial, VALUES, str),
    "value": (check_values, KEYS + VALUES, str),
    "date": (
        lambda text: read_date(text, today=TODAY),
        ["290519", "260200", "991231"],
        lambda day: write_date(day, today=TODAY),
    ),
    "brackets": (ElementString.parse, BRACKETS, str),
    "any pairs": (lambda text: ElementString.parse(text, check_pairs=False), BRACKETS + SCANS, str),
    "scan": (
        lambda text: ElementString.parse_scan(text, check_pairs=False),
        SCANS,
        lambda elements: elements.scanned(SYMBOLOGIES[0]),
    ),
    "link": (DigitalLink.parse, LINKS, str),
    "any link": (LinkUri.parse, LINKS, str),
    "lenient link": (
        lambda text: LinkUri.parse(
            text, allow_aliases=True, allow_short_gtin=True, check_pairs=False
        ),
        LINKS,
        str,
    ),
    "urn": (from_urn, URNS, None),
}
STRINGS = 1_000_000
SHARE = -(-STRINGS // (len(PARSERS) + 1))


def strings(seeds, count):
    """Yield texts: cut, changed and joined seeds, and noise."""
    dice = random.Random(952)
    for _ in range(count):
        yield MUTATIONS[dice.randrange(len(MUTATIONS))](dice, seeds[dice.randrange(len(seeds))])


def place(dice, text):
    return dice.randrange(len(text) + 1)


def noise(dice, _seed=""):
    pool = PLAIN if dice.random() < 0.5 else STRANGE + PLAIN
    return "".join(dice.choices(pool, k=dice.randrange(30)))


def truncated(dice, seed):
    return seed[: place(dice, seed)]


def replaced(dice, seed):
    start = place(dice, seed)
    return seed[:start] + dice.choice(STRANGE + PLAIN) + seed[start + 1 :]


def inserted(dice, seed):
    start = place(dice, seed)
    return seed[:start] + noise(dice)[:3] + seed[start:]


def repeated(dice, seed):
    start, end = place(dice, seed), place(dice, seed)
    return seed[:start] + seed[min(start, end) : end] + seed[start:]


def digit_changed(dice, seed):
    digits = [index for index, character in enumerate(seed) if character.isdecimal()] or [0]
    start = dice.choice(digits)
    return seed[:start] + str(dice.randrange(10)) + seed[start + 1 :]


MUTATIONS = (noise, truncated, replaced, inserted, repeated, digit_changed)


def judged(parse, text):
    """Return what a parser makes of a text, or its Gs1Error."""
    try:
        return parse(text), None
    except Gs1Error as error:
        return None, error


@pytest.mark.parametrize("name", PARSERS)
def test_parser__mutated_and_random_strings__accepts_or_names_rule_and_place(name):
    parse, seeds, write = PARSERS[name]
    accepted = 0

    for text in strings(seeds, SHARE):
        value, error = judged(parse, text)
        if error:
            assert error.rule, text
            assert 1 <= error.position <= len(text) + 1, (text, error)
        else:
            accepted += 1
            assert write is None or parse(write(value)) == value, text

    assert accepted > SHARE // 1000


def test_from_urn__accepted_strings__come_back_from_links():
    for text in strings(URNS, 20_000):
        link, error = judged(from_urn, text)
        if error is None:
            prefix_length = text.split(":")[4].index(".")
            assert from_urn(to_urn(link, prefix_length)) == link, text
            # The two percent-encode different signs: the link as GS1 says, the other as the hash.
            assert unquote(canonical_link(text)) == unquote(link.canonical), text


def test_canonical_link__mutated_and_random_strings__is_a_link_or_none():
    for text in strings(URNS + LINKS, SHARE):
        found = canonical_link(text)

        assert found is None or found.startswith("https://id.gs1.org/"), text
