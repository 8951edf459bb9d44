from tests.support.commerce import Status, in_coin, order_id


@in_coin
def test_order_of__order_is_unknown__returns_zeros(splitter, order):
    assert tuple(splitter.orderOf(order_id(splitter, order))) == (Status.NONE, 0, 0)


@in_coin
def test_order_of__order_is_captured_and_partly_refunded__returns_its_state(
    splitter, authorized, payer, brand
):
    tx = splitter.capture(authorized, sender=payer)
    splitter.refund(authorized, 7, sender=brand)

    state = splitter.orderOf(order_id(splitter, authorized))

    assert tuple(state) == (Status.CAPTURED, tx.timestamp, 7)
