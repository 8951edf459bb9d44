"""Compliance profiles: the widest limits that a deployment may choose, from `profiles.yaml`."""

from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from weilian.yamlfile import load_yaml

MAX_DEPTH = 5
MAX_PLATFORM_FEE_FLOOR_BPS = 100
"""No deployment demands more than 1 % for the platform."""


class ProfileName(StrEnum):
    """Where a deployment wants to be lawful."""

    CN_STRICT = "CN-strict"
    CN_MARKET = "CN-market"
    INTERNATIONAL = "international"


class Profile(BaseModel):
    """Most levels, most commission in basis points, and the least times of a profile."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=False
    )

    max_depth: Annotated[int, Field(ge=1, le=MAX_DEPTH)]
    max_commission_bps: Annotated[int, Field(ge=0, le=10_000)]
    min_refund_window_days: Annotated[int, Field(ge=0, le=194)]
    notice_days: Annotated[int, Field(ge=1, le=365)]
    allows_final_sales: bool

    @property
    def min_refund_window(self) -> timedelta:
        """The shortest refund window that a plan may have."""
        return timedelta(days=self.min_refund_window_days)

    @property
    def notice_period(self) -> timedelta:
        """The least time between the announcement of a change and its effect."""
        return timedelta(days=self.notice_days)


@cache
def profiles() -> dict[ProfileName, Profile]:
    """Return all profiles by name."""
    data = resources.files("weilian").joinpath("profiles.yaml").read_bytes()
    return TypeAdapter(dict[ProfileName, Profile]).validate_python(load_yaml(data), strict=False)
