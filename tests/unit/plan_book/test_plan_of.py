from tests.support.abi import ZERO_ADDRESS
from tests.support.programme import create_terms, publish


def plan_of(book, plan_id):
    plan = book.planOf(plan_id)
    return plan.brand, plan.currency, bytes(plan.catalogueRoot)


def test_plan_of__plan_is_unknown__is_zero(book, brand):
    plan_id = book.planIdOf(create_terms(brand))

    assert plan_of(book, plan_id) == (ZERO_ADDRESS, ZERO_ADDRESS, bytes(32))


def test_plan_of__plan_is_published__tells_brand_and_currency_and_root(book, brand, stablecoin):
    root = b"\1" * 32
    changes = {"currency": stablecoin.address, "catalogueRoot": root, "catalogueBps": 1}

    plan_id = publish(book, brand, **changes)

    assert plan_of(book, plan_id) == (brand, stablecoin, root)


def test_plan_of__plan_is_retired__still_tells(book, brand):
    plan_id = publish(book, brand)

    book.retire(plan_id, sender=brand)

    assert plan_of(book, plan_id) == (brand, ZERO_ADDRESS, bytes(32))
