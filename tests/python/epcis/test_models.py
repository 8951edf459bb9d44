import json

import pytest

from tests.python.epcis.documents import (
    CASE,
    EVENT,
    EVENTS,
    create_document,
    read_event,
    without_none,
)
from weilian.epcis import EpcisDocument, EpcisError

QUANTITY = [{"epcClass": "urn:x:c", "quantity": 1, "uom": "KGM"}]
SENSORS = [{"sensorReport": [{"type": "Temperature", "value": 4.5, "uom": "CEL"}]}]
PLACE = {"id": "urn:epc:id:sgln:9521234.00001.0"}
OBJECTS = "must have epcList, quantityList, or readPoint with sensorElementList"
ENDS = "must have inputs and outputs, or one of both with transformationID"


@pytest.mark.parametrize(
    ("kind", "change"),
    [
        ("ObjectEvent", {"epcList": []}),
        ("ObjectEvent", {"epcList": None, "quantityList": QUANTITY}),
        ("ObjectEvent", {"epcList": None, "readPoint": PLACE, "sensorElementList": SENSORS}),
        ("ObjectEvent", {"ilmd": {"tea:roast": "medium"}}),
        ("AggregationEvent", {"action": "DELETE", "childEPCs": None}),
        ("AggregationEvent", {"childEPCs": None, "childQuantityList": QUANTITY}),
        ("AggregationEvent", {"action": "OBSERVE", "parentID": None}),
        ("AssociationEvent", {"action": "DELETE", "childEPCs": None}),
        ("TransactionEvent", {"action": "DELETE", "epcList": None}),
        ("TransactionEvent", {"epcList": None, "quantityList": QUANTITY, "parentID": CASE}),
        ("TransformationEvent", {"inputEPCList": None, "inputQuantityList": QUANTITY}),
        ("TransformationEvent", {"outputEPCList": None, "transformationID": "urn:x:t"}),
        ("TransformationEvent", {"inputEPCList": None, "transformationID": "urn:x:t"}),
    ],
)
def test_model__what_a_type_allows__is_accepted_strictly(kind, change):
    event = read_event(without_none(EVENTS[kind] | change), strict=True)

    written = event.model.model_dump(exclude_unset=True, by_alias=True, mode="json")
    assert written.keys() == event.fields.keys()


@pytest.mark.parametrize(
    ("kind", "change", "rule"),
    [
        ("ObjectEvent", {"epcList": None}, OBJECTS),
        ("ObjectEvent", {"epcList": None, "quantityList": []}, OBJECTS),
        ("ObjectEvent", {"epcList": None, "sensorElementList": SENSORS}, OBJECTS),
        ("ObjectEvent", {"action": "OBSERVE", "ilmd": {}}, "may have ilmd only with action ADD"),
        ("AggregationEvent", {"childEPCs": None}, "must have childEPCs or childQuantityList"),
        ("AggregationEvent", {"childEPCs": []}, "must have childEPCs or childQuantityList"),
        ("AssociationEvent", {"parentID": None}, "parentID: is missing"),
        ("AssociationEvent", {"childEPCs": None}, "must have childEPCs or childQuantityList"),
        ("TransactionEvent", {"epcList": None}, "must have epcList or quantityList with action A"),
        ("TransactionEvent", {"bizTransactionList": []}, "List should have at least 1 item"),
        ("TransactionEvent", {"bizTransactionList": None}, "bizTransactionList: is missing"),
        ("TransformationEvent", {"outputEPCList": []}, ENDS),
        ("TransformationEvent", {"inputEPCList": None}, ENDS),
        (
            "TransformationEvent",
            {"inputEPCList": None, "outputEPCList": None, "transformationID": "urn:x:t"},
            ENDS,
        ),
    ],
)
def test_model__what_a_type_asks_for__is_missed(kind, change, rule):
    text = create_document(without_none(EVENTS[kind] | change))

    with pytest.raises(EpcisError, match=rf"event 1, epcisBody\.eventList\[0\].*{rule}"):
        EpcisDocument.from_json(text)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bizStep": None}, "bizStep None: must not be null"),
        ({"bizStep": 5}, "bizStep 5: must be text"),
        ({"readPoint": "urn:x:1"}, "readPoint 'urn:x:1': must be an object"),
        ({"readPoint": {}}, r"readPoint\.id: is missing"),
        ({"quantityList": [{"quantity": 1}]}, r"quantityList\[0\]\.epcClass: is missing"),
        ({"quantityList": [QUANTITY[0] | {"quantity": "1"}]}, r"\.quantity '1': must be a number"),
        ({"quantityList": [QUANTITY[0] | {"quantity": True}]}, r"\.quantity True: must be a num"),
        ({"quantityList": [QUANTITY[0] | {"uom": "kg"}]}, r"\.uom 'kg': String should match"),
        ({"quantityList": [QUANTITY[0] | {"tea:x": 1}]}, r"\['?tea:x'?\]|tea:x 1: is no field"),
        ({"persistentDisposition": {}}, "persistentDisposition: must have set or unset"),
        ({"persistentDisposition": {"set": []}}, r"\.set \[\]: List should have at least 1"),
        ({"sourceList": [{"source": "urn:x:1"}]}, r"sourceList\[0\]\.type: is missing"),
        ({"sensorElementList": [{}]}, r"sensorElementList\[0\]\.sensorReport: is missing"),
        ({"sensorElementList": [{"sensorReport": []}]}, r"sensorReport \[\]: List should have"),
        ({"errorDeclaration": {}}, r"errorDeclaration\.declarationTime: is missing"),
        ({"certificationInfo": [5]}, r"certificationInfo\[0\] 5: must be text"),
        ({"ilmd": []}, r"ilmd \[\]: must be an object"),
    ],
)
def test_model__field_of_another_shape__error_names_the_place(change, message):
    with pytest.raises(EpcisError, match=message):
        EpcisDocument.from_json(create_document(EVENT | change))


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("hexBinaryValue", "0x1", "String should match pattern"),
        ("booleanValue", "true", "must be true or false"),
        ("time", "2026-05-20T16:30:00", "must look like"),
        ("value", "4.5", "must be a number"),
        ("type", None, "must not be null"),
    ],
)
def test_model__sensor_report__is_checked(name, value, rule):
    sensors = [{"sensorReport": [{"type": "Temperature", name: value}]}]

    with pytest.raises(EpcisError, match=rf"sensorReport\[0\]\.{name} .*: {rule}"):
        read_event(EVENT | {"sensorElementList": sensors})


def test_model__every_field__is_typed():
    sensors = json.loads(json.dumps(SENSORS))
    event = read_event(
        EVENT | {"sensorElementList": sensors, "certificationInfo": "urn:x:1", "readPoint": PLACE}
    )

    assert event.model.sensorElementList[0].sensorReport[0].value == 4.5
    assert event.model.certificationInfo == ["urn:x:1"]
    assert event.model.readPoint.id == PLACE["id"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"persistentDisposition": "x"}, "persistentDisposition: 'x' must be an object"),
        ({"parentID": {"id": "urn:x:1"}}, "parentID: .* must be one value"),
        ({"epcList": [{"id": "urn:x:1"}]}, "epcList: .* must be one value"),
        ({"sensorElementList": [{"sensorMetadata": {"time": "x"}}]}, "time 'x' must look like"),
    ],
)
def test_reader__field_of_another_type_that_nobody_can_hash__is_refused(change, message):
    event = EVENT | {"type": "tea:TastingEvent"} | change

    with pytest.raises(EpcisError, match=message):
        read_event(event)
