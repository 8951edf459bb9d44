"""The slots and packed words of `weilian.verification.layout` against the compiler's own layout."""

import pytest
import solcx
import yaml

from tools.artifacts import ROOT, solc_settings
from weilian.verification.layout import SLOTS, STRUCTS, fields

SOURCES = {
    "IdentityRegistry": "contracts/identity/IdentityRegistry.sol",
    "ProvenanceRegistry": "contracts/provenance/ProvenanceRegistry.sol",
    "ItemRegistry": "contracts/provenance/ItemRegistry.sol",
    "CustodyLedger": "contracts/provenance/CustodyLedger.sol",
}
WIDTHS = {"t_address": 160, "t_bytes26": 208, "t_bytes20": 160, "t_bool": 8}


@pytest.fixture(scope="module")
def layouts():
    """What solc says of the storage of each contract; code is not made, which takes a minute."""
    config = yaml.safe_load((ROOT / "ape-config.yaml").read_text())["solidity"]
    sources = {path: {"content": (ROOT / path).read_text()} for path in SOURCES.values()}
    settings = solc_settings(config, sources)
    settings["outputSelection"] = {path: {"*": ["storageLayout"]} for path in sources}
    request = {"language": "Solidity", "sources": sources, "settings": settings}
    output = solcx.compile_standard(request, base_path=ROOT, solc_version=config["version"])
    return {
        name: output["contracts"][path][name]["storageLayout"] for name, path in SOURCES.items()
    }


@pytest.mark.parametrize("contract", SOURCES)
def test_slots__each_mapping__is_where_solc_puts_it(layouts, contract):
    entries = layouts[contract]["storage"]
    found = {name: [e for e in entries if e["label"] == name] for name in SLOTS[contract]}

    places = {name: [(int(e["slot"]), e["offset"]) for e in each] for name, each in found.items()}

    assert places == {name: [(slot, 0)] for name, slot in SLOTS[contract].items()}


@pytest.mark.parametrize("struct", STRUCTS)
def test_structs__each_field__has_its_place_in_the_first_word(layouts, struct):
    [members] = {
        tuple((m["label"], int(m["slot"]), m["offset"] * 8, m["type"]) for m in kind["members"])
        for layout in layouts.values()
        for kind in layout["types"].values()
        if kind["label"].split()[-1].split(".")[-1] == struct and "members" in kind
    }

    offset, expected = 0, []
    for name, width in STRUCTS[struct].items():
        expected.append((name, 0, offset, width))
        offset += width

    assert [(n, s, o, width_of(t)) for n, s, o, t in members if s == 0] == expected


def width_of(solc_type):
    if solc_type.startswith("t_uint"):
        return int(solc_type.removeprefix("t_uint"))
    return WIDTHS.get(solc_type, 8)  # enums of few words take a byte


@pytest.mark.parametrize(
    ("widths", "parts"),
    [((8, 8), (0x34, 0x12)), ((4, 12), (4, 0x123)), ((32,), (0x1234,)), ((), ())],
)
def test_fields__word__is_taken_apart_from_the_lowest_bits_on(widths, parts):
    found = fields(0x1234, widths)

    assert found == parts
