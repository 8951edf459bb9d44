import pytest
from eth_account import Account
from requests import Response
from web3 import EthereumTesterProvider, HTTPProvider, Web3
from web3.types import RPCEndpoint

from tests.python.chain.world import new_chain, new_signer
from weilian import abi
from weilian.chain import Chain, LocalSigner
from weilian.chain.errors import (
    AccountBusyError,
    ChainUnreachableError,
    InsufficientFundsError,
    NodeRefusedError,
    TransactionTimeoutError,
)
from weilian.chain.transaction import created_address

KIND = b"weilian/trace".ljust(32, b"\0")
ANYONE = "0x" + "22" * 20
SECRET_PATH = "key-0123456789"


def grant(identities, sender, delegate=ANYONE):
    return identities.functions.addDelegate(sender.address, KIND, delegate, 3_600)


def test_send__works__returns_events_fee_and_block(chain, identities, sender):
    before = chain.balance(sender.address)

    tx = chain.send(grant(identities, sender), sender)

    assert tx.event(identities.events.DIDDelegateChanged())["delegate"] == ANYONE
    assert before - chain.balance(sender.address) == tx.fee
    assert tx.block_number == chain.head
    assert chain.knows(tx.hash)


def test_send__creation__is_where_it_was_predicted(chain, sender):
    nonce = chain.w3.eth.get_transaction_count(sender.address)
    seen = []

    tx = chain.send(
        chain.creation(abi.load("IdentityRegistry"), []), sender, before_broadcast=seen.append
    )

    assert tx.contract_address == created_address(sender.address, nonce)
    assert [(s.hash, s.contract_address, s.nonce) for s in seen] == [
        (tx.hash, tx.contract_address, nonce)
    ]


def test_send__stopped_before_broadcast__sends_nothing(chain, identities, sender):
    def stop(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        chain.send(grant(identities, sender), sender, before_broadcast=stop)

    tx = chain.send(grant(identities, sender), sender)
    assert chain.w3.eth.get_transaction(tx.hash)["nonce"] == chain._next_nonce[sender.address] - 1


@pytest.mark.parametrize("wei", [0, 10**9])
def test_send__too_little_for_gas__names_account_and_amounts(chain, identities, wei):
    poor = new_signer(chain, wei)

    with pytest.raises(InsufficientFundsError) as caught:
        chain.send(grant(identities, poor), poor)

    assert (caught.value.account, caught.value.balance) == (poor.address, wei)
    assert caught.value.need > wei
    assert poor.address in str(caught.value)


def test_send__value_above_the_balance__is_refused_before_the_estimate(chain, identities, sender):
    with pytest.raises(InsufficientFundsError, match="more"):
        chain.send(grant(identities, sender), sender, value=10**30)


def test_send__foreign_transactions_waiting__is_refused(chain, identities, sender, monkeypatch):
    count = chain.w3.eth.get_transaction_count
    monkeypatch.setattr(
        chain.w3.eth,
        "get_transaction_count",
        lambda account, block: count(account, "latest") + (block == "pending"),
    )

    with pytest.raises(AccountBusyError, match="has 1 transaction"):
        chain.send(grant(identities, sender), sender)


def test_send__lagging_node__counts_on_by_itself(chain, identities, sender, monkeypatch):
    chain.send(grant(identities, sender), sender)
    true = chain.w3.eth.get_transaction_count(sender.address)
    monkeypatch.setattr(chain.w3.eth, "get_transaction_count", lambda *_: true - 1)
    seen = []

    chain.send(grant(identities, sender), sender, before_broadcast=seen.append)

    assert seen[0].nonce == true


def test_send__answer_lost_and_repeated__is_found_again(chain, identities, sender, monkeypatch):
    """The node took the transaction; the answer was lost and the repetition refused."""
    broadcast = chain.w3.eth.send_raw_transaction

    def twice(raw):
        broadcast(raw)
        return broadcast(raw)

    monkeypatch.setattr(chain.w3.eth, "send_raw_transaction", twice)

    tx = chain.send(grant(identities, sender), sender)

    assert tx.event(identities.events.DIDDelegateChanged())["identity"] == sender.address


def test_send__node_refuses__says_what_the_node_said(chain, identities, sender, monkeypatch):
    monkeypatch.setattr(chain, "_nonce", lambda _: 10_000)

    with pytest.raises(NodeRefusedError, match="nonce"):
        chain.send(grant(identities, sender), sender)


def test_wait__never_mined__ends_with_the_hash():
    hasty = new_chain(timeout_seconds=0.05)
    missing = "0x" + "ab" * 32

    with pytest.raises(TransactionTimeoutError, match=missing) as caught:
        hasty.wait(missing)

    assert caught.value.transaction == missing


def test_wait__confirmations__waits_for_blocks_on_top(chain, identities, sender):
    tx = chain.send(grant(identities, sender), sender)
    careful = Chain(chain.w3, confirmations=3, timeout_seconds=0.05, poll_seconds=0.01)

    with pytest.raises(TransactionTimeoutError):
        careful.wait(tx.hash)

    chain.w3.provider.ethereum_tester.mine_blocks(3)
    assert careful.wait(tx.hash).hash == tx.hash


def test_wait__block_dropped_by_a_reorganisation__waits_on(identities, chain, sender, monkeypatch):
    tx = chain.send(grant(identities, sender), sender)
    receipts = iter([None, tx.receipt])
    monkeypatch.setattr(chain, "_receipt", lambda _: next(receipts))

    assert chain.wait(tx.hash).hash == tx.hash


def test_chain__unreachable__is_named_without_the_address():
    lost = Chain(Web3(HTTPProvider(f"http://127.0.0.1:1/{SECRET_PATH}")))

    with pytest.raises(ChainUnreachableError) as caught:
        _ = lost.chain_id

    assert SECRET_PATH not in str(caught.value)
    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)


def test_call__no_contract_there__is_refused(chain):
    nowhere = chain.contract(abi.load("IdentityRegistry"), ANYONE)

    with pytest.raises(NodeRefusedError):
        chain.call(nowhere.functions.identityOwner(ANYONE))


def test_block__unknown_number__is_refused(chain):
    with pytest.raises(NodeRefusedError, match="0xf423f"):
        chain.block(999_999)


class StingyProvider(EthereumTesterProvider):
    """Refuses log requests over more than four blocks."""

    def make_request(self, method, params):
        if method == "eth_getLogs" and params[0]["to_block"] - params[0]["from_block"] >= 4:
            error = {"code": -32005, "message": "query returned more than 4 blocks"}
            return {"id": 1, "jsonrpc": "2.0", "error": error}
        return super().make_request(RPCEndpoint(method), params)


def test_events__node_with_a_small_range__come_all_in_order():
    chain = Chain(Web3(StingyProvider()), poll_seconds=0.01)
    sender = new_signer(chain)
    artifact = abi.load("IdentityRegistry")
    created = chain.send(chain.creation(artifact, []), sender)
    identities = chain.contract(artifact, created.contract_address)
    delegates = [Account.create().address for _ in range(11)]
    for delegate in delegates:
        chain.send(grant(identities, sender, delegate), sender)

    found = list(
        chain.events(
            identities.events.DIDDelegateChanged(),
            from_block=0,
            arguments={"identity": sender.address},
        )
    )

    assert [entry["args"]["delegate"] for entry in found] == delegates


@pytest.mark.parametrize("status", [400, 413])
def test_events__node_refuses_a_range_by_http__come_all_in_order(status):
    class Curt(EthereumTesterProvider):
        def make_request(self, method, params):
            if method == "eth_getLogs" and params[0]["to_block"] - params[0]["from_block"] >= 4:
                answer = Response()
                answer.status_code = status
                answer.raise_for_status()
            return super().make_request(RPCEndpoint(method), params)

    chain = Chain(Web3(Curt()), poll_seconds=0.01)
    sender = new_signer(chain)
    created = chain.send(chain.creation(abi.load("IdentityRegistry"), []), sender)
    identities = chain.contract(abi.load("IdentityRegistry"), created.contract_address)
    for _ in range(7):
        chain.send(grant(identities, sender), sender)

    found = list(chain.events(identities.events.DIDDelegateChanged(), from_block=0))

    assert len(found) == 7


def test_events_of__several_kinds__come_together_in_order():
    chain = Chain(Web3(StingyProvider()), poll_seconds=0.01)
    sender, other = new_signer(chain), new_signer(chain)
    artifact = abi.load("IdentityRegistry")
    created = chain.send(chain.creation(artifact, []), sender)
    identities = chain.contract(artifact, created.contract_address)
    topic = bytes(12) + bytes.fromhex(sender.address[2:])
    chain.send(grant(identities, sender), sender)
    chain.send(grant(identities, other), other)
    attribute = identities.functions.setAttribute(sender.address, KIND, b"", 9)
    chain.send(attribute, sender)
    chain.send(grant(identities, sender), sender)
    kinds = ("DIDAttributeChanged", "DIDDelegateChanged")
    span = {"from_block": 0, "to_block": chain.head}

    both = list(chain.events_of(identities, kinds, **span))
    own = list(chain.events_of(identities, kinds, topic=topic, **span))
    single = list(chain.events_of(identities, kinds[:1], **span))

    _, delegate = kinds
    assert [entry["event"] for entry in both] == [delegate, delegate, *kinds]
    assert [entry["event"] for entry in own] == [delegate, *kinds]
    assert {entry["args"]["identity"] for entry in own} == {sender.address}
    assert [entry["event"] for entry in single] == [kinds[0]]


def test_events__confirmations__leaves_out_what_is_not_final(chain, identities, sender):
    tx = chain.send(grant(identities, sender), sender)
    careful = chain.confirmed(2)
    event = identities.events.DIDDelegateChanged()

    assert list(careful.events(event, from_block=tx.block_number)) == []
    assert len(list(chain.events(event, from_block=tx.block_number))) == 1


def test_signer__shown__keeps_its_key():
    account = Account.create()

    shown = repr(LocalSigner(account))

    assert account.key.hex() not in shown


def test_knows__unknown_transaction__is_false(chain):
    assert not chain.knows("0x" + "cd" * 32)
