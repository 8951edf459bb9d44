"""The committed artifacts are what the sources compile to, by py-solc-x and by ape alike."""

import json
from pathlib import Path

import pytest

from tools.artifacts import ABI_FOLDER, expected_files

INVALID_OPCODE = b"\xfe"


@pytest.fixture(scope="module")
def compiled() -> dict[Path, str]:
    return expected_files()


@pytest.fixture(scope="module")
def contract_types():
    """Ape's own compilation."""
    return pytest.importorskip("ape").project.load_contracts()


def without_metadata(code: bytes) -> bytes:
    """Drop what solc appends by default: an invalid opcode, CBOR data, their two-byte length."""
    body = code[: -(int.from_bytes(code[-2:], "big") + 2)]
    return body.removesuffix(INVALID_OPCODE)


def test_artifacts__compiled_anew__are_the_committed_files(compiled):
    committed = {path: path.read_text() if path.exists() else None for path in compiled}

    stale = sorted(path.name for path, text in compiled.items() if committed[path] != text)

    assert not stale, f"differ from the sources: {', '.join(stale)}; run make artifacts"


def test_artifacts__contract_removed__has_no_file_left(compiled):
    left = sorted(path.name for path in set(ABI_FOLDER.glob("*.json")) - compiled.keys())

    assert not left, f"without a contract: {', '.join(left)}; run make artifacts"


def test_artifacts__compiled_by_ape__run_the_same_code(compiled, contract_types):
    artifacts = [json.loads(text) for path, text in compiled.items() if path.suffix == ".json"]

    by_ape = {
        a["contractName"]: bytes.fromhex(
            contract_types[a["contractName"]].runtime_bytecode.bytecode.removeprefix("0x")
        )
        for a in artifacts
    }

    assert {name: without_metadata(code).hex() for name, code in by_ape.items()} == {
        a["contractName"]: a["deployedBytecode"].removeprefix("0x") for a in artifacts
    }
