"""A batch of a million from its CSV, beside the naive chain; ten million; a proof; a cluster.

    python -m benchmarks.batch build CSV OUT [--workers N]     one build, told as JSON

A build is measured in a process of its own with all its workers: CPU time of all, and the greatest
sum of their resident memory (pages that they share count for each).
"""

import argparse
import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from coincurve import PublicKey
from distributed import LocalCluster

from benchmarks import naive
from benchmarks.measure import require_equal
from weilian.batch_build import BatchJob, cluster, processes
from weilian.batch_build.build import BuildFolder, build_tree
from weilian.batch_build.workers import Builder, here
from weilian.batch_folder import BatchFolder, BatchPlace, write_batch_folder
from weilian.batchfile import read_batch_file
from weilian.keys import CODE_LENGTH, BrandSeed, batch_secret, claim_key, label_key
from weilian.merkle import batch_id, build_batch_tree
from weilian.merkle.batch_tree import TreeHead
from weilian.sealed import recipient_of
from weilian.serials import SerialRule, Serials

MILLION = 1_000_000
NAIVE_ROWS = 20_000
CLUSTER_ITEMS = 1 << 19
PROOFS = 2_000
KEYS = 5_000
GTIN, LOT = "09521234001010", "WYYC-20260418-A"
SEED = BrandSeed(bytes(range(32)))
PLACE = BatchPlace(
    31337,
    "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
)
_SAMPLE_SECONDS = 0.05


def write_csv(path: Path, count: int) -> None:
    """Write a CSV of random serials, the same each time."""
    draw = random.Random(count)  # noqa: S311  # no secret
    with path.open("w") as stream:
        stream.write("gtin,lot,serial,production_date,expiry_date\n")
        for start in range(0, count, MILLION):
            stream.writelines(
                f"{GTIN},{LOT},{draw.getrandbits(64):016X},2026-05-20,2029-05-19\n"
                for _ in range(start, min(count, start + MILLION))
            )


def build(csv_path: Path, out: Path, builder: Builder) -> BatchFolder:
    """Read the CSV and build the batch's folder."""
    return write_batch_folder(out, read_batch_file(csv_path), PLACE, SEED, build=builder)


def measured_build(csv_path: Path, out: Path, workers: int) -> dict[str, Any]:
    """Build in a process of its own, with workers beside it if more than one; return the cost."""
    command = [sys.executable, "-m", "benchmarks.batch", "build", str(csv_path), str(out)]
    command += ["--workers", str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    with _watched(process.pid) as peak:
        output, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"building {csv_path.name} ended with {process.returncode}")
    return json.loads(output) | {"peak_mb": max(peak) / 1e6}


@contextmanager
def _watched(pid: int) -> Iterator[list[int]]:
    """Sample the resident memory of a process and its children, in bytes."""
    samples, ended = [0], threading.Event()

    def sample() -> None:
        while not ended.wait(_SAMPLE_SECONDS):
            try:
                root = psutil.Process(pid)
                family = [root, *root.children(recursive=True)]
                samples.append(sum(member.memory_info().rss for member in family))
            except psutil.NoSuchProcess:
                continue

    watcher = threading.Thread(target=sample)
    watcher.start()
    try:
        yield samples
    finally:
        ended.set()
        watcher.join()


def naive_seconds(folder: Path) -> float:
    """Return the CPU seconds of the naive chain for one item, after checking its leaves."""
    path = folder / "naive.csv"
    write_csv(path, NAIVE_ROWS)
    items = read_batch_file(path)
    head = (PLACE.chain_id, PLACE.registry, _batch_id())
    secret = batch_secret(SEED, *head)
    before = time.process_time()
    leaves = naive.leaves_of(path, head, secret)
    root = naive.root_of(leaves)
    seconds = time.process_time() - before
    tree = build_batch_tree(*head, items.serials, secret)
    require_equal([bytes(row) for row in tree.levels[0][:NAIVE_ROWS]], leaves, "leaves")
    whole = [bytes(row) for row in tree.levels[0]]
    require_equal(naive.root_of(whole), tree.root, "root")
    require_equal(len(root), 32, "bytes of the naive root")
    return seconds / NAIVE_ROWS


def curve_seconds() -> float:
    """Return the CPU seconds of one public key, the part that cannot be made faster."""
    keys = [claim_key(f"{number:026d}") for number in range(KEYS)]
    before = time.process_time()
    for key in keys:
        PublicKey.from_valid_secret(key).format(compressed=False)
    return (time.process_time() - before) / KEYS


def proof_ms(folder: BatchFolder) -> float:
    """Return the CPU milliseconds of one proof from the tree file, checked, for random items."""
    tree = folder.tree(folder.proof_keys(SEED))
    draw = random.Random(1)  # noqa: S311  # no secret
    serials = [tree.serials[draw.randrange(tree.count)] for _ in range(PROOFS)]
    before = time.process_time()
    for serial in serials:
        tree.item_proof(serial, GTIN, LOT)
    return (time.process_time() - before) / PROOFS * 1000


def batch_results() -> dict[str, float]:
    """Measure a million items: ratio to the naive chain, peak memory, one proof."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "items.csv"
        write_csv(path, MILLION)
        write_csv(folder / "warm.csv", 1 << 17)
        measured_build(folder / "warm.csv", folder / "warm", 1)
        # NOTE: the naive chain has one process; two of ours would slow each other down.
        slow, curve = naive_seconds(folder), curve_seconds()
        alone = measured_build(path, folder / "alone", 1)
        slow = min(slow, naive_seconds(folder))
        fast = alone["cpu_seconds"] / MILLION
        pair = measured_build(path, folder / "pair", 2)
        require_equal(pair["root"], alone["root"], "root of two workers")
        return {
            "batch_1m_times_faster_than_naive": slow / fast,
            "batch_1m_peak_mb": max(alone["peak_mb"], pair["peak_mb"]),
            "batch_1m_share_of_secp256k1": curve / fast,
            "merkle_proof_ms": proof_ms(BatchFolder.load(Path(pair["folder"]))),
        }


def batch_10m_results() -> dict[str, float]:
    """Measure the peak memory of ten million items."""
    with TemporaryDirectory() as name:
        path = Path(name) / "items.csv"
        write_csv(path, 10 * MILLION)
        took = measured_build(path, Path(name) / "out", 2)
        require_equal(took["items"], 10 * MILLION, "items")
        return {"batch_10m_peak_mb": took["peak_mb"]}


def cluster_results() -> dict[str, float]:
    """Compare the leaves per second of a Dask cluster of two workers with those of one process.

    From serials in memory to a tree file and sealed codes, in wall time.
    """
    serials = SerialRule(CLUSTER_ITEMS).draw(SEED.value)
    with (
        TemporaryDirectory() as name,
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=name,
        ) as dask,
    ):
        builders = {"one": here, "two": cluster(dask.scheduler_address)}
        seconds: dict[str, float] = dict.fromkeys(builders, float("inf"))
        roots = set()
        for turn in range(4):
            for kind, builder in builders.items():
                took, root = _tree_seconds(Path(name) / f"{kind}-{turn}", serials, builder)
                # NOTE: in the first turn the workers start and load what they need.
                if turn:
                    seconds[kind] = min(seconds[kind], took)
                roots.add(root)
        require_equal(len(roots), 1, "different roots")
    return {"batch_dask_two_workers_times_one_process": seconds["one"] / seconds["two"]}


def _tree_seconds(path: Path, serials: Serials, builder: Builder) -> tuple[float, bytes]:
    secret = batch_secret(SEED, PLACE.chain_id, PLACE.registry, _batch_id())
    job = BatchJob(
        head=TreeHead(PLACE.chain_id, PLACE.registry, _batch_id(), len(serials)),
        secret=secret,
        code_length=CODE_LENGTH,
        link_stem="https://id.gs1.org/01/09521234001010/10/L1/21/",
        recipients=(recipient_of(label_key(secret)),),
    )
    folder = BuildFolder(path)
    folder.begin("")
    before = time.monotonic()
    root = build_tree(folder, job, serials, builder, None)
    return time.monotonic() - before, root


def _batch_id() -> bytes:
    return batch_id(PLACE.issuer, int(GTIN), LOT)


def main() -> int:
    """Build once and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["build"])
    parser.add_argument("csv", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--workers", type=int, default=None)
    arguments = parser.parse_args()
    before = time.monotonic()
    folder = build(arguments.csv, arguments.out, processes(arguments.workers))
    used = os.times()
    result = {
        "folder": str(folder.path),
        "items": folder.record.count,
        "root": folder.record.root.hex(),
        "seconds": time.monotonic() - before,
        "cpu_seconds": used.user + used.system + used.children_user + used.children_system,
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
