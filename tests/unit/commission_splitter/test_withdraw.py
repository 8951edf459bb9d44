import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.commerce import credits_of, in_coin, settle
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.orders import create_order, publish_plan
from tests.support.reverts import reverts

WITHDRAW = permission("withdraw")


@pytest.fixture
def settled(splitter, captured, relayer):
    """10,000 units divided: platform 200, distributor 1000, sponsor 500, brand 8300."""
    settle(splitter, captured, relayer)
    return captured


@in_coin
@pytest.mark.parametrize("prepare", REFUSED)
def test_withdraw__caller_may_not_act_for_account__reverts(
    splitter, identities, settled, distributor, manufacturer, prepare
):
    prepare(identities, distributor, WITHDRAW, manufacturer)

    with reverts(splitter.Ledger_NotAuthorized, account=distributor, actor=manufacturer):
        splitter.withdraw(distributor, ZERO_ADDRESS, manufacturer, sender=manufacturer)


@in_coin
@pytest.mark.parametrize("prepare", ALLOWED)
def test_withdraw__caller_may_act_for_account__pays(
    splitter, identities, currency, settled, distributor, manufacturer, prepare
):
    prepare(identities, distributor, WITHDRAW, manufacturer)

    splitter.withdraw(distributor, ZERO_ADDRESS, distributor, sender=manufacturer)

    assert credits_of(splitter, currency, distributor) == [0]


@in_coin
def test_withdraw__account_has_new_owner__reverts_for_former(
    splitter, identities, settled, distributor, relayer
):
    identities.changeOwner(distributor, relayer, sender=distributor)

    with reverts(splitter.Ledger_NotAuthorized, account=distributor, actor=distributor):
        splitter.withdraw(distributor, ZERO_ADDRESS, distributor, sender=distributor)


def test_withdraw__account_has_new_owner__pays_new_owner(
    splitter, identities, currency, settled, distributor, relayer
):
    identities.changeOwner(distributor, relayer, sender=distributor)

    with Money(splitter, distributor, relayer, token=currency.token) as money:
        splitter.withdraw(distributor, currency.address, relayer, sender=relayer)

    assert money.changes == {splitter.address: -1000, relayer.address: 1000}


@in_coin
def test_withdraw__account_is_deactivated__reverts(
    splitter, identities, currency, settled, distributor
):
    identities.changeOwner(distributor, ZERO_ADDRESS, sender=distributor)

    with reverts(splitter.Ledger_NotAuthorized, account=distributor, actor=distributor):
        splitter.withdraw(distributor, ZERO_ADDRESS, distributor, sender=distributor)

    assert credits_of(splitter, currency, distributor) == [1000]


@pytest.mark.parametrize("who", ["zero", "splitter"])
def test_withdraw__recipient_is_nobody_or_ledger_itself__reverts(
    splitter, currency, settled, distributor, who
):
    to = ZERO_ADDRESS if who == "zero" else splitter.address

    with reverts(splitter.Ledger_RecipientInvalid, to=to):
        splitter.withdraw(distributor, currency.address, to, sender=distributor)


def test_withdraw__account_never_had_credit__reverts(splitter, currency, settled, upline):
    with reverts(splitter.Ledger_NothingToWithdraw, account=upline, currency=currency.address):
        splitter.withdraw(upline, currency.address, upline, sender=upline)


def test_withdraw__credit_is_paid_out__reverts(splitter, currency, settled, distributor):
    splitter.withdraw(distributor, currency.address, distributor, sender=distributor)

    with reverts(splitter.Ledger_NothingToWithdraw, account=distributor, currency=currency.address):
        splitter.withdraw(distributor, currency.address, distributor, sender=distributor)


def test_withdraw__account_has_credit__emits_payment(
    splitter, currency, settled, distributor, shopper
):
    tx = splitter.withdraw(distributor, currency.address, shopper, sender=distributor)

    [first, *rest] = events_of(tx)
    assert first == event(
        splitter.Withdrawn,
        account=distributor,
        currency=currency.address,
        to=shopper,
        amount=1000,
    )
    assert [name for _, name, _ in rest] == (["Transfer"] if currency.token else [])


def test_withdraw__account_has_credit__pays_whole_of_it_to_recipient(
    splitter, currency, settled, distributor, shopper, parties
):
    with Money(*parties, shopper, token=currency.token) as money:
        splitter.withdraw(distributor, currency.address, shopper, sender=distributor)

    assert money.changes == {splitter.address: -1000, shopper.address: 1000}


def test_withdraw__account_has_credit__leaves_others_theirs(
    splitter, currency, settled, platform, distributor, sponsor, brand
):
    splitter.withdraw(distributor, currency.address, distributor, sender=distributor)

    assert credits_of(splitter, currency, platform, distributor, sponsor, brand) == [
        200,
        0,
        500,
        8300,
    ]


@in_coin
def test_withdraw__account_has_credit__returns_amount(splitter, settled, distributor):
    paid = splitter.withdraw.call(distributor, ZERO_ADDRESS, distributor, sender=distributor)

    assert paid == 1000


def test_withdraw__everyone_withdraws__leaves_nothing(
    splitter, currency, settled, platform, distributor, sponsor, brand, parties
):
    with Money(*parties, token=currency.token) as money:
        for account in (platform, distributor, sponsor, brand):
            splitter.withdraw(account, currency.address, account, sender=account)

    assert money.changes == {
        splitter.address: -10_000,
        platform.address: 200,
        distributor.address: 1000,
        sponsor.address: 500,
        brand.address: 8300,
    }
    assert not any(credits_of(splitter, currency, *parties))


@in_coin
def test_withdraw__credit_is_in_other_currency__stays_apart(
    splitter, settled, brand, payer, dollar, coin
):
    plan_id = publish_plan(splitter, brand, currency=dollar.address)
    order = create_order(plan_id, payer)
    dollar.pay(splitter, order)
    splitter.void(order, sender=brand)

    with reverts(splitter.Ledger_NothingToWithdraw, account=payer, currency=ZERO_ADDRESS):
        splitter.withdraw(payer, coin.address, payer, sender=payer)

    assert credits_of(splitter, dollar, payer) == [10_000]
