"""Events of all five types that EPCIS's JSON Schema accepts, for property tests."""

from hypothesis import strategies as st

from weilian.epcis import vocabulary

SERIALS = st.text("ABCxyz0189-._", min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
EPCS = st.one_of(
    SERIALS.map("urn:epc:id:sgtin:9521234.000101.{}".format),
    SERIALS.map("https://tea.example.com/01/09521234001010/21/{}?17=290519".format),
    st.integers(0, 10**10 - 1).map("urn:epc:id:sscc:9521234.{:010}".format),
    SERIALS.map("tea:{}".format),
)
CLASSES = SERIALS.map("urn:epc:class:lgtin:9521234.000101.{}".format)
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6).map(lambda value: round(value, 4))
TIMES = st.builds(
    "2026-0{}-1{}T0{}:30:15{}{}".format,
    st.integers(1, 9),
    st.integers(0, 9),
    st.integers(0, 9),
    st.sampled_from(["", ".1", ".123", ".12345", ".9999999"]),
    st.sampled_from(["Z", "+08:00", "-05:30"]),
)
NAMES = st.sampled_from("abcd").map("tea:{}".format)
EXTENSIONS = st.dictionaries(
    NAMES,
    st.recursive(
        NUMBERS | TEXTS | st.booleans() | EPCS | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
        max_leaves=5,
    ),
    max_size=3,
)


def words(kind):
    return st.sampled_from(sorted(kind.words)) | SERIALS.map("tea:{}".format)


def lists(strategy):
    return st.lists(strategy, min_size=1, max_size=3)


def extended(fields, optional):
    return st.builds(dict.__or__, st.fixed_dictionaries(fields, optional=optional), EXTENSIONS)


PLACES = extended({"id": EPCS}, {})
QUANTITIES = lists(
    st.fixed_dictionaries(
        {"epcClass": CLASSES}, optional={"quantity": NUMBERS, "uom": st.just("KGM")}
    )
)
DISTINCT = st.lists(EPCS, min_size=1, max_size=3, unique=True)
REPORTS = extended(
    {"type": words(vocabulary.MEASUREMENT)},
    dict.fromkeys(("value", "minValue", "maxValue", "sDev", "percRank"), NUMBERS)
    | dict.fromkeys(("deviceID", "uriValue", "chemicalSubstance", "bizRules"), EPCS)
    | {"exception": words(vocabulary.SENSOR_ALERT), "component": words(vocabulary.COMPONENT)}
    | {"time": TIMES, "stringValue": TEXTS, "booleanValue": st.booleans(), "uom": TEXTS},
)
METADATA = extended(
    {}, dict.fromkeys(("time", "startTime"), TIMES) | {"deviceID": EPCS, "bizRules": EPCS}
)
SENSORS = lists(extended({"sensorReport": lists(REPORTS)}, {"sensorMetadata": METADATA}))
DISPOSITIONS = st.lists(words(vocabulary.DISPOSITION), min_size=1, max_size=3, unique=True)
PERSISTENT = st.fixed_dictionaries({"set": DISPOSITIONS}, optional={"unset": DISPOSITIONS})


def transfers(name):
    return lists(st.fixed_dictionaries({"type": words(vocabulary.PARTY_TYPE), name: EPCS}))


TRANSACTIONS = lists(
    st.fixed_dictionaries(
        {"bizTransaction": EPCS}, optional={"type": words(vocabulary.TRANSACTION_TYPE)}
    )
)
COMMON = {
    "recordTime": TIMES,
    "eventID": SERIALS.map("urn:x:{}".format),
    "certificationInfo": EPCS | lists(EPCS),
    "errorDeclaration": extended(
        {"declarationTime": TIMES}, {"reason": words(vocabulary.ERROR_REASON)}
    ),
    "bizStep": words(vocabulary.BIZ_STEP),
    "disposition": words(vocabulary.DISPOSITION),
    "readPoint": PLACES,
    "bizLocation": PLACES,
    "bizTransactionList": TRANSACTIONS,
    "sourceList": transfers("source"),
    "destinationList": transfers("destination"),
    "sensorElementList": SENSORS,
}
ACTIONS = st.sampled_from(["ADD", "OBSERVE", "DELETE"])


def events_of(kind, fields, optional):
    head = {"type": st.just(kind), "eventTime": TIMES, "eventTimeZoneOffset": st.just("+08:00")}
    optional = {name: item for name, item in (COMMON | optional).items() if name not in fields}
    return extended(head | fields, optional)


PARENTS = {"action": ACTIONS, "parentID": EPCS, "childEPCs": lists(EPCS)}
EVENTS = st.one_of(
    events_of(
        "ObjectEvent",
        {"action": st.just("ADD"), "epcList": DISTINCT},
        {"quantityList": QUANTITIES, "persistentDisposition": PERSISTENT, "ilmd": EXTENSIONS},
    ),
    events_of("AggregationEvent", PARENTS, {"childQuantityList": QUANTITIES}),
    events_of("AssociationEvent", PARENTS, {"childQuantityList": QUANTITIES}),
    events_of(
        "TransactionEvent",
        {"action": ACTIONS, "epcList": lists(EPCS), "bizTransactionList": TRANSACTIONS},
        {"quantityList": QUANTITIES, "parentID": EPCS},
    ),
    events_of(
        "TransformationEvent",
        {"inputEPCList": DISTINCT, "outputQuantityList": QUANTITIES},
        {"outputEPCList": DISTINCT, "inputQuantityList": QUANTITIES, "transformationID": EPCS}
        | {"persistentDisposition": PERSISTENT, "ilmd": EXTENSIONS},
    ),
)
