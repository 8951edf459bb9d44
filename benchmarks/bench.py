"""Off-chain rates as ratios against a named peer in the same run: `python -m benchmarks.bench`.

CPU time, the best of some rounds, equal results checked first. A ratio holds on a busy machine, a
rate does not. Memory is a peak in megabytes.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from eth_account import Account
from eth_utils.crypto import keccak
from rich.console import Console
from rich.table import Table

from benchmarks import batch, labels, merkle, sending
from benchmarks.measure import best_of, require_equal
from weilian.keys import claim_address, claim_key, item_code
from weilian.merkle import process_proof

RESULTS = Path(__file__).with_name("results.json")
KEYS = 300
PROOFS = 200


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


def one(name: str, measure: Callable[[], float]) -> Callable[[], dict[str, float]]:
    """Give a single figure its name."""
    return lambda: {name: measure()}


GROUPS: Mapping[str, Callable[[], dict[str, float]]] = {
    "trees": lambda: {
        "merkle_times_faster_than_oz_js": merkle.times_faster_than_oz_js(),
        "merkle_times_faster_than_plain_loop": merkle.times_faster_than_plain_loop(),
    },
    "keys": one("claim_key_times_faster_than_eth_account", key_ratio),
    "proofs": one("proof_check_times_faster_than_eth_utils", proof_ratio),
    "labels": one(
        "labels_times_faster_than_reportlab_segno", labels.times_faster_than_reportlab_segno
    ),
    "sending": sending.sending_results,
    "batch": batch.batch_results,
    "cluster": batch.cluster_results,
    "batch-10m": batch.batch_10m_results,
}
MEANING = {
    "merkle_times_faster_than_oz_js": "npm @openzeppelin/merkle-tree, 20,000 rows",
    "merkle_times_faster_than_plain_loop": "the best plain loop over tiny-keccak, 20,000 rows",
    "claim_key_times_faster_than_eth_account": "eth_account.Account.from_key",
    "proof_check_times_faster_than_eth_utils": "eth_utils.keccak loop",
    "labels_times_faster_than_reportlab_segno": "reportlab and segno, 24 labels a page",
    "send_times_faster_than_web3_loop": "web3.py build, sign, send, wait on Anvil, wall time",
    "send_client_cpu_times_less_than_web3_loop": "the same loop, CPU time of the client",
    "send_client_us_per_transaction": "4,000 contract calls, journal on, client's CPU, us",
    "batch_1m_times_faster_than_naive": "csv.DictReader, Account.from_key, eth_abi, Web3.keccak",
    "batch_1m_peak_mb": "a million items from the CSV, two workers, MB",
    "batch_1m_share_of_secp256k1": "of the time of a million items, share of the curve",
    "merkle_proof_ms": "one checked proof from the tree file of a million, ms",
    "batch_dask_two_workers_times_one_process": "one process, wall time",
    "batch_10m_peak_mb": "ten million items from the CSV, two workers, MB",
}


def main() -> int:
    """Measure, print, and write `results.json`; figures not measured this time stay in it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "groups", nargs="*", metavar="GROUP", help=f"of {', '.join(GROUPS)}  [default: all]"
    )
    chosen = parser.parse_args().groups or list(GROUPS)
    unknown = [name for name in chosen if name not in GROUPS]
    if unknown:
        parser.error(f"there is no group {unknown[0]!r}; choose of {', '.join(GROUPS)}")
    console = Console(width=110)
    results: dict[str, float] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    table = Table("figure", "beside", "value", title="Off-chain figures, CPU time")
    for name in chosen:
        with console.status(f"measuring {name}"):
            found = GROUPS[name]()
        for key, value in found.items():
            results[key] = round(value, 2)
            table.add_row(key, MEANING[key], f"{results[key]:g}")
    console.print(table)
    ordered = {key: results[key] for key in MEANING if key in results}
    RESULTS.write_text(json.dumps(ordered, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
