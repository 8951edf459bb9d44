"""Calls back into the escrow while it pays or is paid."""

import pytest

from tests.support.abi import ZERO_ADDRESS, selector
from tests.support.programme import account, member, publish, total_of
from tests.support.sales import Sales, Status

CREDIT = 10_000


@pytest.fixture
def guard_error(escrow):
    return selector(escrow.ReentrancyGuardReentrantCall.abi)


@pytest.fixture
def receiver(escrow, project, deployer, payer):
    """A contract that calls back when it is paid, with a credit of 10,000 wei."""
    receiver = deployer.deploy(project.ReentrantReceiver)
    escrow.deposit(receiver, ZERO_ADDRESS, CREDIT, sender=payer, value=CREDIT)
    return receiver


@pytest.fixture
def hooked(escrow, book, project, deployer, brand, payer, numbers):
    """Sales in a token that calls back before it moves anything, and an order in it."""
    token = deployer.deploy(project.HookToken)
    sales = Sales(escrow, brand, payer, numbers, token)
    order = sales.order(publish(book, brand, currency=token.address))
    return sales, order


@pytest.mark.parametrize("batch", [False, True])
def test_reentrancy__receiver_withdraws_again__is_refused(
    escrow, receiver, attacker, guard_error, batch
):
    party = account(receiver)
    receiver.arm(escrow, escrow.withdraw.encode_input(party, ZERO_ADDRESS), sender=attacker)

    if batch:
        escrow.withdrawBatch([(party, ZERO_ADDRESS)], sender=attacker)
    else:
        escrow.withdraw(party, ZERO_ADDRESS, sender=attacker)

    assert (receiver.hasReentered(), receiver.succeeded()) == (True, False)
    assert receiver.result() == guard_error
    assert receiver.balance == CREDIT
    assert escrow.creditOf(party, ZERO_ADDRESS) == 0


def test_reentrancy__receiver_settles_while_it_is_paid__keeps_books(
    escrow, receiver, attacker, coin_sales, coin_order
):
    coin_sales.captured(coin_order)
    coin_sales.mature()
    receiver.arm(escrow, escrow.settle.encode_input([coin_order]), sender=attacker)

    escrow.withdraw(account(receiver), ZERO_ADDRESS, sender=attacker)

    assert receiver.succeeded()
    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]
    assert coin_sales.held() == 10_000


def test_reentrancy__token_authorizes_again_while_paid__is_refused(
    escrow, hooked, payer, attacker, guard_error
):
    sales, order = hooked
    sales.provide(payer, 2 * total_of(order))
    again = escrow.authorize.encode_input(order)
    sales.token.arm(escrow, again, sender=attacker)

    escrow.authorize(order, sender=payer)

    assert (sales.token.hasReentered(), sales.token.succeeded()) == (True, False)
    assert sales.token.result() == guard_error
    assert sales.status(order) == Status.AUTHORIZED
    assert sales.held() == 10_000


def test_reentrancy__token_withdraws_while_it_pays__is_refused(
    escrow, hooked, payer, attacker, brand, guard_error
):
    sales, order = hooked
    sales.settled(order)
    party = member(brand, sales.seller)
    sales.token.arm(escrow, escrow.withdraw.encode_input(party, sales.currency), sender=attacker)

    escrow.withdraw(party, sales.currency, sender=payer)

    assert sales.token.result() == guard_error
    assert sales.held() == 9_000
