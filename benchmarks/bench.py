"""Off-chain rates as ratios against a named peer in the same run: `python -m benchmarks.bench`.

CPU time, the best of some rounds, equal results checked first. A ratio holds on a busy machine, a
rate does not.
"""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from eth_account import Account
from eth_utils.crypto import keccak
from rich.console import Console
from rich.table import Table

from weilian.keys import claim_address, claim_key, item_code
from weilian.merkle import StandardMerkleTree, process_proof

RESULTS = Path(__file__).with_name("results.json")
LEAVES = 20_000
KEYS = 300
PROOFS = 200
ROUNDS = 3


class UnequalResultsError(RuntimeError):
    """Two implementations that must agree do not."""


def best_of(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what `work` returns and the least CPU time of its rounds, in seconds."""
    seconds = float("inf")
    for _ in range(ROUNDS):
        before = time.process_time()
        result = work()
        seconds = min(seconds, time.process_time() - before)
    return result, seconds


def require_equal(ours: Any, theirs: Any, what: str) -> None:
    """Raise UnequalResultsError: a speed without equal results says nothing."""
    if ours != theirs:
        raise UnequalResultsError(f"{what}: {ours} is not {theirs}")


def merkle_ratio() -> float:
    """Tree to root from ready rows, against npm @openzeppelin/merkle-tree."""
    types = ("uint256", "bytes32")
    rows = [(number, keccak(number.to_bytes(32, "big"))) for number in range(LEAVES)]
    tree, ours = best_of(lambda: StandardMerkleTree.of(rows, types))
    request = {
        "types": types,
        "rows": [[str(number), "0x" + digest.hex()] for number, digest in rows],
        "rounds": ROUNDS,
    }
    node = shutil.which("node")
    if node is None:
        raise FileNotFoundError("node is not on PATH: run `make setup`")
    script = Path(__file__).with_name("oz_tree.mjs")
    reply = subprocess.run(
        [node, script], input=json.dumps(request), capture_output=True, text=True, check=True
    )
    theirs = json.loads(reply.stdout)
    require_equal("0x" + tree.root.hex(), theirs["root"], "Merkle root")
    return float(theirs["seconds"] / ours)


def key_ratio() -> float:
    """Address of an item's claim key, against eth_account's Account.from_key."""
    secret = keccak(text="benchmark")
    codes = [item_code(secret, f"SERIAL{number}") for number in range(KEYS)]
    keys = [claim_key(code) for code in codes]
    theirs, slow = best_of(lambda: [Account.from_key(key).address for key in keys])
    ours, fast = best_of(lambda: [claim_address(code) for code in codes])
    require_equal(ours, theirs, "claim addresses")
    return slow / fast


def proof_ratio() -> float:
    """Check of a proof 20 levels deep, against the same with eth_utils' keccak."""
    leaf = keccak(text="leaf")
    path = [keccak(text=f"sibling {level}") for level in range(20)]

    def naive() -> bytes:
        node = leaf
        for sibling in path:
            node = keccak(b"".join(sorted((node, sibling))))
        return node

    theirs, slow = best_of(lambda: [naive() for _ in range(PROOFS)])
    ours, fast = best_of(lambda: [process_proof(leaf, path) for _ in range(PROOFS)])
    require_equal(ours, theirs, "roots")
    return slow / fast


RATIOS: dict[str, tuple[str, Callable[[], float]]] = {
    "merkle_times_faster_than_oz_js": ("@openzeppelin/merkle-tree (npm)", merkle_ratio),
    "claim_key_times_faster_than_eth_account": ("eth_account.Account.from_key", key_ratio),
    "proof_check_times_faster_than_eth_utils": ("eth_utils.keccak loop", proof_ratio),
}


def main() -> int:
    """Measure all ratios, print them and write `results.json`."""
    results = {}
    table = Table("ratio", "peer", "times", title="Off-chain rates, CPU time")
    for name, (peer, measure) in RATIOS.items():
        results[name] = round(measure(), 2)
        table.add_row(name, peer, f"{results[name]:g}")
    Console().print(table)
    RESULTS.write_text(json.dumps(results, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
