import ape
import pytest

from tests.support.commerce import credits_of, in_coin, settle

pytestmark = pytest.mark.filterwarnings("ignore:SELFDESTRUCT:DeprecationWarning")


def test_receive__plain_coin_is_sent__reverts(splitter, payer):
    with ape.reverts():
        payer.transfer(splitter, 1)

    assert splitter.balance == 0


def test_receive__unknown_function_is_called__reverts(splitter, payer):
    with ape.reverts():
        payer.transfer(splitter, 0, data=b"\xde\xad\xbe\xef")


@in_coin
def test_receive__coin_is_forced_in__changes_no_credit(
    splitter, project, currency, captured, attacker, distributor, sponsor, brand
):
    attacker.deploy(project.ForceFeeder, splitter, value=777)

    settle(splitter, captured, attacker)

    assert splitter.balance == 10_777
    assert credits_of(splitter, currency, distributor, sponsor, brand) == [1000, 500, 8300]
    assert credits_of(splitter, currency, attacker, splitter) == [0, 0]


@in_coin
def test_receive__coin_is_forced_in__stays_when_all_have_withdrawn(
    splitter, project, captured, attacker, platform, distributor, sponsor, brand, coin
):
    attacker.deploy(project.ForceFeeder, splitter, value=777)
    settle(splitter, captured, attacker)

    for account in (platform, distributor, sponsor, brand):
        splitter.withdraw(account, coin.address, account, sender=account)

    assert splitter.balance == 777


@pytest.mark.parametrize("currency", ["token"], indirect=True)
def test_receive__tokens_are_donated__changes_no_credit(
    splitter, currency, captured, stablecoin, attacker, distributor, sponsor, brand
):
    stablecoin.mint(splitter, 777, sender=attacker)
    later = captured | {"salt": 2}

    currency.pay(splitter, later)
    settle(splitter, captured, attacker)

    assert stablecoin.balanceOf(splitter) == 20_777
    assert credits_of(splitter, currency, distributor, sponsor, brand) == [1000, 500, 8300]
