"""M12: a withdrawal pays exactly the credit, once, to whom it belongs.

The credit is gone before the money is sent, so that being paid is no way to be paid again. Whoever
sends the transaction, it goes to the party's own address; elsewhere only at the wish of the account
itself, or its delegate in withdrawals.
"""

import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.money import Money
from tests.support.programme import account, hand_over, member
from tests.support.reverts import reverts

CREDIT = 10_000


@pytest.fixture
def sales(request, coin_sales, token_sales):
    return coin_sales if request.param == "coin" else token_sales


both = pytest.mark.parametrize("sales", ["coin", "token"], indirect=True)


@both
def test_m12_exact_withdrawal__account_has_credit__pays_all_of_it_once(
    escrow, sales, shopper, attacker
):
    sales.deposit(shopper, CREDIT)
    party = account(sales.brand)

    with Money(escrow, sales.brand, attacker, token=sales.token) as money:
        escrow.withdraw(party, sales.currency, sender=attacker)

    assert money.changes == {escrow.address: -CREDIT, sales.brand.address: CREDIT}
    assert sales.credit(party) == 0
    with reverts(escrow.PartyLedger_NothingToWithdraw, party=party, currency=sales.currency):
        escrow.withdraw(party, sales.currency, sender=attacker)


@both
def test_m12_exact_withdrawal__party_is_named_twice__pays_once(escrow, sales, shopper, attacker):
    sales.deposit(shopper, CREDIT)
    sales.provide(shopper, 1)
    payee = (account(sales.brand), sales.currency)

    with Money(escrow, sales.brand, token=sales.token) as money:
        escrow.withdrawBatch([payee, payee, payee], sender=attacker)

    assert money.changes == {escrow.address: -CREDIT, sales.brand.address: CREDIT}


@pytest.mark.parametrize("method", ["withdraw", "withdrawBatch"])
def test_m12_exact_withdrawal__receiver_looks_while_it_is_paid__finds_no_credit_left(
    project, deployer, escrow, payer, attacker, method
):
    receiver = deployer.deploy(project.ReentrantReceiver)
    for holder in (receiver, attacker):
        escrow.deposit(holder, ZERO_ADDRESS, CREDIT, sender=payer, value=CREDIT)
    party = account(receiver)
    receiver.arm(escrow, escrow.creditOf.encode_input(party, ZERO_ADDRESS), sender=attacker)

    if method == "withdraw":
        escrow.withdraw(party, ZERO_ADDRESS, sender=attacker)
    else:
        escrow.withdrawBatch([(party, ZERO_ADDRESS)], sender=attacker)

    assert receiver.succeeded()
    assert int.from_bytes(receiver.result()) == 0
    assert receiver.balance == CREDIT


def test_m12_exact_withdrawal__distributor_changed_its_payout__pays_there_alone(
    escrow, network, coin_sales, coin_order, brand, distributor, shopper, attacker
):
    coin_sales.settled(coin_order)
    hand_over(network, brand, coin_sales.seller, distributor, shopper)

    with Money(escrow, distributor, shopper) as money:
        escrow.withdraw(member(brand, coin_sales.seller), ZERO_ADDRESS, sender=attacker)

    assert money.changes == {escrow.address: -1_000, shopper.address: 1_000}


def test_m12_exact_withdrawal__another_sends_it_elsewhere__is_refused(
    escrow, identities, payer, shopper, attacker, manufacturer, platform, deployer
):
    escrow.deposit(shopper, ZERO_ADDRESS, CREDIT, sender=payer, value=CREDIT)
    order = permission("order")
    identities.addDelegate(shopper, order, manufacturer, 10**9, sender=shopper)

    for other in (attacker, manufacturer, platform, deployer, payer):
        with reverts(
            escrow.PartyLedger_NotAuthorized, account=shopper.address, actor=other.address
        ):
            escrow.withdrawTo(shopper, ZERO_ADDRESS, other, sender=other)
    assert escrow.creditOf(account(shopper), ZERO_ADDRESS) == CREDIT
