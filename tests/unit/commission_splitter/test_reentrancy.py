"""Calls back into the splitter while it pays or is paid.

The contract that calls back may act for everybody concerned, so that nothing but the splitter's own
order of things stands in its way.
"""

import pytest

from tests.support.abi import ZERO_ADDRESS, permission, selector
from tests.support.commerce import Currency, Status, credits_of, in_coin, settle, status_of
from tests.support.orders import create_order, create_plan, publish_plan
from tests.support.reverts import reverts

CREDIT = 10_000


@pytest.fixture
def guard_error(splitter):
    return selector(splitter.ReentrancyGuardReentrantCall.abi)


@pytest.fixture
def empower(identities):
    """Let a contract act for identities in every matter."""

    def empower(contract, *accounts):
        for account in accounts:
            for matter in ("plan", "order", "withdraw"):
                identities.addDelegate(account, permission(matter), contract, 10**9, sender=account)

    return empower


@pytest.fixture
def hook_order(splitter, project, deployer, empower, brand, payer, distributor):
    """A token that calls back, and an order in it that is not yet paid."""
    token = deployer.deploy(project.HookToken)
    empower(token, brand, payer, distributor)
    currency = Currency(token)
    plan_id = publish_plan(splitter, brand, currency=currency.address)
    order = create_order(plan_id, payer, distributor=distributor)
    currency.provide(splitter, payer, 2 * CREDIT)
    return currency, order


@pytest.fixture
def receiver(splitter, project, deployer, empower, plan_id, brand, coin, distributor):
    """A contract that calls back when it is paid, with a credit of 10,000 wei."""
    receiver = deployer.deploy(project.ReentrantReceiver)
    empower(receiver, brand, distributor)
    order = create_order(plan_id, receiver)
    pay = splitter.authorize.encode_input(order)
    receiver.execute(splitter, pay, sender=deployer, value=CREDIT)
    splitter.void(order, sender=brand)
    return receiver


def withdraw_to_itself(splitter, receiver, sender):
    data = splitter.withdraw.encode_input(receiver, ZERO_ADDRESS, receiver)
    return receiver.execute(splitter, data, sender=sender)


@in_coin
def test_reentrancy__receiver_withdraws_again__is_refused(
    splitter, coin, receiver, attacker, guard_error
):
    again = splitter.withdraw.encode_input(receiver, ZERO_ADDRESS, receiver)
    receiver.arm(splitter, again, sender=attacker)

    withdraw_to_itself(splitter, receiver, attacker)

    assert (receiver.hasReentered(), receiver.succeeded()) == (True, False)
    assert receiver.result() == guard_error
    assert receiver.balance == CREDIT
    assert credits_of(splitter, coin, receiver) == [0]


@in_coin
def test_reentrancy__receiver_withdraws_for_another__is_refused(
    splitter, coin, receiver, captured, distributor, attacker, guard_error
):
    settle(splitter, captured, attacker)
    other = splitter.withdraw.encode_input(distributor, ZERO_ADDRESS, receiver)
    receiver.arm(splitter, other, sender=attacker)

    withdraw_to_itself(splitter, receiver, attacker)

    assert receiver.result() == guard_error
    assert credits_of(splitter, coin, receiver, distributor) == [0, 1000]


@in_coin
def test_reentrancy__receiver_pays_order__is_refused(
    splitter, receiver, plan_id, attacker, guard_error
):
    order = create_order(plan_id, receiver, salt=2)
    receiver.arm(splitter, splitter.authorize.encode_input(order), sender=attacker)

    withdraw_to_itself(splitter, receiver, attacker)

    assert receiver.result() == guard_error
    assert status_of(splitter, order) == Status.NONE


@in_coin
def test_reentrancy__receiver_reads_credit__sees_none(splitter, receiver, attacker):
    read = splitter.creditOf.encode_input(receiver, ZERO_ADDRESS)
    receiver.arm(splitter, read, sender=attacker)

    withdraw_to_itself(splitter, receiver, attacker)

    assert receiver.succeeded()
    assert int.from_bytes(receiver.result()) == 0


@in_coin
@pytest.mark.parametrize("step", ["capture", "void", "refund", "settle", "settleBatch"])
def test_reentrancy__receiver_moves_another_order__gains_nothing(
    splitter, coin, receiver, order, authorized, payer, attacker, brand, step
):
    if step not in ("capture", "void"):
        splitter.capture(authorized, sender=payer)
    arguments = {"refund": [authorized, 4000], "settleBatch": [[authorized]]}
    data = getattr(splitter, step).encode_input(*arguments.get(step, [authorized]))
    receiver.arm(splitter, data, sender=attacker)

    withdraw_to_itself(splitter, receiver, attacker)

    # The refund window is open: what settles is refused, what the brand may do happens as ever.
    assert receiver.succeeded() == (step in ("capture", "void", "refund"))
    assert receiver.balance == CREDIT
    assert splitter.balance == order["amount"]
    refunded = {"void": 10_000, "refund": 4000}.get(step, 0)
    assert credits_of(splitter, coin, receiver, payer) == [0, refunded]


@pytest.mark.parametrize("call", ["authorize", "withdraw"])
def test_reentrancy__token_calls_what_moves_money__is_refused(
    splitter, hook_order, payer, attacker, guard_error, call
):
    currency, order = hook_order
    data = {
        "authorize": splitter.authorize.encode_input(order | {"payer": currency.address}),
        "withdraw": splitter.withdraw.encode_input(payer, currency.address, payer),
    }[call]
    currency.token.arm(splitter, data, sender=attacker)

    splitter.authorize(order, sender=payer)

    assert currency.token.result() == guard_error
    assert status_of(splitter, order) == Status.AUTHORIZED
    assert currency.token.balanceOf(splitter) == CREDIT


def test_reentrancy__token_calls_while_paid_out__is_refused(
    splitter, hook_order, brand, payer, attacker, guard_error
):
    currency, order = hook_order
    splitter.authorize(order, sender=payer)
    splitter.void(order, sender=brand)
    again = splitter.withdraw.encode_input(payer, currency.address, attacker)
    currency.token.arm(splitter, again, sender=attacker)

    splitter.withdraw(payer, currency.address, payer, sender=payer)

    assert currency.token.result() == guard_error
    assert currency.token.balanceOf(payer) == 2 * CREDIT
    assert currency.token.balanceOf(attacker) == 0


def test_reentrancy__token_voids_order_being_paid__owes_what_it_holds(
    splitter, hook_order, payer, attacker
):
    currency, order = hook_order
    currency.token.arm(splitter, splitter.void.encode_input(order), sender=attacker)

    splitter.authorize(order, sender=payer)

    assert currency.token.succeeded()
    assert status_of(splitter, order) == Status.VOIDED
    assert credits_of(splitter, currency, payer) == [CREDIT]
    assert currency.token.balanceOf(splitter) == CREDIT


def test_reentrancy__token_captures_order_being_paid__owes_what_it_holds(
    splitter, hook_order, payer, distributor, sponsor, attacker
):
    currency, order = hook_order
    currency.token.arm(splitter, splitter.capture.encode_input(order), sender=attacker)

    splitter.authorize(order, sender=payer)
    settle(splitter, order, attacker)

    assert credits_of(splitter, currency, distributor, sponsor) == [1000, 500]
    assert currency.token.balanceOf(splitter) == CREDIT


def test_reentrancy__token_voids_order_it_fails_to_pay__undoes_all(
    splitter, hook_order, payer, attacker
):
    currency, order = hook_order
    currency.token.transfer(attacker, 2 * CREDIT - 1, sender=payer)
    currency.token.arm(splitter, splitter.void.encode_input(order), sender=attacker)

    with reverts(currency.token.ERC20InsufficientBalance, sender=payer, balance=1, needed=CREDIT):
        splitter.authorize(order, sender=payer)

    assert status_of(splitter, order) == Status.NONE
    assert credits_of(splitter, currency, payer) == [0]


def test_reentrancy__token_publishes_and_joins__changes_no_payment(
    splitter, hook_order, brand, payer, attacker
):
    currency, order = hook_order
    plan = create_plan(brand, documentHash=b"\2" * 32)
    currency.token.arm(splitter, splitter.publishPlan.encode_input(plan), sender=attacker)
    splitter.authorize(order, sender=payer)
    currency.token.arm(splitter, splitter.join.encode_input(brand, brand), sender=attacker)
    splitter.authorize(order | {"salt": 2}, sender=payer)

    assert currency.token.succeeded()
    assert splitter.distributorOf(brand, currency.token).depth == 1
    assert splitter.planOf(splitter.planIdOf(plan)).brand == brand
    assert currency.token.balanceOf(splitter) == 2 * CREDIT
