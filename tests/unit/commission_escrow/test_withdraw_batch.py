import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import account, member, publish
from tests.support.sales import Sales


def test_withdraw_batch__everyone_takes_it__pays_everyone(
    sales, order, escrow, attacker, brand, platform, upline, sponsor, distributor
):
    sales.settled(order)
    parties = [member(brand, number) for number in (1, *sales.numbers)]
    payees = [(party, sales.currency) for party in (*parties, account(brand))]

    with Money(escrow, brand, platform, upline, sponsor, distributor, token=sales.token) as money:
        escrow.withdrawBatch(payees, sender=attacker)

    assert money.changes == {
        escrow.address: -10_000,
        brand.address: 8_500,
        platform.address: 200,
        upline.address: 100,
        sponsor.address: 200,
        distributor.address: 1_000,
    }
    assert sales.credits() == [0] * 5


def test_withdraw_batch__someone_has_nothing__passes_it_over(escrow, payer, shopper, attacker):
    escrow.deposit(shopper, ZERO_ADDRESS, 3, sender=payer, value=3)

    tx = escrow.withdrawBatch(
        [(account(attacker), ZERO_ADDRESS), (account(shopper), ZERO_ADDRESS)], sender=payer
    )

    assert events_of(tx) == [
        event(
            escrow.Withdrawn,
            party=account(shopper),
            currency=ZERO_ADDRESS,
            to=shopper,
            amount=3,
        )
    ]


def test_withdraw_batch__payee_is_named_twice__pays_once(escrow, payer, shopper):
    escrow.deposit(shopper, ZERO_ADDRESS, 3, sender=payer, value=3)

    with Money(escrow, shopper) as money:
        escrow.withdrawBatch([(account(shopper), ZERO_ADDRESS)] * 2, sender=payer)

    assert money.changes == {escrow.address: -3, shopper.address: 3}


@pytest.mark.parametrize("mock", ["RevertingReceiver", "RevertBombReceiver", "GasEatingReceiver"])
def test_withdraw_batch__recipient_refuses__keeps_its_credit(
    project, deployer, escrow, payer, shopper, mock
):
    hostile = deployer.deploy(getattr(project, mock))
    for holder in (hostile, shopper):
        escrow.deposit(holder, ZERO_ADDRESS, 3, sender=payer, value=3)

    tx = escrow.withdrawBatch(
        [(account(hostile), ZERO_ADDRESS), (account(shopper), ZERO_ADDRESS)], sender=payer
    )

    assert [(name, values["party"]) for _, name, values in events_of(tx)] == [
        ("WithdrawalFailed", account(hostile)),
        ("Withdrawn", account(shopper)),
    ]
    assert escrow.creditOf(account(hostile), ZERO_ADDRESS) == 3


def test_withdraw_batch__token_denies_one_recipient__pays_others(
    project, deployer, escrow, payer, shopper, attacker
):
    token = deployer.deploy(project.DenylistToken)
    for holder in (attacker, shopper):
        token.mint(payer, 3, sender=payer)
        token.approve(escrow, 3, sender=payer)
        escrow.deposit(holder, token, 3, sender=payer)
    token.setDenied(attacker, True, sender=payer)

    escrow.withdrawBatch([(account(attacker), token), (account(shopper), token)], sender=payer)

    assert escrow.creditOf(account(attacker), token) == 3
    assert token.balanceOf(shopper) == 3


def test_withdraw_batch__distributor_is_unknown__passes_it_over(escrow, payer, brand):
    assert events_of(escrow.withdrawBatch([(member(brand, 9), ZERO_ADDRESS)], sender=payer)) == []


@pytest.mark.parametrize("holder", [ZERO_ADDRESS, "escrow"])
def test_withdraw_batch__account_cannot_be_paid_at_all__keeps_its_credit(
    escrow, payer, shopper, holder
):
    holder = escrow.address if holder == "escrow" else holder
    for each in (holder, shopper):
        escrow.deposit(each, ZERO_ADDRESS, 3, sender=payer, value=3)

    tx = escrow.withdrawBatch(
        [(account(holder), ZERO_ADDRESS), (account(shopper), ZERO_ADDRESS)], sender=payer
    )

    facts = {"currency": ZERO_ADDRESS, "amount": 3}
    assert events_of(tx) == [
        event(escrow.WithdrawalFailed, party=account(holder), to=holder, **facts),
        event(escrow.Withdrawn, party=account(shopper), to=shopper, **facts),
    ]
    assert escrow.creditOf(account(holder), ZERO_ADDRESS) == 3


def test_withdraw_batch__token_denies_platform__keeps_its_fees(
    project, deployer, escrow, book, brand, payer, platform, distributor, numbers
):
    token = deployer.deploy(project.DenylistToken)
    sales = Sales(escrow, brand, payer, numbers, token)
    sales.settled(sales.order(publish(book, brand, currency=token.address)))
    token.setDenied(platform, True, sender=payer)
    payees = [(member(brand, number), token) for number in (1, sales.seller)]

    with Money(escrow, platform, distributor, token=token) as money:
        escrow.withdrawBatch(payees, sender=payer)

    assert money.changes == {escrow.address: -1_000, distributor.address: 1_000}
    assert sales.credits() == [200, 8_500, 100, 200, 0]


def test_withdraw_batch__account_keeps_its_credit__passes_it_over(escrow, payer, shopper, attacker):
    for holder in (shopper, attacker):
        escrow.deposit(holder, ZERO_ADDRESS, 3, sender=payer, value=3)
    escrow.setCreditKept(shopper, ZERO_ADDRESS, True, sender=shopper)

    with Money(escrow, shopper, attacker) as money:
        tx = escrow.withdrawBatch(
            [(account(shopper), ZERO_ADDRESS), (account(attacker), ZERO_ADDRESS)], sender=shopper
        )

    assert [values["party"] for _, _, values in events_of(tx)] == [account(attacker)]
    assert money.changes == {escrow.address: -3, attacker.address: 3}
    assert escrow.creditOf(account(shopper), ZERO_ADDRESS) == 3
