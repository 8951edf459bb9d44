"""Plans as a brand publishes them, and the limits that a compliance profile sets them."""

from dataclasses import astuple, dataclass
from enum import IntEnum

from eth_abi.abi import encode

from weilian.commission.ladder import HIGHER_RANKS
from weilian.hashing import keccak256
from weilian.refusal import RefusedError

BPS_DENOMINATOR = 10_000
MAX_LEVELS = 5
MAX_BOND_DAYS = 4_095
DAY = 86_400
"""Seconds."""

_PLAN_TYPE = (
    "(address,address,uint8,uint16[][],uint16,uint16,uint24,uint24,bool,bool,bool,bool,bool,"
    "uint8,uint8,uint16,bytes32,uint16,uint128,bytes32)"
)


class SelfPurchase(IntEnum):
    """What a distributor on the payer's side of an order may get; see PlanTypes.sol."""

    DENY = 0
    DISCOUNT_ONLY = 1
    ALLOW = 2


class Bond(IntEnum):
    """How long a payer stays with the distributor of an earlier order."""

    LAST_TOUCH = 0
    WINDOWED = 1
    PERMANENT = 2


@dataclass(frozen=True)
class PlanLimits:
    """What a deployment is bound to for ever: levels, basis points, and times in seconds."""

    max_depth: int
    max_commission_bps: int
    min_platform_fee_bps: int
    min_refund_window: int
    notice_period: int
    allows_final_sales: bool

    def check(self) -> None:
        """Raise RefusedError where the limits contradict themselves."""
        is_whole = self.max_commission_bps + self.min_platform_fee_bps <= BPS_DENOMINATOR
        if not 0 < self.max_depth <= MAX_LEVELS or not is_whole:
            raise RefusedError("PlanBook_LimitsInvalid")


@dataclass(frozen=True)
class Plan:
    """A distribution agreement, field by field as the struct in PlanTypes.sol.

    `rates` are basis points by rank and level, those of a differential plan by rank alone (one
    level). `refund_window` and `maturity` are seconds, `daily_report_limit` is in the currency's
    smallest unit. Equal terms are the same plan.
    """

    brand: str
    currency: str
    depth: int
    rates: tuple[tuple[int, ...], ...]
    platform_fee_bps: int
    discount_bps: int = 0
    refund_window: int = 7 * DAY
    maturity: int = 0
    is_final: bool = False
    is_differential: bool = False
    compresses: bool = False
    is_gated: bool = False
    counts_sales: bool = False
    self_purchase: SelfPurchase = SelfPurchase.DENY
    bond: Bond = Bond.LAST_TOUCH
    bond_days: int = 0
    catalogue_root: bytes = bytes(32)
    catalogue_bps: int = 0
    daily_report_limit: int = 0
    terms_hash: bytes = bytes(32)

    @property
    def top_rank(self) -> int:
        """The highest rank that has rates of its own."""
        return len(self.rates) - 1

    @property
    def needs_standing(self) -> bool:
        """Whether ranks or activity of the line matter to who gets what."""
        return self.top_rank > 0 or self.is_gated or self.counts_sales

    @property
    def has_catalogue(self) -> bool:
        """Whether products can have rates of their own."""
        return any(self.catalogue_root)

    @property
    def ceiling_bps(self) -> int:
        """The most that all levels of any order can get, in basis points."""
        best: int = sum(max(rates) for rates in zip(*self.rates, strict=True))
        return best if best > self.catalogue_bps else self.catalogue_bps

    def plan_id(self, chain_id: int, book: str) -> bytes:
        """Return the plan's id in the plan book at that address on that chain."""
        values = ("uint256", "address", _PLAN_TYPE), (chain_id, book, astuple(self))
        return keccak256(encode(*values))


def check_plan(plan: Plan, limits: PlanLimits) -> None:
    """Raise RefusedError where a plan is not within the limits; as PlanLib.check."""
    if not 0 < plan.depth <= limits.max_depth:
        raise RefusedError("PlanBook_DepthInvalid", depth=plan.depth, limit=limits.max_depth)
    _check_rates(plan)
    fee, least = plan.platform_fee_bps, limits.min_platform_fee_bps
    if fee < least:
        raise RefusedError("PlanBook_PlatformFeeTooLow", bps=fee, limit=least)
    ceiling, most = plan.ceiling_bps, limits.max_commission_bps
    if ceiling > most:
        raise RefusedError("PlanBook_CommissionTooHigh", bps=ceiling, limit=most)
    for share in (ceiling + fee, plan.discount_bps):
        if share > BPS_DENOMINATOR:
            raise RefusedError("PlanBook_ShareTooHigh", bps=share, limit=BPS_DENOMINATOR)
    _check_times(plan, limits)
    if plan.has_catalogue != (plan.catalogue_bps != 0):
        root, bps = plan.catalogue_root, plan.catalogue_bps
        raise RefusedError("PlanBook_CatalogueInvalid", root=root, bps=bps)


def _check_rates(plan: Plan) -> None:
    levels = 1 if plan.is_differential else plan.depth
    ranks = len(plan.rates)
    if not 0 < ranks <= HIGHER_RANKS + 1:
        raise RefusedError("PlanBook_RatesInvalid", rank=ranks, levels=0, expected=levels)
    for rank, rates in enumerate(plan.rates):
        if len(rates) != levels:
            raise RefusedError(
                "PlanBook_RatesInvalid", rank=rank, levels=len(rates), expected=levels
            )


def _check_times(plan: Plan, limits: PlanLimits) -> None:
    window, least = plan.refund_window, limits.min_refund_window
    if plan.is_final:
        has_time = window or plan.maturity or plan.daily_report_limit
        if has_time or not limits.allows_final_sales:
            raise RefusedError("PlanBook_FinalNotAllowed")
    elif window < least:
        raise RefusedError("PlanBook_RefundWindowTooShort", window=window, limit=least)
    has_days = 0 < plan.bond_days <= MAX_BOND_DAYS
    if has_days != (plan.bond == Bond.WINDOWED) or plan.bond_days > MAX_BOND_DAYS:
        raise RefusedError("PlanBook_BondInvalid", bondDays=plan.bond_days)
