"""One version of everything, wherever it is named; a stand-in compiler that acts as the native."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from tools.compiler import SOLC_VERSION
from tools.node import find_node
from tools.steps import ROOT

APE = yaml.safe_load((ROOT / "ape-config.yaml").read_text())
FORGE = tomllib.loads((ROOT / "foundry.toml").read_text())["profile"]["default"]
NPM = json.loads((ROOT / "package.json").read_text())
PIN = re.compile(r"^([\w.-]+)(?:\[.*\])?==(\S+)", re.MULTILINE)
LOCK = (ROOT / "requirements.txt").read_text()
PINS = dict(PIN.findall(LOCK))
SOURCE = "// SPDX-License-Identifier: MIT\npragma solidity *;\n"


def solc(*arguments: str | Path, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [find_node(), ROOT / "tools" / "solc.js", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def request(content: str, *outputs: str) -> str:
    selection = {"*": {"*": list(outputs) or ["abi"]}}
    sources = {"Main.sol": {"content": SOURCE + content}}
    settings = {"outputSelection": selection}
    return json.dumps({"language": "Solidity", "sources": sources, "settings": settings})


def messages(result: subprocess.CompletedProcess[str]) -> str:
    errors = json.loads(result.stdout).get("errors", [])
    return "\n".join(error["formattedMessage"] for error in errors)


def test_settings__of_forge__are_those_of_ape():
    ape = APE["solidity"]

    of_ape = (ape["version"], ape["evm_version"], ape["optimize"], ape["optimization_runs"])

    assert of_ape == (
        FORGE["solc"],
        FORGE["evm_version"],
        FORGE["optimizer"],
        FORGE["optimizer_runs"],
    )
    assert APE["foundry"]["evm_version"] == ape["evm_version"]


def test_versions__named_twice__agree():
    plugins = {f"ape-{plugin['name']}": plugin["version"] for plugin in APE["plugins"]}
    openzeppelin = APE["dependencies"][0]

    assert APE["solidity"]["version"] == SOLC_VERSION
    assert NPM["dependencies"][openzeppelin["npm"]] == openzeppelin["version"]
    assert plugins == {name: PINS[name] for name in plugins}


def test_requirements__resolved__hold_every_input_pin():
    wanted = dict(PIN.findall((ROOT / "requirements.in").read_text()))

    assert wanted.items() <= PINS.items()


def test_requirements__packages_with_extras__are_locked_with_them():
    """Without, pip tries a newer release for the extra and finds it without a hash."""
    assert re.search(r"^coverage\[toml\]==", LOCK, re.MULTILINE)
    assert re.search(r"^eth-tester\[py-evm\]==", LOCK, re.MULTILINE)


@pytest.mark.parametrize("name", ["requirements.txt", "package-lock.json"])
def test_lock_file__committed__names_no_host(name):
    text = (ROOT / name).read_text()

    assert not re.search(r"--(extra-)?index-url|--find-links|file://|\"resolved\"", text)


def test_solc__combined_json__is_refused_with_what_would_work():
    result = solc("--combined-json", "abi")

    assert result.returncode == 1
    assert "--combined-json" in result.stderr
    assert "--standard-json" in result.stderr


def test_solc__file_missing__is_refused_by_name():
    result = solc("--standard-json", "absent.json")

    assert result.returncode == 1
    assert "absent.json" in result.stderr


def test_solc__import_below_include_path__is_found(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "A.sol").write_text(f"{SOURCE}contract A {{}}")
    main = tmp_path / "input.json"
    main.write_text(request('import {A} from "A.sol"; contract Main is A {}'))

    result = solc(
        "--standard-json", main, "--base-path", tmp_path, "--include-path", tmp_path / "lib"
    )

    assert set(json.loads(result.stdout)["contracts"]) == {"A.sol", "Main.sol"}


def test_solc__import_in_two_roots__is_ambiguous(tmp_path):
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "A.sol").write_text(f"{SOURCE}contract A {{}}")
    roots = ("--base-path", tmp_path / "one", "--include-path", tmp_path / "two")

    result = solc("--standard-json", *roots, text=request('import "A.sol";'))

    assert "Ambiguous import" in messages(result)


@pytest.mark.parametrize(("allowed", "compiles"), [(False, False), (True, True)])
def test_solc__import_outside_the_roots__needs_allow_paths(tmp_path, allowed, compiles):
    outside, base = tmp_path / "A.sol", tmp_path / "base"
    outside.write_text(f"{SOURCE}contract A {{}}")
    base.mkdir()
    paths = ("--allow-paths", tmp_path) if allowed else ()

    result = solc(
        "--standard-json", "--base-path", base, *paths, text=request(f'import "{outside}";')
    )

    assert (messages(result) == "") == compiles


def test_solc__output_larger_than_a_pipe__arrives_whole():
    body = "".join(
        f"function f{i}(uint a) external pure returns (uint) {{ return a; }}\n" for i in range(400)
    )

    result = solc("--standard-json", text=request(f"contract Main {{ {body} }}"))

    assert len(result.stdout) > 65_536
    assert len(json.loads(result.stdout)["contracts"]["Main.sol"]["Main"]["abi"]) == 400
