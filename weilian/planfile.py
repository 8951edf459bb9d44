"""The YAML file in which a brand writes down a commission plan."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated

from eth_utils.address import is_checksum_address
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from weilian.errors import WeilianError
from weilian.yamlfile import read_yaml

BPS_PER_PERCENT = 100
SECONDS_PER_DAY = 86_400


class PlanFileError(WeilianError, ValueError):
    """A file that is not a plan."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"{path}: {rule}")


def _basis_points(text: object) -> int:
    if not isinstance(text, str) or not text.endswith("%"):
        raise ValueError("must be a percentage in quotes, like '2.5%'")
    try:
        bps = Decimal(text[:-1].strip()) * BPS_PER_PERCENT
    except ArithmeticError as error:
        raise ValueError("must be a percentage in quotes, like '2.5%'") from error
    if bps != bps.to_integral_value() or not 0 <= bps <= 100 * BPS_PER_PERCENT:
        raise ValueError("must be between 0% and 100%, in steps of 0.01%")
    return int(bps)


def _currency(text: str) -> str:
    if text != "native" and not is_checksum_address(text):
        raise ValueError("must be 'native' or the checksum address of an ERC-20")
    return text


BasisPoints = Annotated[int, BeforeValidator(_basis_points)]


class PlanFile(BaseModel):
    """A plan as written; rates in basis points."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")
    currency: Annotated[str, AfterValidator(_currency)]
    decimals: Annotated[int, Field(ge=0, le=36)]
    platform_fee: BasisPoints
    levels: list[BasisPoints]
    refund_window_days: Annotated[int, Field(ge=0, le=365)]
    document: str

    @property
    def refund_window(self) -> int:
        """The refund window in seconds."""
        return self.refund_window_days * SECONDS_PER_DAY


def read_plan_file(path: Path) -> PlanFile:
    """Read a plan; raises PlanFileError naming the key, its value and what would be right."""
    return read_yaml(path, PlanFile, PlanFileError)
