import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weilian.errors import WeilianError
from weilian.files import ExistingFileError, FileWriteError, locked_folder
from weilian.merkle.nodes import LeafIndexError, levels, process_proof
from weilian.merkle.tiles import (
    MANIFEST,
    Tile,
    TileError,
    TileManifest,
    TileReader,
    TilesRunningError,
    TreeDepthError,
    folder_fetch,
    tile_levels,
    tile_of,
    write_tiles,
)


def create_levels(depth):
    leaves = np.random.default_rng(depth).integers(0, 256, (1 << depth, 32), dtype=np.uint8)
    return levels(leaves)


@pytest.fixture(scope="module")
def deep(tmp_path_factory):
    """Return (levels, folder) of a tree of depth 17, whose top tile has two nodes."""
    rows = create_levels(17)
    folder = tmp_path_factory.mktemp("tiles") / "batch"
    write_tiles(folder, rows.__getitem__, 17, 100_000)
    return rows, folder


def reader_of(deep, fetch=None):
    rows, folder = deep
    return TileReader(fetch or folder_fetch(folder), rows[-1].tobytes(), 17)


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0, 256), "tile/0/000"),
        (Tile(0, 67, 256), "tile/0/067"),
        (Tile(1, 999, 256), "tile/1/999"),
        (Tile(0, 1_000, 256), "tile/0/x001/000"),
        (Tile(0, 1_234_067, 256), "tile/0/x001/x234/067"),
        (Tile(2, 0, 16), "tile/2/000.p/16"),
    ],
)
def test_path__of_a_tile__is_that_of_c2sp_tlog_tiles(tile, path):
    assert tile.path == path


@pytest.mark.parametrize(
    ("depth", "count"), [(0, 1), (1, 1), (8, 1), (9, 2), (16, 2), (17, 3), (20, 3), (32, 4)]
)
def test_tile_levels__any_depth__is_the_fetches_of_a_proof(depth, count):
    assert tile_levels(depth) == count
    assert tile_of(depth, count - 1, 0).width == 1 << depth - 8 * (count - 1)


@pytest.mark.parametrize("depth", [0, 1, 2, 7, 8, 9, 12])
def test_path__any_leaf__is_that_of_the_tree(tmp_path, depth):
    rows = create_levels(depth)

    root = write_tiles(tmp_path / "tiles", rows.__getitem__, depth, 1 << depth)

    assert root == rows[-1].tobytes()
    reader = TileReader(folder_fetch(tmp_path / "tiles"), root, depth)
    for index in {0, (1 << depth) - 1, (1 << depth) // 3}:
        expected = [row[index >> level ^ 1].tobytes() for level, row in enumerate(rows[:-1])]
        assert reader.path(index) == (rows[0][index].tobytes(), expected)


@given(st.integers(0, (1 << 17) - 1))
def test_proof__leaf_of_a_deep_tree__leads_to_the_root(deep, index):
    rows, _ = deep
    reader = reader_of(deep)

    proof = reader.proof(index)

    assert len(proof) == 17
    assert process_proof(reader.leaf(index), proof) == rows[-1].tobytes()


def test_proof__deep_tree__fetches_three_tiles_from_the_top(deep):
    asked = []

    def fetch(path):
        asked.append(path)
        return folder_fetch(deep[1])(path)

    reader_of(deep, fetch).proof(70_000)

    assert asked == ["tile/2/000.p/2", "tile/1/001", "tile/0/273"]


@pytest.mark.parametrize("path", ["tile/2/000.p/2", "tile/1/001", "tile/0/273"])
@pytest.mark.parametrize("place", [0, -1])
def test_proof__one_changed_byte_in_any_tile__names_the_tile(deep, path, place):
    def fetch(asked):
        data = bytearray(folder_fetch(deep[1])(asked))
        data[place] ^= asked == path
        return bytes(data)

    with pytest.raises(TileError, match=f"{path} does not lead to 0x"):
        reader_of(deep, fetch).proof(70_000)


def test_proof__tile_of_another_place__is_refused(deep):
    def fetch(path):
        return folder_fetch(deep[1])(path.replace("273", "274"))

    with pytest.raises(TileError, match="tile/0/273 does not lead to 0x"):
        reader_of(deep, fetch).proof(70_000)


@pytest.mark.parametrize("length", [0, 8_191, 8_193, 32])
def test_proof__tile_of_another_length__names_both(deep, length):
    def fetch(path):
        return folder_fetch(deep[1])(path)[:length].ljust(length) if "/0/" in path else whole(path)

    whole = folder_fetch(deep[1])
    with pytest.raises(TileError, match=f"tile/0/273 has {length} bytes, it must have 8192"):
        reader_of(deep, fetch).proof(70_000)


def test_proof__missing_tile__is_named(deep, tmp_path):
    with pytest.raises(TileError, match=r"tile/2/000\.p/2 cannot be read: No such file"):
        reader_of(deep, folder_fetch(tmp_path)).proof(0)


@pytest.mark.parametrize("index", [-1, 1 << 17])
def test_proof__no_such_leaf__raises_before_a_fetch(deep, index):
    with pytest.raises(LeafIndexError, match=f"there is no leaf {index}; .* 0 to 131071"):
        reader_of(deep, fetch=lambda path: pytest.fail(path)).proof(index)


def test_write_tiles__manifest__says_what_is_there(deep):
    rows, folder = deep

    manifest = TileManifest.from_json((folder / MANIFEST).read_bytes())

    root = f"0x{rows[-1].tobytes().hex()}"
    assert manifest == TileManifest(root=root, depth=17, count=100_000)


def test_write_tiles__files__are_the_leaves_and_the_layers_above(deep):
    rows, folder = deep

    sizes = [path.stat().st_size for path in (folder / "tile").rglob("*") if path.is_file()]

    assert sorted(sizes) == [2 * 32] + [256 * 32] * (2 + 512)
    assert (folder / "tile/0/001").read_bytes() == rows[0][256:512].tobytes()
    assert (folder / "tile/1/001").read_bytes() == rows[8][256:].tobytes()


def test_write_tiles__progress__counts_all_tiles(tmp_path):
    calls = []
    rows = create_levels(10)

    write_tiles(tmp_path / "t", rows.__getitem__, 10, 5, lambda *state: calls.append(state))

    assert calls == [(done, 5) for done in (1, 2, 3, 4, 5)]


def test_write_tiles__failure_half_way__leaves_nothing(tmp_path):
    def row_of(level):
        if level:
            raise KeyboardInterrupt
        return create_levels(9)[0]

    with pytest.raises(KeyboardInterrupt):
        write_tiles(tmp_path / "t", row_of, 9, 1)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_write_tiles__something_is_there__is_left_alone(tmp_path, kind):
    target = tmp_path / "t"
    make = {"folder": target.mkdir, "file": target.touch}
    make.get(kind, lambda: target.symlink_to(tmp_path / "none"))()

    with pytest.raises(ExistingFileError, match=f"{target} exists already"):
        write_tiles(target, create_levels(1).__getitem__, 1, 1)

    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(("name", "reason"), [("none", "No such file"), ("file", "Not a dir")])
def test_write_tiles__no_folder_to_write_into__names_the_target(tmp_path, name, reason):
    (tmp_path / "file").touch()

    with pytest.raises(FileWriteError, match=f"cannot write {tmp_path / name / 't'}: {reason}"):
        write_tiles(tmp_path / name / "t", create_levels(1).__getitem__, 1, 1)


def test_write_tiles__disk_full__names_the_target_and_leaves_nothing(tmp_path, monkeypatch):
    def fail(_path, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(FileWriteError, match=f"cannot write {tmp_path / 't'}: No space left"):
        write_tiles(tmp_path / "t", create_levels(9).__getitem__, 9, 1)

    assert list(tmp_path.iterdir()) == []


def test_write_tiles__killed_in_the_middle__is_cleared_by_the_next_run(tmp_path):
    code = (
        "import sys, time, numpy; from pathlib import Path; "
        "from weilian.merkle.tiles import write_tiles; "
        "write_tiles(Path(sys.argv[1]), lambda level: numpy.zeros((512, 32), 'u1'), 9, 1, "
        "lambda *at: time.sleep(60))"
    )
    process = subprocess.Popen([sys.executable, "-c", code, tmp_path / "t"])
    while not (tmp_path / ".t.partial/tile/0/000").is_file():
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()

    write_tiles(tmp_path / "t", create_levels(1).__getitem__, 1, 1)

    assert list(tmp_path.iterdir()) == [tmp_path / "t"]
    assert {path.name for path in (tmp_path / "t").rglob("*") if path.is_file()} == {MANIFEST, "2"}


def test_write_tiles__another_process_writes_them__is_refused(tmp_path):
    (tmp_path / ".t.partial").mkdir()

    with (
        locked_folder(tmp_path / ".t.partial", WeilianError()),
        pytest.raises(TilesRunningError, match="another process writes tiles into"),
    ):
        write_tiles(tmp_path / "t", create_levels(1).__getitem__, 1, 1)

    assert list(tmp_path.iterdir()) == [tmp_path / ".t.partial"]


def test_write_tiles__partial_name_leads_elsewhere__is_left_alone(tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "kept").touch()
    (tmp_path / ".t.partial").symlink_to(other)

    with pytest.raises(ExistingFileError, match="partial exists already"):
        write_tiles(tmp_path / "t", create_levels(1).__getitem__, 1, 1)

    assert list(other.iterdir()) == [other / "kept"]


def test_write_tiles__power_is_lost_after_the_rename__tiles_were_synced(tmp_path, monkeypatch):
    seen, sync = [], os.sync

    def watched():
        seen.extend(path.name for path in tmp_path.rglob("*") if path.is_file())
        seen.append((tmp_path / "t").exists())
        sync()

    monkeypatch.setattr("weilian.merkle.tiles.os.sync", watched)
    write_tiles(tmp_path / "t", create_levels(9).__getitem__, 9, 1)

    assert sorted(map(str, seen)) == ["000", "001", "2", "False", MANIFEST]


def test_write_tiles__row_of_another_depth__raises(tmp_path):
    with pytest.raises(TreeDepthError, match=r"depth 4 has no level 0 of shape \(8, 32\)"):
        write_tiles(tmp_path / "t", create_levels(3).__getitem__, 4, 1)


@pytest.mark.parametrize("depth", [-1, 33])
def test_tile_levels__no_such_depth__raises(depth):
    with pytest.raises(TreeDepthError, match=f"a tree of depth {depth} has no tiles; .* 0 to 32"):
        tile_levels(depth)


@pytest.mark.parametrize("count", [0, 9])
def test_write_tiles__more_items_than_leaves_or_none__raises(tmp_path, count):
    with pytest.raises(LeafIndexError, match="the tree has leaves 0 to 7"):
        write_tiles(tmp_path / "t", create_levels(3).__getitem__, 3, count)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"depth": 33}, "depth: Input should be less than or equal to 32"),
        ({"root": "0x12"}, "root: String should match"),
        ({"format": "weilian-tiles-v2"}, "format: Input should be 'weilian-tiles-v1'"),
        ({"count": "1"}, "count: Input should be a valid integer"),
        ({"more": 1}, "more: Extra inputs"),
    ],
)
def test_from_json__malformed_manifest__names_the_field(changes, message):
    content = {"root": "0x" + "00" * 32, "depth": 1, "count": 1} | changes

    with pytest.raises(TileError, match=f"tree.json is malformed: {message}"):
        TileManifest.from_json(json.dumps(content))
