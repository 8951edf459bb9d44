import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text
from weilian.gs1 import DigitalLinkError
from weilian.gs1.link_uri import LinkUri

G = "/01/09520123456788"


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        (f"https://a.cn{G}", G),
        (f"http://a.cn:8080/some/stem{G}/22/2A", f"{G}/22/2A"),
        (f"https://a.cn{G}/10/ABC1/21/12345?17=180426", f"{G}/10/ABC1/21/12345?17=180426"),
        (
            f"https://a.cn{G}?3922=0299&3103=000195&17=201225",
            f"{G}?17=201225&3103=000195&3922=0299",
        ),
        (f"https://a.cn{G}/235/XYZ?10=ABC123", f"{G}/235/XYZ?10=ABC123"),
        (f"https://a.cn/00/faux{G}/22/ABC%2d1", f"{G}/22/ABC-1"),
        (f"https://a.cn/01/01{G}/21/01", f"{G}/21/01"),
        ("https://a.cn/414/9520123456788/254/32a%2Fb", "/414/9520123456788/254/32a%2Fb"),
        ("https://a.cn/414/9520123456788/7040/1AB-", "/414/9520123456788/7040/1AB-"),
        ("https://a.cn/417/9520123456788", "/417/9520123456788"),
        ("https://a.cn/415/9520123456788/8020/R1", "/415/9520123456788/8020/R1"),
        ("https://a.cn/8006/095212340010100102/21/9", "/8006/095212340010100102/21/9"),
        ("https://a.cn/8010/0200/8011/7", "/8010/0200/8011/7"),
        ("https://a.cn/8018/123456789012345675/8019/123", "/8018/123456789012345675/8019/123"),
        ("https://a.cn/8004/9520614141?01=9520123456788", "/8004/9520614141?01=09520123456788"),
        (f"https://a.cn{G}?&&linkType=all&99=A+B;98=C", None),
        (f"https://a.cn{G}?linkType=all&99=A%2BB;98=C&x#f", f"{G}?98=C&99=A%2BB"),
    ],
)
def test_canonical__links_of_the_standard__are_sorted_under_id_gs1_org(link, canonical):
    if canonical is None:
        with pytest.raises(DigitalLinkError, match="character ' ' is not in GS1 set 82"):
            LinkUri.parse(link)
    else:
        assert LinkUri.parse(link).canonical == f"https://id.gs1.org{canonical}"
        assert LinkUri.parse(f"https://id.gs1.org{canonical}").canonical[18:] == canonical


@given(st.none() | ai82_text, st.none() | ai82_text, st.none() | ai82_text, ai82_text)
def test_of__any_qualifiers_and_attribute__come_back(variant, lot, serial, internal):
    chosen = [("21", serial), ("10", lot), ("22", variant)]
    pairs = [("99", internal), ("01", G[4:]), *((code, value) for code, value in chosen if value)]
    link = LinkUri.of(pairs, domain="a.cn/x")

    assert LinkUri.parse(str(link)) == link
    assert link.element_string.values == dict(pairs)
    assert [each.code for each in link.qualifiers] == [c for c, v in reversed(chosen) if v]


def test_parse__other_parameters_and_fragment__are_kept_apart():
    link = LinkUri.parse(f"https://a.cn{G}?linkType=gs1%3Apip&17=290519&single&=x#SECRET")

    assert [str(each) for each in link.attributes] == ["(17)290519"]
    assert (link.parameter("linkType"), link.parameter("context")) == ("gs1:pip", None)
    assert str(link) == f"https://a.cn{G}?17=290519&linkType=gs1%3Apip&single&=x"
    assert link.fragment == "SECRET"
    assert "SECRET" not in repr(link)


def test_parse__aliases__are_taken_only_when_asked_for():
    text = "https://a.cn/gtin/09520123456788/lot/A/ser/1"

    with pytest.raises(DigitalLinkError, match="the alias 'ser' is deprecated, write '21'"):
        LinkUri.parse(text)

    assert str(LinkUri.parse(text, allow_aliases=True)) == f"https://a.cn{G}/10/A/21/1"


def test_parse__short_gtin_in_path__is_taken_only_when_asked_for():
    text = "https://a.cn/01/9520123456788"

    with pytest.raises(DigitalLinkError, match="it has 13 characters, it must have 14"):
        LinkUri.parse(text)

    assert str(LinkUri.parse(text, allow_short_gtin=True)) == f"https://a.cn{G}"


@pytest.mark.parametrize(
    ("link", "position", "rule"),
    [
        ("HTTPS://a.cn" + G, 1, "it must start with 'https://' in lower case"),
        ("https://A.cn" + G, 9, "the domain must look like"),
        ("https://" + G, 9, "the domain must look like"),
        ("https://a.cn", 13, "it needs a GS1 key"),
        ("https://a.cn/", 14, "the path must not end in '/'"),
        (f"https://a.cn{G}/", 32, "the path must not end in '/'"),
        (f"https://a.cn{G}/10", 32, "key '10' at the end has no value"),
        (f"https://a.cn{G}/10//21/A", 35, "AI (10): it has 0 characters"),
        (f"https://a.cn{G}/89/A", 32, "key '89' is no application identifier"),
        (f"https://a.cn{G}/17/290519", 32, "key '17' cannot stand there"),
        (f"https://a.cn{G}/21/A/10/B", 37, "key '10' cannot stand there; after /01/ may follow"),
        (f"https://a.cn{G}/22/A/235/B", 37, "key '235' cannot stand there"),
        (f"https://a.cn{G}/10/A%2", 36, "two hex digits must follow '%'"),
        (f"https://a.cn{G}/10/A B", 36, "character ' ' must be percent-encoded"),
        (f"https://a.cn{G}/10/%41%41%20", 41, "character ' ' is not in GS1 set 82"),
        (f"https://a.cn{G}/10/茶", 35, "character '茶' must be percent-encoded"),
        ("https://a.cn/01/09520123456789", 30, "check digit 9 is wrong, it should be 8"),
        (f"https://a.cn{G}?10=A", 32, "AI (10) must stand in the path, not in the query"),
        (f"https://a.cn{G}/235/A?21=B", 38, "AI (21) cannot be a data attribute"),
        (f"https://a.cn{G}?8200=x", 32, "AI (8200) cannot be a data attribute"),
        (f"https://a.cn{G}?999=x", 32, "query key '999' is no application identifier"),
        (f"https://a.cn{G}?99=", 35, "AI (99): it has 0 characters"),
        (f"https://a.cn{G}?99=A&99=A", 37, "AI (99) occurs twice"),
        ("https://a.cn/8004/95201?01=9520123456789", 40, "check digit 9 is wrong"),
        (f"https://a.cn{G}?17=290532", 39, "day 32 must be 00 to 31"),
        (f"https://a.cn{G}?37=5", 14, "AI (01) must not stand beside (37)"),
        ("https://a.cn/415/9520123456788", 14, "AI (415) must stand beside (8020)"),
    ],
)
def test_parse__wrong_link__error_names_rule_and_place(link, position, rule):
    with pytest.raises(DigitalLinkError) as caught:
        LinkUri.parse(link)

    assert rule in caught.value.rule
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("pairs", "domain", "rule"),
    [
        ([("10", "A")], "a.cn", "no element of it can be the key"),
        ([("01", "09520123456788"), ("04", "A")], "a.cn", "AI (04): GS1 has not assigned it"),
        ([("01", "09520123456788"), ("10", "茶")], "a.cn", "character '茶' is not in GS1 set 82"),
        ([("01", "09520123456788"), ("21", "\ud800")], "a.cn", "is not in GS1 set 82"),
        ([("01", "09520123456788")], "A.cn", "the domain must look like"),
        ([("01", "09520123456788"), ("8200", "x")], "a.cn", "cannot be a data attribute"),
        ([("01", "09520123456788"), ("235", "A"), ("21", "B")], "a.cn", "cannot be a data"),
    ],
)
def test_of__elements_that_make_no_link__error_names_the_rule(pairs, domain, rule):
    with pytest.raises(DigitalLinkError) as caught:
        LinkUri.of(pairs, domain=domain)

    assert rule in caught.value.rule


def test_of__wrong_value__error_has_the_place_among_the_elements():
    with pytest.raises(DigitalLinkError) as caught:
        LinkUri.of([("01", "09520123456788"), ("10", "A B")])

    assert caught.value.value[caught.value.position - 1 :] == " B"
