import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import DAY, Line, account, member, publish
from tests.support.reverts import reverts


def test_withdraw__distributor_has_credit__pays_its_account(
    sales, order, escrow, attacker, distributor, brand
):
    sales.settled(order)
    party = member(brand, sales.seller)

    with Money(escrow, distributor, token=sales.token) as money:
        tx = escrow.withdraw(party, sales.currency, sender=attacker)

    assert money.changes == {escrow.address: -1_000, distributor.address: 1_000}
    assert [e for e in events_of(tx) if e[0] == escrow.address] == [
        event(
            escrow.Withdrawn,
            party=party,
            currency=sales.currency,
            to=distributor,
            amount=1_000,
        )
    ]
    assert sales.credits() == [200, 8_500, 100, 200, 0]


def test_withdraw__platform_has_fees__pays_platform(
    sales, order, escrow, platform, attacker, brand
):
    sales.settled(order)

    with Money(escrow, platform, token=sales.token) as money:
        escrow.withdraw(member(brand, 1), sales.currency, sender=attacker)

    assert money.changes == {escrow.address: -200, platform.address: 200}
    assert sales.credits() == [0, 8_500, 100, 200, 1_000]


def test_withdraw__brand_has_credit__leaves_platforms_fees(sales, order, escrow, brand, attacker):
    sales.settled(order)

    with Money(escrow, brand, token=sales.token) as money:
        escrow.withdraw(account(brand), sales.currency, sender=attacker)

    assert money.changes == {escrow.address: -8_500, brand.address: 8_500}
    assert sales.credits() == [200, 0, 100, 200, 1_000]


def test_withdraw__credit_was_withdrawn__reverts(coin_sales, coin_order, escrow, brand, payer):
    coin_sales.settled(coin_order)
    party = member(brand, coin_sales.seller)
    escrow.withdraw(party, ZERO_ADDRESS, sender=payer)

    with reverts(escrow.PartyLedger_NothingToWithdraw, party=party, currency=ZERO_ADDRESS):
        escrow.withdraw(party, ZERO_ADDRESS, sender=payer)


def test_withdraw__platform_has_no_fees__reverts(coin_sales, escrow, brand, payer):
    coin_sales.deposit(payer, 7)

    with reverts(
        escrow.PartyLedger_NothingToWithdraw, party=member(brand, 1), currency=ZERO_ADDRESS
    ):
        escrow.withdraw(member(brand, 1), ZERO_ADDRESS, sender=payer)


def test_withdraw__distributor_is_unknown__reverts(escrow, brand, payer):
    with reverts(escrow.PartyLedger_RecipientInvalid, to=ZERO_ADDRESS):
        escrow.withdraw(member(brand, 99), ZERO_ADDRESS, sender=payer)


def test_withdraw__account_is_escrow__reverts(escrow, payer):
    escrow.deposit(escrow, ZERO_ADDRESS, 5, sender=payer, value=5)

    with reverts(escrow.PartyLedger_RecipientInvalid, to=escrow.address):
        escrow.withdraw(account(escrow), ZERO_ADDRESS, sender=payer)


def test_withdraw__payout_address_changed__pays_there(
    coin_sales, coin_order, escrow, network, brand, distributor, shopper
):
    coin_sales.settled(coin_order)
    network.announcePayout(brand, coin_sales.seller, shopper, sender=distributor)
    next_block_at(now() + 2 * DAY)
    network.activatePayout(brand, coin_sales.seller, sender=distributor)

    with Money(escrow, shopper) as money:
        escrow.withdraw(member(brand, coin_sales.seller), ZERO_ADDRESS, sender=distributor)

    assert money.changes == {escrow.address: -1_000, shopper.address: 1_000}


def test_withdraw__recipient_refuses__reverts_and_keeps_credit(project, deployer, escrow, payer):
    receiver = deployer.deploy(project.RevertingReceiver)
    escrow.deposit(receiver, ZERO_ADDRESS, 7, sender=payer, value=7)

    with reverts(
        escrow.PartyLedger_PaymentRefused, currency=ZERO_ADDRESS, to=receiver.address, amount=7
    ):
        escrow.withdraw(account(receiver), ZERO_ADDRESS, sender=payer)
    assert escrow.creditOf(account(receiver), ZERO_ADDRESS) == 7


def test_withdraw__credit_is_wider_than_its_word__pays_all_of_it(
    coin_sales, book, brand, escrow, payer, stablecoin
):
    plan_id = publish(book, brand, currency=stablecoin.address)
    sales = type(coin_sales)(escrow, brand, payer, coin_sales.numbers, stablecoin)
    amount = 2**127
    sales.settled(sales.order(plan_id, lines=[Line(amount)], salt=1))
    sales.settled(sales.order(plan_id, lines=[Line(10_000)], salt=2))
    party = member(brand, sales.seller)
    due = sales.credit(party)
    assert due > 2**96

    escrow.withdraw(party, stablecoin, sender=payer)
    sales.settled(sales.order(plan_id, lines=[Line(10_000)], salt=3))

    assert sales.credit(party) == 1_000


@pytest.mark.parametrize("mock", ["GasEatingReceiver", "BombReceiver", "RevertBombReceiver"])
def test_withdraw__another_recipient_is_hostile__pays_rest(
    project, deployer, escrow, payer, shopper, mock
):
    hostile = deployer.deploy(getattr(project, mock))
    for holder in (hostile, shopper):
        escrow.deposit(holder, ZERO_ADDRESS, 9, sender=payer, value=9)

    with Money(escrow, shopper, hostile) as money:
        escrow.withdrawBatch(
            [(account(hostile), ZERO_ADDRESS), (account(shopper), ZERO_ADDRESS)], sender=payer
        )

    assert money.changes[shopper.address] == 9


def test_withdraw__account_keeps_its_credit__reverts(escrow, payer, shopper, attacker):
    escrow.setCreditKept(shopper, ZERO_ADDRESS, True, sender=shopper)
    escrow.deposit(shopper, ZERO_ADDRESS, 7, sender=payer, value=7)

    for sender in (attacker, shopper):
        with reverts(escrow.PartyLedger_CreditKept, party=account(shopper), currency=ZERO_ADDRESS):
            escrow.withdraw(account(shopper), ZERO_ADDRESS, sender=sender)


def test_withdraw__name_is_like_platforms__reverts(coin_sales, coin_order, escrow, brand, payer):
    coin_sales.settled(coin_order)

    for bits in (1 << 32, 1 << 95):
        with reverts(escrow.PartyLedger_RecipientInvalid, to=ZERO_ADDRESS):
            escrow.withdraw(member(brand, bits | 1), ZERO_ADDRESS, sender=payer)
    assert coin_sales.credits()[0] == 200
