"""Killed at any moment, a build goes on where it was; nothing on the disk tells a code."""

import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

from tests.python.batch_build.conftest import PLACE, SEED
from weilian.batch_folder import BatchFolder
from weilian.keys import batch_secret, item_code
from weilian.merkle import batch_id, build_batch_tree
from weilian.serials import SerialRule

COUNT = 1_500
KILLS = 6
BATCH = batch_id(PLACE.issuer, 9521234001010, "L1")
SECRET = batch_secret(SEED, BATCH)
PROGRAM = f"""
import sys
from pathlib import Path
import weilian.batch_build.part
from tests.python.batch_build.conftest import PLACE, SEED, create_items
weilian.batch_build.part.PART_LEAVES = 16
from weilian.batch_folder import write_batch_folder
def tell(done, total):
    print(done, flush=True)
print("begun", flush=True)
write_batch_folder(
    Path(sys.argv[1]), create_items({COUNT}), PLACE, SEED, progress=tell
)
print("done", flush=True)
"""


def start(folder):
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(PROGRAM), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )


def kill_some_time_after_its_first_part(process, delay):
    for line in process.stdout:
        if line.strip().isdigit() or line == "done\n":
            break
    time.sleep(delay)
    process.send_signal(signal.SIGKILL)
    process.stdout.read()
    return process.wait()


def plain_codes(folder, codes):
    found = []
    for path in folder.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        found += [code for code in codes if code.encode() in content]
    return found


def test_write_batch_folder__killed_again_and_again__ends_as_if_never_killed(tmp_path):
    delays = random.Random(7)
    serials = list(SerialRule(COUNT).draw(SECRET))
    codes = [item_code(SECRET, serial) for serial in serials[:50]]
    killed = 0
    for _ in range(KILLS):
        process = start(tmp_path / "out")
        killed += kill_some_time_after_its_first_part(process, delays.uniform(0, 0.15)) != 0
        assert plain_codes(tmp_path, codes) == []

    last = start(tmp_path / "out")
    assert last.communicate()[0].endswith("done\n")

    [path] = (tmp_path / "out").iterdir()
    folder = BatchFolder.load(path)
    expected = build_batch_tree(PLACE.chain_id, PLACE.registry, BATCH, serials, SECRET)
    assert killed >= 1
    assert folder.record.root == expected.root
    assert not list(path.rglob(".*"))
    assert len(list((path / "inner-labels").iterdir())) == -(-COUNT // 16)
    assert plain_codes(tmp_path, codes) == []
