from datetime import UTC, datetime, timedelta

import pytest
from eth_account import Account

from tests.python.clients.conftest import FAR
from weilian.chain import ContractRevert
from weilian.item import HiddenCodeError, item_id
from weilian.keys import CodeError, claim_address


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


def test_item_id__local__is_that_of_the_contract(suite, issuer, create_batch):
    batch = create_batch(issuer)

    assert item_id(batch.id, 4) == suite.chain.call(suite.items.functions.itemIdOf(batch.id, 4))
