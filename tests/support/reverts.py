"""Reverts by name and by every argument."""

from ast import literal_eval
from contextlib import contextmanager
from typing import Any

import ape
from ape.exceptions import CustomError
from hexbytes import HexBytes

from tests.support.abi import selector


@contextmanager
def reverts(error: Any, **inputs: Any):
    """Demand that the block reverts with `error`, whose arguments are exactly `inputs`.

    ape.reverts alone passes over arguments it does not know (a misspelt one is never compared) and
    over any revert that it cannot decode, such as a panic or another contract's error.
    """
    with ape.reverts() as info:
        yield info

    assert _decoded(info.value, error) == (error.abi.signature, inputs)


def is_error(actual: Any, error: Any) -> bool:
    """Tell whether a caught revert is this error, whatever its arguments."""
    return _decoded(actual, error)[0] == str(error.abi.signature)


def _decoded(actual: Any, expected: Any) -> tuple[str, dict[str, Any]]:
    """Read name and arguments of a revert; ape itself decodes those of the called contract only."""
    if isinstance(actual, CustomError):
        return actual.abi.signature, actual.inputs
    data = _revert_data(actual.message)
    if data[:4] != selector(expected.abi):
        return str(actual), {}
    decode = ape.networks.ethereum.decode_calldata
    return expected.abi.signature, decode(expected.abi, HexBytes(data[4:]))


def _revert_data(message: str) -> HexBytes:
    """Read the bytes of an undecoded revert, which are hex unless they hold an apostrophe.

    eth-tester shows them as Python does, in double quotes then; ape reads single quotes only.
    """
    if message.startswith('b"'):
        return HexBytes(literal_eval(message))
    return HexBytes(message if message.startswith("0x") else b"")
