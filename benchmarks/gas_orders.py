"""Gas of orders in escrow: paid, captured, shared, refunded, withdrawn."""

from typing import Any

from web3 import Web3

from benchmarks.gas_meter import Meter
from benchmarks.market import MATURITY, PRICE, Market
from benchmarks.world import DAY, NATIVE, REFUND_WINDOW

BATCH_OF_ORDERS = 50
BATCH_OF_PAYEES = 20
DISTRIBUTORS = (2, 3, 4)


def measure_orders(market: Market, meter: Meter) -> None:
    """Everything about orders, in the coin first, then in a token; each round is warmed up."""
    world = market.world
    scratch = Meter(world.node)
    sponsor, number = world.brand, 0
    for account in world.line:
        meter.measure("join", market.joining(sponsor, number, account), account)
        sponsor, number = account, number + (2 if number == 0 else 1)
    token = world.currency.address
    world.node.send(
        world.currency.functions.approve(market.escrow.address, 2**256 - 1), world.payer
    )
    world.node.send(world.currency.functions.mint(market.escrow.address, 10**18), world.deployer)
    _measure_life(market, meter, scratch, NATIVE, "eth")
    _measure_life(market, meter, scratch, token, "erc20")
    _measure_charge(market, meter, scratch, token)
    _measure_payees(market, meter, scratch, token)


def _measure_life(market: Market, meter: Meter, scratch: Meter, currency: str, suffix: str) -> None:
    world, escrow = market.world, market.escrow.functions
    plan_id, publication = market.publish(currency)
    meter.measure(f"publish_plan_{suffix}", publication, world.brand)
    orders = [market.order(plan_id, currency, number) for number in range(BATCH_OF_ORDERS + 5)]
    value = PRICE if currency == NATIVE else 0
    for order in orders[1:]:
        scratch.measure("", escrow.authorize(order), world.payer, value)
    meter.measure(f"authorize_{suffix}", escrow.authorize(orders[0]), world.payer, value)
    single, warm_up, refunded, voided, by_brand, *many = orders

    scratch.measure("", escrow.void(voided), market.operator)
    for order in (warm_up, refunded, *many):
        scratch.measure("", escrow.capture(order, []), market.operator)
    meter.measure("capture_by_brand", escrow.capture(by_brand, []), world.brand)
    meter.measure("capture", escrow.capture(single, []), market.operator)
    meter.measure("refund", escrow.refund(refunded, [(0, PRICE // 4)]), world.brand)
    world.node.pass_time(REFUND_WINDOW + MATURITY)
    scratch.measure("", escrow.settle([warm_up]), world.relayer)
    meter.measure("settle_1", escrow.settle([single]), world.relayer)
    meter.measure("settle_50_each", escrow.settle(many), world.relayer, per=BATCH_OF_ORDERS)
    _measure_withdrawals(market, meter, scratch, currency, suffix)


def _measure_withdrawals(
    market: Market, meter: Meter, scratch: Meter, currency: str, suffix: str
) -> None:
    escrow = market.escrow.functions
    relayer = market.world.relayer
    for number in DISTRIBUTORS[:2]:
        scratch.measure("", escrow.withdraw(market.member(number), currency), relayer)
    seller = market.world.line[-1]
    call = escrow.withdraw(market.member(DISTRIBUTORS[-1]), currency)
    meter.measure(f"withdraw_distributor_{suffix}", call, seller)
    call = escrow.withdraw(int(market.world.brand, 16), currency)
    meter.measure(f"withdraw_{suffix}", call, market.world.brand)


def _measure_charge(market: Market, meter: Meter, scratch: Meter, currency: str) -> None:
    world, escrow = market.world, market.escrow.functions
    plan_id, publication = market.publish(currency, is_final=True)
    scratch.measure("", publication, world.brand)
    world.node.pass_time(8 * DAY)
    orders = [market.order(plan_id, currency, number, is_final=True) for number in range(3)]
    for order in orders[1:]:
        scratch.measure("", escrow.charge(order), world.payer)
    meter.measure("charge_erc20_5", escrow.charge(orders[0]), world.payer)


def _measure_payees(market: Market, meter: Meter, scratch: Meter, currency: str) -> None:
    """A keeper pays twenty accounts that have been paid before."""
    world, escrow = market.world, market.escrow.functions
    accounts = [
        Web3.to_checksum_address(f"0x{number:040x}")
        for number in range(0xC0FFEE00, 0xC0FFEE00 + BATCH_OF_PAYEES)
    ]
    payees: list[Any] = [(int(account, 16), currency) for account in accounts]
    for _ in range(2):
        for account in accounts:
            scratch.measure("", escrow.deposit(account, currency, PRICE), world.payer)
        call = escrow.withdrawBatch(payees)
        meter.measure("withdraw_20_each", call, world.relayer, per=BATCH_OF_PAYEES)
