"""Contracts of contracts/mocks on a chain of one's own; ape compiles them, the library has none."""

from functools import cache
from typing import Any

import pytest
from web3.contract import Contract

from weilian.abi import Artifact
from weilian.chain import Chain, Signer


def deploy_mock(chain: Chain, name: str, signer: Signer, *args: Any) -> Contract:
    """Create a mock and bind to it."""
    artifact = _compiled(name)
    tx = chain.send(chain.creation(artifact, args), signer)
    return chain.contract(artifact, tx.contract_address)


@cache
def _compiled(name: str) -> Artifact:
    kind = _all_compiled()[name]
    bytecode = bytes.fromhex(kind.deployment_bytecode.bytecode.removeprefix("0x"))
    abi = tuple(entry.model_dump(mode="json", by_alias=True) for entry in kind.abi)
    return Artifact(name, abi, bytecode, b"", ())


@cache
def _all_compiled() -> dict[str, Any]:
    contracts: dict[str, Any] = pytest.importorskip("ape").project.load_contracts()
    return contracts
