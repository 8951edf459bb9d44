"""M7: an order goes one way.

From each state only the acts of the table are possible, and lead where it says. What ended stays
ended; what is released and refunded of an order is never more than its price.
"""

import ape
import pytest

from tests.support.order_paths import PATHS, Paths, undone
from tests.support.programme import Part
from tests.support.reverts import is_error, reverts
from tests.support.sales import Status

AUTHORIZED, CAPTURED, SETTLED = Status.AUTHORIZED, Status.CAPTURED, Status.SETTLED
ACTS = (
    "authorize",
    "capture",
    "capture_part",
    "void",
    "reclaim",
    "refund",
    "open",
    "concede",
    "settle",
    "refund_settled",
)
LEADS = {
    "new": {"authorize": AUTHORIZED},
    "authorized": {
        "capture": CAPTURED,
        "capture_part": AUTHORIZED,
        "void": Status.VOIDED,
        "reclaim": Status.RECLAIMED,
    },
    "partly captured": {
        "capture": CAPTURED,
        "capture_part": AUTHORIZED,
        "void": CAPTURED,
        "reclaim": CAPTURED,
        "refund": AUTHORIZED,
    },
    "captured": {"refund": CAPTURED, "open": CAPTURED, "settle": SETTLED},
    "held": {"refund": CAPTURED, "concede": CAPTURED},
    "ruled": {"refund": CAPTURED, "settle": SETTLED},
    "settled": {"settle": SETTLED, "refund_settled": SETTLED},
    "voided": {},
    "reclaimed": {},
}
"""What can be done in a state, and where it leads; a settled order is passed over by settling."""


@pytest.fixture
def paths(coin_sales, disputes, relayer):
    return Paths(coin_sales, disputes, relayer)


@pytest.fixture
def by_status(escrow):
    return (escrow.CommissionEscrow_WrongStatus,)


@pytest.fixture
def reasons(escrow, disputes, by_status):
    """What can refuse an act that is not simply out of the escrow's order."""
    held, ruled = escrow.CommissionEscrow_Held, escrow.CommissionEscrow_AlreadyRuled
    return {
        "open": (*by_status, held, ruled, disputes.OrderDisputes_WindowOver),
        "concede": (disputes.OrderDisputes_NotOpen,),
        "settle": (*by_status, held),
    }


@pytest.mark.parametrize("state", PATHS)
def test_m07_states__order_is_in_state__can_go_where_table_leads_and_nowhere_else(
    paths, coin_order, reasons, by_status, state
):
    paths.bring(coin_order, state)
    before = paths.status(coin_order)

    for act in ACTS:
        with undone():
            if act in LEADS[state]:
                paths.act(act)(coin_order)
                assert paths.status(coin_order) == LEADS[state][act]
                continue
            with ape.reverts() as refusal:
                paths.act(act)(coin_order)
            assert any(is_error(refusal.value, error) for error in reasons.get(act, by_status))
            assert paths.status(coin_order) == before


def test_m07_states__all_was_refunded__refunds_no_more(coin_sales, coin_order, escrow, brand):
    coin_sales.captured(coin_order)
    escrow.refund(coin_order, [Part(0, 10_000)], sender=brand)

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=coin_sales.id_of(coin_order),
        line=0,
        amount=1,
        limit=0,
    ):
        escrow.refund(coin_order, [Part(0, 1)], sender=brand)


def test_m07_states__all_but_one_unit_was_captured__captures_no_more_than_that(
    coin_sales, coin_order, escrow, payer
):
    coin_sales.authorize(coin_order)
    coin_sales.capture(coin_order, Part(0, 9_999))

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=coin_sales.id_of(coin_order),
        line=0,
        amount=2,
        limit=1,
    ):
        coin_sales.capture(coin_order, Part(0, 2))


def test_m07_states__all_was_refunded_after_settling__refunds_no_more(
    coin_sales, coin_order, escrow, brand
):
    [(net, allocation)] = coin_sales.settled(coin_order)
    escrow.refundSettled(coin_order, [(net, allocation)], [Part(0, net)], sender=brand, value=net)

    with reverts(
        escrow.CommissionEscrow_PartTooHigh,
        orderId=coin_sales.id_of(coin_order),
        line=0,
        amount=1,
        limit=0,
    ):
        escrow.refundSettled(coin_order, [(0, allocation)], [Part(0, 1)], sender=brand, value=1)
