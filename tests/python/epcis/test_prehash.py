import pytest

from tests.python.epcis.documents import (
    CONTEXT,
    EVENT,
    STANDARD_CONTEXT,
    START,
    TEA,
    create_document,
    create_event,
    read_event,
)
from weilian.epcis import EpcisDocument, EpcisFieldError, prehash_string
from weilian.epcis.event import EpcisEvent


def rest_of(**change):
    """The pre-hash string of the event with more fields, without its beginning."""
    return prehash_string(create_event(**change)).removeprefix(START)


def sensors(*elements):
    return rest_of(sensorElementList=list(elements)).removeprefix("sensorElementList")


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2026-05-20T16:30:00+08:00", "2026-05-20T08:30:00.000Z"),
        ("2026-05-20T16:30:00.1414Z", "2026-05-20T16:30:00.141Z"),
        ("2026-05-20T16:30:00.1415Z", "2026-05-20T16:30:00.142Z"),
        ("2026-05-20T16:30:00.14149999Z", "2026-05-20T16:30:00.141Z"),
        ("2026-12-31T23:59:59.9995Z", "2027-01-01T00:00:00.000Z"),
        ("2026-05-20T16:30:00.1-09:30", "2026-05-21T02:00:00.100Z"),
        ("2026-05-20t16:30:00z", "2026-05-20T16:30:00.000Z"),
        (" 2026-05-20T16:30:00-00:00 ", "2026-05-20T16:30:00.000Z"),
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
        ("2.5E-3", "0.0025"),
        ("-0.0", "0"),
        ("100", "100"),
        ("12345678901234567890.10", "12345678901234567890.1"),
        ('"23.0"', "23"),
        ('"007"', "7"),
        ('"+5"', "5"),
        ('"1.10.2"', "1.10.2"),
        ('"0x10"', "0x10"),
        ('"1_000"', "1_000"),
        ('"NaN"', "NaN"),
        ("true", "true"),
        ("false", "false"),
        ('" a b "', "a b"),
        ('"receiving"', "receiving"),
        ('"2026-05-20T16:30:00+08:00"', "2026-05-20T16:30:00+08:00"),
        ('"tea:roast"', f"{TEA}roast"),
        ('"gs1:Temperature"', "https://gs1.org/voc/Temperature"),
        ('"note:roast"', "note:roast"),
        ('"urn:epcglobal:cbv:bizstep:receiving"', "https://ref.gs1.org/cbv/BizStep-receiving"),
        ('"urn:epcglobal:cbv:er:incorrect_data"', "https://ref.gs1.org/cbv/ER-incorrect_data"),
        ('"urn:epcglobal:cbv:bt:9521234000002:1"', "urn:epcglobal:cbv:bt:9521234000002:1"),
        ('"urn:epc:id:sgln:9521234.00003.0"', "https://id.gs1.org/414/9521234000037"),
        ('"http://t.cn/01/9521234001010?17=1"', "https://id.gs1.org/01/09521234001010"),
        ('"urn:epc:idpat:sgtin:9521234.000101.*"', "https://id.gs1.org/01/09521234001010"),
    ],
)
def test_prehash__extension_value__is_normalised(json_text, canonical):
    text = create_document().replace('"action"', f'"tea:value": {json_text}, "action"')

    (event,) = EpcisDocument.from_json(text).events

    assert prehash_string(event) == f"{START}{{{TEA}}}value={canonical}"


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
        (" shipping ", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("cbv:BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("urn:epcglobal:cbv:bizstep:shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("tea:roasting", f"{TEA}roasting"),
        ("https://example.com/roasting", "https://example.com/roasting"),
        ("unheard:of", "unheard:of"),
        ("roasting", "roasting"),
        ("damaged", "damaged"),
    ],
)
def test_prehash__word_of_a_vocabulary__is_a_full_uri(written, canonical):
    assert rest_of(bizStep=written) == f"bizStep={canonical}"


def test_prehash__gs1_prefix__is_the_one_of_the_context():
    event = EVENT | {"sensorElementList": [{"sensorReport": [{"type": "Temperature"}]}]}
    context = STANDARD_CONTEXT.replace("2.0.0", "2.1.0")

    text = prehash_string(read_event(event, context=[context]))

    assert text.endswith("sensorReporttype=https://ref.gs1.org/voc/Temperature")


def test_prehash__lists__are_sorted_by_code_points():
    epcs = ["urn:x:b", "urn:x:B", "urn:x:é", "urn:x:10", "urn:x:9", "urn:x:😀", "urn:x:｡"]

    text = prehash_string(create_event(epcList=epcs))

    assert text.split("epcListepc=")[1].split("action")[0].split("epc=") == sorted(epcs)


def test_prehash__sensor_report__has_its_fields_in_order():
    report = {"uom": "CEL", "value": 26.0, "component": "x", "exception": "ALARM_CONDITION"}
    report |= {"time": "2026-05-20T16:30:00+08:00", "stringValue": "", "sDev": 0.10}

    assert sensors({"sensorReport": [report | {"type": "Temperature", "tea:probe": "2"}]}) == (
        "sensorElementsensorReporttype=https://gs1.org/voc/Temperature"
        "exception=https://gs1.org/voc/ALARM_CONDITIONtime=2026-05-20T08:30:00.000Zvalue=26"
        f"component=https://ref.gs1.org/cbv/Comp-xsDev=0.1uom=CEL{{{TEA}}}probe=2"
    )


def test_prehash__sensor_elements_and_reports__are_sorted():
    metadata = {"deviceID": "urn:epc:id:giai:9521234.H7", "time": "2026-05-20T08:30:00Z"}
    elements = [
        {"sensorReport": [{"type": "Speed"}, {"type": "Mass"}], "tea:z": "1"},
        {"sensorReport": [{"type": "Angle"}], "sensorMetadata": metadata},
    ]

    assert sensors(*elements) == (
        "sensorElementsensorMetadatatime=2026-05-20T08:30:00.000Z"
        "deviceID=https://id.gs1.org/8004/9521234H7sensorReporttype=https://gs1.org/voc/Angle"
        "sensorElementsensorReporttype=https://gs1.org/voc/Mass"
        f"sensorReporttype=https://gs1.org/voc/Speed{{{TEA}}}z=1"
    )


def test_prehash__two_transactions__are_sorted_with_their_types():
    po, inv = ({"bizTransaction": f"urn:x:{n}", "type": n} for n in ("po", "inv"))

    assert rest_of(bizTransactionList=[po, inv, {"bizTransaction": "urn:x:0"}]) == (
        "bizTransactionListbizTransaction=urn:x:0"
        "type=https://ref.gs1.org/cbv/BTT-invbizTransaction=urn:x:inv"
        "type=https://ref.gs1.org/cbv/BTT-pobizTransaction=urn:x:po"
    )


def test_prehash__nested_extensions__are_sorted_on_each_level():
    extension = {"tea:z": ["2", {"tea:y": "1"}], "tea:a": "", "tea:x": ["b", ["d", "c"], None]}

    assert rest_of(**{"tea:b": extension, "tea:a": "0", "tea:e": {}}) == (
        f"{{{TEA}}}a=0{{{TEA}}}b{{{TEA}}}a{{{TEA}}}x=b{{{TEA}}}x=c=d{{{TEA}}}z=2"
        f"{{{TEA}}}z{{{TEA}}}y=1{{{TEA}}}e"
    )


@pytest.mark.parametrize(
    ("context", "name", "written"),
    [
        ({"tea": TEA}, "tea:roast", f"{{{TEA}}}roast"),
        ({"other": TEA}, "other:roast", f"{{{TEA}}}roast"),
        ({"hot": f"{TEA}roast"}, "hot", f"{{{TEA}}}roast"),
        ({"hot": {"@id": f"{TEA}roast"}}, "hot", f"{{{TEA}}}roast"),
        ({"@vocab": TEA}, "roast", f"{{{TEA}}}roast"),
        ({}, f"{TEA}roast", f"{{{TEA}}}roast"),
        ({}, "roast", "roast"),
        ({}, "tea:roast", "tea:roast"),
    ],
)
def test_prehash__name_of_an_extension__is_its_full_uri(context, name, written):
    event = read_event(EVENT | {name: "medium"}, context=[STANDARD_CONTEXT, context])

    assert prehash_string(event) == f"{START}{written}=medium"


def test_prehash__very_long_text__is_no_identity():
    link = "https://id.gs1.org" + "/01/9521234001010" * 400

    assert rest_of(**{"tea:x": link}) == f"{{{TEA}}}x={link}"


def test_prehash__context_of_the_event__is_used():
    event = read_event(EVENT | {"@context": {"tea": "https://t.cn/"}, "tea:x": "1"})

    assert prehash_string(event) == f"{START}{{https://t.cn/}}x=1"


def test_prehash__names_without_a_namespace__are_sorted_with_the_lists():
    extension = {"id": "urn:x:1", "type": "tea:Note", "expires": "2026-05-20"}
    lists = {"sourceList": [{"type": "location", "source": "urn:x:2"}]}

    assert rest_of(**{"gs1:data": [extension], "zone": "7", "id": "urn:x:0"} | lists) == (
        "id=urn:x:0sourceListtype=https://ref.gs1.org/cbv/SDT-locationsource=urn:x:2zone=7"
        f"{{https://gs1.org/voc/}}dataexpires=2026-05-20id=urn:x:1type={TEA}Note"
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"readPoint": "gate"}, "field 'readPoint': 'gate' must be an object"),
        ({"bizStep": {"id": "x"}}, "field 'bizStep': .* must be one value"),
        ({"quantityList": ["x"]}, "field 'quantityList': 'x' must be an object"),
    ],
)
def test_prehash__event_made_by_hand_with_another_shape__is_refused(change, message):
    read = read_event(EVENT, context=CONTEXT)
    event = EpcisEvent(
        read.type, read.event_time, EVENT | change, read.model, read.context, 1, read.steps
    )

    with pytest.raises(EpcisFieldError, match=f"event 1, {message}"):
        prehash_string(event)
