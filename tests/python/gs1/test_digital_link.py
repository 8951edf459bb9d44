import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text
from weilian.gs1 import (
    DigitalLink,
    DigitalLinkError,
    Gs1Error,
    Gtin,
    GtinError,
    Lot,
    LotError,
    Serial,
)

GTIN = Gtin("9521234001010")
LINK = "https://example.com/01/09521234001010/10/LOT-1/21/S%2F1"


@given(st.none() | ai82_text, st.none() | ai82_text, st.sampled_from(["id.gs1.org", "a.cn/x/01"]))
def test_digital_link__built_and_parsed__is_the_same(lot, serial, domain):
    link = DigitalLink(GTIN, lot and Lot(lot), serial and Serial(serial), domain)

    assert DigitalLink.parse(str(link)) == link
    assert DigitalLink.parse(link.canonical).canonical == link.canonical


def test_digital_link__reserved_characters__are_percent_encoded():
    link = DigitalLink(GTIN, Lot("LOT-1"), Serial("S/1"), "example.com")

    assert str(link) == LINK
    assert link.canonical == LINK.replace("example.com", "id.gs1.org")
    assert link.human_readable == ["(01)09521234001010", "(10)LOT-1", "(21)S/1"]


def test_parse__stem_query_and_http__keep_only_the_identity():
    link = DigitalLink.parse("http://localhost:8000/01/shop/01/09521234001010/21/01?17=290519")

    assert str(link) == "https://localhost:8000/01/shop/01/09521234001010/21/01"
    assert link.serial == Serial("01")


def test_parse__hidden_code__is_kept_out_of_text_and_repr():
    link = DigitalLink.parse(f"{LINK}#7JG6YJJ875DQYFQ6C8ZG0Q5130")

    assert link.hidden_code == "7JG6YJJ875DQYFQ6C8ZG0Q5130"
    assert "7JG6" not in str(link) + repr(link) + link.canonical
    assert link.with_code(link.hidden_code) == f"{LINK}#7JG6YJJ875DQYFQ6C8ZG0Q5130"


def test_parse__bad_link_with_code__error_does_not_tell_the_code():
    with pytest.raises(DigitalLinkError) as caught:
        DigitalLink.parse("https://example.com/x#7JG6YJJ875DQYFQ6C8ZG0Q5130")

    assert "7JG6" not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/gtin/09521234001010", "the alias 'gtin' is deprecated, write '01'"),
        ("/01/09521234001010/ser/1", "the alias 'ser' is deprecated, write '21'"),
        ("/01/9521234001010", "a GTIN of 14 digits"),
        ("/01/09521234001010/21/A/10/B", "key '10' cannot stand there"),
        ("/01/09521234001010/21/A/21/B", "key '21' cannot stand there"),
        ("/01/09521234001010/22/V", "key '22' cannot stand there"),
        ("/01/09521234001010/10", "key '10' at the end has no value"),
        ("/00/095212340010100018", "a GTIN of 14 digits"),
    ],
)
def test_parse__wrong_path__error_says_what_would_be_right(path, message):
    with pytest.raises(DigitalLinkError, match="Digital Link") as caught:
        DigitalLink.parse(f"https://example.com{path}")

    assert message in str(caught.value)


def test_parse__aliases_asked_for__are_taken():
    link = DigitalLink.parse("https://a.cn/gtin/09521234001010/lot/A", allow_aliases=True)

    assert link == DigitalLink(GTIN, Lot("A"), domain="a.cn")


@pytest.mark.parametrize("text", ["HTTPS://a.cn/01/09521234001010", "09521234001010", "https://[a"])
def test_parse__no_web_address__raises(text):
    with pytest.raises(DigitalLinkError):
        DigitalLink.parse(text)


@pytest.mark.parametrize(
    ("path", "error"), [("/01/09521234001013", GtinError), ("/01/09521234001010/10/%20", LotError)]
)
def test_parse__wrong_identity__raises_its_own_error(path, error):
    with pytest.raises(error):
        DigitalLink.parse(f"https://example.com{path}")


@pytest.mark.parametrize(
    ("link", "position"),
    [
        ("https://a.cn/01/09521234001013/21/A", 30),
        ("https://a.cn/01/09521234001010/10/%41%41%20", 41),
        ("https://a.cn/01/09521234001010/21/A/10/B", 37),
        ("https://a.cn/01/9521234001010", 17),
        ("https://A.cn/01/09521234001010", 9),
        ("ftp://a.cn/01/09521234001010", 1),
    ],
)
def test_parse__wrong_link__error_has_the_place_in_the_link(link, position):
    with pytest.raises(Gs1Error) as caught:
        DigitalLink.parse(link)

    assert caught.value.position == position


@pytest.mark.parametrize("domain", ["", "Example.com", "https://a.cn", "a.cn/", "a.cn/?x", "a b"])
def test_digital_link__bad_domain__raises(domain):
    with pytest.raises(DigitalLinkError, match="the domain must look like"):
        DigitalLink(GTIN, domain=domain)
