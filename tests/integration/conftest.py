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
BRAND = "TEST::2"
COUNT = 12
"""Items of each batch of goods."""


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


def pass_time(node, seconds):
    """Let the next block come so much later."""
    node.w3.provider.make_request("evm_increaseTime", [seconds])
    node.w3.provider.make_request("evm_mine", [])


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


@pytest.fixture(scope="module")
def who(node):
    """Addresses by the names of the accounts."""
    return lambda account: node.accounts[int(account.removeprefix("TEST::"))]


@pytest.fixture(scope="module")
def goods(terminal, node):
    """Two registered batches of twelve items by their lots, A with cartons of four."""
    terminal.json("deploy")
    folders = {}
    for lot, options in (("A", ("--carton-size", 4)), ("B", ())):
        path = terminal.folder / f"{lot}.csv"
        rows = [f"9521234001010,LOT-{lot},{lot}{number:03d}" for number in range(COUNT)]
        path.write_text("\n".join(["gtin,lot,serial", *rows, ""]))
        place = ("--seed", terminal.folder / "seed.age", "--out", terminal.folder / "batches")
        planned = terminal.json(
            "register_batch", path, "--account", BRAND, *place, *options, "--dry-run"
        )
        made = terminal.json("register_batch", path, "--account", BRAND, *place, *options)
        assert (planned["sent"], made["sent"]) == (False, True)
        folders[lot] = Path(made["folder"])
    return folders


@pytest.fixture(scope="module")
def proof(terminal, goods):
    """The proof file of the sixth item of a lot."""

    def write(lot):
        target = terminal.folder / f"proofs-{lot}"
        seed = ("--seed", terminal.folder / "seed.age")
        done = terminal.offline("prove", "items", goods[lot], f"{lot}005", *seed, "--out", target)
        assert done.code == 0, done.err
        return target / "5.proof.json"

    return write


@pytest.fixture
def thrice(terminal, node):
    """Plan a step, do it, run it again: return what the second run tells."""

    def run(*arguments):
        before = node.w3.eth.block_number
        planned = terminal.json(*arguments, "--dry-run")
        assert node.w3.eth.block_number == before
        done = terminal.json(*arguments)
        again = terminal.json(*arguments)
        assert [planned["sent"], done["sent"], again["sent"]] == [False, True, False]
        return done

    return run


@pytest.fixture
def refused(terminal, node):
    """Run what must be refused with nothing sent; return what is said."""

    def run(*arguments):
        before = node.w3.eth.block_number
        done = terminal.run(*arguments)
        assert done.code not in (0, None)
        assert "Traceback" not in done.err + done.out
        assert node.w3.eth.block_number == before
        return " ".join(done.err.split())

    return run
