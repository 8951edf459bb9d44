"""A node of its own that outlives single commands, and the scripts as a person runs them."""

import importlib
import json
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.node import anvil
from tests.support.counter import Counter
from tests.support.provenance_world import ProvenanceWorld

ROOT = Path(__file__).parents[2]
APE = Path(sys.executable).with_name("ape")
TIMEOUT = 180
PASSPHRASE = "four words of tea"


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
    network: str

    def run(self, name, *arguments):
        """Run a script in this process, which saves the seconds that ape takes to start."""
        records = ("--deployments", self.folder / "deployments")
        return self.offline(name, *arguments, *records, "--network", self.network)

    def offline(self, name, *options):
        """Run a script that needs no chain."""
        script = importlib.import_module(f"scripts.{name}").cli
        runner = CliRunner(mix_stderr=False, env={"WEILIAN_PASSPHRASE": PASSPHRASE})
        done = runner.invoke(script, [str(option) for option in options])
        return Run(done.exit_code, done.stdout, done.stderr)

    def json(self, *arguments):
        """Run a script with --json; it must succeed."""
        done = self.run(*arguments, "--json")
        assert done.code == 0, done.err
        return done.document


def ape_run(*arguments, **options):
    """Start a script as a person does, in a process of its own."""
    command = [str(part) for part in (APE, "run", *arguments)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.fixture(scope="module")
def node():
    with anvil() as running:
        yield running


@pytest.fixture(scope="module")
def terminal(node, tmp_path_factory):
    return Terminal(tmp_path_factory.mktemp("scripts"), f"ethereum:local:{node.url}")


@pytest.fixture(scope="module")
def deployed(node, terminal):
    return ProvenanceWorld.deploy(node, terminal.folder / "deployments")


@pytest.fixture
def counter(deployed, terminal, tmp_path):
    """A fresh batch and files of its own; the chain is as before when the test is over."""
    snapshot = deployed.snapshot()
    deployed.register()
    with ExitStack() as stack:
        yield Counter(deployed, tmp_path, terminal, stack)
    deployed.revert(snapshot)
