import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.python.epcis.documents import (
    CONTEXT,
    EVENT,
    EVENTS,
    EXAMPLES,
    MISSING,
    VECTORS,
    create_document,
    create_query_document,
    without_none,
)
from tests.python.epcis.documents import TEA as NAMESPACE
from tests.python.examples import TEA
from weilian.epcis import EpcisDocument, EpcisError, event_hash, event_hash_uri
from weilian.epcis.json_text import MAX_BYTES
from weilian.epcis.problems import KEPT_PROBLEMS

CREATED = datetime(2026, 5, 20, 10, tzinfo=UTC)
ELEMENT = {"id": "urn:x:1", "children": [], "attributes": [{"id": "urn:x:2", "attribute": {}}]}
DOCUMENTS = sorted((TEA / "epcis").glob("*.jsonld"))
PUBLIC = [*sorted(VECTORS.glob("*.jsonld")), *sorted(EXAMPLES.glob("*.jsonld"))]
needs_public_data = pytest.mark.skipif(not PUBLIC, reason=MISSING)


def test_read__tea_examples__have_all_their_events():
    documents = [EpcisDocument.read(path) for path in DOCUMENTS]

    assert [len(document.events) for document in documents] == [2, 1, 23, 2, 3]
    assert {event.type for document in documents for event in document.events} == {
        "ObjectEvent",
        "TransformationEvent",
        "AggregationEvent",
        "TransactionEvent",
    }


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_read__tea_examples__are_strict_and_written_without_loss(path):
    document = EpcisDocument.read(path, strict=True)

    again = EpcisDocument.from_json(document.to_json(), strict=True)

    assert json.loads(document.to_json()) == json.loads(path.read_text())
    assert list(map(event_hash, again.events)) == list(map(event_hash, document.events))


@needs_public_data
@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_read__documents_of_gs1__are_strict_and_written_without_loss(path):
    document = EpcisDocument.read(path, strict=True)

    again = EpcisDocument.from_json(document.to_json(indent=None), strict=True)

    assert again.content == document.content
    assert list(map(event_hash, again.events)) == list(map(event_hash, document.events))


@pytest.mark.parametrize("name", EVENTS)
def test_from_json__each_type__has_a_model_and_may_stand_alone(name):
    listed = EpcisDocument.from_json(create_document(EVENTS[name]), strict=True)
    alone = json.dumps({"@context": CONTEXT} | EVENTS[name])

    document = EpcisDocument.from_json(alone, strict=True)

    assert type(document.events[0].model).__name__ == document.type == name
    assert event_hash(document.events[0]) == event_hash(listed.events[0])


def test_from_json__event__has_time_namespaces_and_position():
    own = EVENT | {"@context": {"own": "tea:own/"}, "eventID": "urn:x:1"}
    text = create_document(EVENT, own, **{"@context": ["x:y", {"tea": "https://t.cn/"}]})

    first, second = EpcisDocument.from_json(text).events

    assert first.event_time == datetime(2026, 5, 20, 8, 30, tzinfo=UTC)
    assert (first.position, first.namespaces) == (1, {"tea": "https://t.cn/"})
    assert (second.position, second.namespaces["own"]) == (2, "https://t.cn/own/")
    assert (first.event_id, second.event_id) == (None, "urn:x:1")


def test_from_json__quantity__keeps_its_digits():
    text = create_document(EVENT | {"quantityList": [{"epcClass": "urn:x:c", "quantity": 0}]})

    document = EpcisDocument.from_json(text.replace('"quantity": 0', '"quantity": 1.2500'))

    assert document.events[0].model.quantityList[0].quantity == Decimal("1.2500")
    assert '"quantity": 1.2500' in document.to_json()


@pytest.mark.parametrize("name", EVENTS)
def test_of__typed_events__make_a_document_with_the_same_hashes(name):
    event = EVENTS[name] | {"tea:note": {"tea:x": [1, "茶"]}, "certificationInfo": ["urn:x:1"]}
    (read,) = EpcisDocument.from_json(create_document(event)).events

    made = EpcisDocument.of([read.model], created=CREATED, context=[{"tea": NAMESPACE}])

    assert event_hash(made.events[0]) == event_hash(read)
    assert made.content["creationDate"] == "2026-05-20T10:00:00+00:00"
    assert EpcisDocument.from_json(made.to_json(), strict=True).content == made.content


def test_of__names_without_a_namespace_or_time_without_offset__raise():
    (read,) = EpcisDocument.from_json(create_document(EVENT | {"tea:note": "x"})).events

    with pytest.raises(EpcisError, match="prefix 'tea' is not defined"):
        EpcisDocument.of([read.model], created=CREATED)
    with pytest.raises(EpcisError, match="creationDate '2026-05-20T10:00:00': must look like"):
        EpcisDocument.of([], created=CREATED.replace(tzinfo=None))


def test_from_json__answer_to_a_query__has_events_and_names():
    text = create_query_document(EVENT, EVENT, subscriptionID="s1")

    document = EpcisDocument.from_json(text, strict=True)

    assert document.type == "EPCISQueryDocument"
    assert (document.query_name, document.subscription_id) == ("SimpleEventQuery", "s1")
    assert [event.position for event in document.events] == [1, 2]


def test_from_json__header__is_passed_through():
    vocabulary = {"type": "urn:x:t", "vocabularyElementList": [ELEMENT]}
    header = {"epcisMasterData": {"vocabularyList": [vocabulary]}, "tea:x": 1}

    document = EpcisDocument.from_json(create_document(epcisHeader=header))

    assert document.header == header
    assert EpcisDocument.from_json(document.to_json()).header == header
    assert EpcisDocument.from_json(create_document()).header == {}


@pytest.mark.parametrize("attribute", [True, [1]])
def test_from_json__attribute_of_another_kind__error_names_the_place(attribute):
    element = {"id": "urn:x:1", "attributes": [{"id": "urn:x:2", "attribute": attribute}]}
    vocabulary = {"type": "urn:x:t", "vocabularyElementList": [element]}
    header = {"epcisMasterData": {"vocabularyList": [vocabulary]}}

    with pytest.raises(EpcisError, match=r"attributes\[0\]\.attribute .*: must be a number, text"):
        EpcisDocument.from_json(create_document(epcisHeader=header))


def test_from_json__single_event_in_the_body__is_read_leniently_only():
    text = create_document(epcisBody={"event": EVENT})

    document = EpcisDocument.from_json(text)

    assert len(document.events) == 1
    with pytest.raises(EpcisError, match=r"epcisBody\.eventList: is missing"):
        EpcisDocument.from_json(text, strict=True)


def test_from_json__type_outside_the_standard__is_read_with_what_all_events_have():
    event = EVENT | {"type": "tea:TastingEvent"}

    (read,) = EpcisDocument.from_json(create_document(event)).events

    assert (read.type, read.event_time.year) == ("tea:TastingEvent", 2026)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "SaleEvent"}, r"\.type 'SaleEvent': must be ObjectEvent, "),
        ({"type": None}, r"\.type None: must be"),
        ({"eventTime": "2026-05-20"}, r"\.eventTime '2026-05-20': must look like"),
        ({"eventTime": "2026-05-20T16:30:00"}, r"\.eventTime '.*': must look like"),
        ({"eventTime": "2026-02-30T16:30:00Z"}, r"\.eventTime '.*': must look like"),
        ({"eventTime": "0001-01-01T00:00:00+14:00"}, r"\.eventTime '.*': must look like"),
        ({"eventTime": 5}, r"\.eventTime 5: must be text"),
        ({"eventTimeZoneOffset": "+8"}, r"\.eventTimeZoneOffset '\+8': String should match"),
        ({"eventTimeZoneOffset": "+14:01"}, r"\.eventTimeZoneOffset '\+14:01': String should"),
        ({"action": "SELL"}, r"\.action 'SELL': Input should be 'ADD', 'OBSERVE' or 'DELETE'"),
        ({"action": None}, r"\.action: is missing"),
        ({"@context": 5}, r"\.@context 5: must be an address"),
        ({"epcList": ["urn:x:1", "urn:x:1"]}, r"\.epcList .*: must hold 'urn:x:1' only once"),
    ],
)
def test_from_json__bad_event__error_names_position_and_field(change, message):
    with pytest.raises(EpcisError, match=rf"event 2, epcisBody\.eventList\[1\]{message}"):
        EpcisDocument.from_json(create_document(EVENT, without_none(EVENT | change)))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"type": "EPCISQueryDocument"}, r"epcisBody\.queryResults: is missing"),
        ({"type": "Text", "@context": None}, "event 1, "),
        ({"type": 5}, "document: must be an EPCISDocument, an EPCISQueryDocument or an event"),
        ({"schemaVersion": "1.2"}, "schemaVersion '1.2': String should match"),
        ({"creationDate": "today"}, "creationDate 'today': must look like"),
        ({"epcisBody": {}}, r"epcisBody\.eventList: is missing"),
        ({"epcisBody": {"eventList": [1]}}, r"event 1, epcisBody\.eventList\[0\] 1: must be an ob"),
        ({"@context": None}, "@context None: must not be null"),
        ({"@context": ["x:y", "x:y"]}, "@context .*must hold each part only once"),
        ({"epcisHeader": {"epcisMasterData": 1}}, r"epcisHeader\.epcisMasterData 1: must be an o"),
        (
            {"epcisHeader": {"epcisMasterData": {"vocabularyList": [{"type": 1}]}}},
            r"vocabularyList\[0\]\.type 1: must be text",
        ),
        ({"sender": None}, "sender None: must not be null"),
    ],
)
def test_from_json__bad_envelope__error_names_the_field(change, message):
    with pytest.raises(EpcisError, match=message):
        EpcisDocument.from_json(create_document(**change))


def test_from_json__many_problems__all_gathered_and_twenty_shown():
    events = [EVENT | {"action": f"A{number}", "eventTime": "x"} for number in range(15)]

    with pytest.raises(EpcisError) as caught:
        EpcisDocument.from_json(create_document(*events), where="tea.jsonld")

    assert len(caught.value.problems) == 30
    assert str(caught.value).startswith("tea.jsonld has 30 problems:\n  event 1, epcisBody")
    assert str(caught.value).endswith("\n  and 10 more")


def test_from_json__far_too_many_problems__reading_ends():
    events = [EVENT | {"action": "x"}] * (KEPT_PROBLEMS + 5)

    with pytest.raises(EpcisError, match="document has 10000 or more problems:") as caught:
        EpcisDocument.from_json(create_document(*events))

    assert len(caught.value.problems) == KEPT_PROBLEMS


def test_from_json__name_with_odd_letters__is_quoted_in_the_place():
    event = EVENT | {"tea:a b": {"x:y": 1}}

    with pytest.raises(
        EpcisError, match=r"eventList\[0\]\['tea:a b'\]\.x:y: prefix 'x' is not def"
    ):
        EpcisDocument.from_json(create_document(event), strict=True)


def test_read__no_such_file__one_sentence(tmp_path):
    with pytest.raises(EpcisError, match=r"none\.jsonld has 1 problem:\n  file: No such file"):
        EpcisDocument.read(tmp_path / "none.jsonld")


def test_read__file_too_large__is_refused_unread(tmp_path):
    file = tmp_path / "large.jsonld"
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)

    with pytest.raises(EpcisError, match="must not be larger than 64 MiB"):
        EpcisDocument.read(file)


def test_verify_event_ids__hash_of_the_event__is_accepted():
    (event,) = EpcisDocument.from_json(create_document(EVENT)).events
    text = create_document(EVENT | {"eventID": event_hash_uri(event)})

    EpcisDocument.from_json(text, strict=True).verify_event_ids()


def test_verify_event_ids__hash_of_another_event__error_says_both():
    (event,) = EpcisDocument.from_json(create_document(EVENT)).events
    other = EVENT | {"action": "OBSERVE", "eventID": event_hash_uri(event)}
    document = EpcisDocument.from_json(create_document(EVENT, other))

    with pytest.raises(EpcisError) as caught:
        document.verify_event_ids()

    assert event_hash_uri(event) in str(caught.value)
    assert event_hash_uri(document.events[1]) in str(caught.value)
    assert caught.value.problems[0].place == "event 2, epcisBody.eventList[1].eventID"
