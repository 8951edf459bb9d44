"""What a person decides before a deployment: `config/<network>.yaml`, read and never written."""

from pathlib import Path
from typing import Annotated, Literal

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
from weilian.yamlfile import read_yaml

DEPLOYER = "deployer"
"""Stands for the account that deploys."""

_MAX_DELAY = 2**32 - 1
_MAX_WINDOW = 2**48 - 1
_PROFILES = {"CN-strict": (1, 3_000), "CN-market": (2, 3_000), "international": (5, 10_000)}
"""Most levels and most commission in basis points that a compliance profile allows."""


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
Bps = Annotated[int, Field(ge=0, le=BPS_DENOMINATOR)]


class _Section(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=False
    )


class Limits(_Section):
    """What a splitter is bound to for ever: levels, basis points, basis points, seconds."""

    max_depth: Annotated[int, Field(ge=0, le=5)]
    max_commission_bps: Bps
    min_platform_fee_bps: Bps
    min_refund_window: Annotated[int, Field(ge=0, le=_MAX_WINDOW)]

    def to_tuple(self) -> tuple[int, int, int, int]:
        """Return the limits as the contract's constructor takes them."""
        return (
            self.max_depth,
            self.max_commission_bps,
            self.min_platform_fee_bps,
            self.min_refund_window,
        )


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

    profile: Literal["CN-strict", "CN-market", "international"]
    limits: Limits
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


def _broken_rule(profile: str, limits: Limits) -> str | None:
    """Say what the limits break together; each alone is in range."""
    depth, commission = _PROFILES[profile]
    if limits.max_depth > depth:
        return f"limits.maxDepth is {limits.max_depth}, profile {profile} allows {depth}"
    if limits.max_commission_bps > commission:
        return (
            f"limits.maxCommissionBps is {limits.max_commission_bps}, "
            f"profile {profile} allows {commission}"
        )
    total = limits.max_commission_bps + limits.min_platform_fee_bps
    if total > BPS_DENOMINATOR:
        return (
            "limits.maxCommissionBps and limits.minPlatformFeeBps make "
            f"{total} together, they must make at most {BPS_DENOMINATOR}"
        )
    return None
