import pytest

from tests.python.epcis.documents import (
    CASE,
    CONTEXT,
    EVENT,
    EVENTS,
    create_document,
    read_event,
    without_none,
)
from weilian.epcis import EpcisDocument, EpcisError

UUID = "urn:uuid:0f2c9f0e-5d0a-4f3e-9a57-3f9b6c1f2a10"
HASH = f"ni:///sha-256;{'0a' * 32}?ver=CBV2.0"
NOT_DEFINED = r"not defined in @context \(contexts elsewhere are not fetched\)"


def sensor(**report):
    return {"sensorElementList": [{"sensorReport": [{"type": "Temperature"} | report]}]}


@pytest.mark.parametrize(
    "change",
    [
        {"bizStep": "shipping"},
        {"bizStep": "cbv:BizStep-shipping"},
        {"bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"},
        {"bizStep": "tea:roasting"},
        {"bizStep": "https://example.com/roasting"},
        {"disposition": "tea"},
        {"persistentDisposition": {"set": ["recalled"], "unset": ["tea:aired"]}},
        {"bizTransactionList": [{"bizTransaction": "urn:epcglobal:cbv:bt:9521234000002:1"}]},
        {"sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:9521234.00000"}]},
        {"errorDeclaration": {"declarationTime": EVENT["eventTime"], "reason": "did_not_occur"}},
        sensor(type="gs1:Temperature", exception="ALARM_CONDITION", component="x"),
        {"eventID": UUID},
        {"eventID": HASH},
        {"eventID": "https://example.com/events/1"},
        {"epcList": ["https://id.gs1.org/01/09521234001010/21/A1", "urn:epc:id:gid:1.2.3"]},
        {"quantityList": [{"epcClass": "urn:epc:idpat:sgtin:9521234.000101.*"}]},
        {"tea:note": {"id": "urn:x:1", "type": "tea:Note", "tea:list": [{"tea:x": None}]}},
        {"https://ns.example.com/x/note": "x", "rdfs:comment": "x", "gs1:note": 1},
        {"readPoint": {"id": "geo:50.94,6.92", "tea:gate": "7"}},
        {"@context": {"@vocab": "https://ns.example.com/x/"}, "note": "x"},
    ],
)
def test_from_json__strict__accepts(change):
    assert read_event(EVENT | change, strict=True).type == "ObjectEvent"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"bizStep": "shiping"},
            "bizStep 'shiping': is no business step .*did you mean 'shipping'",
        ),
        ({"bizStep": "in_transit"}, "bizStep 'in_transit': is no business step of CBV 2.0, and a"),
        (
            {"bizStep": "urn:epcglobal:cbv:bizstep:shipping"},
            "is no business step of CBV 2.0, in whose namespace it is; write 'shipping'",
        ),
        ({"bizStep": "cbv:BizStep-roasting"}, "is no business step of CBV 2.0, in whose namesp"),
        ({"bizStep": "cbv:Disp-damaged"}, "is no business step of CBV 2.0, in whose namespace"),
        ({"bizStep": "https://ns.gs1.org/cbv/BizStep-x"}, "is no business step of CBV 2.0, in"),
        ({"bizStep": "unheard:of"}, "prefix 'unheard' is not defined in @context"),
        ({"bizStep": "tea:a b"}, "must be a URI"),
        ({"disposition": "sold"}, "disposition 'sold': is no disposition"),
        ({"persistentDisposition": {"set": ["x"]}}, r"\.set\[0\] 'x': is no disposition"),
        ({"bizTransactionList": [{"type": "x", "bizTransaction": "urn:x:1"}]}, "is no business tr"),
        ({"sourceList": [{"type": "x", "source": "urn:x:1"}]}, "is no source or destination type"),
        ({"destinationList": [{"type": "x", "destination": "urn:x:1"}]}, "is no source or dest"),
        (sensor(type="Humidity"), r"\.type 'Humidity': is no measurement type"),
        (sensor(type="https://gs1.org/voc/Temperature"), "must be written as the word 'Temper"),
        (
            sensor(exception="ALARM_CONDITON"),
            "is no sensor alert type .*did you mean 'ALARM_CONDITION'",
        ),
        (sensor(component="w"), "component 'w': is no component of CBV 2.0"),
        (
            {"errorDeclaration": {"declarationTime": EVENT["eventTime"], "reason": "wrong"}},
            "reason 'wrong': is no error reason",
        ),
    ],
)
def test_from_json__strict__refuses_words_outside_the_vocabulary(change, message):
    lenient = read_event(EVENT | change)

    with pytest.raises(EpcisError, match=rf"event 1, epcisBody\.eventList\[0\]\.\S*.*{message}"):
        read_event(EVENT | change, strict=True)
    assert lenient.type == "ObjectEvent"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x:note": 1}, rf"\[0\]\.x:note: prefix 'x' is {NOT_DEFINED}"),
        ({"note": 1}, rf"\[0\]\.note: the name is no field of EPCIS here and is {NOT_DEFINED}"),
        ({"tea:a": [{"x:b": 1}]}, r"\.tea:a\[0\]\.x:b: prefix 'x' is"),
        ({"ilmd": {"roast": 1}}, r"\.ilmd\.roast: the name is no field"),
        ({"ilmd": {"x:roast": 1}}, r"\.ilmd\.x:roast: prefix 'x' is"),
        ({"readPoint": {"id": "urn:x:1", "x:gate": 1}}, r"\.readPoint\.x:gate: prefix 'x' is"),
        (sensor(**{"x:note": 1}), r"\.sensorReport\[0\]\.x:note: prefix 'x' is"),
        ({"parentID": CASE}, r"\[0\]\.parentID: is no field of ObjectEvent"),
        ({"persistantDisposition": {}}, r"\.persistantDisposition: the name is no field"),
    ],
)
def test_from_json__strict__refuses_names_without_a_namespace(change, message):
    lenient = read_event(EVENT | change)

    with pytest.raises(EpcisError, match=rf"event 1, epcisBody\.eventList.*{message}"):
        read_event(EVENT | change, strict=True)
    assert lenient.type == "ObjectEvent"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"eventID": "event 1"}, "eventID 'event 1': must be a URI"),
        ({"eventID": ""}, "eventID '': must be a URI"),
        ({"eventID": "x:1"}, "eventID 'x:1': prefix 'x' is not defined in @context, and is no"),
        ({"eventID": "urn:uuid:0f2c9f0e"}, "must have 8-4-4-4-12 hexadecimal digits"),
        ({"eventID": HASH.replace("0a", "0A")}, "must look like ni:///sha-256;<64 hex"),
        ({"eventID": HASH.replace("0a0a", "0a")}, "must look like ni:///sha-256;<64 hex"),
        ({"eventID": HASH.removesuffix("?ver=CBV2.0")}, "must look like ni:///sha-256;"),
        ({"eventID": "ni:///md5;00?ver=CBV2.0"}, "must look like ni:///sha-256;"),
        ({"epcList": ["A1"]}, r"epcList\[0\] 'A1': must be a URI"),
        ({"epcList": ["urn:epc:id:sgtin:A.B.C"]}, "must be an EPC URN as the Tag Data Standard"),
        ({"epcList": ["urn:epc:id:sgtni:9521234.000101.A1"]}, "must be an EPC URN as"),
        ({"epcList": ["urn:epc:raw:1"]}, "must be an EPC URN as"),
        ({"epcList": ["urn:epc:id:gid:1.2"]}, "must be an EPC URN as"),
        ({"epcList": ["https://茶.cn/1"]}, "must be a URI, which has a scheme and no spaces or"),
        ({"readPoint": {"id": "gate 7"}}, "readPoint.id 'gate 7': must be a URI"),
        (sensor(deviceID="7"), r"sensorReport\[0\]\.deviceID '7': must be a URI"),
    ],
)
def test_from_json__strict__refuses_values_that_are_no_identities(change, message):
    lenient = read_event(EVENT | change)

    with pytest.raises(EpcisError, match=message):
        read_event(EVENT | change, strict=True)
    assert lenient.type == "ObjectEvent"


def test_from_json__strict__refuses_an_id_that_occurs_twice():
    text = create_document(EVENT | {"eventID": UUID}, EVENT, EVENT | {"eventID": UUID})

    with pytest.raises(EpcisError) as caught:
        EpcisDocument.from_json(text, strict=True)

    (problem,) = caught.value.problems
    assert problem.place == "event 3, epcisBody.eventList[2].eventID"
    assert problem.rule == "must be unique in the document, and event 1 has it too"
    assert len(EpcisDocument.from_json(text).events) == 3


def test_from_json__strict__a_correction_may_repeat_the_id():
    error = {"declarationTime": "2026-05-21T00:00:00Z", "reason": "incorrect_data"}
    events = [EVENT | {"eventID": UUID}, EVENT | {"eventID": UUID, "errorDeclaration": error}]

    assert len(EpcisDocument.from_json(create_document(*events), strict=True).events) == 2


@pytest.mark.parametrize("action", ["ADD", "DELETE"])
def test_from_json__strict__aggregation_needs_its_parent(action):
    event = without_none(EVENTS["AggregationEvent"] | {"action": action, "parentID": None})

    with pytest.raises(EpcisError, match=f"must have parentID with action {action}"):
        read_event(event, strict=True)
    assert read_event(event).type == "AggregationEvent"


@pytest.mark.parametrize("context", [[], CONTEXT[1:], ["https://example.com/context.jsonld"]])
def test_from_json__strict__needs_the_context_of_epcis(context):
    text = create_document(**{"@context": context})

    with pytest.raises(EpcisError, match="@context: must name the context of EPCIS, https://ref"):
        EpcisDocument.from_json(text, strict=True)
    assert EpcisDocument.from_json(text).events


def test_from_json__strict__refuses_names_around_the_events_that_nothing_defines():
    text = create_document(**{"note": 1, "tea:note": 1, "sender": "urn:x:1"})

    with pytest.raises(EpcisError) as caught:
        EpcisDocument.from_json(text, strict=True)

    assert [str(problem) for problem in caught.value.problems] == [
        "note: is no field of EPCISDocument"
    ]
