import subprocess
import sys

import numpy as np
import pytest
from eth_hash.auto import keccak
from hypothesis import given, settings
from hypothesis import strategies as st

from weilian import hashing
from weilian.hashing import keccak256, keccak256_rows, lanes_for

RATE = 136
WIDTHS = [1, 31, 32, 33, 64, 135, 136, 137, 192, 271, 272, 273, 1000]
random_rows = st.builds(
    lambda count, width, seed: create_rows(count, width, seed),
    st.integers(0, 13),
    st.integers(0, 2 * RATE + 2),
    st.integers(0, 2**32 - 1),
)


def create_rows(count, width, seed=1):
    return np.random.default_rng(seed).integers(0, 256, (count, width), dtype=np.uint8)


def expected_of(rows):
    return [keccak(row.tobytes()) for row in rows]


@pytest.fixture(scope="module")
def lanes():
    pytest.importorskip("numba", reason="the lanes need numba")
    return hashing._load_lanes()


@pytest.fixture
def no_lanes(monkeypatch):
    monkeypatch.setattr(hashing, "lanes_for", lambda _: None)


def test_keccak256__no_bytes__is_the_published_digest():
    digest = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"

    assert keccak256(b"").hex() == digest


@pytest.mark.parametrize("width", [0, *WIDTHS])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 7, 8, 9])
def test_keccak256_rows__one_by_one__equals_the_peer(no_lanes, count, width):
    rows = create_rows(count, width)

    digests = keccak256_rows(rows)

    assert digests.shape == (count, 32)
    assert [row.tobytes() for row in digests] == expected_of(rows)


@pytest.mark.parametrize("width", [0, *WIDTHS])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 7, 8, 9])
def test_keccak256_rows__in_lanes__equals_the_peer(lanes, count, width):
    rows = create_rows(count, width)
    digests = np.empty((count, 32), np.uint8)

    lanes.hash_rows(rows, digests, 1)

    assert [row.tobytes() for row in digests] == expected_of(rows)


@settings(max_examples=200)
@given(random_rows, st.integers(1, 3))
def test_keccak256_rows__any_rows__both_ways_agree(rows, times):
    lanes = lanes_for(hashing.START_ROWS) or pytest.skip("the lanes need numba")
    digests = np.empty((len(rows), 32), np.uint8)

    lanes.hash_rows(rows, digests, times)

    np.testing.assert_array_equal(digests, hashing._hash_one_by_one(rows, times))


def test_keccak256_rows__twice__is_the_hash_of_the_hash(lanes):
    rows = create_rows(6, 64)

    digests = keccak256_rows(rows, times=2)

    assert [row.tobytes() for row in digests] == [keccak(keccak(row.tobytes())) for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        create_rows(9, 80)[::2, 8:40],
        np.asfortranarray(create_rows(5, 32)),
        np.frombuffer(bytes(range(160)), np.uint8).reshape(5, 32),
        np.frombuffer(bytes(range(161)), np.uint8)[1:].reshape(5, 32),
        np.broadcast_to(create_rows(1, 32), (5, 32)),
    ],
    ids=["slice", "columns first", "read-only", "unaligned", "repeated"],
)
def test_keccak256_rows__any_layout__is_read_alike_and_left_alone(lanes, rows):
    before = rows.copy()

    digests = keccak256_rows(rows)

    assert [row.tobytes() for row in digests] == expected_of(before)
    np.testing.assert_array_equal(rows, before)


def test_keccak256_rows__few_rows__do_not_load_numba():
    code = (
        "import sys, numpy as np; from weilian.hashing import START_ROWS, keccak256_rows;"
        "keccak256_rows(np.zeros((START_ROWS - 1, 1), np.uint8)); sys.exit('numba' in sys.modules)"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_keccak256_rows__many_rows_without_numba__are_hashed_all_the_same():
    code = (
        "import sys; sys.modules['numba'] = None;"
        "import numpy as np; from weilian.hashing import START_ROWS, keccak256, keccak256_rows;"
        "rows = keccak256_rows(np.zeros((START_ROWS, 1), np.uint8));"
        "sys.exit(rows[-1].tobytes() != keccak256(bytes(1)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_keccak256_rows__in_a_forked_process_and_in_threads__agree(lanes):
    code = (
        "import multiprocessing as m, numpy as np; from concurrent.futures import *;"
        "from weilian.hashing import START_ROWS, keccak256_rows as h;"
        "rows = np.zeros((START_ROWS, 33), np.uint8); want = h(rows).tobytes();"
        "pool = m.get_context('fork').Pool(2);"
        "assert {r.tobytes() for r in pool.map(h, [rows] * 4)} == {want};"
        "assert {r.tobytes() for r in ThreadPoolExecutor(4).map(h, [rows] * 8)} == {want}"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")


def test_lanes__no_folder_to_keep_machine_code_in__are_compiled_without():
    code = """if True:
        import numba

        def njit(cache=False, nogil=False):
            def compiled(function):
                if cache:
                    raise RuntimeError("cannot cache function: no locator available")
                return function
            return compiled

        numba.njit = njit
        import weilian.lanes
        print(weilian.lanes.hash_rows.__name__)
    """

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == "hash_rows\n"
