"""The compiled contracts that ship with the library, one JSON file each."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from eth_utils.abi import function_abi_to_4byte_selector

from weilian.errors import WeilianError


class ArtifactMissingError(WeilianError, LookupError):
    """A contract that the library does not ship."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no contract {name!r}; there are {', '.join(names())}")


@dataclass(frozen=True, slots=True)
class Artifact:
    """One compiled contract. `immutables` are (start, length) in the runtime code."""

    name: str
    abi: tuple[dict[str, Any], ...]
    bytecode: bytes
    runtime: bytes
    immutables: tuple[tuple[int, int], ...]

    @property
    def bytecode_hash(self) -> str:
        """SHA-256 of the creation code in hex, as `bytecode.sha256` lists it."""
        return hashlib.sha256(self.bytecode).hexdigest()

    def is_runtime(self, code: bytes) -> bool:
        """Tell whether code found on a chain is this contract's, whatever its immutables hold."""
        return self._masked(code) == self._masked(self.runtime)

    def _masked(self, code: bytes) -> bytes:
        masked = bytearray(code)
        for start, length in self.immutables:
            masked[start : start + length] = bytes(length)
        return bytes(masked)


@dataclass(frozen=True, slots=True)
class ErrorAbi:
    """A custom error: its name, and name and ABI type of each argument."""

    name: str
    arguments: tuple[tuple[str, str], ...]


def names() -> list[str]:
    """Return the names of all contracts of the suite."""
    files = resources.files(__name__).iterdir()
    return sorted(file.name[: -len(".json")] for file in files if file.name.endswith(".json"))


@cache
def load(name: str) -> Artifact:
    """Read the artifact of a contract; raise ArtifactMissingError for a name that is none."""
    if name not in names():
        raise ArtifactMissingError(name)
    data = json.loads(resources.files(__name__).joinpath(f"{name}.json").read_text("utf-8"))
    return Artifact(
        name=name,
        abi=tuple(data["abi"]),
        bytecode=bytes.fromhex(data["bytecode"][2:]),
        runtime=bytes.fromhex(data["deployedBytecode"][2:]),
        immutables=tuple((at["start"], at["length"]) for at in data["immutableReferences"]),
    )


@cache
def all_errors() -> dict[bytes, ErrorAbi]:
    """Return every custom error that a contract of the suite declares, by its 4-byte selector."""
    entries = [entry for name in names() for entry in load(name).abi if entry["type"] == "error"]
    return {
        function_abi_to_4byte_selector(entry): ErrorAbi(  # type: ignore[arg-type]  # errors hash alike
            entry["name"], tuple((item["name"], item["type"]) for item in entry["inputs"])
        )
        for entry in entries
    }
