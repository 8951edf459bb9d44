"""An attacker uses a signature again: on another chain, in another contract, for another matter.

What remains open: nothing that we know of; a wallet without code yet (ERC-6492) cannot sign here.
"""

import pytest

from tests.support.batches import CHIP, claim_key, item_id_of, register_batch
from tests.support.claims import FAR_DEADLINE, claim_item, create_claim, sign_claim, signer_of
from tests.support.items import act, chip_signer_of, chip_transfer, sign_act
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

TRANSFER = OwnerAct.TRANSFER


@pytest.fixture
def batch(provenance, brand):
    return register_batch(provenance, brand)


@pytest.fixture
def second(project, deployer, provenance, identities):
    """A second item registry over the same batches."""
    return deployer.deploy(project.ItemRegistry, provenance, identities)


def test_t16_replay_elsewhere__claim_is_sent_to_second_registry__is_refused(
    items, second, batch, shopper, attacker
):
    arguments = create_claim(items, batch, shopper)
    signer = signer_of(second, arguments[-1], batch.item(), shopper)
    items.claim(*arguments, sender=shopper)

    with reverts(second.ItemRegistry_WrongSigner, signer=signer, claimKey=claim_key(0).address):
        second.claim(*arguments, sender=attacker)


@pytest.mark.parametrize("chain_id", [1, 8453, 84532, 0, 2**64])
def test_t16_replay_elsewhere__claim_was_signed_for_another_chain__is_refused(
    items, batch, shopper, attacker, chain_id
):
    signature = sign_claim(items, batch.item(), shopper, chainId=chain_id)
    signer = signer_of(items, signature, batch.item(), shopper)

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=claim_key(0).address):
        items.claim(*create_claim(items, batch, shopper, signature=signature), sender=attacker)


def test_t16_replay_elsewhere__act_is_sent_to_second_registry__is_refused(
    items, second, batch, shopper, attacker
):
    for registry in (items, second):
        claim_item(registry, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    signature = sign_act(items, item_id, TRANSFER, shopper, attacker)

    with reverts(second.ItemRegistry_OwnerSignatureWrong, itemId=item_id, owner=shopper):
        second.actFor(item_id, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


def test_t16_replay_elsewhere__chip_signed_for_second_registry__is_refused(
    items, second, provenance, brand, shopper, attacker
):
    batch = register_batch(provenance, brand, gtin=1, key_kind=CHIP)
    for registry in (items, second):
        claim_item(registry, batch, shopper)
    arguments = chip_transfer(second, batch, attacker)
    signer = chip_signer_of(items, arguments)

    with reverts(items.ItemRegistry_WrongSigner, signer=signer, claimKey=claim_key(0).address):
        items.transferWithChip(*arguments, sender=attacker)


def test_t16_replay_elsewhere__act_was_signed_for_another_item_of_owner__is_refused(
    items, batch, shopper, attacker
):
    claim_item(items, batch, shopper, index=0)
    claim_item(items, batch, shopper, index=1)
    first, other = (item_id_of(batch.batch_id, index) for index in (0, 1))
    signature = sign_act(items, first, TRANSFER, shopper, attacker)

    with reverts(items.ItemRegistry_OwnerSignatureWrong, itemId=other, owner=shopper):
        items.actFor(other, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


def test_t16_replay_elsewhere__act_of_wallet_is_used_for_its_twin__is_refused(
    items, batch, project, deployer, shopper, attacker
):
    # Two wallets with one key behind them: an item's id and registry are signed, not a wallet.
    wallets = [deployer.deploy(project.Wallet1271, shopper) for _ in range(2)]
    for index, wallet in enumerate(wallets):
        items.claim(*create_claim(items, batch, wallet, index), sender=shopper)
    first, twin = (item_id_of(batch.batch_id, index) for index in (0, 1))
    signature = sign_act(items, first, TRANSFER, shopper, attacker)

    with reverts(items.ItemRegistry_OwnerSignatureWrong, itemId=twin, owner=wallets[1]):
        items.actFor(twin, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)


def test_t16_replay_elsewhere__act_of_earlier_ownership_is_kept__is_dead_when_item_is_back(
    items, batch, shopper, payer, attacker
):
    claim_item(items, batch, shopper)
    item_id = item_id_of(batch.batch_id, 0)
    signature = sign_act(items, item_id, TRANSFER, shopper, attacker)
    act(items, item_id, TRANSFER, shopper, payer)
    act(items, item_id, TRANSFER, payer, shopper)

    with reverts(items.ItemRegistry_OwnerSignatureWrong, itemId=item_id, owner=shopper):
        items.actFor(item_id, TRANSFER, attacker, FAR_DEADLINE, signature, sender=attacker)
