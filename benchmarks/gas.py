"""Measure gas of whole transactions on Anvil: `python -m benchmarks.gas [--check]`.

Gas is deterministic: the same sources give the same figures on every machine.
"""

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.gas_meter import Figure, Meter
from benchmarks.gas_orders import measure_orders
from benchmarks.gas_provenance import measure_provenance
from benchmarks.node import anvil
from benchmarks.peers import measure_peers
from benchmarks.world import REFUND_WINDOW, World, filler, permission

RESULTS = Path(__file__).with_name("gas.json")
TABLE = Path(__file__).with_name("gas.md")


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


def settled_orders(world: World) -> bytes:
    """Bring orders numbered 0 and 1 to settlement; return the id of their plan."""
    splitter = world.splitter.functions
    sponsor = world.brand
    for account in world.line:
        world.node.send(splitter.join(world.brand, sponsor), account)
        sponsor = account
    plan = world.plan(world.currency.address)
    world.node.send(splitter.publishPlan(plan), world.brand)
    plan_id = bytes(splitter.planIdOf(plan).call())
    orders = [world.order(plan_id, number) for number in (0, 1)]
    for order in orders:
        world.node.send(splitter.authorize(order), world.payer)
        world.node.send(splitter.capture(order), world.brand)
    world.node.pass_time(REFUND_WINDOW)
    for order in orders:
        world.node.send(splitter.settle(order), world.relayer)
    return plan_id


def fund_payer(world: World) -> None:
    """Give money to payer, seller and splitter: transfers then meet balances above zero."""
    currency = world.currency.functions
    for account in (world.payer, world.brand, world.line[-1], world.splitter.address):
        world.node.send(currency.mint(account, 10**27), world.deployer)
    world.node.send(currency.approve(world.splitter.address, 2**256 - 1), world.payer)


def measure_rewards(world: World, meter: Meter, plan_id: bytes) -> None:
    """A campaign for claims and one for orders, a reward of each, a transfer between holders."""
    rewards = world.rewards.functions
    world.node.send(world.token.functions.setMinter(world.rewards.address), world.deployer)
    selectors = [
        world.rewards.encode_abi(name, args)[:10]
        for name, args in (("openCampaign", [0, filler(""), 1, 1]), ("closeCampaign", [filler("")]))
    ]
    manage = world.manager.functions
    world.node.send(
        manage.setTargetFunctionRole(world.rewards.address, selectors, 1), world.deployer
    )
    world.node.send(manage.grantRole(1, world.deployer, 0), world.deployer)
    batch_id = world.batch_id("TREE")
    budget = 10**24
    call = rewards.openCampaign(0, batch_id, 10**18, budget)
    meter.measure("open_campaign", call, world.deployer)
    world.node.send(rewards.openCampaign(1, plan_id, 1_000, budget), world.deployer)

    call = rewards.rewardClaim(batch_id, 7)
    meter.measure("reward_claim_first", call, world.relayer)
    for number in (0, 1):
        meter.measure(
            "reward_order", rewards.rewardOrder(world.order(plan_id, number)), world.relayer
        )
    transfer = world.token.functions.transfer
    meter.measure("token_transfer", transfer(world.payer, 10**15), world.shopper)


def measure_all() -> dict[str, Figure]:
    """Run every action on a fresh Anvil and return the figures in the order of the actions."""
    with anvil() as node:
        world, meter = World(node), Meter(node)
        measure_provenance(world, meter)
        measure_identity(world, meter)
        fund_payer(world)
        measure_orders(world, meter)
        plan_id = settled_orders(world)
        measure_rewards(world, meter, plan_id)
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
