"""Put the Solidity compiler where py-solc-x, ape and forge look for it.

The native build where it can be downloaded; else the npm build of the same version, which makes the
same bytecode, behind the native command line (see solc.js).
"""

import fcntl
import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tools.node import find_node
from tools.steps import NODE_MODULES, ROOT, VENV, VENV_BIN, SetupError, link, run, say

# The npm build has to be of the same version, so its pin is the source of this one.
SOLC_VERSION: str = json.loads((ROOT / "package.json").read_text())["dependencies"]["solc"]
DOWNLOAD_SECONDS = 60
PROBE = {
    "language": "Solidity",
    "sources": {
        "P.sol": {"content": "// SPDX-License-Identifier: MIT\npragma solidity *;contract P {}"}
    },
    "settings": {"outputSelection": {"*": {"*": ["evm.bytecode.object"]}}},
}


def set_up_compiler() -> None:
    """Leave a working solc in the folder of py-solc-x and a link to it in forge's."""
    folder = Path(os.environ.get("SOLCX_BINARY_PATH") or Path.home() / ".solcx").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    solc = folder / f"solc-v{SOLC_VERSION}"
    with (folder / ".weilian.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several checkouts share this folder
        if not compiles(solc):
            install(solc)
    link_for_forge(solc)


def compiles(solc: Path) -> bool:
    """Tell whether this compiler turns a one-line contract into bytecode."""
    command: list[str | Path] = [solc, "--standard-json"]
    try:
        done = subprocess.run(
            command, input=json.dumps(PROBE), capture_output=True, text=True, timeout=120
        )
        return bool(json.loads(done.stdout)["contracts"]["P.sol"]["P"]["evm"]["bytecode"]["object"])
    except (OSError, subprocess.TimeoutExpired, ValueError, LookupError):
        return False


def install(solc: Path) -> None:
    """Install the compiler anew; only this version is touched."""
    solc.unlink(missing_ok=True)
    say(f"installing solc {SOLC_VERSION}")
    download = f"import solcx; solcx.install_solc({SOLC_VERSION!r})"
    try:
        run([VENV_BIN / "python", "-c", download], "no native solc", timeout=DOWNLOAD_SECONDS)
    except SetupError:
        say("the native compiler cannot be downloaded here; the npm build stands in for it")
    if not compiles(solc):
        install_npm_build(solc)
    if not compiles(solc):
        raise SetupError(
            f"{solc} does not compile a one-line contract; delete it, then run make setup again"
        )


def install_npm_build(solc: Path) -> None:
    """Copy the npm build out of the checkout, whole: it must work when this checkout is gone."""
    home = solc.parent / f"npm-{SOLC_VERSION}"
    shutil.rmtree(home, ignore_errors=True)
    package = json.loads((NODE_MODULES / "solc" / "package.json").read_text())
    for name in ("solc", *package["dependencies"]):
        shutil.copytree(NODE_MODULES / name, home / "node_modules" / name)
    shutil.copy(ROOT / "tools" / "solc.js", home)
    node = lasting_node(home)
    package_folder = str(home / "node_modules" / "solc")
    ask: list[str | Path] = [node, "-p", "require(process.argv[1]).version()", package_folder]
    version = run(ask, "the npm build of solc does not load")
    (home / "version.txt").write_text(f"solc, the solidity compiler\nVersion: {version}")
    launcher = home / "launcher"
    command = f"{shlex.quote(str(node))} {shlex.quote(str(home / 'solc.js'))}"
    launcher.write_text(f'#!/bin/sh\nexec {command} "$@"\n')
    launcher.chmod(0o755)
    launcher.replace(solc)


def lasting_node(folder: Path) -> Path:
    """Return a Node that outlives this checkout: the machine's, or the wheel's kept in `folder`."""
    node = find_node()
    if not node.is_relative_to(VENV):
        return node
    kept = folder / "node"
    try:
        kept.hardlink_to(node.resolve())  # 120 MB saved where both lie on one disk
    except OSError:
        shutil.copy(node.resolve(), kept)
    return kept


def link_for_forge(solc: Path) -> None:
    """Show the compiler to forge, unless forge has its own of this version."""
    path = svm_folder() / SOLC_VERSION / f"solc-{SOLC_VERSION}"
    if path.exists() and (not path.is_symlink() or path.samefile(solc) or compiles(path)):
        return
    link(path, solc)


def svm_folder() -> Path:
    """Return the folder where forge keeps compilers, by forge's own rule."""
    home = Path.home() / ".svm"
    if sys.platform == "darwin":
        data = Path.home() / "Library" / "Application Support" / "svm"
    else:
        data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "svm"
    return data if data.exists() and not home.exists() else home
