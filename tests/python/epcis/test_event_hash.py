import json
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.epcis.test_document import create_document, create_event
from tests.python.examples import PUBLIC_DATA, TEA
from weilian.epcis import (
    EpcisDocument,
    EpcisFieldError,
    EventTimeError,
    event_hash,
    event_hash_uri,
    prehash_string,
)

VECTORS = PUBLIC_DATA / "epcis" / "hash"
EXAMPLES = PUBLIC_DATA / "epcis" / "examples"
needs_public_data = pytest.mark.skipif(
    not VECTORS.is_dir(), reason="the public EPCIS data is not beside the project"
)
START = (
    "eventType=ObjectEventeventTime=2026-05-20T08:30:00.000ZeventTimeZoneOffset=+08:00"
    "epcListepc=https://id.gs1.org/01/09521234001010/21/A1action=ADD"
)
PARTS = {
    "certificationInfo": "https://example.com/c/1",
    "parentID": "urn:epc:id:sscc:9521234.0000000101",
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521234.000101.L1", "quantity": 2.50}],
    "bizStep": "shipping",
    "disposition": "in_transit",
    "persistentDisposition": {"unset": ["recalled"], "set": ["expired", "damaged"]},
    "readPoint": {"id": "urn:epc:id:sgln:9521234.00003.0", "tea:gate": "7"},
    "bizTransactionList": [{"bizTransaction": "urn:x:1"}],
    "sourceList": [{"type": "location", "source": "urn:x:2"}],
    "destinationList": [{"type": "location", "destination": "urn:x:3"}],
    "sensorElementList": [{"sensorReport": [{"type": "Temperature", "value": 1.0}]}],
    "ilmd": {"tea:roast": "medium"},
    "tea:note": "茶",
}
PUBLISHED = [
    "df6523665bc5e5803d6c7b84f5a04e103694d8220f2abc4f2c74310e89f31bc6",
    "32547b2344d525ea60ab1b899d82a9011fd9c39bb26ed936e113066146f49941",
    "352ffde936674c01925b7686e6725cc7f66867d2843fcb4e7b0e38c96011a27f",
    "96b6bf98742a60dbfaa2dda08b63435ce67079d224ea27d63e55e62a7843b878",
    "c794227acf3a4d9be9ba1f8340425782f88a0f4e3f35b533a8bf8f1bc206a379",
]
"""What the reference implementation (release 1.9.3) gives for the documents of the standard.

The eventID fields printed there come from a draft of the algorithm, which left URNs as they were.
"""


@needs_public_data
@pytest.mark.parametrize("number", ["", "2", "3"])
def test_event_hash__worked_examples_of_cbv__are_equal(number):
    name = f"ReferenceEventHashAlgorithm{number}"
    (event,) = EpcisDocument.read(VECTORS / f"{name}.jsonld").events

    assert prehash_string(event) == (VECTORS / f"{name}.prehashes").read_text().strip()
    assert event_hash_uri(event) == (VECTORS / f"{name}.hashes").read_text().strip()


@needs_public_data
def test_event_hash__documents_of_the_standard__equal_the_reference_implementation():
    documents = [EpcisDocument.read(path) for path in sorted(EXAMPLES.iterdir())]

    hashes = [event_hash(event).hex() for document in documents for event in document.events]

    assert hashes == PUBLISHED


def test_event_hash__uri__holds_the_sha_256_of_the_prehash():
    event = create_event()

    assert prehash_string(event) == START
    assert event_hash(event) == sha256(START.encode()).digest()
    assert event_hash_uri(event) == f"ni:///sha-256;{event_hash(event).hex()}?ver=CBV2.0"


def test_prehash__all_parts__stand_in_the_canonical_order():
    assert prehash_string(create_event(**PARTS)) == (
        "eventType=ObjectEventeventTime=2026-05-20T08:30:00.000ZeventTimeZoneOffset=+08:00"
        "certificationInfo=https://example.com/c/1"
        "epcListepc=https://id.gs1.org/01/09521234001010/21/A1"
        "parentID=https://id.gs1.org/00/095212340000001010"
        "quantityListquantityElementepcClass=https://id.gs1.org/01/09521234001010/10/L1quantity=2.5"
        "action=ADDbizStep=https://ref.gs1.org/cbv/BizStep-shipping"
        "disposition=https://ref.gs1.org/cbv/Disp-in_transit"
        "persistentDispositionset=https://ref.gs1.org/cbv/Disp-damaged"
        "set=https://ref.gs1.org/cbv/Disp-expiredunset=https://ref.gs1.org/cbv/Disp-recalled"
        "readPointid=https://id.gs1.org/414/9521234000037{https://ns.example.com/tea/}gate=7"
        "bizTransactionListbizTransaction=urn:x:1"
        "destinationListtype=https://ref.gs1.org/cbv/SDT-locationdestination=urn:x:3"
        "sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=urn:x:2"
        "sensorElementListsensorElementsensorReporttype=https://gs1.org/voc/Temperaturevalue=1"
        "ilmd{https://ns.example.com/tea/}roast=medium{https://ns.example.com/tea/}note=茶"
    )


@given(st.permutations(sorted(PARTS)))
def test_event_hash__order_of_fields__does_not_matter(names):
    shuffled = create_event(**{name: PARTS[name] for name in names})

    assert event_hash(shuffled) == event_hash(create_event(**PARTS))


@pytest.mark.parametrize("name", sorted(PARTS))
def test_event_hash__a_part_left_out__is_another_hash(name):
    rest = {other: value for other, value in PARTS.items() if other != name}

    assert event_hash(create_event(**rest)) != event_hash(create_event(**PARTS))


@pytest.mark.parametrize(
    "change",
    [
        {"eventID": "urn:uuid:1"},
        {"recordTime": "2026-05-21T00:00:00Z"},
        {"errorDeclaration": {"declarationTime": "2026-05-21T00:00:00Z"}},
        {"rdfs:comment": "seen by nobody"},
        {"eventTime": "2026-05-20T08:30:00.0004Z"},
        {"epcList": ["https://tea.example.com/x/01/09521234001010/10/L/21/A1?17=290519"]},
    ],
)
def test_event_hash__same_event_otherwise_written__is_the_same_hash(change):
    assert event_hash(create_event(**change)) == event_hash(create_event())


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2026-05-20T16:30:00+08:00", "2026-05-20T08:30:00.000Z"),
        ("2026-05-20T16:30:00.1414Z", "2026-05-20T16:30:00.141Z"),
        ("2026-05-20T16:30:00.1415Z", "2026-05-20T16:30:00.142Z"),
        ("2026-05-20T16:30:00.14149999Z", "2026-05-20T16:30:00.141Z"),
        ("2026-12-31T23:59:59.9995Z", "2027-01-01T00:00:00.000Z"),
        ("2026-05-20T16:30:00.1-09:30", "2026-05-21T02:00:00.100Z"),
    ],
)
def test_prehash__time__is_utc_in_milliseconds_half_up(written, canonical):
    assert f"eventTime={canonical}event" in prehash_string(create_event(eventTime=written))


@pytest.mark.parametrize(
    ("json_text", "canonical"),
    [
        ("1.0", "1"),
        ("200.50", "200.5"),
        ("1e3", "1000"),
        ("-0.0", "0"),
        ("100", "100"),
        ("12345678901234567890.10", "12345678901234567890.1"),
        ('"23.0"', "23"),
        ('"1.10.2"', "1.10.2"),
        ("true", "true"),
        ('" a b "', "a b"),
        ('"receiving"', "receiving"),
        ('"urn:epcglobal:cbv:bizstep:receiving"', "https://ref.gs1.org/cbv/BizStep-receiving"),
    ],
)
def test_prehash__extension_value__is_normalised(json_text, canonical):
    text = create_document(**{"@context": [{"tea": "https://t.cn/"}]})
    text = text.replace('"action"', f'"tea:value": {json_text}, "action"')

    (event,) = EpcisDocument.from_json(text).events

    assert prehash_string(event).endswith(f"action=ADD{{https://t.cn/}}value={canonical}")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("cbv:BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("urn:epcglobal:cbv:bizstep:shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("tea:roasting", "https://ns.example.com/tea/roasting"),
        ("https://example.com/roasting", "https://example.com/roasting"),
        ("unheard:of", "unheard:of"),
    ],
)
def test_prehash__word_of_a_vocabulary__is_a_full_uri(written, canonical):
    assert prehash_string(create_event(bizStep=written)).endswith(f"bizStep={canonical}")


def test_prehash__nested_extensions__are_sorted_on_each_level():
    event = create_event(**{"tea:b": {"tea:z": ["2", {"tea:y": "1"}], "tea:a": ""}, "tea:a": "0"})

    assert prehash_string(event).removeprefix(START) == (
        "{https://ns.example.com/tea/}a=0{https://ns.example.com/tea/}b"
        "{https://ns.example.com/tea/}a{https://ns.example.com/tea/}z=2"
        "{https://ns.example.com/tea/}z{https://ns.example.com/tea/}y=1"
    )


@pytest.mark.parametrize(
    ("context", "name"),
    [
        ({"tea": "https://t.cn/"}, "tea:roast"),
        ({"other": "https://t.cn/"}, "other:roast"),
        ({"hot": "https://t.cn/roast"}, "hot"),
        ({"hot": {"@id": "https://t.cn/roast"}}, "hot"),
        ({}, "https://t.cn/roast"),
    ],
)
def test_prehash__name_of_an_extension__is_its_full_uri(context, name):
    document = create_document(**{"@context": [context]})
    fields = json.loads(document)["epcisBody"]["eventList"][0] | {name: "medium"}

    text = create_document(fields, **{"@context": [context]})
    (event,) = EpcisDocument.from_json(text).events

    assert prehash_string(event) == f"{START}{{https://t.cn/}}roast=medium"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"roast": "medium"}, "field 'roast': it is no EPCIS 2.0 field here and is not defined"),
        ({"x:roast": "medium"}, "field 'x:roast': prefix 'x' is not defined in @context"),
        ({"readPoint": "gate"}, "field 'readPoint': 'gate' must be an object"),
        ({"bizStep": {"id": "x"}}, "field 'bizStep': .* must be one value"),
        ({"quantityList": ["x"]}, "field 'quantityList': 'x' must be an object"),
        ({"tea:x": [None]}, "field 'tea:x': None must be one value"),
    ],
)
def test_prehash__field_nobody_can_read__is_refused(change, message):
    with pytest.raises(EpcisFieldError, match=f"event 1, {message}"):
        prehash_string(create_event(**change))


def test_prehash__sensor_time_without_offset__is_refused():
    sensors = [{"sensorMetadata": {"time": "2026-05-20T16:30:00"}}]

    with pytest.raises(EventTimeError, match="must look like"):
        prehash_string(create_event(sensorElementList=sensors))


def test_event_hash__tea_examples__all_differ():
    documents = [EpcisDocument.read(path) for path in sorted((TEA / "epcis").iterdir())]

    hashes = {event_hash(event) for document in documents for event in document.events}

    assert len(hashes) == 31
