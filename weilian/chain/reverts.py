"""Refusals of contracts, decoded: the suite's custom errors, Error(string), Panic(uint256)."""

import ast
from typing import Any

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError
from eth_utils.address import to_checksum_address

from weilian.abi import ErrorAbi, all_errors
from weilian.chain.messages import explain
from weilian.errors import WeilianError

_SOLIDITY_ERRORS = {
    bytes.fromhex("08c379a0"): ErrorAbi("Error", (("reason", "string"),)),
    bytes.fromhex("4e487b71"): ErrorAbi("Panic", (("code", "uint256"),)),
}
_PREFIX = "execution reverted: "


class ContractRevert(WeilianError, RuntimeError):  # noqa: N818  # that is what it is called
    """A contract refused. `str` says why and what to do, in English, then in Chinese.

    `name` is the error's, empty where there is none; `arguments` are its values by name;
    `contract` declares it, None where it is not the suite's own.
    """

    def __init__(self, name: str, arguments: dict[str, Any], selector: bytes) -> None:
        self.name = name
        self.arguments = arguments
        self.selector = selector
        self.contract = name.partition("_")[0] if "_" in name else None
        key = name or ("UnknownError" if selector else "NoReason")
        self.en, self.zh = explain(key, {"selector": selector, **arguments})
        super().__init__(f"{self.en}\n{self.zh}")

    @property
    def is_silent(self) -> bool:
        """Whether there is no reason at all, as where a contract lacks the function."""
        return not (self.name or self.selector)


def decode_revert(payload: bytes | str) -> ContractRevert:
    """Decode what a contract reverted with: its data, or the reason where a node gives no more."""
    if isinstance(payload, str):
        return ContractRevert("Error", {"reason": payload}, b"")
    selector, body = payload[:4], payload[4:]
    known = _SOLIDITY_ERRORS.get(selector) or all_errors().get(selector)
    if known is None:
        return ContractRevert("", {}, selector)
    try:
        values = decode([kind for _, kind in known.arguments], body)
    except DecodingError:
        return ContractRevert("", {}, selector)
    arguments = {
        name: to_checksum_address(value) if kind == "address" else value
        for (name, kind), value in zip(known.arguments, values, strict=True)
    }
    return ContractRevert(known.name, arguments, selector)


def payload_of(error: Exception) -> bytes | str:
    """Take the revert data out of an exception of web3 or eth-tester; its text if it has none."""
    data = getattr(error, "data", None)
    if isinstance(data, dict):  # some nodes wrap it
        data = data.get("data")
    if isinstance(data, str) and data.removeprefix("Reverted ").startswith("0x"):
        return bytes.fromhex(data.removeprefix("Reverted ")[2:])
    text = str(getattr(error, "message", None) or error).removeprefix(_PREFIX)
    if text.startswith(("b'", 'b"')):  # eth-tester shows the data as Python writes it
        return bytes(ast.literal_eval(text))
    return b"" if text in ("", "execution reverted") else text
