"""Batches of items with their keys, and a Merkle tree that knows nothing of the project's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_account.signers.local import LocalAccount
from eth_utils import keccak, to_canonical_address

GTIN = 6901234567892
LOT = b"TEA-2026-04".ljust(20, b"\0")
GTIN_LIMIT = 99_999_999_999_999
LEAF_TYPES = ("uint256", "address", "bytes32", "uint32", "bytes32", "uint256")
HIDDEN_CODE, CHIP = 0, 1


def batch_id_of(issuer: Any, gtin: int = GTIN, lot: bytes = LOT) -> bytes:
    """Compute the id a batch has: 20 bytes of issuer, 12 of a hash."""
    product = keccak(encode(("uint64", "bytes20"), (gtin, lot)))
    return to_canonical_address(str(issuer)) + product[:12]


def item_id_of(batch_id: bytes, index: int) -> bytes:
    """Compute the id of an item."""
    return keccak(encode(("bytes32", "uint32"), (batch_id, index)))


def claim_key(index: int) -> LocalAccount:
    """Return the hidden key of the item at `index`."""
    return Account.from_key(keccak(text=f"hidden key {index}"))


def merkle_levels(leaves: Sequence[bytes]) -> list[list[bytes]]:
    """Hash pairs, lower first, until one node is left. The first level is the leaves."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        pairs = zip(levels[-1][::2], levels[-1][1::2], strict=True)
        levels.append([keccak(min(pair) + max(pair)) for pair in pairs])
    return levels


@dataclass(frozen=True)
class SampleBatch:
    """`count` items of one batch.

    The padding up to a power of two has real keys, too, as a dishonest issuer could choose: the
    registry must refuse it by its index.
    """

    chain_id: int
    registry: str
    batch_id: bytes
    count: int
    key_kind: int = HIDDEN_CODE

    @property
    def root(self) -> bytes:
        return self._levels[-1][0]

    @property
    def depth(self) -> int:
        return (self.count - 1).bit_length()

    @cached_property
    def _levels(self) -> list[list[bytes]]:
        return merkle_levels([self.leaf(index) for index in range(2**self.depth)])

    def item(self, index: int = 0) -> dict[str, Any]:
        """Return an item as the contracts take it."""
        return {
            "batchId": self.batch_id,
            "index": index,
            "serialCommitment": keccak(text=f"serial {index}"),
            "keyKind": self.key_kind,
            "claimKey": claim_key(index).address,
        }

    def leaf(self, index: int) -> bytes:
        """Hash an item twice, bound to chain and registry."""
        item = self.item(index)
        key = item["keyKind"] << 160 | int(item["claimKey"], 16)
        named = self.batch_id, item["index"], item["serialCommitment"]
        return keccak(keccak(encode(LEAF_TYPES, (self.chain_id, self.registry, *named, key))))

    def proof(self, index: int = 0) -> list[bytes]:
        """Return the siblings from a leaf up to the root."""
        return [level[(index >> height) ^ 1] for height, level in enumerate(self._levels[:-1])]

    def node(self, height: int, position: int) -> bytes:
        """Return a node of the tree; height 0 is the leaves."""
        return self._levels[height][position]


def create_batch(provenance, issuer, count=4, gtin=GTIN, lot=LOT) -> SampleBatch:
    """Make a batch of `count` items of `issuer`, not registered yet."""
    batch_id = batch_id_of(issuer, gtin, lot)
    return SampleBatch(provenance.provider.chain_id, provenance.address, batch_id, count)


def create_registration(issuer, **changes) -> dict[str, Any]:
    """Return terms that can be registered, with `changes`."""
    registration = {
        "issuer": issuer,
        "gtin": GTIN,
        "lot": LOT,
        "itemCount": 4,
        "cartonSize": 0,
        "root": keccak(text="root"),
        "producedAt": 1_770_000_000,
        "expiresAt": 0,
        "documentHash": keccak(text="batch document"),
    }
    unknown = changes.keys() - registration.keys()
    assert not unknown, f"a registration has no {unknown}"
    return registration | changes


def register_batch(
    provenance,
    issuer,
    count=4,
    gtin=GTIN,
    lot=LOT,
    expires_at=0,
    carton_size=0,
    key_kind=HIDDEN_CODE,
    sender=None,
) -> SampleBatch:
    """Register a batch of `count` items and return it; `sender` is the issuer by default."""
    batch = replace(create_batch(provenance, issuer, count, gtin, lot), key_kind=key_kind)
    terms = create_registration(
        issuer,
        gtin=gtin,
        lot=lot,
        itemCount=count,
        cartonSize=carton_size,
        root=batch.root,
        expiresAt=expires_at,
    )
    provenance.registerBatch(terms, sender=sender or issuer)
    return batch
