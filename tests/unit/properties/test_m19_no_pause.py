"""M19: nobody can stop what pays people.

No contract of the commerce suite has a pause, an owner or an upgrade. The platform's manager can
close a contract it was put in charge of; these it was not, so with all of them closed there
withdrawals, refunds and settlements go on.
"""

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.order_paths import Paths, undone
from tests.support.programme import account

PARTS = ("escrow", "network", "book", "checkout", "disputes")
POWERS = (
    "pause",
    "freeze",
    "stop",
    "halt",
    "close",
    "owner",
    "admin",
    "authority",
    "upgrade",
    "initialize",
    "role",
    "rescue",
    "sweep",
    "denylist",
    "blacklist",
)
EXITS = {
    "authorized": ("void", "reclaim"),
    "partly captured": ("void", "reclaim", "refund"),
    "captured": ("refund", "settle"),
    "held": ("refund", "concede", "lapse"),
    "settled": ("refund_settled",),
}
"""What gives money back or on, in each state."""


@pytest.mark.parametrize("name", PARTS)
def test_m19_no_pause__contract_is_looked_at__has_no_such_power(programme, name):
    methods = [method.name for method in getattr(programme, name).contract_type.methods]

    assert methods, "the contract's interface is empty"
    assert [m for m in methods for power in POWERS if power in m.lower()] == []


@pytest.fixture
def closed(programme, manager, platform):
    """The platform closed every contract in its manager."""
    for name in PARTS:
        manager.setTargetClosed(getattr(programme, name), True, sender=platform)


@pytest.mark.parametrize("state", EXITS)
def test_m19_no_pause__manager_closed_everything__lets_orders_end(
    coin_sales, coin_order, disputes, relayer, closed, state
):
    paths = Paths(coin_sales, disputes, relayer)
    paths.bring(coin_order, state)

    for act in EXITS[state]:
        with undone():
            paths.act(act)(coin_order)


def test_m19_no_pause__manager_closed_everything__lets_credits_be_paid(
    escrow, coin_sales, closed, shopper, brand, relayer
):
    coin_sales.deposit(shopper, 3)
    party = account(brand)

    for pay in (
        lambda: escrow.withdraw(party, ZERO_ADDRESS, sender=relayer),
        lambda: escrow.withdrawBatch([(party, ZERO_ADDRESS)], sender=relayer),
        lambda: escrow.withdrawTo(brand, ZERO_ADDRESS, shopper, sender=brand),
    ):
        with undone():
            pay()
            assert escrow.creditOf(party, ZERO_ADDRESS) == 0
