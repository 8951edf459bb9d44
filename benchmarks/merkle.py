"""Tree to root from ready Python rows, beside the npm package and the best plain loop.

20,000 rows (uint256, bytes32), the kernels loaded, CPU time, roots compared first. Peers take turns
with ours, so that a neighbour on the machine slows down both.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tiny_keccak import keccak256

from benchmarks.measure import best_of, require_equal
from weilian.hashing import START_ROWS, keccak256_rows
from weilian.merkle import StandardMerkleTree

LEAVES = 20_000
TURNS = 3
NPM_ROUNDS = 2  # the second finds the functions compiled
TYPES = ("uint256", "bytes32")
Row = tuple[int, bytes]


def ready_rows() -> list[Row]:
    """Return the rows all trees are built of."""
    return [(number, keccak256(number.to_bytes(32))) for number in range(LEAVES)]


def load_lanes() -> None:
    """Load the kernels, as the first large batch of a process does."""
    keccak256_rows(np.zeros((START_ROWS, 1), np.uint8))


def our_root(rows: Sequence[Row]) -> bytes:
    """Build our tree."""
    return StandardMerkleTree.of(rows, TYPES).root


def plain_root(rows: Sequence[Row]) -> bytes:
    """Build the same tree in the fastest plain loop over the fastest hash of one message."""
    hashed = keccak256
    leaves = [hashed(hashed(number.to_bytes(32) + word)) for number, word in rows]
    leaves.sort(reverse=True)
    nodes = [b""] * (len(leaves) - 1) + leaves
    child = len(nodes) - 1
    for parent in range(len(leaves) - 2, -1, -1):
        right, left = nodes[child], nodes[child - 1]
        nodes[parent] = hashed(left + right) if left < right else hashed(right + left)
        child -= 2
    return nodes[0]


def times_faster_than_plain_loop() -> float:
    """Return how many times the leaves per CPU-second of `plain_root` we build."""
    rows = ready_rows()
    load_lanes()
    require_equal(our_root(rows), plain_root(rows), "Merkle root")
    return _times_faster(
        lambda: best_of(lambda: our_root(rows))[1], lambda: best_of(lambda: plain_root(rows))[1]
    )


def times_faster_than_oz_js() -> float:
    """Return how many times the leaves per CPU-second of npm @openzeppelin/merkle-tree we build."""
    rows = ready_rows()
    load_lanes()
    root = our_root(rows)

    def npm_seconds() -> float:
        reply = _ask_npm(rows)
        require_equal(f"0x{root.hex()}", reply["root"], "Merkle root")
        return float(reply["seconds"])

    return _times_faster(lambda: best_of(lambda: our_root(rows))[1], npm_seconds)


def _times_faster(ours: Callable[[], float], theirs: Callable[[], float]) -> float:
    turns = [(ours(), theirs()) for _ in range(TURNS)]
    return min(other for _, other in turns) / min(mine for mine, _ in turns)


def _ask_npm(rows: Sequence[Row]) -> dict[str, Any]:
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node is not on PATH: run `make setup`")
    request = {
        "types": TYPES,
        "rows": [[str(number), f"0x{word.hex()}"] for number, word in rows],
        "rounds": NPM_ROUNDS,
    }
    script = Path(__file__).with_name("oz_tree.mjs")
    done = subprocess.run(
        [node, script], input=json.dumps(request), capture_output=True, text=True, check=True
    )
    reply: dict[str, Any] = json.loads(done.stdout)
    return reply
