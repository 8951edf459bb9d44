"""The nodes of binary Merkle trees in arrays: a node is a row of 32 bytes.

A parent is the keccak-256 of its children, lower first. A complete tree is one array as
OpenZeppelin lays it out: row 0 is the root, the children of row i are rows 2i + 1 and 2i + 2, and
the leaves fill the end backwards. A perfect tree, of 2^d leaves, is also kept level by level.
"""

from collections.abc import Iterable

import numpy as np

from weilian.errors import WeilianError, shown
from weilian.hashing import DIGEST_LENGTH, Rows, keccak256, lanes_for, writable

MAX_DEPTH = 32
"""Levels above the leaves of the largest tree: an index has 32 bits on chain."""

NODE_LENGTH = DIGEST_LENGTH


class MerkleError(WeilianError, ValueError):
    """A tree, a proof or a value that cannot be used."""


class EmptyTreeError(MerkleError):
    """A tree needs leaves."""

    def __init__(self) -> None:
        super().__init__("a Merkle tree needs at least one leaf")


class LeafIndexError(MerkleError, IndexError):
    """A leaf that the tree does not have."""

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"there is no leaf {index}; the tree has leaves 0 to {count - 1}")


class NodeError(MerkleError):
    """A node that is no 32 bytes of hex."""

    def __init__(self, value: object) -> None:
        super().__init__(f"{shown(value)} is not a node; it must be '0x' and 64 hex digits")


class TreeShapeError(MerkleError):
    """An array of nodes that does not have the shape of its tree."""

    def __init__(self, shape: tuple[int, ...], rule: str) -> None:
        super().__init__(f"an array of shape {shape} holds no such nodes; it must have {rule}")


def parse_node(text: object) -> bytes:
    """Read `0x` and 64 hex digits."""
    if not isinstance(text, str) or len(text) != 2 + 2 * NODE_LENGTH or text[:2] != "0x":
        raise NodeError(text)
    try:
        node = bytes.fromhex(text[2:])
    except ValueError as error:
        raise NodeError(text) from error
    if len(node) != NODE_LENGTH:  # fromhex skips spaces
        raise NodeError(text)
    return node


def rows_of(nodes: Iterable[bytes]) -> Rows:
    """Put nodes of 32 bytes each into one array (n, 32)."""
    return np.frombuffer(bytearray(b"".join(nodes)), np.uint8).reshape(-1, NODE_LENGTH)


def hash_pair(left: bytes, right: bytes) -> bytes:
    """Hash two nodes in ascending order, so that a proof needs no left and right."""
    return keccak256(left + right if left < right else right + left)


def parent_row(children: Rows) -> Rows:
    """Hash each two neighbours: (2k, 32) to (k, 32); raises TreeShapeError."""
    if children.ndim != 2 or children.shape[1] != NODE_LENGTH or len(children) % 2:
        raise TreeShapeError(children.shape, f"an even number of rows of {NODE_LENGTH} bytes")
    lanes = lanes_for(len(children) // 2)
    if lanes is None:
        return _hash_pairs_one_by_one(children)
    parents = np.empty((len(children) // 2, NODE_LENGTH), np.uint8)
    lanes.hash_pairs(writable(children), parents)
    return parents


def _hash_pairs_one_by_one(children: Rows) -> Rows:
    data, step = children.tobytes(), NODE_LENGTH
    return rows_of(
        hash_pair(data[at : at + step], data[at + step : at + 2 * step])
        for at in range(0, len(data), 2 * step)
    )


def levels(leaves: Rows) -> list[Rows]:
    """Build a perfect tree: all levels from `leaves` (2^d, 32) up to the root (1, 32).

    Raises EmptyTreeError and TreeShapeError.
    """
    if not len(leaves):
        raise EmptyTreeError
    if len(leaves) & (len(leaves) - 1):
        raise TreeShapeError(leaves.shape, "a power of two of rows")
    rows = [leaves]
    while len(rows[-1]) > 1:
        rows.append(parent_row(rows[-1]))
    return rows


def build_nodes(leaves: Rows) -> Rows:
    """Build a complete tree: (n, 32) to (2n - 1, 32); leaf i stands in row 2n - 2 - i.

    Raises EmptyTreeError.
    """
    count = len(leaves)
    if not count:
        raise EmptyTreeError
    nodes = np.empty((2 * count - 1, NODE_LENGTH), np.uint8)
    nodes[count - 1 :] = leaves[::-1]
    for first, end in _inner_levels(count):
        nodes[first:end] = parent_row(nodes[2 * first + 1 : 2 * end + 1])
    return nodes


def find_wrong_node(nodes: Rows) -> int | None:
    """Return the first row that is not the hash of its children, None if all are."""
    inner = len(nodes) // 2
    wrong = np.flatnonzero((parent_row(nodes[1:]) != nodes[:inner]).any(axis=1))
    return int(wrong[0]) if len(wrong) else None


def _inner_levels(count: int) -> Iterable[tuple[int, int]]:
    # NOTE: rows of nodes with children, the lowest level first, which may be partial.
    for depth in range((count - 1).bit_length() - 1, -1, -1):
        yield (1 << depth) - 1, min((2 << depth) - 1, count - 1)


def proof_of(nodes: Rows, position: int) -> list[bytes]:
    """Collect the siblings on the way from row `position` of a complete tree to the root."""
    proof = []
    while position > 0:
        proof.append(nodes[position + 1 if position % 2 else position - 1].tobytes())
        position = (position - 1) // 2
    return proof


def process_proof(leaf: bytes, proof: Iterable[bytes]) -> bytes:
    """Return the root that `proof` leads to from `leaf`."""
    node = leaf
    for sibling in proof:
        node = hash_pair(node, sibling)
    return node
