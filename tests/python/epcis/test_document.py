import json
from datetime import UTC, datetime

import pytest

from tests.python.examples import TEA
from weilian.epcis import EpcisDocument, EpcisError

EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-05-20T16:30:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "epcList": ["urn:epc:id:sgtin:9521234.000101.A1"],
}


def create_document(*events, **changes):
    document = {
        "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-20T18:00:00+08:00",
        "epcisBody": {"eventList": list(events) or [EVENT]},
    }
    return json.dumps(document | changes)


def create_event(**changes):
    """Read one event; a field set to None is left out."""
    fields = {name: value for name, value in (EVENT | changes).items() if value is not None}
    context = [{"tea": "https://ns.example.com/tea/"}]
    return EpcisDocument.from_json(create_document(fields, **{"@context": context})).events[0]


def test_read__tea_examples__have_all_their_events():
    documents = [EpcisDocument.read(path) for path in sorted((TEA / "epcis").iterdir())]

    assert [len(document.events) for document in documents] == [2, 1, 23, 2, 3]
    assert {event.type for document in documents for event in document.events} == {
        "ObjectEvent",
        "TransformationEvent",
        "AggregationEvent",
        "TransactionEvent",
    }


def test_from_json__event__has_time_namespaces_and_position():
    own = EVENT | {"@context": {"own": "tea:own/"}}
    text = create_document(EVENT, own, **{"@context": ["x:y", {"tea": "https://t.cn/"}]})

    first, second = EpcisDocument.from_json(text).events

    assert first.event_time == datetime(2026, 5, 20, 8, 30, tzinfo=UTC)
    assert (first.position, first.namespaces) == (1, {"tea": "https://t.cn/"})
    assert (second.position, second.namespaces["own"]) == (2, "https://t.cn/own/")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "SaleEvent"}, "event 2: type: Input should be 'ObjectEvent'"),
        ({"type": None}, "event 2: type: Field required"),
        ({"eventTime": "2026-05-20"}, "event 2: eventTime: time '2026-05-20' must look like"),
        ({"eventTime": "2026-05-20T16:30:00"}, "event 2: eventTime: "),
        ({"eventTime": "2026-02-30T16:30:00Z"}, "event 2: eventTime: "),
        ({"eventTime": 5}, "event 2: eventTime: Input should be a valid string"),
        ({"eventTimeZoneOffset": "+8"}, "event 2: eventTimeZoneOffset: String should match"),
        ({"action": "SELL"}, "event 2: action must be ADD, OBSERVE or DELETE \\(got 'SELL'\\)"),
        ({"action": None}, "event 2: action must be"),
        ({"@context": 5}, "event 2: @context holds 5"),
    ],
)
def test_from_json__bad_event__error_names_position_and_field(change, message):
    fields = {name: value for name, value in (EVENT | change).items() if value is not None}

    with pytest.raises(EpcisError, match=message):
        EpcisDocument.from_json(create_document(EVENT, fields))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "EPCISQueryDocument"}, "type: Input should be 'EPCISDocument'"),
        ({"schemaVersion": "1.2"}, "schemaVersion: String should match"),
        ({"creationDate": "today"}, "creationDate: time 'today' must look like"),
        ({"epcisBody": {}}, "epcisBody.eventList: Field required"),
        ({"epcisBody": {"eventList": [1]}}, "epcisBody.eventList.0: Input should be a valid dict"),
        ({"@context": None}, "@context"),
    ],
)
def test_from_json__bad_envelope__error_names_the_field(change, message):
    with pytest.raises(EpcisError, match=message):
        EpcisDocument.from_json(create_document(**change))


@pytest.mark.parametrize("data", ["", "{", "[]", b"\xff", "5"])
def test_from_json__no_document__raises(data):
    with pytest.raises(EpcisError, match="document"):
        EpcisDocument.from_json(data)


def test_read__no_such_file__one_sentence(tmp_path):
    with pytest.raises(EpcisError, match=r"none\.jsonld: No such file"):
        EpcisDocument.read(tmp_path / "none.jsonld")
