"""What a person decides before a deployment: `config/<network>.yaml`, read and never written."""

from pathlib import Path
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
)
from pydantic.alias_generators import to_camel

from weilian.address import to_address
from weilian.chain.values import BPS_DENOMINATOR, ZERO_ADDRESS
from weilian.errors import WeilianError
from weilian.money import NATIVE_DECIMALS, to_units
from weilian.profiles import MAX_DEPTH, MAX_PLATFORM_FEE_FLOOR_BPS, ProfileName, profiles
from weilian.yamlfile import read_yaml

DEPLOYER = "deployer"
"""Stands for the account that deploys."""

NO_ARBITRATOR = "none"
"""Stands for a deployment whose disputes end by agreement or time alone."""

_MAX_DELAY = 2**32 - 1
_MAX_WINDOW = 2**24 - 1
_MAX_EXTRA_DATA = 1_024


class ConfigError(WeilianError, ValueError):
    """A configuration that cannot be read or that breaks a rule."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path}: {rule}")


def _checked_account(value: str) -> str:
    if value == DEPLOYER:
        return value
    account = to_address(value)
    if account == ZERO_ADDRESS:
        raise ValueError("must be an account, not the zero address")
    return account


def _checked_arbitrator(value: str) -> str:
    return value if value == NO_ARBITRATOR else _checked_contract(value)


def _checked_contract(value: str) -> str:
    address = to_address(value)
    if address == ZERO_ADDRESS:
        raise ValueError("must be a contract, not the zero address")
    return address


def _checked_hex(value: str) -> str:
    digits = value.removeprefix("0x")
    if len(digits) == len(value) or len(digits) > 2 * _MAX_EXTRA_DATA:
        raise ValueError(f"must be 0x and hex digits, {_MAX_EXTRA_DATA} bytes at most")
    bytes.fromhex(digits)  # raises ValueError, which pydantic tells of
    return value


def _checked_cap(value: str) -> str:
    if not 0 < to_units(value, NATIVE_DECIMALS) < 2**256:
        raise ValueError("must be above zero and fit 256 bits with its 18 decimals")
    return value


def _text(value: object) -> object:
    # NOTE: YAML reads 0x… and numbers without quotes as integers; say so rather than guess.
    if isinstance(value, int | float):
        raise ValueError("must stand in quotes")  # what pydantic catches
    return value


Account = Annotated[str, BeforeValidator(_text), AfterValidator(_checked_account)]
Arbitrator = Annotated[str, BeforeValidator(_text), AfterValidator(_checked_arbitrator)]
Contract = Annotated[str, BeforeValidator(_text), AfterValidator(_checked_contract)]
Bps = Annotated[int, Field(ge=0, le=BPS_DENOMINATOR)]
Seconds = Annotated[int, Field(ge=0, le=_MAX_WINDOW)]


class _Section(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=False
    )


class Limits(_Section):
    """What plans are bound to for ever: levels, basis points twice, seconds twice, yes or no."""

    max_depth: Annotated[int, Field(ge=1, le=MAX_DEPTH)]
    max_commission_bps: Bps
    min_platform_fee_bps: Annotated[int, Field(ge=0, le=MAX_PLATFORM_FEE_FLOOR_BPS)]
    min_refund_window: Seconds
    notice_period: Seconds
    allows_final_sales: bool

    def to_tuple(self) -> tuple[int, int, int, int, int, bool]:
        """Return the limits as the contract's constructor takes them."""
        return (
            self.max_depth,
            self.max_commission_bps,
            self.min_platform_fee_bps,
            self.min_refund_window,
            self.notice_period,
            self.allows_final_sales,
        )


class Arbitration(_Section):
    """Who rules on disputes (ERC-792), and what it is told, such as court and jurors."""

    arbitrator: Arbitrator
    extra_data: Annotated[str, BeforeValidator(_text), AfterValidator(_checked_hex)]

    @property
    def address(self) -> str:
        """The arbitrator as the contract takes it; the zero address for none."""
        return ZERO_ADDRESS if self.arbitrator == NO_ARBITRATOR else self.arbitrator

    @property
    def data(self) -> bytes:
        """What the arbitrator is told."""
        return bytes.fromhex(self.extra_data.removeprefix("0x"))


class Reward(_Section):
    """The reward token. The cap is in whole tokens of 18 decimals, as text in quotes."""

    name: Annotated[str, Field(min_length=1, max_length=31)]
    symbol: Annotated[str, Field(min_length=1, max_length=11)]
    cap: Annotated[str, BeforeValidator(_text), AfterValidator(_checked_cap)]

    @property
    def cap_units(self) -> int:
        """The cap in base units."""
        return to_units(self.cap, NATIVE_DECIMALS)


class Role(_Section):
    """Who holds a role, and how many seconds pass between announcing an act and doing it."""

    account: Account
    delay: Annotated[int, Field(ge=0, le=_MAX_DELAY)]


class Roles(_Section):
    """The roles of the platform."""

    admin: Role
    reward_manager: Role


class Config(_Section):
    """One network's configuration."""

    profile: Annotated[ProfileName, Field(strict=False)]
    limits: Limits
    permit2: Contract
    arbitration: Arbitration
    platform: Account
    reward: Reward
    roles: Roles
    confirmations: Annotated[int, Field(ge=0, le=10_000)]


def load_config(path: Path) -> Config:
    """Read a configuration; raise ConfigError with the key, the value and what would be right."""
    config = read_yaml(path, Config, ConfigError)
    broken = _broken_rule(config.profile, config.limits)
    if broken:
        raise ConfigError(path, broken)
    return config


def _broken_rule(name: ProfileName, limits: Limits) -> str | None:
    """Say what the limits break of their profile; each alone is in range."""
    profile = profiles()[name]
    window = int(profile.min_refund_window.total_seconds())
    notice = int(profile.notice_period.total_seconds())
    rules = [
        ("maxDepth", limits.max_depth, profile.max_depth, "at most"),
        ("maxCommissionBps", limits.max_commission_bps, profile.max_commission_bps, "at most"),
        ("minRefundWindow", limits.min_refund_window, window, "at least"),
        ("noticePeriod", limits.notice_period, notice, "at least"),
        ("allowsFinalSales", limits.allows_final_sales, profile.allows_final_sales, "at most"),
    ]
    for key, value, bound, how in rules:
        if value > bound if how == "at most" else value < bound:
            shown, allowed = (str(each).lower() for each in (value, bound))
            how = "" if isinstance(value, bool) else f"{how} "
            return f"limits.{key} is {shown}, profile {name.value} allows {how}{allowed}"
    return None
