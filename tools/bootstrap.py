"""Set the project up: virtual environment, pinned packages, Solidity compiler, Anvil and forge.

`make setup` runs it with the first supported Python it finds. Each step looks first whether its
work is already done, so a second run changes nothing. Standard library only: this is what installs
everything else.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tools.compiler import set_up_compiler
from tools.node import npm_command
from tools.steps import (
    NODE_MODULES,
    ROOT,
    VENV,
    VENV_BIN,
    SetupError,
    digest,
    is_done,
    link,
    run,
    say,
)

FOUNDRY_TOOLS = ("anvil", "forge")
PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--no-input", "--require-hashes", "--requirement"]


def main() -> int:
    """Run every step; return the exit code."""
    try:
        set_up_python()
        set_up_npm()
        leave_out_artifacts()
        set_up_compiler()
        set_up_foundry()
    except SetupError as error:
        print(f"setup: {error}", file=sys.stderr)
        return 1
    return 0


def set_up_python() -> None:
    """Make `.venv` and install requirements.txt into it."""
    major, minor = sys.version_info[:2]
    requirements = ROOT / "requirements.txt"
    # Scripts in .venv carry its path: a checkout that was moved starts anew.
    home = f"{VENV} {sys.base_prefix} {major}.{minor}"
    stamp, state = VENV / ".installed", digest(requirements, home)
    if is_done(stamp, state):
        return
    if not is_done(VENV / ".home", home):
        say(f"creating .venv with Python {major}.{minor}")
        base = Path(sys.base_prefix, "bin", f"python{major}.{minor}")
        run([base, "-m", "venv", "--clear", VENV], "the virtual environment could not be created")
        (VENV / ".home").write_text(home)
    count = len(re.findall(r"^\S+==", requirements.read_text(), re.MULTILINE))
    say(f"installing {count} pinned Python packages (a minute or two)")
    run([VENV_BIN / "python", *PIP_INSTALL, requirements], "pip could not install requirements.txt")
    # All that an editable install is: `import weilian` finds this checkout from any folder.
    site_packages = VENV / "lib" / f"python{major}.{minor}" / "site-packages"
    (site_packages / "weilian.pth").write_text(f"{ROOT}\n")
    stamp.write_text(state)


def set_up_npm() -> None:
    """Install package-lock.json into `node_modules`."""
    stamp, state = NODE_MODULES / ".installed", digest(ROOT / "package-lock.json")
    if is_done(stamp, state):
        return
    say("installing the pinned npm packages")
    npm_ci = [*npm_command(), "ci", "--no-progress", "--loglevel=error"]
    run(npm_ci, "npm could not install package-lock.json")
    stamp.write_text(state)


def leave_out_artifacts() -> None:
    """Remove what OpenZeppelin compiled itself, which nobody reads.

    Below the temporary folder ape compiles in place, with a copy of the package beside the sources,
    and looks at 500 files at most: with these 257 it would miss contracts from the second time on.
    """
    shutil.rmtree(NODE_MODULES / "@openzeppelin" / "contracts" / "build", ignore_errors=True)


def set_up_foundry() -> None:
    """Link Anvil and forge into `.venv/bin`; without npm packages the machine's own will do."""
    for tool in FOUNDRY_TOOLS:
        packaged = next(NODE_MODULES.glob(f"@foundry-rs/{tool}-*/bin/{tool}"), None)
        if packaged is not None and starts(packaged):
            link(VENV_BIN / tool, packaged)
        elif shutil.which(tool) is None:
            say(f"npm has no {tool} for this platform: install Foundry to have `{tool}` on PATH")


def starts(program: Path) -> bool:
    """Tell whether the program runs on this machine at all (libc, processor)."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
