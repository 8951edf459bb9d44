from base64 import b32decode
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.epcis import canonical_bytes, cid_v1
from weilian.epcis.canonical import CanonicalJsonError


def test_canonical_bytes__example_of_the_rfc__is_equal():
    value = {
        "numbers": [Decimal("333333333.3333333"), Decimal("1E30"), Decimal("4.50"), 2e-3, 1e-27],
        "string": '€$\u000f\nA\'B"\\\\"/',
        "literals": [None, True, False],
    }

    assert (
        canonical_bytes(value)
        == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )


def test_canonical_bytes__names__are_sorted_by_utf_16():
    names = ["€", "\r", "\ufb33", "1", "😀", "\u0080", "ö"]

    text = canonical_bytes(dict.fromkeys(names, 0)).decode()

    assert text == '{"\\r":0,"1":0,"\u0080":0,"ö":0,"€":0,"😀":0,"\ufb33":0}'


@given(st.dictionaries(st.text(st.characters(codec="utf-8")), st.floats(-1e9, 1e9)))
def test_canonical_bytes__order_of_names__does_not_matter(value):
    backwards = dict(reversed(value.items()))

    assert canonical_bytes(backwards) == canonical_bytes(value)


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (2**53, "9007199254740992 exceeds safe integer domain"),
        (Decimal("0.12345678901234567890"), "has more digits than JSON numbers keep; write it"),
        (Decimal("NaN"), "number NaN has more digits"),
        (float("inf"), "inf is not representable"),
        ({1: 2}, "object keys must be strings"),
        ({"a": {1, 2}}, "unsupported type"),
        ("\ud800", "non-UTF-8 codepoints"),
    ],
)
def test_canonical_bytes__value_without_canonical_text__raises(value, rule):
    with pytest.raises(CanonicalJsonError, match=rule):
        canonical_bytes([value])


def test_canonical_bytes__deep_nesting__raises():
    value = []
    for _ in range(5_000):
        value = [value]

    with pytest.raises(CanonicalJsonError, match="nested deeper than 128 levels"):
        canonical_bytes(value)


def test_cid_v1__bytes__known_address():
    # The CIDv1 that IPFS gives `hello world` as a raw block.
    address = "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e"

    assert cid_v1(b"hello world") == address


@given(st.binary())
def test_cid_v1__any_bytes__begins_with_version_codec_and_hash(data):
    text = cid_v1(data)

    padded = text[1:].upper() + "=" * (-len(text[1:]) % 8)
    assert text[0] == "b"
    assert b32decode(padded) == b"\x01\x55\x12\x20" + sha256(data).digest()
