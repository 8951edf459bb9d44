"""The contracts through which orders are shared, as the gas benchmark finds them."""

from typing import Any

from eth_account import Account
from eth_account.signers.local import LocalAccount

from benchmarks.node import GENESIS_TIME
from benchmarks.world import DAY, NATIVE, REFUND_WINDOW, World, filler

MNEMONIC = "test test test test test test test test test test test junk"
"""Anvil's, known to everyone."""

PRICE = 199_990_000 * 10**10
MATURITY = DAY
LIMITS = (5, 5_000, 100, REFUND_WINDOW, 7 * DAY, True)


class Market:
    """The suite's contracts around the escrow, three distributors in one line, orders by number."""

    def __init__(self, world: World) -> None:
        self.world = world
        identities = world.identities.address
        self.book = world.deploy("PlanBook", identities, LIMITS)
        self.network = world.deploy("DistributorNetwork", identities)
        self.checkout = world.deploy("Checkout", NATIVE)
        self.disputes = world.deploy("OrderDisputes", identities, NATIVE, b"")
        served = (self.book, self.network, self.checkout, self.disputes)
        self.escrow = world.deploy(
            "CommissionEscrow", identities, world.platform, *(each.address for each in served)
        )
        for contract in served:
            self.node.send(contract.functions.bindEscrow(self.escrow.address), world.deployer)
        self.rewards = world.deploy(
            "RewardDistributor",
            world.manager.address,
            world.token.address,
            world.items.address,
            self.escrow.address,
        )
        self.operator = world.relayer

    @property
    def node(self) -> Any:
        """The chain."""
        return self.world.node

    def key_of(self, address: str) -> LocalAccount:
        """Return the signer of one of Anvil's accounts."""
        Account.enable_unaudited_hdwallet_features()
        index = self.node.accounts.index(address)
        return Account.from_mnemonic(MNEMONIC, account_path=f"m/44'/60'/0'/0/{index}")

    def joining(self, sponsor: str, number: int, newcomer: str) -> Any:
        """Return the call by which an account joins under the sponsor of that number."""
        expiry = GENESIS_TIME + 365 * DAY
        invitation = (self.world.brand, number, NATIVE, filler("campaign"), expiry)
        digest = bytes(self.network.functions.digestOf(invitation).call())
        signed = self.key_of(sponsor).unsafe_sign_hash(digest)
        return self.network.functions.join(invitation, bytes(signed.signature), newcomer, b"")

    def plan(self, currency: str, *, is_final: bool = False) -> tuple[Any, ...]:
        """Return a plan of three levels."""
        window, maturity = (0, 0) if is_final else (REFUND_WINDOW, MATURITY)
        rates = [[1_000, 200, 100]]
        flags = (is_final, False, False, False, False, 0, 0, 0)
        terms = (filler("agreement") if is_final else filler("other agreement"),)
        catalogue = (bytes(32), 0, 0)
        return (
            self.world.brand,
            currency,
            3,
            rates,
            200,
            500,
            window,
            maturity,
            *flags,
            *catalogue,
            *terms,
        )

    def publish(self, currency: str, *, is_final: bool = False) -> tuple[bytes, Any]:
        """Return a plan's id and the call that publishes it."""
        plan = self.plan(currency, is_final=is_final)
        plan_id = bytes(self.book.functions.planIdOf(plan).call())
        return plan_id, self.book.functions.publish(plan)

    def order(
        self, plan_id: bytes, currency: str, number: int, *, is_final: bool = False
    ) -> tuple[Any, ...]:
        """Return an order through the lowest distributor: five parties share it.

        A final sale leaves nothing to capture: it names no operator and no time.
        """
        expiry = 0 if is_final else GENESIS_TIME + 300 * DAY
        return (
            plan_id,
            self.world.payer,
            self.world.brand,
            NATIVE if is_final else self.operator,
            currency,
            4,
            expiry,
            0,
            number,
            [(PRICE, 0, 0)],
        )

    def shared(self) -> list[tuple[int, int]]:
        """Return how an order of the lowest distributor is shared: net and who gets which rate."""
        entries = ((4, 1_000), (3, 200), (2, 100))
        words = ((number | bps << 32) << 46 * level for level, (number, bps) in enumerate(entries))
        return [(PRICE, sum(words))]

    def member(self, number: int) -> int:
        """Return the ledger's name of a distributor."""
        return int(self.world.brand, 16) << 96 | number
