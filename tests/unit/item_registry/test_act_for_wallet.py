import pytest

from tests.support.batches import item_id_of
from tests.support.claims import FAR_DEADLINE, claim_item, create_claim, high_s
from tests.support.items import delegate_code, sign_act, state_of
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

TRANSFER = OwnerAct.TRANSFER


@pytest.fixture
def wallet_item_id(items, batch, wallet, relayer):
    """The second item of the batch, which the wallet claimed."""
    items.claim(*create_claim(items, batch, wallet, index=1), sender=relayer)
    return item_id_of(batch.batch_id, 1)


def wrong_signature(items, item_id, owner):
    return reverts(items.ItemRegistry_OwnerSignatureWrong, itemId=item_id, owner=owner)


def test_act_for__wallet_takes_signature__does_act(
    items, wallet_item_id, wallet, shopper, payer, relayer
):
    signature = sign_act(items, wallet_item_id, TRANSFER, shopper, payer)

    items.actFor(wallet_item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)

    assert state_of(items, wallet_item_id) == (payer, 1, 0)


def test_act_for__wallet_refuses__reverts(items, wallet_item_id, wallet, shopper, payer, relayer):
    signature = sign_act(items, wallet_item_id, TRANSFER, shopper, payer)
    wallet.setRefusing(True, sender=shopper)

    with wrong_signature(items, wallet_item_id, wallet):
        items.actFor(wallet_item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__wallet_does_not_know_signer__reverts(items, wallet_item_id, wallet, attacker):
    signature = sign_act(items, wallet_item_id, TRANSFER, attacker, attacker)

    with wrong_signature(items, wallet_item_id, wallet):
        items.actFor(wallet_item_id, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


def test_act_for__wallet_gets_high_s__reverts(items, wallet_item_id, wallet, shopper, payer):
    signature = high_s(sign_act(items, wallet_item_id, TRANSFER, shopper, payer))

    with wrong_signature(items, wallet_item_id, wallet):
        items.actFor(wallet_item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)


def test_act_for__two_wallets_have_same_owner__means_signature_for_one_is_dead_for_other(
    items, batch, wallet_item_id, wallet, project, deployer, shopper, payer, relayer
):
    # The item id is in what is signed, and an item has one owner.
    other = deployer.deploy(project.Wallet1271, shopper)
    items.claim(*create_claim(items, batch, other, index=2), sender=relayer)
    other_item_id = item_id_of(batch.batch_id, 2)
    signature = sign_act(items, wallet_item_id, TRANSFER, shopper, payer)

    with wrong_signature(items, other_item_id, other):
        items.actFor(other_item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=payer)


def test_act_for__signed_act_of_wallet_went_through__does_not_work_again(
    items, wallet_item_id, wallet, shopper, relayer
):
    what = OwnerAct.REPORT_LOST
    signature = sign_act(items, wallet_item_id, what, shopper, wallet)
    items.actFor(wallet_item_id, what, wallet, FAR_DEADLINE, signature, sender=relayer)

    with wrong_signature(items, wallet_item_id, wallet):
        items.actFor(wallet_item_id, what, wallet, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__owner_is_contract_without_erc_1271__reverts(
    items, batch, provenance, shopper, payer, relayer
):
    items.claim(*create_claim(items, batch, provenance, index=1), sender=relayer)
    item_id = item_id_of(batch.batch_id, 1)
    signature = sign_act(items, item_id, TRANSFER, shopper, payer)

    with wrong_signature(items, item_id, provenance):
        items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)


def test_act_for__account_is_given_code_of_wallet__takes_what_wallet_takes(
    items, batch, chain, project, deployer, distributor, shopper, payer, relayer
):
    claim_item(items, batch, distributor)
    item_id = item_id_of(batch.batch_id, 0)
    wallet = deployer.deploy(project.Wallet1271, shopper)
    signature = sign_act(items, item_id, TRANSFER, shopper, payer)
    with wrong_signature(items, item_id, distributor):
        items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)

    delegate_code(chain, distributor, wallet, relayer)

    items.actFor(item_id, TRANSFER, payer, FAR_DEADLINE, signature, sender=relayer)
    assert items.itemOf(item_id).owner == payer


def test_act_for__wallet_acts_by_itself__needs_no_signature(
    items, wallet_item_id, wallet, payer, relayer
):
    call = items.act.encode_input(wallet_item_id, TRANSFER, payer)

    wallet.execute(items, call, sender=relayer)

    assert items.itemOf(wallet_item_id).owner == payer
