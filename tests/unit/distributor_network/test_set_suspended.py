import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.clock import next_block_at, now
from tests.support.events import event, events_of
from tests.support.invitations import member_of
from tests.support.programme import DAY, create_order, member, publish
from tests.support.reverts import reverts

PLAN = permission("plan")
REASON = b"sold below price".ljust(32, b"\0")


def set_suspended(network, brand, number, is_suspended, reason=REASON):
    return network.setSuspended(brand, number, is_suspended, reason, sender=brand)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_set_suspended__caller_may_act_for_brand__suspends(
    network, identities, brand, number, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    network.setSuspended(brand, number, True, REASON, sender=manufacturer)

    assert member_of(network, brand, number).isSuspended


@pytest.mark.parametrize("prepare", REFUSED)
def test_set_suspended__caller_may_not_act_for_brand__reverts(
    network, identities, brand, number, manufacturer, prepare
):
    prepare(identities, brand, PLAN, manufacturer)

    with reverts(network.DistributorNetwork_NotAuthorized, account=brand, actor=manufacturer):
        network.setSuspended(brand, number, True, REASON, sender=manufacturer)


def test_set_suspended__caller_is_distributor_itself__reverts(network, brand, number, distributor):
    with reverts(network.DistributorNetwork_NotAuthorized, account=brand, actor=distributor):
        network.setSuspended(brand, number, True, REASON, sender=distributor)


@pytest.mark.parametrize("unknown", [0, 1, 3, 2**32 - 1])
@pytest.mark.parametrize("is_suspended", [True, False])
def test_set_suspended__number_is_unknown__reverts(network, brand, number, unknown, is_suspended):
    with reverts(network.DistributorNetwork_Unknown, brand=brand, number=unknown):
        set_suspended(network, brand, unknown, is_suspended)


def test_set_suspended__distributor_sells__suspends(network, brand, number, distributor):
    before = member_of(network, brand, number)

    tx = set_suspended(network, brand, number, True)

    names = {"brand": brand, "number": number}
    assert events_of(tx) == [event(network.DistributorSuspended, **names, reason=REASON)]
    assert member_of(network, brand, number) == before._replace(isSuspended=True)
    assert not network.authorizationOf(brand, distributor).isAuthorized


def test_set_suspended__distributor_is_suspended__reinstates(network, brand, number, distributor):
    before = member_of(network, brand, number)
    set_suspended(network, brand, number, True)

    tx = set_suspended(network, brand, number, False)

    names = {"brand": brand, "number": number}
    assert events_of(tx) == [event(network.DistributorReinstated, **names)]
    assert member_of(network, brand, number) == before
    assert network.authorizationOf(brand, distributor).isAuthorized


@pytest.mark.parametrize("is_suspended", [True, False])
def test_set_suspended__it_is_so_already__reverts(network, brand, number, is_suspended):
    if is_suspended:
        set_suspended(network, brand, number, True)

    with reverts(
        network.DistributorNetwork_SuspensionUnchanged,
        brand=brand,
        number=number,
        isSuspended=is_suspended,
    ):
        set_suspended(network, brand, number, is_suspended, bytes(32))


def test_set_suspended__order_comes__is_refused_while_suspended(
    network, book, escrow, brand, number, payer
):
    order = create_order(publish(book, brand), payer, brand, seller=number)

    set_suspended(network, brand, number, True)
    with reverts(escrow.CommissionEscrow_SellerSuspended, brand=brand, seller=number):
        escrow.authorize(order, sender=payer, value=10_000)

    set_suspended(network, brand, number, False)
    escrow.authorize(order, sender=payer, value=10_000)


def test_set_suspended__order_came_before__pays_distributor_in_full(
    network, book, escrow, brand, number, payer
):
    order = create_order(publish(book, brand), payer, brand, seller=number)
    escrow.authorize(order, sender=payer, value=10_000)

    set_suspended(network, brand, number, True)

    escrow.capture(order, [], sender=payer)
    next_block_at(now() + 8 * DAY)
    escrow.settle([order], sender=payer)
    assert escrow.creditOf(member(brand, number), ZERO_ADDRESS) == 1_000


def test_set_suspended__distributor_has_payout_elsewhere__keeps_it(
    network, escrow, brand, number, distributor, shopper
):
    network.announcePayout(brand, number, shopper, sender=distributor)
    next_block_at(now() + 2 * DAY)
    network.activatePayout(brand, number, sender=distributor)

    for is_suspended in (True, False):
        set_suspended(network, brand, number, is_suspended)
        assert escrow.payoutOf(member(brand, number)) == shopper


def test_set_suspended__payout_is_announced__keeps_announcement(
    network, brand, number, distributor, shopper
):
    network.announcePayout(brand, number, shopper, sender=distributor)
    due = now() + 2 * DAY

    set_suspended(network, brand, number, True)

    next_block_at(due)
    network.activatePayout(brand, number, sender=distributor)
    assert member_of(network, brand, number).payout == shopper
