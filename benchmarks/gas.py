"""Measure gas of whole transactions on Anvil: `python -m benchmarks.gas [--check]`.

Gas is deterministic: the same sources give the same figures on every machine.
"""

import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.gas_meter import Figure, Meter
from benchmarks.gas_orders import measure_orders
from benchmarks.gas_provenance import measure_provenance
from benchmarks.market import MATURITY, Market
from benchmarks.node import anvil
from benchmarks.peers import measure_peers
from benchmarks.world import DAY, REFUND_WINDOW, World, filler, permission

RESULTS = Path(__file__).with_name("gas.json")
TABLE = Path(__file__).with_name("gas.md")
REFUNDS_OVER = 180 * DAY


def measure_identity(world: World, meter: Meter) -> None:
    """What an identity does to its delegates, and its owner; on an identity of its own."""
    identity = world.relayer
    matter = permission("trace")
    functions = world.identities.functions
    grant = functions.addDelegate(identity, matter, world.payer, 3_600)
    meter.measure("add_delegate_first", grant, identity)
    grant = functions.addDelegate(identity, matter, world.shopper, 3_600)
    meter.measure("add_delegate_later", grant, identity)
    meter.measure("change_owner", functions.changeOwner(identity, world.deployer), identity)


def settled_orders(market: Market) -> list[tuple[Any, ...]]:
    """Bring two orders past their settlement and every refund; return them."""
    node, escrow, currency = market.node, market.escrow.functions, market.world.currency.address
    plan_id, _ = market.publish(currency)
    orders = [market.order(plan_id, currency, number) for number in (1_000, 1_001)]
    for order in orders:
        node.send(escrow.authorize(order), market.world.payer)
        node.send(escrow.capture(order, []), market.operator)
    node.pass_time(REFUND_WINDOW + MATURITY)
    node.send(escrow.settle(orders), market.world.relayer)
    node.pass_time(REFUNDS_OVER)
    return orders


def fund_payer(world: World) -> None:
    """Give money to payer and sellers: transfers then meet balances above zero."""
    currency = world.currency.functions
    for account in (world.payer, world.brand, world.line[-1]):
        world.node.send(currency.mint(account, 10**27), world.deployer)


def measure_rewards(market: Market, meter: Meter) -> None:
    """A campaign for claims and one for orders, a reward of each, a transfer between holders."""
    world, rewards = market.world, market.rewards.functions
    world.node.send(world.token.functions.setMinter(market.rewards.address), world.deployer)
    selectors = [
        market.rewards.encode_abi(name, args)[:10]
        for name, args in (("openCampaign", [0, filler(""), 1, 1]), ("closeCampaign", [filler("")]))
    ]
    manage = world.manager.functions
    world.node.send(
        manage.setTargetFunctionRole(market.rewards.address, selectors, 1), world.deployer
    )
    world.node.send(manage.grantRole(1, world.deployer, 0), world.deployer)
    batch_id = world.batch_id("TREE")
    budget = 10**24
    call = rewards.openCampaign(0, batch_id, 10**18, budget)
    meter.measure("open_campaign", call, world.deployer)
    orders = settled_orders(market)
    world.node.send(rewards.openCampaign(1, orders[0][0], 1_000, budget), world.deployer)

    call = rewards.rewardClaim(batch_id, 7)
    meter.measure("reward_claim_first", call, world.relayer)
    for order in orders:
        meter.measure("reward_order", rewards.rewardOrder(order, market.shared()), world.relayer)
    transfer = world.token.functions.transfer
    meter.measure("token_transfer", transfer(world.payer, 10**15), world.shopper)


def measure_all() -> dict[str, Figure]:
    """Run every action on a fresh Anvil and return the figures in the order of the actions."""
    with anvil() as node:
        world, meter = World(node), Meter(node)
        measure_provenance(world, meter)
        measure_identity(world, meter)
        fund_payer(world)
        market = Market(world)
        measure_orders(market, meter)
        measure_rewards(market, meter)
        measure_peers(world, meter)
        return meter.figures


def table(figures: dict[str, Figure], before: dict[str, int]) -> Table:
    """Lay the figures out beside those on file."""
    result = Table(
        "action", "gas", "on file", "new slots", "slot updates", title="Gas, whole transactions"
    )
    for column in result.columns[1:]:
        column.justify = "right"
    for name, figure in figures.items():
        on_file = f"{before[name]:,}" if name in before else "–"
        slots = (f"{number:g}" for number in (figure.new_slots, figure.updated_slots))
        result.add_row(name, f"{figure.gas:,}", on_file, *slots)
    return result


def markdown(figures: dict[str, Figure]) -> str:
    """Lay the figures out for reading on file."""
    lines = [
        "# Gas",
        "",
        "Whole transactions on Anvil, written by `make gas`. Per item where the action is a batch.",
        "",
        "| action | gas | new slots | slot updates |",
        "|---|--:|--:|--:|",
    ]
    for name, figure in figures.items():
        slots = f"{figure.new_slots:g} | {figure.updated_slots:g}"
        lines.append(f"| `{name}` | {figure.gas:,} | {slots} |")
    return "\n".join(lines) + "\n"


def rises(figures: dict[str, Figure], before: dict[str, int]) -> list[str]:
    """Say in a line each what costs more than on file, and what is on one side only."""
    problems = [
        f"{name}: {figure.gas:,} gas, {figure.gas - before[name]:,} more than on file"
        for name, figure in figures.items()
        if name in before and figure.gas > before[name]
    ]
    return problems + [
        f"{name}: not on both sides" for name in sorted(figures.keys() ^ before.keys())
    ]


def main() -> int:
    """Measure; write `gas.json`, or with --check only compare and fail on a rise."""
    is_check = "--check" in sys.argv[1:]
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    figures = measure_all()
    console = Console()
    console.print(table(figures, before))
    if not is_check:
        RESULTS.write_text(
            json.dumps({name: f.gas for name, f in figures.items()}, indent=2) + "\n"
        )
        TABLE.write_text(markdown(figures))
        console.print("written to benchmarks/gas.json and benchmarks/gas.md")
        return 0
    problems = rises(figures, before)
    for problem in problems:
        console.print(problem, style="red")
    if problems:
        console.print("If this is on purpose, run `make gas` and commit benchmarks/gas.json.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
