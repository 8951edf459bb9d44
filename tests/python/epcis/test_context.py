import pytest

from weilian.epcis.context import STANDARD_CONTEXT, Context

OWN = "https://ns.example.com/"


@pytest.mark.parametrize(
    ("context", "name", "expanded"),
    [
        ({"t": OWN}, "t:roast", f"{{{OWN}}}roast"),
        ({"t": f"{OWN}x#"}, "t:roast", f"{{{OWN}x#}}roast"),
        ({"t": "urn:x:"}, "t:roast", "{urn:x:}roast"),
        ({"roast": f"{OWN}roast"}, "roast", f"{{{OWN}}}roast"),
        ({"roast": {"@id": "t:roast"}, "t": OWN}, "roast", f"{{{OWN}}}roast"),
        ({"@vocab": OWN}, "roast", f"{{{OWN}}}roast"),
        ({"@vocab": OWN}, "@id", "@id"),
        ([{"t": "https://a.cn/"}, {"t": OWN}], "t:roast", f"{{{OWN}}}roast"),
        ({"a": "b:", "b": "a:"}, "a:roast", "{b:}roast"),
        ({}, "https://ns.example.com/roast", f"{{{OWN}}}roast"),
        ({}, "urn:epcglobal:cbv:mda:lotNumber", "{urn:epcglobal:cbv:mda:}lotNumber"),
        ({}, "cbvmda:lotNumber", "{urn:epcglobal:cbv:mda:}lotNumber"),
        ({}, "roast", "roast"),
        ({}, "x:roast", "x:roast"),
        ({"t": None, "u": 5}, "t:roast", "t:roast"),
    ],
)
def test_expand_name__as_the_context_says(context, name, expanded):
    assert Context().extend(context).expand_name(name) == expanded


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("t:x", f"{OWN}x"),
        ("gs1:Temperature", "https://gs1.org/voc/Temperature"),
        ("cbv:BizStep-shipping", "https://ref.gs1.org/cbv/BizStep-shipping"),
        ("https://x.cn/t:x", "https://x.cn/t:x"),
        ("urn:x:1", "urn:x:1"),
        ("t://x", "t://x"),
        ("u:x", "u:x"),
        ("t", "t"),
    ],
)
def test_expand_value__compact_uri__is_a_full_one(text, expanded):
    assert Context().extend({"t": OWN}).expand_value(text) == expanded


@pytest.mark.parametrize(
    ("context", "expanded"),
    [
        (STANDARD_CONTEXT, "https://gs1.org/voc/x"),
        (STANDARD_CONTEXT.replace("2.0.0", "2.1.0"), "https://ref.gs1.org/voc/x"),
        ([STANDARD_CONTEXT.replace("2.0.0", "2.1.0"), {"gs1": OWN}], f"{OWN}x"),
    ],
)
def test_extend__context_of_epcis__brings_its_prefixes(context, expanded):
    found = Context().extend(context)

    assert found.is_standard
    assert found.expand_value("gs1:x") == expanded


@pytest.mark.parametrize("context", [5, None, [None], [["x:y"]], True])
def test_extend__neither_address_nor_object__raises(context):
    with pytest.raises(ValueError, match="must be an address, an object or a list of them"):
        Context().extend(context)


def test_extend__long_chain_of_prefixes__ends():
    chain = {f"p{number}": f"p{number + 1}:x" for number in range(1_000)}

    found = Context().extend(chain)

    assert found.defined["p0"] == "p17:x" + "x" * 16


@pytest.mark.parametrize(
    ("context", "rule"),
    [
        ([{}] * 65, "must hold at most 64 parts"),
        ({f"p{number}": OWN for number in range(1_001)}, "must define at most 1,000 names"),
    ],
)
def test_extend__context_too_large__raises(context, rule):
    with pytest.raises(ValueError, match=rule):
        Context().extend(context)
