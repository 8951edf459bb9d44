"""Contracts as distributors that do not take their money well."""

import ape
import pytest

from tests.support.commerce import credits_of, in_coin, settle
from tests.support.orders import create_order

REFUSING = ["RevertingReceiver", "GasEatingReceiver", "RevertBombReceiver"]
# A withdrawal, and what the receiver spends on 256 KiB itself; twice that if they were copied.
BOMB_GAS = 300_000
PLENTY_OF_GAS = 1_000_000

pytestmark = in_coin


@pytest.fixture
def join_and_sell(splitter, project, currency, plan_id, brand, sponsor, payer, deployer):
    """Let a hostile contract earn 1000 wei under the sponsor, who earns 500."""

    def join_and_sell(name):
        receiver = deployer.deploy(getattr(project, name))
        join = splitter.join.encode_input(brand, sponsor)
        receiver.execute(splitter, join, sender=deployer)
        order = create_order(plan_id, payer, distributor=receiver)
        currency.pay(splitter, order)
        splitter.capture(order, sender=payer)
        settle(splitter, order, payer)
        return receiver

    return join_and_sell


def withdraw(splitter, receiver, to, sender, **options):
    """Let the contract withdraw its own credit."""
    data = splitter.withdraw.encode_input(receiver, "0x" + "0" * 40, to)
    return receiver.execute(splitter, data, sender=sender, **options)


@pytest.mark.parametrize("name", REFUSING)
def test_hostile_receivers__receiver_refuses__keeps_its_credit(
    splitter, currency, join_and_sell, attacker, name
):
    receiver = join_and_sell(name)

    with ape.reverts():
        withdraw(splitter, receiver, receiver, attacker, gas=PLENTY_OF_GAS)

    assert credits_of(splitter, currency, receiver) == [1000]
    assert receiver.balance == 0


@pytest.mark.parametrize("name", REFUSING)
def test_hostile_receivers__receiver_refuses__blocks_nobody_else(
    splitter, currency, join_and_sell, platform, sponsor, brand, name
):
    join_and_sell(name)
    others = (platform, sponsor, brand)

    for account in others:
        splitter.withdraw(account, currency.address, account, sender=account)

    assert splitter.balance == 1000
    assert credits_of(splitter, currency, *others) == [0, 0, 0]


@pytest.mark.parametrize("name", REFUSING)
def test_hostile_receivers__receiver_refuses__can_withdraw_to_another(
    splitter, currency, join_and_sell, attacker, shopper, name
):
    receiver = join_and_sell(name)
    before = shopper.balance

    withdraw(splitter, receiver, shopper, attacker)

    assert shopper.balance - before == 1000
    assert credits_of(splitter, currency, receiver) == [0]


@pytest.mark.parametrize("name", REFUSING)
def test_hostile_receivers__another_withdraws_to_it__keeps_its_credit(
    splitter, currency, join_and_sell, sponsor, name
):
    receiver = join_and_sell(name)

    with ape.reverts() as info:
        splitter.withdraw(sponsor, currency.address, receiver, sender=sponsor, gas=PLENTY_OF_GAS)

    assert info.value.inputs == {"to": receiver, "amount": 500}
    assert credits_of(splitter, currency, sponsor) == [500]


def test_hostile_receivers__receiver_answers_at_length__copies_nothing(
    splitter, currency, join_and_sell, sponsor
):
    receiver = join_and_sell("BombReceiver")

    tx = splitter.withdraw(sponsor, currency.address, receiver, sender=sponsor)

    assert receiver.balance == 500
    assert tx.gas_used < BOMB_GAS


def test_hostile_receivers__payer_refuses__is_voided_nonetheless(
    splitter, project, currency, plan_id, brand, deployer
):
    payer = deployer.deploy(project.RevertingReceiver)
    order = create_order(plan_id, payer)
    pay = splitter.authorize.encode_input(order)
    payer.execute(splitter, pay, sender=deployer, value=10_000)

    splitter.void(order, sender=brand)

    assert credits_of(splitter, currency, payer) == [10_000]
