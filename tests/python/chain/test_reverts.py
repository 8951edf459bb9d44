"""Refusals are decoded alike on call, estimate and transaction, on eth-tester and on Anvil."""

import pytest
from eth_abi import encode
from web3.contract import Contract

from tests.python.chain.world import ECHO_REVERT, creation_of, new_signer
from weilian import abi
from weilian.abi import Artifact
from weilian.chain import ContractRevert
from weilian.chain.errors import TransactionFailedError, node_errors

OTHERS = "0x" + "11" * 20
ENOUGH_GAS = 300_000


@pytest.fixture(scope="module")
def actor(any_chain):
    return new_signer(any_chain)


@pytest.fixture(scope="module")
def registry(any_chain, actor) -> Contract:
    artifact = abi.load("IdentityRegistry")
    tx = any_chain.send(any_chain.creation(artifact, []), actor)
    return any_chain.contract(artifact, tx.contract_address)


@pytest.fixture(scope="module")
def echo(any_chain, actor):
    """Reverts with the data it is called with."""
    artifact = Artifact("Echo", (), creation_of(ECHO_REVERT), ECHO_REVERT, ())
    return any_chain.send(any_chain.creation(artifact, []), actor).contract_address


@pytest.fixture
def blind(any_chain, monkeypatch):
    """Sends without looking first, as if the state had changed after the estimate."""
    monkeypatch.setattr(any_chain, "_estimate", lambda _: ENOUGH_GAS)
    return any_chain


def refusal(chain, echo, data):
    with pytest.raises(ContractRevert) as caught:
        raw_call(chain, echo, data)
    return caught.value


def raw_call(chain, to, data):
    with node_errors():
        chain.w3.eth.call({"to": to, "data": data})


@pytest.mark.parametrize("way", ["call", "estimate", "send", "send blindly"])
def test_custom_error__each_way__is_decoded(any_chain, registry, actor, way, request):
    theft = registry.functions.changeOwner(OTHERS, actor.address)
    if way == "send blindly":
        request.getfixturevalue("blind")
    act = {
        "call": lambda: any_chain.call(theft, sender=actor.address),
        "estimate": lambda: any_chain.estimate(theft, actor.address),
    }.get(way, lambda: any_chain.send(theft, actor))

    with pytest.raises(ContractRevert) as caught:
        act()

    assert caught.value.name == "IdentityRegistry_NotOwner"
    assert caught.value.contract == "IdentityRegistry"
    assert caught.value.arguments == {"identity": OTHERS, "actor": actor.address, "owner": OTHERS}
    assert caught.value.en.startswith(f"{actor.address} does not own the identity {OTHERS}")
    assert str(caught.value) == f"{caught.value.en}\n{caught.value.zh}"


def test_custom_error__in_a_constructor__is_decoded(any_chain, registry, actor):
    limits = (6, 3_000, 100, 600, 604_800, True)
    book = any_chain.creation(abi.load("PlanBook"), [registry.address, limits])

    with pytest.raises(ContractRevert) as caught:
        any_chain.send(book, actor)

    assert caught.value.name == "PlanBook_LimitsInvalid"
    assert caught.value.arguments == {}


@pytest.mark.parametrize("error", abi.all_errors().items(), ids=lambda item: item[1].name)
def test_custom_error__of_any_contract__is_named(any_chain, echo, error):
    selector, known = error
    samples = {"address": OTHERS, "string": "x", "bool": True}
    values = [
        samples.get(kind, b"\1" if kind.startswith("bytes") else 1) for _, kind in known.arguments
    ]
    data = selector + encode([kind for _, kind in known.arguments], values)

    found = refusal(any_chain, echo, data)

    assert found.name == known.name
    assert list(found.arguments) == [name for name, _ in known.arguments]


def test_revert__with_a_reason__tells_it(any_chain, echo):
    data = bytes.fromhex("08c379a0") + encode(["string"], ["库存不足"])

    found = refusal(any_chain, echo, data)

    assert (found.name, found.arguments) == ("Error", {"reason": "库存不足"})
    assert "库存不足" in found.en


def test_revert__panic__tells_the_code(any_chain, echo):
    data = bytes.fromhex("4e487b71") + encode(["uint256"], [0x11])

    found = refusal(any_chain, echo, data)

    assert (found.name, found.arguments) == ("Panic", {"code": 0x11})
    assert "Panic 0x11" in found.zh


def test_revert__of_a_foreign_contract__shows_the_selector(any_chain, echo):
    found = refusal(any_chain, echo, bytes.fromhex("12345678") + bytes(32))

    assert (found.name, found.contract) == ("", None)
    assert "0x12345678" in found.en


def test_revert__known_selector_with_broken_arguments__shows_the_selector(any_chain, echo):
    selector = next(iter(abi.all_errors()))

    found = refusal(any_chain, echo, selector + b"\1")

    assert found.name in ("", next(iter(abi.all_errors().values())).name)


def test_revert__without_data__says_that_there_is_no_reason(any_chain, echo):
    found = refusal(any_chain, echo, b"")

    assert found.name == ""
    assert "without a reason" in found.en


def test_send__out_of_gas__is_an_error(any_chain, registry, actor, monkeypatch):
    monkeypatch.setattr(any_chain, "_estimate", lambda _: 22_000)
    give_away = registry.functions.changeOwner(actor.address, OTHERS)

    with pytest.raises((TransactionFailedError, ContractRevert)):
        any_chain.send(give_away, actor)
