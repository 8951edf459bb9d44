from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.python.epcis.documents import (
    CASE,
    EVENT,
    EVENTS,
    EXAMPLES,
    MISSING,
    START,
    TEA,
    VECTORS,
    create_event,
    read_event,
)
from tests.python.examples import TEA as TEA_FOLDER
from weilian.epcis import EpcisDocument, event_hash, event_hash_uri, prehash_string

needs_public_data = pytest.mark.skipif(not VECTORS.is_dir(), reason=MISSING)
PARTS = {
    "certificationInfo": "https://example.com/c/1",
    "parentID": CASE,
    "quantityList": [{"epcClass": "urn:epc:class:lgtin:9521234.000101.L1", "quantity": 2.50}],
    "bizStep": "shipping",
    "disposition": "in_transit",
    "persistentDisposition": {"unset": ["recalled"], "set": ["expired", "damaged"]},
    "readPoint": {"id": "urn:epc:id:sgln:9521234.00003.0", "tea:gate": "7"},
    "bizLocation": {"id": "urn:epc:id:sgln:9521234.00003.12"},
    "bizTransactionList": [{"bizTransaction": "urn:x:1", "type": "po"}],
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
        "parentID=https://id.gs1.org/00/095212340000001010"
        "epcListepc=https://id.gs1.org/01/09521234001010/21/A1"
        "quantityListquantityElementepcClass=https://id.gs1.org/01/09521234001010/10/L1quantity=2.5"
        "action=ADDbizStep=https://ref.gs1.org/cbv/BizStep-shipping"
        "disposition=https://ref.gs1.org/cbv/Disp-in_transit"
        "persistentDispositionset=https://ref.gs1.org/cbv/Disp-damaged"
        "set=https://ref.gs1.org/cbv/Disp-expiredunset=https://ref.gs1.org/cbv/Disp-recalled"
        f"readPointid=https://id.gs1.org/414/9521234000037{{{TEA}}}gate=7"
        "bizLocationid=https://id.gs1.org/414/9521234000037/254/12"
        "sensorElementListsensorElementsensorReporttype=https://gs1.org/voc/Temperaturevalue=1"
        "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:1"
        "destinationListtype=https://ref.gs1.org/cbv/SDT-locationdestination=urn:x:3"
        f"ilmd{{{TEA}}}roast=medium"
        "sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=urn:x:2"
        f"{{{TEA}}}note=茶"
    )


@pytest.mark.parametrize(
    ("kind", "change", "middle"),
    [
        (
            "AggregationEvent",
            {"childQuantityList": [{"epcClass": "urn:x:c"}]},
            "parentID=https://id.gs1.org/00/095212340000001010childEPCsepc=urn:x:1"
            "childQuantityListquantityElementepcClass=urn:x:caction=ADD",
        ),
        (
            "AssociationEvent",
            {},
            "parentID=https://id.gs1.org/00/095212340000001010childEPCsepc=urn:x:1action=ADD",
        ),
        (
            "TransactionEvent",
            {"parentID": CASE},
            "parentID=https://id.gs1.org/00/095212340000001010epcListepc=urn:x:1action=ADD"
            "bizTransactionListtype=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:2",
        ),
        (
            "TransformationEvent",
            {
                "inputQuantityList": [{"epcClass": "urn:x:i", "uom": "KGM", "quantity": 3}],
                "outputQuantityList": [{"epcClass": "urn:x:o"}],
                "transformationID": "urn:epc:id:gdti:9521234.00001.7",
            },
            "inputEPCListepc=urn:x:1"
            "inputQuantityListquantityElementepcClass=urn:x:iquantity=3uom=KGM"
            "outputEPCListepc=urn:x:2outputQuantityListquantityElementepcClass=urn:x:o"
            "transformationID=https://id.gs1.org/253/95212340000137",
        ),
    ],
)
def test_prehash__each_type__has_its_own_fields(kind, change, middle):
    start = START.split("epcList")[0].replace("ObjectEvent", kind)

    assert prehash_string(read_event(EVENTS[kind] | change)) == start + middle


def test_prehash__type_outside_the_standard__is_a_full_uri():
    event = read_event(EVENT | {"type": "tea:TastingEvent"})

    assert prehash_string(event) == START.replace("ObjectEvent", f"{TEA}TastingEvent")


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
        {"errorDeclaration": {"declarationTime": "2026-05-21T00:00:00Z", "tea:why": "x"}},
        {"rdfs:comment": "seen by nobody"},
        {"comment": "seen by nobody"},
        {"tea:nothing": None},
        {"tea:nothing": []},
        {"quantityList": []},
        {"bizTransactionList": []},
        {"eventTime": "2026-05-20T08:30:00.0004Z"},
        {"epcList": ["https://tea.example.com/x/01/09521234001010/10/L/21/A1?17=290519"]},
    ],
)
def test_event_hash__same_event_otherwise_written__is_the_same_hash(change):
    assert event_hash(create_event(**change)) == event_hash(create_event())


def test_event_hash__tea_examples__all_differ():
    documents = [EpcisDocument.read(path) for path in sorted((TEA_FOLDER / "epcis").iterdir())]

    hashes = {event_hash(event) for document in documents for event in document.events}

    assert len(hashes) == 31
