"""One proof of several leaves, as OpenZeppelin's `MerkleProof.multiProofVerify` takes it.

The nodes to hash wait in a queue, at first the leaves. Each flag takes a node from the queue and
hashes it with the next of the queue (True) or of the proof (False); the result joins the queue's
end. So the order of the leaves is part of the proof: it is that of their indexes in a tree that
is not sorted.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from weilian.hashing import Rows
from weilian.merkle.nodes import (
    NODE_LENGTH,
    LeafIndexError,
    MerkleError,
    hash_pair,
)


class MultiProofError(MerkleError):
    """A proof of several leaves that cannot be made, or whose parts do not belong together."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"multiproof: {rule}")


@dataclass(frozen=True, slots=True)
class MultiProof:
    """Leaves and what is needed to get from them to the root."""

    indexes: tuple[int, ...]
    """Which leaves of the tree these are, in the order of `leaves`."""
    leaves: tuple[bytes, ...]
    proof: tuple[bytes, ...]
    flags: tuple[bool, ...]

    def root(self) -> bytes:
        """Return the root that the proof leads to; raises MultiProofError."""
        return process_multi_proof(self.leaves, self.proof, self.flags)


def multi_proof(
    indexes: Sequence[int], position_of: Callable[[int], int], node_at: Callable[[int], bytes]
) -> MultiProof:
    """Prove the leaves with `indexes` of a complete tree.

    `position_of` returns where the leaf of an index stands, `node_at` the node at a position: the
    root at 0, the children of i at 2i + 1 and 2i + 2. Raises MultiProofError where there is no
    index or one twice.
    """
    if not indexes:
        raise MultiProofError("it needs at least one leaf; a proof of nothing proves nothing")
    index_at: dict[int, int] = {}
    for index in indexes:
        position = position_of(index)
        if position in index_at:
            raise MultiProofError(f"leaf {index} is named twice; name each leaf once")
        index_at[position] = index
    positions = sorted(index_at, reverse=True)
    return MultiProof(
        tuple(index_at[position] for position in positions),
        tuple(map(node_at, positions)),
        *_path(positions, node_at),
    )


def _path(
    positions: Sequence[int], node_at: Callable[[int], bytes]
) -> tuple[tuple[bytes, ...], tuple[bool, ...]]:
    proof, flags = [], []
    queue = deque(positions)
    while queue[0] > 0:
        position = queue.popleft()
        sibling = position + 1 if position % 2 else position - 1
        is_known = bool(queue) and queue[0] == sibling
        if is_known:
            queue.popleft()
        else:
            proof.append(node_at(sibling))
        flags.append(is_known)
        queue.append((position - 1) // 2)
    return tuple(proof), tuple(flags)


def range_proof(rows: Sequence[Rows], first: int, count: int) -> MultiProof:
    """Prove the `count` leaves from index `first` on of a perfect tree, given as its `levels`.

    A carton of neighbours needs few nodes besides its own. Raises LeafIndexError and
    MultiProofError.
    """
    total, depth = len(rows[0]), len(rows) - 1

    def position_of(index: int) -> int:
        if not 0 <= index < total:
            raise LeafIndexError(index, total)
        return 2 * total - 2 - index

    def node_at(position: int) -> bytes:
        above = (position + 1).bit_length() - 1
        return bytes(rows[depth - above][(2 << above) - 2 - position])

    return multi_proof(range(first, first + count), position_of, node_at)


def process_multi_proof(
    leaves: Sequence[bytes], proof: Sequence[bytes], flags: Sequence[bool]
) -> bytes:
    """Return the root that `proof` leads to from `leaves`.

    Raises MultiProofError where the three cannot belong together: no leaf, a wrong number of flags,
    a part of the proof that is not used, a node that is no 32 bytes.
    """
    _check_parts(leaves, proof, flags)
    queue, siblings = deque(leaves), deque(proof)
    for is_known in flags:
        node = queue.popleft()
        queue.append(hash_pair(node, queue.popleft() if is_known else siblings.popleft()))
    return queue[0]


def _check_parts(leaves: Sequence[bytes], proof: Sequence[bytes], flags: Sequence[bool]) -> None:
    if not leaves:
        raise MultiProofError("it shows no leaf; a proof of nothing proves nothing")
    if len(leaves) + len(proof) != len(flags) + 1:
        raise MultiProofError(
            f"{len(leaves)} leaves and {len(proof)} nodes need "
            f"{len(leaves) + len(proof) - 1} flags, there are {len(flags)}"
        )
    # NOTE: a node left over could pass for the root (CVE-2023-34459); with both counts right, the
    # queue and the proof are never empty when a flag takes from them.
    taken = len(flags) - sum(map(bool, flags))
    if taken != len(proof):
        raise MultiProofError(f"its flags take {taken} nodes, there are {len(proof)}")
    for place, node in enumerate((*leaves, *proof), start=1):
        if len(node) != NODE_LENGTH:
            raise MultiProofError(f"leaf or node {place} has {len(node)} bytes, not {NODE_LENGTH}")
