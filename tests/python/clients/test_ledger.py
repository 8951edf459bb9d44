"""Taking out what the ledger owes, one party or many in a transaction."""

import pytest

from tests.python.chain.world import creation_of, new_signer
from weilian.abi import Artifact
from weilian.chain import ZERO_ADDRESS, ContractRevert
from weilian.commission.parties import account_party
from weilian.ledger import (
    PAYEES_PER_TRANSACTION,
    NothingToWithdrawError,
    batch_gas,
    most_payees,
)


@pytest.fixture
def deploy_code(chain, deployer):
    """Put runtime code on the chain; gives its address."""

    def deploy(runtime):
        artifact = Artifact("Recipient", (), creation_of(runtime), runtime, ())
        return chain.send(chain.creation(artifact, []), deployer).contract_address

    return deploy


def test_withdraw__nothing_there__is_refused_before_anything_is_sent(ledger, brand, stranger):
    with pytest.raises(NothingToWithdrawError, match="no credit"):
        ledger.withdraw(stranger.address, ZERO_ADDRESS, stranger)
    with pytest.raises(NothingToWithdrawError, match="no credit"):
        ledger.withdraw_to(brand.address, ZERO_ADDRESS, stranger.address, stranger)


def test_withdraw_to__for_another__is_refused(ledger, brand, stranger):
    ledger.deposit(brand.address, ZERO_ADDRESS, 5, stranger)

    with pytest.raises(ContractRevert) as caught:
        ledger.withdraw_to(brand.address, ZERO_ADDRESS, stranger.address, stranger)

    assert caught.value.name == "PartyLedger_NotAuthorized"
    done = ledger.withdraw_to(brand.address, ZERO_ADDRESS, stranger.address, brand)
    assert (done.to, done.amount) == (stranger.address, 5)


def test_set_credit_kept__stranger_pays_it_out__is_refused_until_it_is_let_go(
    ledger, brand, stranger
):
    ledger.deposit(brand.address, ZERO_ADDRESS, 5, stranger)
    ledger.set_credit_kept(brand.address, ZERO_ADDRESS, True, brand)

    assert ledger.is_credit_kept(brand.address, ZERO_ADDRESS)
    with pytest.raises(ContractRevert) as caught:
        ledger.withdraw(brand.address, ZERO_ADDRESS, stranger)
    assert caught.value.name == "PartyLedger_CreditKept"
    ledger.set_credit_kept(brand.address, ZERO_ADDRESS, False, brand)
    assert ledger.withdraw(brand.address, ZERO_ADDRESS, stranger).amount == 5


def test_withdraw_fees_to__platform_has_none_or_another_asks__is_refused(ledger, brand, stranger):
    with pytest.raises(NothingToWithdrawError, match="no credit"):
        ledger.withdraw_fees_to(brand.address, ZERO_ADDRESS, stranger.address, stranger)


def test_withdraw_batch__several_transactions__pays_each_once(chain, ledger, relayer, monkeypatch):
    monkeypatch.setattr("weilian.ledger.PAYEES_PER_TRANSACTION", 2)
    accounts = [new_signer(chain, 0).address for _ in range(5)]
    for account in accounts[:4]:
        ledger.deposit(account, ZERO_ADDRESS, 9, relayer)
    progress = []

    payouts = ledger.withdraw_batch(
        [(account_party(account), ZERO_ADDRESS) for account in accounts], relayer, progress.append
    )

    assert [each.to for each in payouts.paid] == accounts[:4]
    assert payouts.failed == ()
    assert progress == [2, 4, 5]


def test_withdraw_batch__recipients_burn_more_than_estimated__pays_the_last(
    chain, ledger, deploy_code, relayer, monkeypatch
):
    burning = deploy_code(bytes.fromhex("fe"))
    keeping = "".join(f"600160{slot:02x}55" for slot in range(7))  # 155,000 gas, of 200,000
    thrifty = deploy_code(bytes.fromhex(keeping))
    for account in (burning, thrifty):
        ledger.deposit(account, ZERO_ADDRESS, 9, relayer)
    burnt = [(account_party(burning), ZERO_ADDRESS)] * (PAYEES_PER_TRANSACTION - 1)
    # As for recipients that are cheap while they are tried as a call.
    monkeypatch.setattr(type(chain), "_estimate", lambda *_: 3_000_000)

    payouts = ledger.withdraw_batch([*burnt, (account_party(thrifty), ZERO_ADDRESS)], relayer)

    assert [each.to for each in payouts.paid] == [thrifty]
    assert {each.to for each in payouts.failed} == {burning}


def test_payable__some_refuse_or_have_nothing__leaves_those_out(
    chain, ledger, deploy_code, relayer
):
    burning = deploy_code(bytes.fromhex("fe"))
    accounts = [new_signer(chain, 0).address for _ in range(4)]
    for account in (burning, *accounts):
        ledger.deposit(account, ZERO_ADDRESS, 9, relayer)
    poor = new_signer(chain, 0).address
    named = [accounts[0], burning, *accounts[1:], poor]
    payees = [(account_party(account), ZERO_ADDRESS) for account in named]

    payable = ledger.payable(payees, relayer.address)

    assert payable == [(account_party(account), ZERO_ADDRESS) for account in accounts]
    assert ledger.payable(payees[1:2]) == ledger.payable([]) == []


@pytest.mark.parametrize(
    ("ceiling", "most"),
    [(0, 1), (579_999, 1), (580_000, 2), (12_000_000, 49), (12_100_000, 50), (10**9, 50)],
)
def test_most_payees__by_ceiling__fit_below_it(ceiling, most):
    assert most_payees(ceiling) == most
    assert batch_gas(most) <= max(ceiling, batch_gas(1))
