"""Which batches an event is routed to."""

import pytest

from tests.python.batch_build.conftest import PLACE, SEED
from tests.python.epcis.documents import create_event
from weilian.batch_folder import write_batch_folder
from weilian.batchfile import BatchFile
from weilian.event_routing import is_about
from weilian.gs1 import Gtin, Lot
from weilian.serials import Serials

LOT = "urn:epc:class:lgtin:9521234.000101.L1"
SERIAL = "urn:epc:id:sgtin:9521234.000101.A1"
LINK = "https://id.gs1.org/01/09521234001010"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A batch of lot L1 with the serials A1 and B2."""
    items = BatchFile(Gtin("9521234001010"), Lot("L1"), None, None, Serials.of(["A1", "B2"]))
    return write_batch_folder(tmp_path_factory.mktemp("batches"), items, PLACE, SEED)


def read(**fields):
    return create_event(**{"epcList": None} | fields)


@pytest.mark.parametrize(
    "name",
    [SERIAL, f"{LINK}/21/A1", f"{LINK}/10/L1", f"{LINK}/10/L1/21/Z9"],
)
def test_is_about__epc_of_the_batch__is_found(folder, name):
    assert is_about(read(epcList=["urn:x:1", name]), folder)


@pytest.mark.parametrize(
    "name",
    [
        *("urn:epc:id:sgtin:9521234.000101.C3", "urn:epc:id:sgtin:9521234.000102.A1"),
        *(f"{LINK}/10/L2", f"{LINK}/10/L2/21/A1", LINK, "https://tea.example/", "urn:x:1"),
        "urn:epc:id:sscc:9521234.0000000101",
    ],
)
def test_is_about__other_names__are_of_no_batch(folder, name):
    assert not is_about(read(epcList=[name]), folder)


def test_is_about__class_of_a_quantity__is_found(folder):
    assert is_about(read(quantityList=[{"epcClass": LOT, "quantity": 2}]), folder)
    assert not is_about(read(quantityList=[{"epcClass": LOT.replace("L1", "L2")}]), folder)


def test_is_about__part_of_an_aggregation__is_found(folder):
    parts = {"type": "AggregationEvent", "parentID": "urn:epc:id:sscc:9521234.0000000101"}

    assert is_about(read(**parts, childEPCs=[SERIAL]), folder)
    assert is_about(read(**parts, childQuantityList=[{"epcClass": LOT}]), folder)
    assert not is_about(read(**parts, childEPCs=["urn:x:1"]), folder)


def test_is_about__output_of_a_transformation__is_found(folder):
    event = read(
        type="TransformationEvent",
        inputQuantityList=[{"epcClass": LOT.replace("L1", "LEAF")}],
        outputQuantityList=[{"epcClass": LOT}],
    )

    assert is_about(event, folder)
