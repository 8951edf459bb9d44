"""What the set-up steps share: where things are, how a command is run, how it is told."""

import hashlib
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_BIN = VENV / "bin"
NODE_MODULES = ROOT / "node_modules"


class SetupError(RuntimeError):
    """A step that cannot go on, told in one sentence."""


def say(text: str) -> None:
    """Tell the person at the terminal what is being done."""
    print(f"setup: {text}", flush=True)


def run(command: Sequence[str | Path], failure: str, *, timeout: float | None = None) -> str:
    """Run a command silently, return what it printed.

    Raises SetupError: the sentence `failure` and the end of what the command printed.
    """
    path = f"{VENV_BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"{failure}: {error}") from error
    if done.returncode:
        tail = (done.stdout + done.stderr).strip()[-2000:]
        raise SetupError(f"{failure} (exit code {done.returncode}):\n{tail}")
    return done.stdout


def link(path: Path, target: Path) -> None:
    """Make `path` a symbolic link to `target`, in one step where something else was before."""
    if path.is_symlink() and path.readlink() == target:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.symlink_to(target)
    draft.replace(path)


def digest(*parts: Path | str) -> str:
    """Hash files by content (not by time: a fresh clone has new times) and texts as they are."""
    sha = hashlib.sha256()
    for part in parts:
        sha.update(part.read_bytes() if isinstance(part, Path) else part.encode())
    return sha.hexdigest()


def is_done(stamp: Path, state: str) -> bool:
    """Tell whether the step that writes `stamp` was finished in this state."""
    return stamp.is_file() and stamp.read_text() == state
