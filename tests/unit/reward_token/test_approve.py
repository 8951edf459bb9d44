from tests.support.abi import ZERO_ADDRESS
from tests.support.reverts import reverts


def test_approve__holder_approves__sets_allowance_and_emits_it(minted, payer, shopper):
    tx = minted.approve(shopper, 9, sender=payer)

    assert tx.events == [minted.Approval(owner=payer, spender=shopper, value=9)]
    assert minted.allowance(payer, shopper) == 9


def test_approve__allowance__replaces_it(minted, payer, shopper):
    minted.approve(shopper, 9, sender=payer)

    minted.approve(shopper, 4, sender=payer)

    assert minted.allowance(payer, shopper) == 4


def test_approve__spender_is_zero__reverts(minted, payer):
    with reverts(minted.ERC20InvalidSpender, spender=ZERO_ADDRESS):
        minted.approve(ZERO_ADDRESS, 1, sender=payer)
