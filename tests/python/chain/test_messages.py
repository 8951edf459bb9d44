"""Every error that a contract of the suite can raise is explained in both languages."""

import re
from string import Formatter

import pytest

from tests.python.examples import ROOT
from weilian import abi
from weilian.chain.messages import explain, templates

WITHOUT_ABI = {
    "Error": {"reason"},
    "Panic": {"code"},
    "UnknownError": {"selector"},
    "NoReason": set(),
}
ARGUMENTS = WITHOUT_ABI | {
    error.name: {name for name, _ in error.arguments} for error in abi.all_errors().values()
}
SAMPLES = {
    "uint": 3,
    "address": "0x" + "11" * 20,
    "bytes": b"weilian/plan",
    "string": "text",
    "bool": True,
}


def fields(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name is not None}


def test_templates__errors_of_the_contracts__are_exactly_the_table():
    assert set(templates()) == set(ARGUMENTS)


def test_templates__errors_in_the_sources__are_all_there():
    folders = (ROOT / "contracts").glob("[a-z]*/")  # and not the .cache that ape may leave there
    sources = [path for folder in folders for path in folder.rglob("*.sol")]
    sources = [path for path in sources if path.parts[-2] != "mocks"]
    declared = {
        name
        for path in sources
        for name in re.findall(r"^\s*error (\w+)\(", path.read_text(), re.M)
    }

    assert len(declared) > 50
    assert declared <= set(templates())


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_templates__each__has_both_languages_and_knows_its_arguments(name):
    texts = templates()[name]

    assert set(texts) == {"en", "zh"}
    assert re.search(r"[\u4e00-\u9fff]", texts["zh"])
    assert not re.search(r"[\u4e00-\u9fff]", texts["en"])
    assert fields(texts["en"]) <= ARGUMENTS[name]
    assert fields(texts["zh"]) <= ARGUMENTS[name]


@pytest.mark.parametrize("error", abi.all_errors().values(), ids=lambda error: error.name)
def test_explain__sample_arguments__fills_both_texts(error):
    arguments = {
        name: next(value for kind, value in SAMPLES.items() if type_.startswith(kind))
        for name, type_ in error.arguments
    }

    en, zh = explain(error.name, arguments)

    assert not set("{}") & set(en + zh)
    assert en.endswith(".")
    assert zh.endswith("。")


def test_explain__time_rate_permission__are_written_for_people():
    delegate = {"issuer": "0x1", "permission": b"weilian/batch\0\0", "actor": "0x2"}

    assert "12.5 %" in explain("PlanBook_ShareTooHigh", {"bps": 1250, "limit": 1000})[0]
    assert (
        "2026-01-01 00:00:00 UTC"
        in explain("ERC2612ExpiredSignature", {"deadline": 1_767_225_600})[1]
    )
    assert "weilian/batch;" in explain("IssuerRegistry_NotAuthorized", delegate)[0]


def test_explain__order_and_parties_of_the_escrow__are_written_for_people():
    order = {"orderId": b"\1" * 32, "status": 3, "needed": 2}
    member = {"party": 1 << 255 | 7, "currency": "0x3"}
    account = {"party": 0xABC, "currency": "0x3"}

    assert (
        "is SETTLED, and this needs CAPTURED" in explain("CommissionEscrow_WrongStatus", order)[0]
    )
    nothing = "PartyLedger_NothingToWithdraw"
    assert explain(nothing, member)[0].startswith("0x8000000000000000000000000000000000000000/7 ")
    assert explain(nothing, account)[0].startswith("0x0000000000000000000000000000000000000aBc ")


def test_explain__times_at_the_ends__are_written_too():
    lock = {"until": 2**48 - 1, "before": 0}

    en, zh = explain("PlanBook_LockShortened", lock)

    assert "9999-12-31 23:59:59 UTC" in en
    assert "锁定至 0" in zh


def test_explain__reason_with_control_characters__is_cleaned_and_cut():
    en, _ = explain("Error", {"reason": "\x1b[31mfake\n" + "x" * 500})

    assert "\x1b" not in en
    assert "\n" not in en
    assert len(en) < 300
