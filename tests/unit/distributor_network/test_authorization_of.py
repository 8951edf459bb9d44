from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import now
from tests.support.programme import create_order, join, publish

NOBODY = (False, 0, 0, bytes(32))


def authorization_of(network, brand, account):
    return tuple(network.authorizationOf(brand, account))


def test_authorization_of__account_has_not_joined__is_false(network, brand, number, payer):
    for account in (payer, brand, ZERO_ADDRESS):
        assert authorization_of(network, brand, account) == NOBODY


def test_authorization_of__account_joined_another_brand__is_false(
    network, manufacturer, number, distributor
):
    assert authorization_of(network, manufacturer, distributor) == NOBODY


def test_authorization_of__account_joined__tells_number_and_since_when_and_where(
    network, brand, distributor, payer
):
    join(network, brand, distributor)
    since = now()
    join(network, brand, payer)

    network.setTerritory(brand, 2, b"\1" * 32, sender=brand)

    assert authorization_of(network, brand, distributor) == (True, 2, since, b"\1" * 32)


def test_authorization_of__distributor_is_suspended__is_false_with_its_number(
    network, brand, number, distributor
):
    since = now()

    network.setSuspended(brand, number, True, bytes(32), sender=brand)

    assert authorization_of(network, brand, distributor) == (False, number, since, bytes(32))


def test_authorization_of__account_bought_from_distributor__is_false(
    network, book, escrow, brand, number, payer
):
    plan_id = publish(book, brand, bond=2)
    order = create_order(plan_id, payer, brand, seller=number)

    escrow.authorize(order, sender=payer, value=10_000)

    assert tuple(escrow.customerOf(brand, payer)) == (0, number)
    assert authorization_of(network, brand, payer) == NOBODY


def test_authorization_of__bound_buyer_joins__keeps_its_bond(
    network, book, escrow, brand, number, payer
):
    plan_id = publish(book, brand, bond=2)
    order = create_order(plan_id, payer, brand, seller=number)
    escrow.authorize(order, sender=payer, value=10_000)

    joined = join(network, brand, payer)

    assert authorization_of(network, brand, payer) == (True, joined, now(), bytes(32))
    assert tuple(escrow.customerOf(brand, payer)) == (joined, number)
