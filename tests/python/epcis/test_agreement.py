"""Models, JSON Schema and hash agree, on documents that are right and on such that are not."""

import json
import random
from copy import deepcopy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.python.epcis.documents import EVENTS, EXAMPLES, MISSING, SCHEMA, VECTORS, create_document
from tests.python.epcis.strategies import EVENTS as ANY_EVENT
from weilian.epcis import EpcisDocument, EpcisError, event_hash

needs_schema = pytest.mark.skipif(not SCHEMA.is_file(), reason=MISSING)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PUBLIC = [*sorted(VECTORS.glob("*.jsonld")), *sorted(EXAMPLES.glob("*.jsonld"))]
MUTATED_DOCUMENTS = 20_000
ANY_VALUES = (None, True, 0, 1.5, "", "x", "ADD", "DELETE", [], {}, ["a", "a"], [{}], {"id": "a:b"})
ANY_VALUES += ("urn:x:y", -1, "+15:00", "-14:00", [None], "AggregationEvent", "\u0000", 10**30)


@pytest.fixture(scope="module")
def schema():
    return Draft7Validator(json.loads(SCHEMA.read_text()))


def read(data, *, strict=False):
    """Return the document, or the error that says why it is none."""
    try:
        return EpcisDocument.from_json(data, strict=strict)
    except EpcisError as error:
        return error


def places_in(value):
    """List every place of a JSON value as its container and key."""
    if isinstance(value, dict | list):
        keys = value if isinstance(value, dict) else range(len(value))
        for key in keys:
            yield value, key
            yield from places_in(value[key])


def mutate(value, rng):
    """Change, remove, rename or repeat something in a JSON value."""
    container, key = rng.choice(list(places_in(value)))
    choice = rng.random()
    if choice < 0.4:
        container[key] = deepcopy(rng.choice(ANY_VALUES))
    elif choice < 0.7:
        del container[key]
    elif isinstance(container, list):
        container.append(deepcopy(container[key]))
    else:
        _, name = rng.choice(list(places_in(value)))
        container[str(name)] = container.pop(key)


def create_mutated(rng):
    content = json.loads(create_document(rng.choice(list(EVENTS.values()))))
    for _ in range(rng.randint(1, 3)):
        if any(places_in(content)):
            mutate(content, rng)
    return content


def is_left_open_by_schema(error):
    """Whether all is about the form of times, the version, or fields of another type of event."""
    rules = ("must look like", "must be ObjectEvent", "must be an object", "must be one value")
    return all(
        any(rule in problem.rule for rule in rules)
        or problem.place in ("schemaVersion", "@context")
        for problem in error.problems
    )


@needs_schema
@pytest.mark.parametrize("path", PUBLIC, ids=lambda path: path.stem)
def test_schema__documents_of_gs1__are_valid_and_read(path, schema):
    assert schema.is_valid(json.loads(path.read_text()))
    assert EpcisDocument.read(path).events


@needs_schema
@many
@given(events=st.lists(ANY_EVENT, min_size=1, max_size=2))
def test_schema__generated_events__are_valid_and_read(schema, events):
    text = create_document(*events)

    document = EpcisDocument.from_json(text)

    assert schema.is_valid(json.loads(text))
    assert [event.type for event in document.events] == [event["type"] for event in events]


@many
@given(ANY_EVENT, st.randoms(use_true_random=False))
def test_event_hash__written_again_in_any_order__is_the_same(event, rng):
    (read,) = EpcisDocument.from_json(create_document(event)).events

    document = EpcisDocument.from_json(create_document(shuffled(event, rng)))
    again = EpcisDocument.from_json(document.to_json(indent=rng.choice([None, 1, 4])))

    assert event_hash(again.events[0]) == event_hash(document.events[0]) == event_hash(read)


@many
@given(ANY_EVENT)
def test_canonical_bytes__read_again__have_the_same_event_hash(event):
    document = EpcisDocument.from_json(create_document(event))

    again = EpcisDocument.from_json(document.canonical_bytes())

    assert event_hash(again.events[0]) == event_hash(document.events[0])


def shuffled(value, rng):
    """Put the members of objects and the items of lists into another order."""
    if isinstance(value, dict):
        names = rng.sample(list(value), len(value))
        return {name: shuffled(value[name], rng) for name in names}
    if isinstance(value, list):
        return [shuffled(item, rng) for item in rng.sample(value, len(value))]
    return value


def test_from_json__mutated_documents__raise_only_epcis_errors():
    rng = random.Random(1)

    found = [
        read(json.dumps(create_mutated(rng)), strict=number % 2 == 1)
        for number in range(MUTATED_DOCUMENTS)
    ]

    documents = [document for document in found if isinstance(document, EpcisDocument)]
    assert 1_000 < len(documents) < MUTATED_DOCUMENTS - 1_000
    assert all(len(event_hash(event)) == 32 for document in documents for event in document.events)


@needs_schema
def test_schema__mutated_documents__agree_with_lenient_reading(schema):
    rng = random.Random(2)

    for content in (create_mutated(rng) for _ in range(2_000)):
        found = read(json.dumps(content))
        if isinstance(found, EpcisError):
            assert not schema.is_valid(content) or is_left_open_by_schema(found), str(found)
        else:
            assert schema.is_valid(content) or "event" in content["epcisBody"], content


@many
@given(st.binary(min_size=1, max_size=4), st.integers(0, 600), st.booleans())
def test_from_json__damaged_bytes__raise_only_epcis_errors(damage, place, strict):
    text = create_document().encode()

    found = read(text[:place] + damage + text[place + len(damage) :], strict=strict)

    assert found.problems if isinstance(found, EpcisError) else found.content
