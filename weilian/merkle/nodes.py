"""The nodes of a complete binary Merkle tree in one list, as OpenZeppelin lays them out.

`nodes[0]` is the root, the children of `nodes[i]` are `nodes[2i + 1]` and `nodes[2i + 2]`, and the
leaves fill the end of the list backwards. A parent is the keccak-256 of its children, lower first.
"""

from collections.abc import Iterable, Sequence

from weilian.errors import WeilianError
from weilian.hashing import keccak256

NODE_LENGTH = 32


class MerkleError(WeilianError, ValueError):
    """A tree, a proof or a value that cannot be used."""


class EmptyTreeError(MerkleError):
    """A tree needs leaves."""

    def __init__(self) -> None:
        super().__init__("a Merkle tree needs at least one leaf")


class NodeError(MerkleError):
    """A node that is no 32 bytes of hex."""

    def __init__(self, value: object) -> None:
        super().__init__(f"{value!r:.80} is not a node; it must be '0x' and 64 hex digits")


def parse_node(text: object) -> bytes:
    """Read `0x` and 64 hex digits."""
    if not isinstance(text, str) or len(text) != 2 + 2 * NODE_LENGTH or text[:2] != "0x":
        raise NodeError(text)
    try:
        return bytes.fromhex(text[2:])
    except ValueError as error:
        raise NodeError(text) from error


def hash_pair(left: bytes, right: bytes) -> bytes:
    """Hash two nodes in ascending order, so that a proof needs no left and right."""
    return keccak256(left + right if left < right else right + left)


def build_nodes(leaves: Sequence[bytes]) -> list[bytes]:
    """Build all nodes above `leaves`; leaf i stands at `len(nodes) - 1 - i`."""
    if not leaves:
        raise EmptyTreeError
    inner = len(leaves) - 1
    nodes = [b""] * inner + list(reversed(leaves))
    for position in range(inner - 1, -1, -1):
        nodes[position] = hash_pair(nodes[2 * position + 1], nodes[2 * position + 2])
    return nodes


def find_wrong_node(nodes: Sequence[bytes]) -> int | None:
    """Return the position of a node that is not the hash of its children, None if all are."""
    for position in range(len(nodes) // 2):
        if nodes[position] != hash_pair(nodes[2 * position + 1], nodes[2 * position + 2]):
            return position
    return None


def proof_of(nodes: Sequence[bytes], position: int) -> list[bytes]:
    """Collect the siblings on the way from the node at `position` to the root."""
    proof = []
    while position > 0:
        proof.append(nodes[position + 1 if position % 2 else position - 1])
        position = (position - 1) // 2
    return proof


def process_proof(leaf: bytes, proof: Iterable[bytes]) -> bytes:
    """Return the root that `proof` leads to from `leaf`."""
    node = leaf
    for sibling in proof:
        node = hash_pair(node, sibling)
    return node
