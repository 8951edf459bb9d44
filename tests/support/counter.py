"""A shopper at a counter: an item, its labels, and the scripts to verify it with."""

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.support.provenance_world import GTIN, ProvenanceWorld
from tests.support.rpc_proxy import rpc_proxy
from weilian.gs1 import DigitalLink, Lot, Serial


@dataclass
class Counter:
    """A shopper's table: the world outside, and the files on it."""

    world: ProvenanceWorld
    folder: Path
    terminal: object
    stack: ExitStack

    def proof_file(self, proof=None, name="proof.json"):
        path = self.folder / name
        (proof or self.world.proof()).save(path)
        return path

    def label(self, serial="A1", code=None, name="label.txt"):
        """The hidden label of an item, with its own code or another text."""
        link = DigitalLink(GTIN, Lot(self.world.lot), Serial(serial))
        path = self.folder / name
        path.write_text(link.with_code(code or self.world.code(serial)))
        return path

    def file(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def state(self):
        """A state proof of the item as it is now, and the hash of its block."""
        path = self.folder / "state.json"
        done = self.verify("--proof", self.proof_file(), "--save-state", path)
        return path, done["stateBlock"]

    def run(self, *options):
        return self.terminal.run("verify", *options, "--json")

    def verify(self, *options):
        done = self.run(*options)
        assert done.code == 0, done.err
        return done.document

    def scan(self, *options):
        """Ask with everything that makes a good item genuine; later options win."""
        good = ("--proof", self.proof_file(), "--label", self.label(name="right.txt"))
        return self.run(*good, "--issuer", self.world.brand, *options)

    def node_behind(self, alter):
        """The URL of a second node that says something else than the first."""
        return self.stack.enter_context(rpc_proxy(self.world.node.url, alter))
