"""M13: nobody lowers another's credit or order.

A stranger, another brand and the members of the line itself try everything that can be called on
escrow, network, plan book, disputes and checkout: nothing of others' changes. Only what anyone may,
to pay a party what it has, lowers its credit, by what arrives at it.
"""

from tests.support.money import Money
from tests.support.programme import account, member


def test_m13_no_taking__something_can_be_called__is_among_what_is_tried(estate):
    assert estate.untried() == set()


def test_m13_no_taking__stranger_tries_everything__changes_nothing(estate, attacker):
    assert estate.try_all(attacker) == []


def test_m13_no_taking__another_brand_tries_everything__changes_nothing(estate, issuer):
    assert estate.try_all(issuer) == []


def test_m13_no_taking__distributor_tries_everything_against_others__changes_nothing(
    estate, upline
):
    assert estate.try_all(upline) == []


def test_m13_no_taking__stranger_pays_out__pays_each_what_it_has(
    estate, escrow, brand, payer, distributor, attacker
):
    currency = estate.sales.currency
    parties = [account(brand), account(payer), member(brand, estate.sales.seller)]

    with Money(escrow, brand, payer, distributor) as money:
        escrow.withdrawBatch([(party, currency) for party in parties], sender=attacker)

    assert money.changes == {
        escrow.address: -8_500 - 5_000 - 1_000,
        brand.address: 8_500,
        payer.address: 5_000,
        distributor.address: 1_000,
    }
