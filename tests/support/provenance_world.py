"""A deployed suite and one brand's batch on an Anvil node, for whoever compares ways to read it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from web3.types import RPCEndpoint

from benchmarks.node import Node
from tests.python.chain.world import new_signer
from tests.python.examples import ROOT
from weilian.chain import Chain
from weilian.config import load_config
from weilian.deploy import deploy_suite
from weilian.gs1 import Gtin
from weilian.hashing import keccak256
from weilian.item import Items, item_tuple
from weilian.keys import BrandSeed, batch_secret, item_code
from weilian.merkle import ItemProof, batch_id, build_batch_tree
from weilian.merkle.items import lot_bytes
from weilian.suite import Suite

GTIN = Gtin("06901234567892")
SEED = BrandSeed(bytes(range(32)))
SERIALS = ["A1", "B2", "C3", "D4", "E5"]
DOCUMENT_TEXT = b"what the brand says of the batch"
DOCUMENT = keccak256(DOCUMENT_TEXT)
DAY = 86_400
SHELF_LIFE = 36_500 * DAY
"""Of a batch: longer than any clock that the tests run by is ahead of the node's."""


@dataclass
class ProvenanceWorld:
    """Who takes part, and one batch of five items in cartons of two. Accounts are the node's."""

    node: Node
    suite: Suite
    brand: str
    distributor: str
    shopper: str
    operator: str
    batch: bytes = b""
    lot: str = ""
    tree: Any = None
    lots: Any = None

    @classmethod
    def deploy(cls, node: Node, folder) -> "ProvenanceWorld":
        """Deploy the suite; no batch yet."""
        chain = Chain(node.w3, poll_seconds=0.01)
        config = load_config(ROOT / "config" / "local.yaml")
        deploy_suite(config, chain, new_signer(chain), folder)
        node.time = chain.block()[1]
        return cls(node, Suite.load(chain, folder), *node.accounts[2:6], lots=count(1))

    def send(self, contract: str, function: str, *args, sender: str | None = None):
        """Send a transaction as the brand, or as another account."""
        call = getattr(self.suite, contract).functions[function](*args)
        return self.node.send(call, sender or self.brand)

    def register(self, *, active=True, expires_in=SHELF_LIFE, sender=None, carton_size=2) -> None:
        """Register a new batch, with all cartons activated or none."""
        self.lot = f"LOT{next(self.lots)}"
        self.batch = batch_id(self.brand, int(GTIN), self.lot)
        place = (self.suite.chain.chain_id, self.suite.provenance.address, self.batch)
        self.tree = build_batch_tree(*place, SERIALS, self.secret)
        terms = (len(SERIALS), carton_size, self.tree.root, 0, self.node.time + expires_in)
        registration = (self.brand, int(GTIN), lot_bytes(self.lot), *terms, DOCUMENT)
        self.send("provenance", "registerBatch", registration, sender=sender)
        if active and carton_size:
            self.send("provenance", "activate", self.batch, 0, 2)

    @property
    def secret(self) -> bytes:
        """What the batch's salts and codes follow from."""
        place = (self.suite.chain.chain_id, self.suite.provenance.address, self.batch)
        return batch_secret(SEED, *place)

    def proof(self, serial="A1") -> ItemProof:
        """The proof file of an item."""
        return self.tree.item_proof(serial, GTIN.value, self.lot)

    def forged_proof(self, lot="FORGED1") -> ItemProof:
        """A proof that holds together, of a batch that nobody registered."""
        identifier = batch_id(self.brand, int(GTIN), lot)
        place = (self.suite.chain.chain_id, self.suite.provenance.address, identifier)
        tree = build_batch_tree(*place, SERIALS, bytes(32))
        return tree.item_proof("A1", GTIN.value, lot)

    def code(self, serial="A1") -> str:
        """The hidden code of an item."""
        return item_code(self.secret, serial)

    def claim(self, serial="A1") -> bytes:
        """Claim an item for the shopper; return its id."""
        proof, deadline = self.proof(serial), datetime(2090, 1, 1, tzinfo=UTC)
        signed = Items(self.suite).sign_claim(proof, self.code(serial), self.shopper, deadline)
        request = (self.shopper, int(deadline.timestamp()))
        path = (item_tuple(proof), list(proof.proof))
        self.send("items", "claim", *path, request, signed.signature, sender=self.operator)
        return bytes(self.suite.items.functions.itemIdOf(self.batch, proof.index).call())

    def pass_time(self, seconds: int) -> None:
        """Mine a block that is so much later."""
        self.node.time += seconds
        self.ask("evm_setNextBlockTimestamp", self.node.time)
        self.ask("evm_mine")

    def snapshot(self) -> str:
        """Remember the chain as it is."""
        return self.ask("evm_snapshot")

    def revert(self, snapshot: str) -> None:
        """Make the chain again what it was."""
        self.ask("evm_revert", snapshot)
        self.node.time = self.suite.chain.block()[1]

    def ask(self, method: str, *params) -> Any:
        """Ask the node for something that is Anvil's own."""
        return self.node.w3.provider.make_request(RPCEndpoint(method), list(params))["result"]
