"""The deployed suite as the gas benchmark finds it, with everything derived, nothing random."""

from dataclasses import dataclass
from typing import Any

from eth_abi.abi import encode
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils.crypto import keccak

from benchmarks.node import GENESIS_TIME, Node
from weilian import abi

NATIVE = "0x" + "00" * 20
GTIN = 6_901_234_567_892
DAY = 86_400
REFUND_WINDOW = 7 * DAY
ITEM_TYPES = ["uint256", "address", "bytes32", "uint256", "bytes32", "uint256"]
CARTON = 1_000
CLAIM_TYPES = {
    "Claim": [
        {"name": "batchId", "type": "bytes32"},
        {"name": "index", "type": "uint32"},
        {"name": "claimer", "type": "address"},
        {"name": "deadline", "type": "uint48"},
    ]
}


def filler(label: str) -> bytes:
    """Return 32 bytes that look random and are the same every time."""
    return keccak(text=f"weilian gas benchmark: {label}")


def lot(name: str) -> bytes:
    """Return a lot as the contracts take it."""
    return name.encode("ascii").ljust(20, b"\0")


def permission(name: str) -> bytes:
    """Return the delegate type of `weilian/<name>`, as Permissions.sol has it."""
    return f"weilian/{name}".encode().ljust(32, b"\0")


@dataclass(frozen=True)
class ClaimableItem:
    """An item of a tree of which only its own branch exists."""

    item: tuple[bytes, int, bytes, int, str]
    proof: list[bytes]
    root: bytes
    key: LocalAccount


class World:
    """Accounts by role and contracts by noun."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.deployer, self.brand, self.platform, self.payer, self.shopper, self.relayer = (
            node.accounts[:6]
        )
        self.line = node.accounts[6:9]  # three distributors, the first directly under the brand
        self.identities = self.deploy("IdentityRegistry")
        self.provenance = self.deploy("ProvenanceRegistry", self.identities.address)
        registries = (self.provenance.address, self.identities.address)
        self.items = self.deploy("ItemRegistry", *registries)
        self.custody = self.deploy("CustodyLedger", *registries)
        self.lens = self.deploy(
            "ProvenanceLens", self.provenance.address, self.items.address, self.custody.address
        )
        self.manager = self.deploy("PlatformManager", self.deployer)
        self.token = self.deploy("RewardToken", "Weilian Points", "WLP", 10**27)
        self.currency = self.deploy("RewardToken", "Stablecoin", "USD", 10**30)
        node.send(self.currency.functions.setMinter(self.deployer), self.deployer)

    def deploy(self, name: str, *args: Any) -> Any:
        """Deploy one contract from its artifact."""
        artifact = abi.load(name)
        factory = self.node.w3.eth.contract(abi=list(artifact.abi), bytecode=artifact.bytecode)
        receipt = self.node.send(factory.constructor(*args), self.deployer)
        return self.node.w3.eth.contract(receipt["contractAddress"], abi=list(artifact.abi))

    def batch_id(self, name: str) -> bytes:
        """Return the id of a batch of the brand."""
        return bytes(self.provenance.functions.batchIdOf(self.brand, GTIN, lot(name)).call())

    def registration(
        self, name: str, count: int, root: bytes | None = None, carton_size: int = CARTON
    ) -> Any:
        """Return a call that registers a batch."""
        terms = (
            self.brand,
            GTIN,
            lot(name),
            count,
            carton_size,
            root or filler(f"root {name}"),
            GENESIS_TIME - 30 * DAY,
            GENESIS_TIME + 900 * DAY,
            filler(f"document {name}"),
        )
        return self.provenance.functions.registerBatch(terms)

    def claimable(self, name: str, index: int, depth: int) -> ClaimableItem:
        """Build one item with its key and a proof of `depth` siblings."""
        key = Account.from_key(filler(f"key {name} {index}"))
        item = (self.batch_id(name), index, filler(f"serial {name} {index}"), 0, key.address)
        chain_id = self.node.w3.eth.chain_id
        words = [chain_id, self.provenance.address, *item[:3], int(key.address, 16)]
        node = keccak(keccak(encode(ITEM_TYPES, words)))
        proof = [filler(f"sibling {name} {level}") for level in range(depth)]
        for sibling in proof:
            node = keccak(b"".join(sorted((node, sibling))))
        return ClaimableItem(item, proof, node, key)

    def claim(self, claimable: ClaimableItem, claimer: str) -> Any:
        """Return a call that claims an item, signed by its hidden key."""
        batch_id, index, *_ = claimable.item
        deadline = GENESIS_TIME + 365 * DAY
        domain = {
            "name": "Weilian ItemRegistry",
            "version": "1",
            "chainId": self.node.w3.eth.chain_id,
            "verifyingContract": self.items.address,
        }
        message = {"batchId": batch_id, "index": index, "claimer": claimer, "deadline": deadline}
        signature = claimable.key.sign_typed_data(domain, CLAIM_TYPES, message).signature
        return self.items.functions.claim(
            claimable.item, claimable.proof, (claimer, deadline), bytes(signature)
        )
