import pytest

from tests.python.gs1.test_identifiers import check_digit
from weilian.gs1.epc import canonical_link

BASE = "https://id.gs1.org"


def checked(payload):
    return f"{payload}{check_digit(payload)}"


@pytest.mark.parametrize(
    ("urn", "path"),
    [
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
    ],
)
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
        "geo:1,2",
        "42",
    ],
)
def test_canonical_link__anything_else__is_none(text):
    assert canonical_link(text) is None
