"""Compile the contracts into what ships with the library: `weilian/abi/*.json`, `bytecode.sha256`.

By py-solc-x, not by ape: ape has no setting that leaves the metadata out of the bytecode, and
metadata would tie the bytes to file names and comments. All else is as ape-config.yaml says.
"""

import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import solcx
import yaml

from tools.steps import ROOT

DEPLOYABLE = ("access", "commerce", "demo", "identity", "provenance", "rewards")
ABI_FOLDER = ROOT / "weilian" / "abi"
CHECKSUMS = ROOT / "bytecode.sha256"
OUTPUTS = ["abi", "evm.bytecode", "evm.deployedBytecode"]


def main() -> int:
    """Write every artifact anew and remove those whose contract is gone."""
    files = expected_files()
    ABI_FOLDER.mkdir(parents=True, exist_ok=True)
    for stale in set(ABI_FOLDER.glob("*.json")) - files.keys():
        stale.unlink()
    for path, text in files.items():
        path.write_text(text)
    print(f"artifacts: {len(files) - 1} contracts in weilian/abi, checksums in bytecode.sha256")
    return 0


def expected_files() -> dict[Path, str]:
    """Return what the artifact files must hold for the sources as they are, by path."""
    artifacts = {artifact["contractName"]: artifact for artifact in compile_artifacts()}
    files = {
        ABI_FOLDER / f"{name}.json": json.dumps(artifact, indent=1) + "\n"
        for name, artifact in artifacts.items()
    }
    sums = [line for name in sorted(artifacts) for line in checksum_lines(artifacts[name])]
    return files | {CHECKSUMS: "".join(f"{line}\n" for line in sums)}


def compile_artifacts() -> Iterator[dict[str, Any]]:
    """Compile the deployable contracts, one artifact each.

    Raises solcx.exceptions.SolcError on a source that does not compile.
    """
    config = yaml.safe_load((ROOT / "ape-config.yaml").read_text())["solidity"]
    paths = sorted(
        path for folder in DEPLOYABLE for path in (ROOT / "contracts" / folder).glob("*.sol")
    )
    sources = {path.relative_to(ROOT).as_posix(): {"content": path.read_text()} for path in paths}
    request = {
        "language": "Solidity",
        "sources": sources,
        "settings": solc_settings(config, sources),
    }
    output = solcx.compile_standard(request, base_path=ROOT, solc_version=config["version"])
    for source in sources:
        for name, contract in output["contracts"].get(source, {}).items():
            if contract["evm"]["bytecode"]["object"]:  # interfaces and abstract contracts have none
                yield artifact_of(name, contract)


def solc_settings(config: dict[str, Any], sources: Iterable[str]) -> dict[str, Any]:
    """Translate ape's settings into solc's, without metadata: same source, same bytes."""
    return {
        "evmVersion": config["evm_version"],
        "optimizer": {"enabled": config["optimize"], "runs": config["optimization_runs"]},
        "viaIR": config["via_ir"],
        "metadata": {"bytecodeHash": "none", "appendCBOR": False},
        "remappings": ["@openzeppelin/contracts=node_modules/@openzeppelin/contracts"],
        "outputSelection": {source: {"*": OUTPUTS} for source in sources},
    }


def artifact_of(name: str, contract: dict[str, Any]) -> dict[str, Any]:
    """Shape solc's output; of immutables only the byte ranges, as solc's node ids change."""
    creation, runtime = contract["evm"]["bytecode"], contract["evm"]["deployedBytecode"]
    ranges = [place for places in runtime["immutableReferences"].values() for place in places]
    return {
        "contractName": name,
        "abi": contract["abi"],
        "bytecode": f"0x{creation['object']}",
        "deployedBytecode": f"0x{runtime['object']}",
        "immutableReferences": sorted(ranges, key=lambda place: place["start"]),
    }


def checksum_lines(artifact: dict[str, Any]) -> Iterator[str]:
    """Yield the SHA-256 of the creation and of the runtime code, in the form of `sha256sum`."""
    for label, key in (("creation", "bytecode"), ("runtime", "deployedBytecode")):
        code = bytes.fromhex(artifact[key].removeprefix("0x"))
        yield f"{hashlib.sha256(code).hexdigest()}  {artifact['contractName']}.{label}"


if __name__ == "__main__":
    sys.exit(main())
