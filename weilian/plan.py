"""Plans: distribution agreements whose id is the hash of their terms."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from eth_abi.abi import encode

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.chain.values import BPS_DENOMINATOR
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.suite import Suite

_PLAN_TYPE = "(address,address,uint16,uint48,uint16[],bytes32)"


class PlanError(WeilianError, ValueError):
    """A plan that no deployment could take."""


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What the chain keeps of a plan. `currency` is the zero address for the chain's own coin.

    Rates in basis points: `level_bps` of the distributor who sold, of its sponsor, and so on.
    """

    brand: str
    currency: str
    platform_fee_bps: int
    refund_window: timedelta
    level_bps: tuple[int, ...]

    @property
    def is_native(self) -> bool:
        """Whether orders are paid in the chain's own coin."""
        return self.currency == ZERO_ADDRESS


@dataclass(frozen=True, slots=True)
class Plan(PlanTerms):
    """A plan with the hash of the agreement's text."""

    document_hash: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "brand", to_address(self.brand))
        object.__setattr__(self, "currency", to_address(self.currency))
        for rate in (self.platform_fee_bps, *self.level_bps):
            if not 0 <= rate <= BPS_DENOMINATOR:
                raise PlanError(f"rate {rate} must be 0 to {BPS_DENOMINATOR} basis points")
        if self.refund_window % timedelta(seconds=1) or self.refund_window < timedelta():
            raise PlanError(f"refund window {self.refund_window} must be whole seconds from 0 up")

    def to_tuple(self) -> tuple[Any, ...]:
        """Return the struct that the contract takes."""
        return (
            self.brand,
            self.currency,
            self.platform_fee_bps,
            int(self.refund_window.total_seconds()),
            list(self.level_bps),
            self.document_hash,
        )


@dataclass(frozen=True, slots=True)
class Published:
    """A plan that is on the chain for ever."""

    plan_id: bytes
    plan: Plan
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan registry in the splitter."""

    suite: Suite

    def id_of(self, plan: Plan) -> bytes:
        """Return the id that a plan has or would have here, without asking the chain."""
        return plan_id(plan, self.suite.chain.chain_id, self.suite.splitter.address)

    def publish(self, plan: Plan, signer: Signer) -> Published:
        """Publish a plan; it can never be changed."""
        contract = self.suite.splitter
        tx = self.suite.chain.send(contract.functions.publishPlan(plan.to_tuple()), signer)
        return Published(tx.event(contract.events.PlanPublished())["planId"], plan, tx)

    def retire(self, identifier: bytes, signer: Signer) -> TxResult:
        """Take no more orders under a plan, for ever; those that are there keep its terms."""
        return self.suite.chain.send(self.suite.splitter.functions.retirePlan(identifier), signer)

    def is_retired(self, identifier: bytes) -> bool:
        """Tell whether a plan takes no more orders; raise as `get` does."""
        return bool(self.suite.chain.call(self.suite.splitter.functions.isRetired(identifier)))

    def get(self, identifier: bytes) -> PlanTerms:
        """Return a plan's terms; raise ContractRevert PlanRegistry_PlanUnknown."""
        kept = self.suite.chain.call(self.suite.splitter.functions.planOf(identifier))
        return PlanTerms(
            brand=kept.brand,
            currency=kept.currency,
            platform_fee_bps=kept.platformFeeBps,
            refund_window=timedelta(seconds=kept.refundWindow),
            level_bps=tuple(kept.levelBps),
        )


def plan_id(plan: Plan, chain_id: int, splitter: str) -> bytes:
    """Return keccak256(abi.encode(chainId, splitter, plan)), the id of a plan."""
    return keccak256(
        encode(("uint256", "address", _PLAN_TYPE), (chain_id, splitter, plan.to_tuple()))
    )
