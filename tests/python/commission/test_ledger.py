"""The reference model by itself; tests/stateful holds it to the contract."""

from dataclasses import replace

import pytest

from weilian.address import ZERO_ADDRESS
from weilian.commission import LedgerModel, Limits, Order, OrderStatus, Plan, RefusedError
from weilian.commission.ledger import ImbalanceError
from weilian.commission.terms import NATIVE_CURRENCY

BRAND, SELLER, UPLINE, PAYER, PLATFORM = "brand", "seller", "upline", "payer", "platform"
PLAN = Plan(BRAND, NATIVE_CURRENCY, 200, 600, (1000, 500))
ORDER = Order(PLAN, PAYER, SELLER, 10_000, 1000)
COIN = NATIVE_CURRENCY


@pytest.fixture
def model():
    model = LedgerModel(Limits(3, 3000, 100, 600), PLATFORM, frozenset({"token"}))
    model.publish(PLAN, BRAND)
    model.join(BRAND, BRAND, UPLINE)
    model.join(BRAND, UPLINE, SELLER)
    return model


@pytest.fixture
def captured(model):
    model.authorize(ORDER, PAYER, 10_000, 10)
    model.capture(ORDER, PAYER, 20)
    return model


def credits_of(model):
    return {account: amount for (account, _), amount in model.credits.items() if amount}


def test_authorize__new_order__holds_its_amount(model):
    model.authorize(ORDER, PAYER, 10_000, 10)

    assert model.held[COIN] == model.escrow(COIN) == model.owed(COIN) == 10_000
    assert credits_of(model) == {}


def test_settle__whole_line__credits_everyone(captured):
    captured.settle(ORDER, 620)

    assert credits_of(captured) == {PLATFORM: 200, SELLER: 1000, UPLINE: 500, BRAND: 8300}
    assert captured.escrow(COIN) == 0


def test_settle__partly_refunded__splits_rest(captured):
    captured.refund(ORDER, 4000, BRAND, 619)

    captured.settle(ORDER, 620)

    rest = {PLATFORM: 120, SELLER: 600, UPLINE: 300, BRAND: 4980}
    assert credits_of(captured) == {PAYER: 4000, **rest}


def test_settle__payer_under_brand_alone__credits_one_account_twice(model):
    order = replace(ORDER, distributor=UPLINE, payer=BRAND)
    model.authorize(order, BRAND, 10_000, 10)
    model.capture(order, BRAND, 10)

    model.settle(order, 610)

    assert credits_of(model) == {PLATFORM: 200, UPLINE: 1000, BRAND: 8800}


def test_settle_batch__order_twice__settles_it_once(captured):
    assert captured.settle_batch([ORDER, ORDER], 620) == 1
    assert captured.settle_batch([ORDER], 620) == 0


def test_settle_batch__one_open__settles_none(captured):
    later = replace(ORDER, salt=1)
    captured.authorize(later, PAYER, 10_000, 30)
    captured.capture(later, PAYER, 30)

    with pytest.raises(RefusedError, match="RefundWindowOpen"):
        captured.settle_batch([ORDER, later], 620)

    assert captured.state(ORDER).status == OrderStatus.CAPTURED


def test_withdraw__credit__leaves_none(captured):
    captured.settle(ORDER, 620)

    assert captured.withdraw(SELLER, COIN, "wallet", SELLER) == 1000

    assert captured.held[COIN] == 9000
    captured.check()


@pytest.mark.parametrize("leave", ["void", "reclaim"])
def test_leave__not_captured__credits_payer(model, leave):
    model.authorize(ORDER, PAYER, 10_000, 10)

    if leave == "void":
        model.void(ORDER, BRAND)
    else:
        model.reclaim(ORDER, 1000)

    assert credits_of(model) == {PAYER: 10_000}
    model.check()


def test_refund__all_of_it__is_final(captured):
    captured.refund(ORDER, 1, BRAND, 30)
    captured.refund(ORDER, 9999, BRAND, 30)

    assert captured.state(ORDER).status == OrderStatus.REFUNDED
    with pytest.raises(RefusedError, match="WrongStatus"):
        captured.settle(ORDER, 620)


def test_check__money_from_nowhere__raises(captured):
    captured.credits[SELLER, COIN] += 1

    with pytest.raises(ImbalanceError, match=r"10000 of currency .* 10001 owed"):
        captured.check()


def test_publish__delegate__is_asked_of_authority(model):
    model.may = lambda identity, matter, actor: (
        (identity, matter, actor) == (BRAND, "plan", "agent")
    )

    model.publish(replace(PLAN, refund_window=700), "agent")

    with pytest.raises(RefusedError, match="NotAuthorized"):
        model.publish(replace(PLAN, refund_window=800), BRAND)


@pytest.mark.parametrize(
    ("changes", "error", "inputs"),
    [
        ({"level_bps": (1, 1, 1, 1)}, "TooDeep", {"depth": 4, "limit": 3}),
        ({"level_bps": (3001,)}, "CommissionTooHigh", {"commissionBps": 3001, "limit": 3000}),
        ({"platform_fee_bps": 99}, "PlatformFeeTooLow", {"platformFeeBps": 99, "limit": 100}),
        ({"platform_fee_bps": 8501}, "TotalTooHigh", {"totalBps": 10_001, "limit": 10_000}),
        ({"refund_window": 599}, "RefundWindowTooShort", {"refundWindow": 599, "limit": 600}),
        ({"currency": "nobody"}, "CurrencyNotContract", {"currency": "nobody"}),
        ({}, "PlanExists", {"planId": PLAN}),
    ],
)
def test_publish__bad_terms__is_refused(model, changes, error, inputs):
    with pytest.raises(RefusedError) as refusal:
        model.publish(replace(PLAN, **changes), BRAND)

    assert (refusal.value.error, refusal.value.inputs) == (f"PlanRegistry_{error}", inputs)


@pytest.mark.parametrize(
    ("changes", "value", "error"),
    [
        ({"amount": 0}, 0, "OrderEscrow_AmountZero"),
        ({"authorization_expiry": 10}, 10_000, "OrderEscrow_AuthorizationExpired"),
        ({"plan": replace(PLAN, refund_window=1)}, 10_000, "PlanRegistry_PlanUnknown"),
        ({"distributor": PAYER}, 10_000, "OrderEscrow_SelfPurchase"),
        ({"distributor": "stranger"}, 10_000, "OrderEscrow_DistributorUnknown"),
        ({"distributor": BRAND}, 10_000, "OrderEscrow_DistributorUnknown"),
        ({"payer": "other"}, 10_000, "OrderEscrow_NotPayer"),
        ({}, 9999, "Ledger_WrongValue"),
    ],
)
def test_authorize__bad_order__is_refused_and_changes_nothing(model, changes, value, error):
    with pytest.raises(RefusedError) as refusal:
        model.authorize(replace(ORDER, **changes), PAYER, value, 10)

    assert refusal.value.error == error
    assert not model.orders
    assert not model.held[COIN]


@pytest.mark.parametrize(
    ("brand", "sponsor", "actor", "error"),
    [
        (BRAND, BRAND, BRAND, "BrandCannotJoin"),
        (BRAND, BRAND, SELLER, "AlreadyJoined"),
        (BRAND, "stranger", "new", "SponsorUnknown"),
        (BRAND, ZERO_ADDRESS, "new", "SponsorUnknown"),
        (BRAND, "new", "new", "SponsorUnknown"),
        ("other brand", SELLER, "new", "SponsorUnknown"),
    ],
)
def test_join__bad_place__is_refused(model, brand, sponsor, actor, error):
    with pytest.raises(RefusedError, match=f"DistributorRegistry_{error}"):
        model.join(brand, sponsor, actor)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (lambda m: m.capture(ORDER, PAYER, 30), "WrongStatus"),
        (lambda m: m.void(ORDER, BRAND), "WrongStatus"),
        (lambda m: m.reclaim(ORDER, 1000), "WrongStatus"),
        (lambda m: m.refund(ORDER, 1, PAYER, 30), "NotAuthorized"),
        (lambda m: m.refund(ORDER, 0, BRAND, 30), "AmountZero"),
        (lambda m: m.refund(ORDER, 10_001, BRAND, 30), "RefundTooHigh"),
        (lambda m: m.refund(ORDER, 1, BRAND, 620), "RefundWindowOver"),
        (lambda m: m.settle(ORDER, 619), "RefundWindowOpen"),
    ],
)
def test_step__of_captured_order_out_of_turn__is_refused(captured, step, error):
    with pytest.raises(RefusedError, match=f"OrderEscrow_{error}"):
        step(captured)


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (lambda m: m.capture(ORDER, PAYER, 1000), "AuthorizationExpired"),
        (lambda m: m.capture(ORDER, SELLER, 999), "NotAuthorized"),
        (lambda m: m.void(ORDER, PAYER), "NotAuthorized"),
        (lambda m: m.reclaim(ORDER, 999), "AuthorizationNotExpired"),
        (lambda m: m.settle(ORDER, 9999), "WrongStatus"),
    ],
)
def test_step__of_authorized_order_out_of_turn__is_refused(model, step, error):
    model.authorize(ORDER, PAYER, 10_000, 10)

    with pytest.raises(RefusedError, match=f"OrderEscrow_{error}"):
        step(model)


@pytest.mark.parametrize(
    ("account", "to", "actor", "error"),
    [
        (PAYER, PAYER, SELLER, "NotAuthorized"),
        (PAYER, ZERO_ADDRESS, PAYER, "RecipientInvalid"),
        (PAYER, PAYER, PAYER, "NothingToWithdraw"),
    ],
)
def test_withdraw__without_right_or_credit__is_refused(model, account, to, actor, error):
    with pytest.raises(RefusedError, match=f"Ledger_{error}"):
        model.withdraw(account, COIN, to, actor)
