"""M8: nobody earns before settlement.

Until an order is settled, neither platform nor brand nor anybody of the line has any credit from
it, whatever was done to it and however long ago.
"""

import pytest

from tests.support.order_paths import Paths

EARLY = ("authorized", "partly captured", "captured", "held", "ruled", "voided", "reclaimed")


@pytest.mark.parametrize("state", EARLY)
def test_m08_no_early_credit__order_is_not_settled__credits_nobody_who_earns(
    coin_sales, coin_order, disputes, relayer, state
):
    Paths(coin_sales, disputes, relayer).bring(coin_order, state)
    coin_sales.mature()

    assert coin_sales.credits() == [0] * 5


def test_m08_no_early_credit__order_is_settled__credits_everyone(coin_sales, coin_order):
    coin_sales.settled(coin_order)

    assert coin_sales.credits() == [200, 8_500, 100, 200, 1_000]
