"""A brand with three distributors in one line and orders that are due, and what is true of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from eth_account import Account
from web3 import HTTPProvider, Web3

from benchmarks.mints import rich_signer
from benchmarks.node import Node
from weilian.chain import ZERO_ADDRESS, Chain, LocalSigner
from weilian.commission.escrow import Escrow
from weilian.commission.order import Line, Order, OrderStatus, struct_of
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.commission.party_ledger import Site
from weilian.commission.plan import DAY, Plan
from weilian.config import load_config
from weilian.deploy import deploy_suite
from weilian.distributor import Distributors
from weilian.ledger import Ledger
from weilian.order import Orders
from weilian.plan import Plans
from weilian.sending import FastSigner, Policy, Task, open_sender
from weilian.suite import Suite

LOCAL = Path(__file__).parent.parent / "config" / "local.yaml"
DEPLOYER, BRAND, PAYER, *LINE = (bytes([number]) * 32 for number in range(11, 17))
"""Keys of accounts of a chain that lives as long as the test."""

_WINDOW, _MATURITY = 14 * DAY, DAY
_PRICE = 10**6
_AUTHORIZE_GAS, _CAPTURE_GAS = 200_000, 100_000
_MAX_FEE = 10**12


@dataclass(frozen=True)
class Shop:
    """Orders of one plan on a node, the suite, and the model that has done the same."""

    node: Node
    suite: Suite
    model: Escrow
    orders: tuple[Order, ...]

    @classmethod
    def open(cls, node: Node, folder: Path, count: int) -> "Shop":
        """Deploy the suite, with its record in `folder`; bring so many orders to be due."""
        for key in (DEPLOYER, BRAND, PAYER, *LINE):
            rich_signer(node, key)
        chain = connected(node.url)
        deploy_suite(load_config(LOCAL), chain, _signer(DEPLOYER), folder)
        suite = Suite.load(chain, folder)
        limits, platform = Plans(suite).limits(), _signer(DEPLOYER).address
        site = Site(chain.chain_id, suite.escrow.address, suite.book.address, platform, limits)
        shop = cls(node, suite, Escrow(site), _prepare(suite, count))
        shop._tell_model()
        shop._pay_and_capture(folder / "orders.db")
        node.w3.provider.make_request("evm_increaseTime", [_WINDOW + _MATURITY])  # type: ignore[arg-type]
        node.w3.provider.make_request("evm_mine", [])  # type: ignore[arg-type]
        return shop

    def settlements(self) -> Counter[bytes]:
        """Return how often each order was shared, by its id; each has one line."""
        found = self.suite.chain.events(
            self.suite.escrow.events.OrderSettled(), from_block=self.suite.record.first_block
        )
        return Counter(entry["args"]["orderId"] for entry in found)

    def sent(self, account: str) -> Counter[bytes]:
        """Return in how many transactions of an account each order was, by its id."""
        w3, orders, found = self.suite.chain.w3, Orders(self.suite), Counter[bytes]()
        known = {order.salt: orders.id_of(order) for order in self.orders}
        for number in range(self.suite.record.first_block, w3.eth.block_number + 1):
            for sent in w3.eth.get_block(number, full_transactions=True)["transactions"]:
                if isinstance(sent, bytes) or sent["from"] != account:
                    continue
                _, given = self.suite.escrow.decode_function_input(sent["input"])
                found.update(known[order["salt"]] for order in given["orders"])
        return found

    def unsettled(self) -> int:
        """Count the orders that the escrow does not call settled."""
        states = map(Orders(self.suite).state, self.orders)
        return sum(state.status is not OrderStatus.SETTLED for state in states)

    def credits(self) -> dict[int, int]:
        """Return the credits of all who have a part in the orders."""
        ledger = Ledger(self.suite)
        return {party: ledger.credit(party, ZERO_ADDRESS) for party in self._parties()}

    def model_credits(self) -> dict[int, int]:
        """Return what the model says of the same."""
        return {party: self.model.credit_of(party, ZERO_ADDRESS) for party in self._parties()}

    def _parties(self) -> list[int]:
        brand = _signer(BRAND).address
        members = [member_party(brand, number) for number in range(2, 2 + len(LINE))]
        return [platform_party(brand), account_party(brand), *members]

    def _tell_model(self) -> None:
        """Do in the model what the chain does, and settle there."""
        plan, now = _plan(), self.suite.chain.block()[1]
        self.model.publish(plan, plan.brand, now)
        for place, key in enumerate(LINE):
            self.model.join(plan.brand, place and place + 1, _signer(key).address)
        for order in self.orders:
            self.model.authorize(order, order.payer, order.amount, now)
            self.model.capture(order, (), order.payer, now)
        self.model.settle(self.orders, now + _WINDOW + _MATURITY)

    def _pay_and_capture(self, journal: Path) -> None:
        escrow, chain = self.suite.escrow, self.suite.chain
        tasks = []
        for name, gas in (("authorize", _AUTHORIZE_GAS), ("capture", _CAPTURE_GAS)):
            for place, order in enumerate(self.orders):
                parts: list[list[object]] = [] if name == "authorize" else [[]]
                data = chain.calldata(escrow.functions[name](struct_of(order), *parts))
                value = order.amount if name == "authorize" else 0
                tasks.append(Task(f"{name}:{place}", escrow.address, data, value, gas))
        policy = Policy(max_fee_per_gas=_MAX_FEE, poll_seconds=0.05)
        with open_sender(self.node.url, journal, FastSigner(PAYER), policy) as sender:
            failures = sender.send_many(tasks).failures
        if failures:
            raise RuntimeError(f"an order was refused: {failures[0].reason}")


def connected(url: str) -> Chain:
    """Return a chain of a node that mines ten blocks a second."""
    return Chain(Web3(HTTPProvider(url)), poll_seconds=0.02)


def _prepare(suite: Suite, count: int) -> tuple[Order, ...]:
    plan, brand = _plan(), _signer(BRAND)
    plan_id = Plans(suite).publish(plan, brand).plan_id
    distributors, sponsor, number = Distributors(suite), brand, 0
    now = datetime.fromtimestamp(suite.chain.block()[1], UTC)
    for key in LINE:
        invitation = distributors.invite(brand.address, number, now + timedelta(days=1), sponsor)
        sponsor = _signer(key)
        number = distributors.join(invitation, sponsor).number
    return tuple(
        Order(
            plan_id=plan_id,
            payer=_signer(PAYER).address,
            receiver=brand.address,
            currency=ZERO_ADDRESS,
            seller=(0, 2, 3, 4)[place % 4],
            lines=(Line(_PRICE + place),),
            authorization_expiry=int(now.timestamp()) + 30 * DAY,
            salt=place,
        )
        for place in range(count)
    )


def _plan() -> Plan:
    return Plan(
        brand=_signer(BRAND).address,
        currency=ZERO_ADDRESS,
        depth=3,
        rates=((1_000, 200, 100),),
        platform_fee_bps=200,
        refund_window=_WINDOW,
        maturity=_MATURITY,
        terms_hash=b"\7" * 32,
    )


def _signer(key: bytes) -> LocalSigner:
    return LocalSigner(Account.from_key(key))
