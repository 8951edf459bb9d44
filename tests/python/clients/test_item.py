from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from eth_account import Account

from tests.python.clients.conftest import DOCUMENT, FAR, GTIN
from weilian.batch import Registration
from weilian.chain import ContractRevert, LocalSigner, OwnerAct
from weilian.gs1 import Lot
from weilian.item import HiddenCodeError, ItemFlag, ItemOwnerError, item_id
from weilian.keys import CodeError, claim_address, claim_key
from weilian.merkle import batch_id
from weilian.merkle.batch_tree import TreeHead
from weilian.merkle.chips import ChipTree
from weilian.owner_act import SignedAct, SignedActError
from weilian.verify import verify


@pytest.fixture
def owned(items, issuer, shopper, create_batch):
    """The id of an item that the shopper claimed."""
    batch = create_batch(issuer)
    signed = items.sign_claim(batch.proof(), batch.code(), shopper.address, FAR)
    return items.claim(signed, shopper).item_id


@pytest.fixture
def chipped(suite, batches, issuer):
    """A batch of two items with chips: the proof of the first, and the chips."""
    chips = [LocalSigner(Account.create()) for _ in range(2)]
    identifier = batch_id(issuer.address, int(GTIN), "CHIPS")
    head = TreeHead(suite.chain.chain_id, suite.provenance.address, identifier, 2)
    rows = [("A1", chips[0].address), ("B2", chips[1].address)]
    tree = ChipTree.of(head, rows, b"\1" * 32)
    terms = (issuer.address, GTIN, Lot("CHIPS"), 2, tree.root, None, None, DOCUMENT)
    batches.register(Registration(*terms), issuer)
    return tree.item_proof("A1", GTIN.value, "CHIPS"), chips


def test_claim__relayed__makes_the_claimer_owner(
    items, chain, issuer, shopper, relayer, create_batch
):
    batch = create_batch(issuer)
    signed = items.sign_claim(batch.proof("B2"), batch.code("B2"), shopper.address, FAR)

    claimed = items.claim(signed, relayer)

    state = items.state(batch.id, 1)
    assert (claimed.item_id, claimed.index, claimed.owner) == (state.item_id, 1, shopper.address)
    assert state.owner == shopper.address
    assert state.claimed_at.timestamp() == chain.block()[1]
    assert chain.w3.eth.get_transaction_count(shopper.address) == 0


def test_claim__every_item_of_a_batch__works(items, issuer, shopper, create_batch):
    batch = create_batch(issuer)

    for item in batch.tree.items():
        code = batch.code(item.serial)
        items.claim(items.sign_claim(batch.proof(item.serial), code, shopper.address, FAR), shopper)

    assert all(items.state(batch.id, n).owner == shopper.address for n in range(5))


def test_claim__second_time__says_by_whom(items, issuer, shopper, stranger, create_batch):
    batch = create_batch(issuer)
    items.claim(items.sign_claim(batch.proof(), batch.code(), shopper.address, FAR), shopper)
    again = items.sign_claim(batch.proof(), batch.code(), stranger.address, FAR)

    with pytest.raises(ContractRevert, match=f"claimed before, by {shopper.address}"):
        items.claim(again, stranger)


def test_claim__after_the_deadline__is_refused(items, chain, issuer, shopper, create_batch):
    batch = create_batch(issuer)
    past = datetime.fromtimestamp(chain.block()[1], UTC) - timedelta(seconds=1)

    with pytest.raises(ContractRevert) as caught:
        items.claim(items.sign_claim(batch.proof(), batch.code(), shopper.address, past), shopper)

    assert caught.value.name == "ItemRegistry_DeadlinePassed"


def test_sign_claim__code_of_another_item__is_refused_without_showing_it(
    items, issuer, shopper, create_batch
):
    batch = create_batch(issuer)
    code = batch.code("C3")

    with pytest.raises(HiddenCodeError, match="not that of item A1") as caught:
        items.sign_claim(batch.proof("A1"), code, shopper.address, FAR)

    assert code not in str(caught.value)


def test_sign_claim__code_as_typed__is_read(items, issuer, shopper, create_batch):
    batch = create_batch(issuer)
    typed = " ".join(batch.code()[place : place + 4] for place in range(0, 26, 4)).lower()

    signed = items.sign_claim(batch.proof(), typed, shopper.address, FAR)

    message = items.claim_message(batch.proof(), shopper.address, FAR)
    assert Account.recover_message(message, signature=signed.signature) == claim_address(typed)


def test_sign_claim__no_code__is_refused(items, issuer, shopper, create_batch):
    with pytest.raises(CodeError, match="characters"):
        items.sign_claim(create_batch(issuer).proof(), "ABC", shopper.address, FAR)


def test_state__not_claimed__has_no_owner(items, issuer, create_batch):
    state = items.state(create_batch(issuer).id, 0)

    assert (state.owner, state.claimed_at) == (None, None)
    assert (state.nonce, state.flags) == (0, ItemFlag(0))


def test_item_id__local__is_that_of_the_contract(suite, issuer, create_batch):
    batch = create_batch(issuer)

    assert item_id(batch.id, 4) == suite.chain.call(suite.items.functions.itemIdOf(batch.id, 4))


def test_transfer__owner__gives_the_item_away(items, owned, shopper, stranger):
    acted = items.transfer(owned, stranger.address, shopper)

    assert (acted.item_id, acted.act, acted.owner, acted.nonce) == (
        *(owned, OwnerAct.TRANSFER, stranger.address),
        1,
    )
    with pytest.raises(ContractRevert) as caught:
        items.transfer(owned, shopper.address, shopper)
    assert caught.value.name == "ItemRegistry_NotOwner"


@pytest.mark.parametrize(
    ("act", "flag"),
    [(OwnerAct.REPORT_LOST, ItemFlag.LOST), (OwnerAct.REPORT_STOLEN, ItemFlag.STOLEN)],
)
def test_act__reported__cannot_change_hands_until_found(
    items, suite, owned, shopper, stranger, act, flag
):
    items.act(owned, act, shopper)
    flags = items.state_of(owned).flags

    with pytest.raises(ItemOwnerError, match="is reported lost or stolen"):
        items.transfer(owned, stranger.address, shopper)
    items.act(owned, OwnerAct.REPORT_FOUND, shopper)
    assert flags == flag
    assert items.transfer(owned, stranger.address, shopper).nonce == 3


def test_act__found_without_report__is_refused(items, owned, shopper):
    with pytest.raises(ItemOwnerError, match="is not reported"):
        items.act(owned, OwnerAct.REPORT_FOUND, shopper)


def test_act__destroyed__is_the_end(items, owned, shopper, stranger):
    items.act(owned, OwnerAct.DESTROY, shopper)

    assert items.state_of(owned).flags == ItemFlag.DESTROYED
    with pytest.raises(ItemOwnerError, match="was destroyed"):
        items.transfer(owned, stranger.address, shopper)


def test_act__not_claimed__is_refused(items, issuer, shopper, create_batch):
    with pytest.raises(ItemOwnerError, match="is not claimed"):
        items.act(item_id(create_batch(issuer).id, 0), OwnerAct.REPORT_LOST, shopper)


@pytest.mark.parametrize("to", [None, "0x" + "0" * 40])
def test_transfer__to_nobody__is_refused(items, owned, shopper, to):
    with pytest.raises(ItemOwnerError, match="name who gets the item"):
        items.act(owned, OwnerAct.TRANSFER, shopper, to)


def test_send_act__signed_file__is_done_by_a_relayer(
    items, chain, owned, shopper, relayer, stranger, tmp_path
):
    path, before = tmp_path / "act.json", chain.w3.eth.get_transaction_count(shopper.address)
    signed = items.sign_act(owned, OwnerAct.TRANSFER, FAR, shopper, stranger.address)
    signed.save(path)

    acted = items.send_act(SignedAct.load(path), relayer)

    assert (acted.owner, acted.nonce) == (stranger.address, 1)
    assert chain.w3.eth.get_transaction_count(shopper.address) == before
    with pytest.raises(ItemOwnerError, match="changed since the act was signed"):
        items.send_act(signed, relayer)


def test_send_act__destroy__ends_the_item(items, owned, shopper, relayer):
    signed = items.sign_act(owned, OwnerAct.DESTROY, FAR, shopper)

    items.send_act(signed, relayer)

    assert items.state_of(owned).flags == ItemFlag.DESTROYED


def test_send_act__changed_or_of_elsewhere__is_refused(items, owned, shopper, relayer, stranger):
    signed = items.sign_act(owned, OwnerAct.TRANSFER, FAR, shopper, stranger.address)

    with pytest.raises(ContractRevert) as caught:
        items.send_act(replace(signed, to=relayer.address), relayer)
    assert caught.value.name == "ItemRegistry_OwnerSignatureWrong"
    with pytest.raises(ItemOwnerError, match="on chain 5"):
        items.send_act(replace(signed, chain_id=5), relayer)
    with pytest.raises(SignedActError, match="act"):
        SignedAct.from_json(signed.to_json().replace("TRANSFER", "EAT"))


def test_sign_act__not_the_owner__is_refused(items, owned, stranger):
    with pytest.raises(ItemOwnerError, match="belongs to"):
        items.sign_act(owned, OwnerAct.DESTROY, FAR, stranger)


def test_flag_stolen__issuer__holds_the_item_until_it_clears_it(
    items, issuer, shopper, stranger, create_batch
):
    batch = create_batch(issuer)
    items.claim(items.sign_claim(batch.proof(), batch.code(), shopper.address, FAR), shopper)
    identifier = item_id(batch.id, 0)

    flagged = items.flag_stolen(batch.id, 0, True, DOCUMENT, issuer)

    assert (flagged.item_id, flagged.is_stolen) == (identifier, True)
    assert items.state(batch.id, 0).flags == ItemFlag.FLAGGED
    with pytest.raises(ItemOwnerError, match="cannot change hands"):
        items.transfer(identifier, stranger.address, shopper)
    with pytest.raises(ItemOwnerError, match="reported already"):
        items.flag_stolen(batch.id, 0, True, DOCUMENT, issuer)
    items.flag_stolen(batch.id, 0, False, DOCUMENT, issuer)
    assert items.transfer(identifier, stranger.address, shopper).nonce == 1


def test_flag_stolen__closed__takes_the_owners_report_back_too(
    items, issuer, shopper, create_batch
):
    batch = create_batch(issuer)
    items.claim(items.sign_claim(batch.proof(), batch.code(), shopper.address, FAR), shopper)
    with pytest.raises(ItemOwnerError, match="not reported"):
        items.flag_stolen(batch.id, 0, False, DOCUMENT, issuer)
    items.act(item_id(batch.id, 0), OwnerAct.REPORT_LOST, shopper)

    items.flag_stolen(batch.id, 0, False, DOCUMENT, issuer)

    assert items.state(batch.id, 0).flags == ItemFlag(0)


def test_claim__chip__makes_an_owner_and_is_on_record(
    items, suite, issuer, chipped, shopper, relayer
):
    proof, (chip, _) = chipped

    items.claim(items.sign_claim_with_chip(proof, chip, shopper.address, FAR), relayer)

    assert items.state(proof.batch_id, 0).owner == shopper.address
    assert items.state(proof.batch_id, 0).flags == ItemFlag.CHIP
    assert verify(suite, proof, viewer=shopper.address).verdict.name == "CLAIMED_BY_YOU"


def test_transfer_with_chip__who_has_the_item__gets_it(items, chipped, shopper, stranger, relayer):
    proof, (chip, _) = chipped
    items.claim(items.sign_claim_with_chip(proof, chip, shopper.address, FAR), relayer)
    with pytest.raises(ItemOwnerError, match="by its chip only"):
        items.transfer(item_id(proof.batch_id, 0), stranger.address, shopper)

    signed = items.sign_chip_transfer(proof, chip, stranger.address)
    acted = items.transfer_with_chip(signed, relayer)

    assert (acted.owner, acted.nonce) == (stranger.address, 1)
    with pytest.raises(ContractRevert) as caught:
        items.transfer_with_chip(signed, relayer)
    assert caught.value.name == "ItemRegistry_WrongSigner"


def test_sign_claim_with_chip__another_chip__is_refused(items, chipped, shopper):
    proof, (_, other) = chipped

    with pytest.raises(ItemOwnerError, match="is not that of item A1"):
        items.sign_claim_with_chip(proof, other, shopper.address, FAR)


def test_sign_chip_transfer__hidden_code__is_refused(items, issuer, shopper, create_batch):
    batch = create_batch(issuer)
    key = LocalSigner(Account.from_key(claim_key(batch.code(), batch.proof().salt)))

    with pytest.raises(ItemOwnerError, match="has a hidden code"):
        items.sign_chip_transfer(batch.proof(), key, shopper.address)
