"""Gas of one ERC-20 order to five recipients by the splitters that others ship.

PaymentSplitter of OpenZeppelin 4.9 (5.x has none) and Split of thirdweb, as they lie in
`node_modules`, compiled with this project's compiler and settings, measured by the same meter on
the same chain. Steady state: an order went before, so every balance and every counter that is
written is above zero.
"""

from collections.abc import Iterable
from typing import Any

import solcx
import yaml

from benchmarks.gas_meter import Meter
from benchmarks.measure import require_equal
from benchmarks.world import World
from tools.artifacts import solc_settings
from tools.steps import ROOT

SOURCES = {
    "PaymentSplitter": "node_modules/openzeppelin-contracts-4/finance/PaymentSplitter.sol",
    "Split": "node_modules/@thirdweb-dev/contracts/prebuilts/split/Split.sol",
}
UPGRADEABLE = "@openzeppelin/contracts-upgradeable/"
AMOUNT = 199_990_000 * 10**10
"""What an order of World.order costs, in the currency's smallest unit."""
SHARES = (8_500, 200, 1_000, 200, 100)
"""Brand, platform and three levels as World.plan has them, in basis points."""
CRUMB = 1
"""Too little to be shared out, so it stays: the splitter's balance never returns to zero.

That is in the peers' favour, by 12,300 gas an order, and what our own splitter is measured with.
"""
CLONE_OF = "3d602d80600a3d3981f3363d3d373d3d3d363d73{}5af43d82803e903d91602b57fd5bf3"
"""ERC-1167, the bytes that thirdweb's factory deploys a Split by (Clones.cloneDeterministic)."""


class PeerMissingError(RuntimeError):
    """A package with a peer's sources is not installed."""


def measure_peers(world: World, meter: Meter) -> None:
    """Measure both peers; the payer must hold the currency.

    Raises PeerMissingError without their packages, UnequalResultsError if an order is not shared
    out by SHARES.
    """
    contracts = compile_peers()
    payees = [world.brand, world.platform, *reversed(world.line)]
    measure_payment_splitter(world, meter, contracts["PaymentSplitter"], payees)
    measure_split(world, meter, contracts["Split"], payees)


def compile_peers() -> dict[str, Any]:
    """Return solc's output for each peer by the contract's name; nothing is written to disk.

    Raises PeerMissingError without the packages, solcx.exceptions.SolcError if they do not compile.
    """
    config = yaml.safe_load((ROOT / "ape-config.yaml").read_text())["solidity"]
    sources = {path: {"content": read_source(path)} for path in SOURCES.values()}
    settings = solc_settings(config, sources)
    settings["remappings"] = [f"{UPGRADEABLE}=node_modules/{UPGRADEABLE}"]
    request = {"language": "Solidity", "sources": sources, "settings": settings}
    output = solcx.compile_standard(request, base_path=ROOT, solc_version=config["version"])
    return {name: output["contracts"][path][name] for name, path in SOURCES.items()}


def read_source(path: str) -> str:
    """Return a source; raise PeerMissingError if there is none."""
    try:
        return (ROOT / path).read_text()
    except FileNotFoundError as error:
        raise PeerMissingError(f"{path} is missing: run `make setup`") from error


def measure_payment_splitter(
    world: World, meter: Meter, contract: dict[str, Any], payees: list[str]
) -> None:
    """OpenZeppelin: the order is paid in, then each payee is paid by a transaction of its own."""
    code = contract["evm"]["bytecode"]["object"]
    splitter = deploy(world, contract["abi"], code, payees, SHARES)
    release, currency = splitter.functions.release, world.currency.address
    releases = [release(currency, payee) for payee in payees]
    measure_order(world, meter, "peer_oz_payment_splitter_erc20_5", splitter, releases, payees)
    world.node.send(pay_in(world, splitter), world.payer)
    meter.measure("peer_oz_release_erc20", releases[0], world.relayer)


def measure_split(world: World, meter: Meter, contract: dict[str, Any], payees: list[str]) -> None:
    """Thirdweb: the order is paid in, then one transaction pays all; behind a clone, as shipped."""
    abi = contract["abi"]
    implementation = deploy(world, abi, contract["evm"]["bytecode"]["object"])
    clone = deploy(world, abi, CLONE_OF.format(implementation.address[2:]))
    terms = (world.deployer, "", [], payees, SHARES)
    world.node.send(clone.functions.initialize(*terms), world.deployer)
    distribute = clone.functions.distribute(world.currency.address)
    measure_order(world, meter, "peer_thirdweb_split_erc20_5", clone, [distribute], payees)


def measure_order(
    world: World, meter: Meter, name: str, splitter: Any, payouts: Iterable[Any], payees: list[str]
) -> None:
    """Measure an order from the payment to the last payout as one figure, after a first to warm."""
    for call in (pay_in(world, splitter, AMOUNT + CRUMB), *payouts):
        world.node.send(call, world.payer)
    before = balances(world, payees)
    scratch = Meter(world.node)
    scratch.measure("pay in", pay_in(world, splitter), world.payer)
    total = scratch.figures["pay in"]
    for call in payouts:
        scratch.measure("pay out", call, world.relayer)
        total += scratch.figures["pay out"]
    meter.figures[name] = total
    paid = [after - was for after, was in zip(balances(world, payees), before, strict=True)]
    require_equal(paid, [AMOUNT * share // 10_000 for share in SHARES], name)


def pay_in(world: World, splitter: Any, amount: int = AMOUNT) -> Any:
    """Return a call that pays an order to a splitter."""
    return world.currency.functions.transfer(splitter.address, amount)


def balances(world: World, accounts: list[str]) -> list[int]:
    """Return what each account holds of the currency."""
    return [world.currency.functions.balanceOf(account).call() for account in accounts]


def deploy(world: World, abi: list[Any], code: str, *args: Any) -> Any:
    """Deploy creation code in hex; of a clone with the ABI of what it stands for."""
    eth = world.node.w3.eth
    constructor = eth.contract(abi=abi, bytecode=f"0x{code}").constructor(*args)
    receipt = world.node.send(constructor, world.deployer)
    return eth.contract(receipt["contractAddress"], abi=abi)
