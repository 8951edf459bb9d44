"""M9: who may move an order, exactly.

Each act is tried by everyone: payer, brand, its delegate in orders and the order's operator, the
seller, its sponsor, platform, deployer and a stranger. Those the table names succeed; all others,
and those it names before their time, are refused with the error that says why.
"""

import pytest

from tests.support.abi import permission
from tests.support.clock import next_block_at
from tests.support.order_paths import Paths, undone
from tests.support.programme import DAY, REFUND_WINDOW, Part
from tests.support.reverts import reverts
from tests.support.sales import Status

SHOP = {"brand", "delegate"}
OPERATED = SHOP | {"operator"}
TRADE = OPERATED | {"payer"}
LONG = 10**9  # seconds


def capture_all(escrow, order, shares, sender):
    escrow.capture(order, [], sender=sender)


def capture_part(escrow, order, shares, sender):
    escrow.capture(order, [Part(0, 7)], sender=sender)


def void(escrow, order, shares, sender):
    escrow.void(order, sender=sender)


def refund(escrow, order, shares, sender):
    escrow.refund(order, [Part(0, 7)], sender=sender)


def refund_settled(escrow, order, shares, sender):
    escrow.refundSettled(order, shares, [Part(0, 7)], sender=sender, value=7)


def hold(escrow, order, shares, sender):
    escrow.hold(order, sender=sender)


def rule(escrow, order, shares, sender):
    escrow.rule(order, 5_000, sender=sender)


ACTS = {
    "capture": (capture_all, "authorized", TRADE),
    "capture of parts": (capture_part, "authorized", TRADE),
    "void": (void, "authorized", OPERATED),
    "refund": (refund, "captured", SHOP),
    "refund after settling": (refund_settled, "settled", SHOP),
    "hold": (hold, "captured", set()),
    "ruling": (rule, "held", set()),
}
"""What is done, to an order in which state, and who may; hold and ruling are the disputes'."""


@pytest.fixture
def people(
    identities,
    brand,
    payer,
    manufacturer,
    shopper,
    distributor,
    sponsor,
    deployer,
    platform,
    attacker,
):
    """Everyone by part; the manufacturer is the brand's delegate, the shopper the operator."""
    identities.addDelegate(brand, permission("order"), manufacturer, LONG, sender=brand)
    return {
        "payer": payer,
        "brand": brand,
        "delegate": manufacturer,
        "operator": shopper,
        "seller": distributor,
        "sponsor": sponsor,
        "deployer": deployer,
        "platform": platform,
        "stranger": attacker,
    }


@pytest.fixture
def paths(coin_sales, disputes, relayer):
    return Paths(coin_sales, disputes, relayer)


@pytest.fixture
def operated(coin_sales, coin_plan, people):
    """An order that names an operator."""
    return coin_sales.order(coin_plan, operator=people["operator"])


@pytest.mark.parametrize("name", ACTS)
def test_m09_who_may__everyone_tries__lets_those_of_table_and_refuses_others(
    escrow, paths, operated, people, name
):
    act, state, allowed = ACTS[name]
    paths.bring(operated, state)
    order_id = paths.sales.id_of(operated)

    for part, person in people.items():
        with undone():
            if part in allowed:
                act(escrow, operated, paths.shares, person)
                continue
            with reverts(
                escrow.CommissionEscrow_NotAuthorized, orderId=order_id, actor=person.address
            ):
                act(escrow, operated, paths.shares, person)


def test_m09_who_may__order_is_not_mature__lets_nobody_settle(escrow, paths, operated, people):
    paths.bring(operated, "captured")
    due = paths.sales.changed_at(operated) + REFUND_WINDOW + DAY

    for person in people.values():
        with undone():
            next_block_at(due - 1)
            with reverts(
                escrow.CommissionEscrow_NotMature,
                orderId=paths.sales.id_of(operated),
                maturesAt=due,
                time=due - 1,
            ):
                escrow.settle([operated], sender=person)


def test_m09_who_may__order_is_mature__lets_everyone_settle(escrow, paths, operated, people):
    paths.bring(operated, "captured")
    due = paths.sales.changed_at(operated) + REFUND_WINDOW + DAY

    for person in people.values():
        with undone():
            next_block_at(due)
            escrow.settle([operated], sender=person)
            assert paths.status(operated) == Status.SETTLED


def test_m09_who_may__order_has_not_expired__lets_nobody_reclaim(escrow, paths, operated, people):
    paths.bring(operated, "authorized")
    expiry = operated["authorizationExpiry"]

    for person in people.values():
        with undone():
            next_block_at(expiry - 1)
            with reverts(
                escrow.CommissionEscrow_AuthorizationNotExpired,
                orderId=paths.sales.id_of(operated),
                expiry=expiry,
                time=expiry - 1,
            ):
                escrow.reclaim(operated, sender=person)


def test_m09_who_may__receipt_expired__lets_everyone_capture_all_and_strangers_no_part(
    escrow, coin_sales, coin_plan, people
):
    order = coin_sales.order(coin_plan)
    order["receiptExpiry"] = order["authorizationExpiry"] - 100
    coin_sales.authorize(order)
    order_id = coin_sales.id_of(order)

    for person in people.values():
        with undone():
            next_block_at(order["receiptExpiry"])
            escrow.capture(order, [], sender=person)
    stranger = people["stranger"]
    next_block_at(order["receiptExpiry"])
    with reverts(escrow.CommissionEscrow_NotAuthorized, orderId=order_id, actor=stranger.address):
        escrow.capture(order, [Part(0, 7)], sender=stranger)
