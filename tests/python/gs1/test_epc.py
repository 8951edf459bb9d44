import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.gs1.test_identifiers import ai82_text, check_digit
from weilian.gs1 import DigitalLink
from weilian.gs1.epc import canonical_link, from_urn, to_urn
from weilian.gs1.errors import EpcError
from weilian.gs1.link_uri import LinkUri

BASE = "https://id.gs1.org"


def checked(payload):
    return f"{payload}{check_digit(payload)}"


URNS = [
    ("id:sgtin:9521234.000101.A%2F1", f"/01/{checked('0952123400101')}/21/A%2F1"),
    ("id:sgtin:952123456789.3.7", f"/01/{checked('3952123456789')}/21/7"),
    ("id:sgtin:9521234.100101.B!(.)*", f"/01/{checked('1952123400101')}/21/B%21%28.%29%2A"),
    ("idpat:sgtin:9521234.000101.*", f"/01/{checked('0952123400101')}"),
    ("class:lgtin:9521234.000101.L-1", f"/01/{checked('0952123400101')}/10/L-1"),
    ("id:upui:9521234.000101.q9", f"/01/{checked('0952123400101')}/235/q9"),
    ("id:sscc:9521234.3000000101", f"/00/{checked('39521234000000101')}"),
    ("id:sgln:9521234.00003.B2", f"/414/{checked('952123400003')}/254/B2"),
    ("id:sgln:9521234.00003.0", f"/414/{checked('952123400003')}"),
    ("id:pgln:952123456789.", f"/417/{checked('952123456789')}"),
    ("id:grai:9521234.00044.77", f"/8003/0{checked('952123400044')}77"),
    ("idpat:grai:9521234.00044.*", f"/8003/0{checked('952123400044')}"),
    ("id:giai:9521234.HYG.07", "/8004/9521234HYG.07"),
    ("id:gsrn:9521234.0000000012", f"/8018/{checked('95212340000000012')}"),
    ("id:gsrnp:9521234.0000000013", f"/8017/{checked('95212340000000013')}"),
    ("id:gdti:952123456789..5", f"/253/{checked('952123456789')}5"),
    ("idpat:sgcn:9521234.00066.*", f"/255/{checked('952123400066')}"),
    ("id:cpi:9521234.7-A%23%2F.42", "/8010/95212347-A%23%2F/8011/42"),
    ("id:ginc:9521234.sea%2F8", "/401/9521234sea%2F8"),
    ("id:gsin:9521234.222222222", f"/402/{checked('9521234222222222')}"),
    ("id:itip:9521234.000101.01.02.9", f"/8006/{checked('0952123400101')}0102/21/9"),
]


@pytest.mark.parametrize(("urn", "path"), URNS)
def test_canonical_link__epc_urn_of_each_scheme__becomes_digital_link(urn, path):
    assert canonical_link(f"urn:epc:{urn}") == BASE + path


@pytest.mark.parametrize(
    ("link", "path"),
    [
        ("https://a.cn/p/01/9521234001010/10/L/21/7?17=290519", "/01/09521234001010/21/7"),
        ("http://a.cn/01/614141073467/22/V/10/L#x", "/01/00614141073467/10/L"),
        ("https://a.cn/gtin/9521234001010/cpv/V/ser/7", "/01/09521234001010/21/7"),
        ("https://a.cn/414/9521234000037/254/B2", "/414/9521234000037/254/B2"),
        ("https://a.cn/8006/095212340010100102/10/L/21/9", "/8006/095212340010100102/21/9"),
    ],
)
def test_canonical_link__digital_link__is_constrained(link, path):
    assert canonical_link(link) == BASE + path


@pytest.mark.parametrize(
    "text",
    [
        "https://a.cn/abc/9521234001010",
        "https://a.cn/01/9521234001010/99/x",
        "https://a.cn/01/95212",
        "urn:epc:id:sgtin:9521234.000101",
        "urn:epc:id:unknown:1.2",
        "urn:epc:id:sscc:x.1",
        "urn:epc:id:sgtin:9521234.00010x.1",
        "urn:epc:id:sscc:٩٥٢١٢٣٤.3000000101",
        "geo:1,2",
        "42",
    ],
)
def test_canonical_link__anything_else__is_none(text):
    assert canonical_link(text) is None


@pytest.mark.parametrize(("urn", "path"), URNS)
def test_from_urn__each_scheme__becomes_a_link_and_comes_back(urn, path):
    text = f"urn:epc:{urn}"
    link = from_urn(text)

    assert str(link) == BASE + path
    assert to_urn(link, urn.split(":")[2].index(".")) == text


@given(st.integers(6, 12), ai82_text, st.sampled_from(["21", "235", "10"]))
def test_to_urn__any_prefix_length_and_serial__comes_back(prefix_length, serial, qualifier):
    link = LinkUri.of([("01", "09521234001010"), (qualifier, serial)])

    assert from_urn(to_urn(link, prefix_length)) == link


def test_from_urn__star_in_an_identity__is_a_serial_and_not_a_pattern():
    assert str(from_urn("urn:epc:id:grai:9521234.00044.*")) == f"{BASE}/8003/09521234000440%2A"
    assert to_urn(f"{BASE}/8003/09521234000440%2A", 7) == "urn:epc:id:grai:9521234.00044.*"
    assert canonical_link("urn:epc:id:sgtin:9521234.000101.*") == f"{BASE}/01/09521234001010/21/%2A"


def test_canonical_link__half_a_surrogate_pair__does_not_end_the_hashing():
    assert canonical_link("urn:epc:id:giai:9521234.\ud800") == f"{BASE}/8004/9521234%ED%A0%80"


@pytest.mark.parametrize(
    ("urn", "position", "rule"),
    [
        ("urn:x", 1, "it must look like urn:epc:id:sgtin:"),
        ("urn:epc:id:gid:1.2.3", 12, "'gid' is no scheme of GS1 keys"),
        ("urn:epc:id:lgtin:9521234.000101.L", 9, "lgtin is written urn:epc:class:lgtin"),
        ("urn:epc:id:sgtin:9521234.000101", 32, "sgtin needs 3 parts"),
        ("urn:epc:id:sgtin:95212.00000101.S", 18, "the company prefix has 5 digits"),
        ("urn:epc:id:sgtin:9521x34.000101.S", 22, "company prefix: character 'x'"),
        ("urn:epc:id:sgtin:9521234.00101.S", 26, "the reference has 5 digits, it must have 6"),
        ("urn:epc:id:sgtin:9521234.000101.", 33, "the serial is empty"),
        ("urn:epc:id:sgtin:9521234.000101.A/1", 34, "'/' must be escaped, as %2F"),
        ("urn:epc:id:sgtin:9521234.000101.A%2", 34, "two hex digits must follow '%'"),
        ("urn:epc:id:sgtin:9521234.000101.%41%20", 36, "character ' ' is not in GS1 set 82"),
        ("urn:epc:id:sgtin:9521234.000101." + "S" * 21, 53, "it has 21 characters"),
        ("urn:epc:id:sgtin:0000000.000000.1", 26, "AI (01): it must not be zero"),
        ("urn:epc:idpat:sgtin:9521234.000101.S", 36, "a pattern must end in a serial '*'"),
        ("urn:epc:idpat:sscc:9521234.3000000101", 28, "a pattern must end in a serial '*'"),
        ("urn:epc:id:sscc:9521234.300000010", 25, "the reference has 9 digits"),
        ("urn:epc:id:itip:9521234.000101.3.02.9", 32, "the piece or total has 1 digits"),
        ("urn:epc:id:itip:9521234.000101.03.02.9", 32, "piece 03 is more than the total 02"),
        ("urn:epc:id:sgcn:9521234.00066.1A", 32, "character 'A'"),
        ("urn:epc:id:grai:9521234.00044.A" + "B" * 16, 47, "it has 31 characters"),
        ("urn:epc:id:giai:9521234.", 25, "prefix and reference have 7 characters"),
        ("urn:epc:id:giai:9521234." + "A" * 24, 25, "prefix and reference have 31 characters"),
        ("urn:epc:id:giai:9521234.A B", 26, "character ' '"),
        ("urn:epc:id:cpi:9521234.7a.42", 25, "character 'a' is not in GS1 set 39"),
        ("urn:epc:id:cpi:9521234.7A.042", 27, "it must not begin with a zero"),
    ],
)
def test_from_urn__wrong_urn__error_names_rule_and_place(urn, position, rule):
    with pytest.raises(EpcError) as caught:
        from_urn(urn)

    assert rule in caught.value.rule
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("path", "prefix_length", "rule"),
    [
        ("/01/09521234001010/21/A", None, "give company_prefix_length, 6 to 12"),
        ("/01/09521234001010/21/A", 5, "company_prefix_length 5 must be 6 to 12"),
        ("/01/09521234001010/21/A", 13, "company_prefix_length 13 must be 6 to 12"),
        ("/414/9521234000037/254/0", 7, "extension '0' means none in a URN"),
        ("/414/9521234000037/7040/1ABC", 7, "no EPC scheme for (414) with (7040)"),
        ("/8006/095212340010100102/10/L", 7, "no EPC scheme for (8006) with (10)"),
        ("/8018/123456789012345675/8019/1", 7, "no EPC scheme for (8018) with (8019)"),
        ("/415/9521234000037/8020/R", 7, "no EPC scheme for (415)"),
        ("/8004/9521AB12", 7, "it has no company prefix '9521AB1' of digits"),
        ("/8004/9521234", 7, "it has no company prefix '9521234' of digits with a reference"),
    ],
)
def test_to_urn__link_without_urn__error_names_the_rule(path, prefix_length, rule):
    with pytest.raises(EpcError) as caught:
        to_urn(BASE + path, prefix_length)

    assert rule in caught.value.rule
    assert caught.value.position == len(BASE) + path.index("/", 1) + 2


def test_to_urn__item_with_lot_and_variant__is_told_by_its_serial():
    link = DigitalLink.parse(f"{BASE}/01/09521234001010/10/L/21/A")

    assert to_urn(link, 7) == "urn:epc:id:sgtin:9521234.000101.A"
    assert (
        to_urn(f"{BASE}/01/09521234001010/22/V/10/L", 7) == "urn:epc:class:lgtin:9521234.000101.L"
    )


def test_canonical_link__signs_that_the_reference_leaves__stay_as_they_are():
    urn = "urn:epc:id:upui:1234567.098765.51qIgY)%3C%26Jp3*j7'SDB"

    assert canonical_link(urn) == (
        "https://id.gs1.org/01/01234567987651/235/51qIgY%29%3C%26Jp3%2Aj7'SDB"
    )
    assert canonical_link("https://id.gs1.org/01/09521234001010/21/a%3Bb=c").endswith("/a;b=c")
