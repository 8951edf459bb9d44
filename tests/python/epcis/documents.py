"""Small documents to test with."""

import json

from tests.python.examples import PUBLIC_DATA
from weilian.epcis import EpcisDocument

STANDARD_CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
TEA = "https://ns.example.com/tea/"
CONTEXT = [STANDARD_CONTEXT, {"tea": TEA}]
SCHEMA = PUBLIC_DATA / "epcis" / "EPCIS-JSON-Schema.json"
VECTORS = PUBLIC_DATA / "epcis" / "hash"
EXAMPLES = PUBLIC_DATA / "epcis" / "examples"
MISSING = "the public EPCIS data is not beside the project"

EVENT = {
    "type": "ObjectEvent",
    "eventTime": "2026-05-20T16:30:00+08:00",
    "eventTimeZoneOffset": "+08:00",
    "action": "ADD",
    "epcList": ["urn:epc:id:sgtin:9521234.000101.A1"],
}
START = (
    "eventType=ObjectEventeventTime=2026-05-20T08:30:00.000ZeventTimeZoneOffset=+08:00"
    "epcListepc=https://id.gs1.org/01/09521234001010/21/A1action=ADD"
)
"""The pre-hash string of that event."""

CASE = "urn:epc:id:sscc:9521234.0000000101"
COMMON = {name: EVENT[name] for name in ("eventTime", "eventTimeZoneOffset")}
EVENTS = {
    "ObjectEvent": EVENT,
    "AggregationEvent": COMMON
    | {"type": "AggregationEvent", "action": "ADD", "parentID": CASE, "childEPCs": ["urn:x:1"]},
    "AssociationEvent": COMMON
    | {"type": "AssociationEvent", "action": "ADD", "parentID": CASE, "childEPCs": ["urn:x:1"]},
    "TransactionEvent": COMMON
    | {
        "type": "TransactionEvent",
        "action": "ADD",
        "epcList": ["urn:x:1"],
        "bizTransactionList": [{"type": "po", "bizTransaction": "urn:x:2"}],
    },
    "TransformationEvent": COMMON
    | {"type": "TransformationEvent", "inputEPCList": ["urn:x:1"], "outputEPCList": ["urn:x:2"]},
}
"""The least that each type of event needs."""


def without_none(fields):
    return {name: value for name, value in fields.items() if value is not None}


def create_document(*events, **changes):
    document = {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-05-20T18:00:00+08:00",
        "epcisBody": {"eventList": list(events) or [EVENT]},
    }
    return json.dumps(document | changes)


def create_query_document(*events, **results):
    body = {"queryName": "SimpleEventQuery", "resultsBody": {"eventList": list(events)}}
    document = {"@context": CONTEXT, "type": "EPCISQueryDocument"}
    return json.dumps(document | {"epcisBody": {"queryResults": body | results}})


def read_event(fields, *, strict=False, context=CONTEXT):
    """Read one event as the only one of a document."""
    text = create_document(fields, **{"@context": context})
    return EpcisDocument.from_json(text, strict=strict).events[0]


def create_event(**changes):
    """Read the event above with other fields; a field set to None is left out."""
    return read_event(without_none(EVENT | changes))
