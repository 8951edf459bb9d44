"""Killed at any moment, a build goes on where it was; nothing on the disk tells a code."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.python.batch_build.conftest import PLACE, SEED
from weilian.batch_folder import BatchFolder
from weilian.keys import batch_secret, item_code, item_salt, salt_key
from weilian.merkle import batch_id, build_batch_tree
from weilian.serials import SerialRule

COUNT = 1_500
KILLS = 6
MOST_PARTS = 8
"""Parts that a build may finish before it is killed: after six kills there are some left."""

LATE_KILLS = 3
BATCH = batch_id(PLACE.issuer, 9521234001010, "L1")
SECRET = batch_secret(SEED, PLACE.chain_id, PLACE.registry, BATCH)
PROGRAM = f"""
import sys
from pathlib import Path
import weilian.batch_build.part
from tests.python.batch_build.conftest import PLACE, SEED, create_items
weilian.batch_build.part.PART_LEAVES = 16
from weilian.batch_build import processes
from weilian.batch_folder import write_batch_folder
def tell(done, total):
    print(done, flush=True)
    sys.stdin.readline()
if __name__ == "__main__":
    print("begun", flush=True)
    items = create_items({COUNT})
    build = processes(int(sys.argv[2]))
    write_batch_folder(Path(sys.argv[1]), items, PLACE, SEED, build=build, progress=tell)
    print("done", flush=True)
"""


def start(folder, workers):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder), str(workers)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )


def kill(process, parts, delay):
    """Kill a build `delay` seconds after it was let go on from so many parts.

    Return what it said and whether it was still at it: it waits for a word after each part.
    """
    said = []
    while parts and (line := process.stdout.readline()) and line != "done\n":
        said.append(line)
        process.stdin.write("\n")
        process.stdin.flush()
        parts -= 1
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    said.append(process.stdout.read())
    return "".join(said), process.wait() != 0


def secrets_in(text, secrets):
    return [secret for secret in secrets if secret in text]


def secrets_on_disk(folder, secrets):
    contents = (path.read_bytes() for path in folder.rglob("*") if path.is_file())
    return [found for content in contents for found in secrets_in(content, secrets)]


@pytest.mark.parametrize("workers", [1, 2])
def test_write_batch_folder__killed_again_and_again__ends_as_if_never_killed(tmp_path, workers):
    delays = random.Random(workers)
    serials = list(SerialRule(COUNT).draw(SECRET))
    codes = [item_code(SECRET, serial).encode() for serial in serials]
    salts = [item_salt(salt_key(SECRET), serial) for serial in serials]
    raw = [SECRET, SEED.value, salt_key(SECRET), *salts]
    secrets = [*raw, *(secret.hex().encode() for secret in raw), *codes]
    early = [(delays.randint(0, MOST_PARTS), delays.uniform(0, 0.02)) for _ in range(KILLS)]
    late = [(COUNT, delays.uniform(0, 0.02)) for _ in range(LATE_KILLS)]
    killed = 0
    for parts, delay in early + late:
        said, was_killed = kill(start(tmp_path / "out", workers), parts, delay)
        killed += was_killed
        assert secrets_in(said.encode(), secrets) == []
        assert secrets_on_disk(tmp_path, secrets) == []

    words = "\n" * COUNT
    assert start(tmp_path / "out", workers).communicate(words)[0].endswith("done\n")

    [path] = (tmp_path / "out").iterdir()
    expected = build_batch_tree(PLACE.chain_id, PLACE.registry, BATCH, serials, SECRET)
    assert killed >= KILLS
    assert BatchFolder.load(path).record.root == expected.root
    assert not [*path.rglob(".*"), *path.glob("parts")]
    assert len(list((path / "inner-labels").iterdir())) == -(-COUNT // 16)
    assert secrets_on_disk(tmp_path, secrets) == []
