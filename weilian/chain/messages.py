"""What errors of contracts mean for people, in English and Chinese, from `messages.yaml`."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml
from eth_utils.address import to_checksum_address

from weilian.chain.enums import OrderStatus, Verdict
from weilian.chain.values import BPS_DENOMINATOR, to_hex, to_moment

_SHOWN_CHARACTERS = 200
_ADDRESS_BITS = 160
_NUMBER_BITS = 96


@cache
def templates() -> dict[str, dict[str, str]]:
    """Return the texts by name of the error and language (`en`, `zh`)."""
    text = resources.files(__package__).joinpath("messages.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


def explain(name: str, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """Say in English and in Chinese what an error means and what to do."""
    texts = templates()[name]
    shown = {key: _Shown(value) for key, value in arguments.items()}
    return texts["en"].format_map(shown), texts["zh"].format_map(shown)


class _Shown:
    """A value of an error; the format after the colon in a template says how to write it."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __format__(self, form: str) -> str:
        return _FORMS[form](self.value)


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return to_hex(value)
    # NOTE: text from a contract is data: control characters must not reach a terminal.
    return "".join(c for c in str(value)[:_SHOWN_CHARACTERS] if c.isprintable())


def _party(value: int) -> str:
    """Write a party of the escrow's ledger: an account, or a number in a brand's programme."""
    is_member = value >> _ADDRESS_BITS
    brand = value >> _NUMBER_BITS if is_member else value
    account = to_checksum_address(brand.to_bytes(20))
    return f"{account}/{value & (1 << _NUMBER_BITS) - 1}" if is_member else account


def _name(value: bytes) -> str:
    return _plain(value.rstrip(b"\0").decode("ascii", "replace"))


_FORMS: dict[str, Callable[[Any], str]] = {
    "": _plain,
    "name": _name,
    "hex": hex,
    "time": lambda value: f"{to_moment(value):%Y-%m-%d %H:%M:%S} UTC" if value else "0",
    "span": lambda value: str(timedelta(seconds=value)),
    "percent": lambda value: f"{value * 100 / BPS_DENOMINATOR:.10g} %",
    "party": _party,
    "order": lambda value: OrderStatus(value).name,
    "verdict": lambda value: Verdict(value).name,
}
