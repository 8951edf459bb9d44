"""A node of its own that outlives single commands, and the scripts as a person runs them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from benchmarks.node import anvil

ROOT = Path(__file__).parents[2]
APE = Path(sys.executable).with_name("ape")
TIMEOUT = 180


@dataclass
class Run:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def document(self):
        """The JSON document on stdout."""
        return json.loads(self.out)


@dataclass
class Terminal:
    """Runs scripts against one node, with records and files in one folder."""

    folder: Path
    environment: dict[str, str]

    def command(self, *arguments):
        network = ["--network", "ethereum:local:foundry"]
        return [str(part) for part in (APE, "run", *arguments, *network)]

    def run(self, *arguments, **environment):
        done = subprocess.run(
            self.command(*arguments),
            cwd=ROOT,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
        )
        return Run(done.returncode, done.stdout, done.stderr)

    def json(self, *arguments):
        """Run a script with --json on this node's records; it must succeed."""
        done = self.run(*arguments, "--json", "--deployments", self.folder / "deployments")
        assert done.code == 0, done.err
        return done.document


@pytest.fixture(scope="module")
def node():
    with anvil() as running:
        yield running


@pytest.fixture(scope="module")
def terminal(node, tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    settings = {"APE_FOUNDRY_HOST": node.url, "WEILIAN_PASSPHRASE": "four words of tea"}
    return Terminal(folder, os.environ | settings)
