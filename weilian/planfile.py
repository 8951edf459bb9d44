"""The YAML files in which a brand writes down a commission plan, and what makes its ranks."""

from pathlib import Path
from typing import Annotated, Literal

from eth_utils.address import is_checksum_address
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)

from weilian.catalogue import Catalogue, basis_points
from weilian.commission.ladder import Ladder
from weilian.commission.plan import MAX_BOND_DAYS, MAX_LEVELS, Bond, Plan, SelfPurchase
from weilian.errors import WeilianError
from weilian.money import to_units
from weilian.yamlfile import read_yaml

SECONDS_PER_DAY = 86_400
_MAX_DAYS = 194
"""Of a refund window or a maturity: 24 bits of seconds."""

_SELF_PURCHASE = {
    "deny": SelfPurchase.DENY,
    "discount-only": SelfPurchase.DISCOUNT_ONLY,
    "allow": SelfPurchase.ALLOW,
}
_BONDS = {"last-touch": Bond.LAST_TOUCH, "windowed": Bond.WINDOWED, "permanent": Bond.PERMANENT}


class PlanFileError(WeilianError, ValueError):
    """A file that is not a plan."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path}: {rule}")


def _currency(text: str) -> str:
    if text != "native" and not is_checksum_address(text):
        raise ValueError("must be 'native' or the checksum address of an ERC-20")
    return text


def _limit(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str):
        raise ValueError("must be an amount in quotes, like '5000'")  # what pydantic catches
    decimals = info.data.get("decimals")  # none where these are refused themselves
    if decimals is not None and to_units(value, decimals) >= 2**128:
        raise ValueError(f"must be below 2^128 units of 10^-{decimals}, such as '5000'")
    return value


BasisPoints = Annotated[int, BeforeValidator(basis_points)]
Days = Annotated[int, Field(ge=0, le=_MAX_DAYS)]
Threshold = Annotated[int, Field(ge=0, lt=2**32)]


class PlanFile(BaseModel):
    """A plan as written; rates in basis points by rank and level."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    currency: Annotated[str, AfterValidator(_currency)]
    decimals: Annotated[int, Field(ge=0, le=36)]
    platform_fee: BasisPoints
    rates: Annotated[
        list[Annotated[list[BasisPoints], Field(min_length=1, max_length=MAX_LEVELS)]],
        Field(min_length=1, max_length=4),
    ]
    depth: Annotated[int, Field(ge=1, le=MAX_LEVELS)] | None = None
    discount: BasisPoints = 0
    refund_window_days: Days
    maturity_days: Days = 0
    final: bool = False
    differential: bool = False
    compress: bool = False
    gated: bool = False
    count_sales: bool = False
    self_purchase: Literal["deny", "discount-only", "allow"] = "deny"
    bond: Literal["last-touch", "windowed", "permanent"] = "last-touch"
    bond_days: Annotated[int, Field(ge=0, le=MAX_BOND_DAYS)] = 0
    catalogue: str | None = None
    catalogue_max: BasisPoints | None = None
    daily_report_limit: Annotated[str, BeforeValidator(_limit)] = "0"
    document: str

    def to_plan(
        self, brand: str, currency: str, terms_hash: bytes, catalogue: Catalogue | None = None
    ) -> Plan:
        """Return the plan that is published; `currency` is an address, zero for the coin.

        Without `catalogue_max` the bound on products' rates is what the catalogue itself needs.
        """
        needed = catalogue.ceiling_bps if catalogue else 0
        return Plan(
            brand=brand,
            currency=currency,
            depth=self.depth or len(self.rates[0]),
            rates=tuple(tuple(rates) for rates in self.rates),
            platform_fee_bps=self.platform_fee,
            discount_bps=self.discount,
            refund_window=self.refund_window_days * SECONDS_PER_DAY,
            maturity=self.maturity_days * SECONDS_PER_DAY,
            is_final=self.final,
            is_differential=self.differential,
            compresses=self.compress,
            is_gated=self.gated,
            counts_sales=self.count_sales,
            self_purchase=_SELF_PURCHASE[self.self_purchase],
            bond=_BONDS[self.bond],
            bond_days=self.bond_days,
            catalogue_root=catalogue.root if catalogue else bytes(32),
            catalogue_bps=needed if self.catalogue_max is None else self.catalogue_max,
            daily_report_limit=to_units(self.daily_report_limit, self.decimals),
            terms_hash=terms_hash,
        )


class LadderFile(BaseModel):
    """What makes ranks and activity, as written: sales a period, in units of the currency."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    period_days: Annotated[int, Field(ge=1, lt=2**16)]
    unit_decimals: Annotated[int, Field(ge=0, le=30)]
    activity_minimum: Threshold
    own: Annotated[list[Threshold], Field(min_length=3, max_length=3)]
    team: Annotated[list[Threshold], Field(min_length=3, max_length=3)]

    def to_ladder(self) -> Ladder:
        """Return the ladder that is announced."""
        (own_1, own_2, own_3), (team_1, team_2, team_3) = self.own, self.team
        return Ladder(
            self.period_days,
            self.unit_decimals,
            self.activity_minimum,
            (own_1, own_2, own_3),
            (team_1, team_2, team_3),
        )


def read_plan_file(path: Path) -> PlanFile:
    """Read a plan; raises PlanFileError naming the key, its value and what would be right."""
    return read_yaml(path, PlanFile, PlanFileError)


def read_ladder_file(path: Path) -> LadderFile:
    """Read a ladder; raises PlanFileError naming the key, its value and what would be right."""
    return read_yaml(path, LadderFile, PlanFileError)
