"""A perfect tree as static files: tiles of 8 levels, for proofs from any web server or CDN.

Tile (L, N) holds up to 256 neighbours of tree level 8 * L, from node 256 * N on, 32 bytes each and
nothing else. Paths are those of C2SP tlog-tiles: `tile/<L>/<N>`, N in groups of three digits, all
but the last with an x in front (`x001/x234/067`), and `.p/<W>` behind a tile of W < 256 nodes. Only
the topmost tile can be so narrow. Nodes are keccak-256 of sorted pairs, unlike RFC 6962's. The root
of a tree with several leaves is in no tile: it is known from the chain, and each tile is checked.
"""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from weilian.errors import WeilianError, describe_validation
from weilian.files import ExistingFileError, locked_folder, remove, sync_folder, writing_to
from weilian.hashing import Rows
from weilian.merkle.nodes import (
    MAX_DEPTH,
    NODE_LENGTH,
    LeafIndexError,
    MerkleError,
    levels,
    rows_of,
)
from weilian.progress import Progress

TILE_LEVELS = 8
TILE_WIDTH = 1 << TILE_LEVELS
MANIFEST = "tree.json"

Fetch = Callable[[str], bytes]
"""Returns the file at a path such as `tile/0/x001/067`; raises OSError where it cannot."""


class TileError(MerkleError):
    """A tile or the list of a folder of tiles that is missing, damaged or not of this tree."""

    def __init__(self, path: str, rule: str) -> None:
        super().__init__(f"{path} {rule}")


class TreeDepthError(MerkleError):
    """A depth for which there are no tiles, or another than that of the nodes."""

    def __init__(self, depth: int, rule: str) -> None:
        super().__init__(f"a tree of depth {depth} {rule}")


class TilesRunningError(WeilianError, RuntimeError):
    """Another process writes the same tiles."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"another process writes tiles into {folder}; wait until it has ended")


class TileManifest(BaseModel):
    """The `tree.json` beside the tiles. It is a hint: the root to trust is the one on chain."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    format: Literal["weilian-tiles-v1"] = "weilian-tiles-v1"
    root: Annotated[str, Field(pattern=r"\A0x[0-9a-f]{64}\z")]
    depth: Annotated[int, Field(ge=0, le=MAX_DEPTH)]
    count: Annotated[int, Field(ge=1, le=1 << MAX_DEPTH)]
    """Leaves that are items; those behind them fill the tree up."""

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read `tree.json`; raises TileError."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise TileError(MANIFEST, f"is malformed: {describe_validation(error)}") from error


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a tile stands: its level of tiles, its number there, how many nodes it holds."""

    level: int
    number: int
    width: int

    @property
    def path(self) -> str:
        """The path of its file, with forward slashes."""
        groups = f"{self.number:,}".split(",")
        groups[0] = groups[0].rjust(3, "0")
        folders = [f"x{group}" for group in groups[:-1]]
        part = "" if self.width == TILE_WIDTH else f".p/{self.width}"
        return "/".join(("tile", str(self.level), *folders, groups[-1])) + part


def tile_of(depth: int, level: int, index: int) -> Tile:
    """Return the tile that holds node `index` of tree level 8 * `level`."""
    return Tile(level, index // TILE_WIDTH, min(TILE_WIDTH, 1 << depth - TILE_LEVELS * level))


def tile_levels(depth: int) -> int:
    """Count the levels of tiles, which is how many tiles a proof needs; raises TreeDepthError."""
    if not 0 <= depth <= MAX_DEPTH:
        raise TreeDepthError(depth, f"has no tiles; the depth must be 0 to {MAX_DEPTH}")
    return max(1, -(-depth // TILE_LEVELS))


def write_tiles(
    folder: Path,
    row_of: Callable[[int], Rows],
    depth: int,
    count: int,
    progress: Progress | None = None,
) -> bytes:
    """Write all tiles and `tree.json` into the new `folder` and return the root.

    `row_of` returns a level of the tree, (2^(depth - level), 32), for the levels 0, 8, 16 and so
    on; a memory map will do, a tile is read at a time. `count` is the number of items. The folder
    appears when it is whole and on the disk; what a run that was killed left of it is cleared.
    `progress` is called with (tiles done, tiles in all). Raises ExistingFileError, FileWriteError,
    TilesRunningError, TreeDepthError and LeafIndexError (more items than leaves).
    """
    tile_levels(depth)
    if not 0 < count <= 1 << depth:
        raise LeafIndexError(count - 1, 1 << depth)
    with writing_to(folder), _partial(folder) as partial:
        root = _write_all(partial, row_of, depth, progress)
        manifest = TileManifest(root=f"0x{root.hex()}", depth=depth, count=count)
        (partial / MANIFEST).write_text(json.dumps(manifest.model_dump(), indent=2) + "\n")
        # NOTE: one sync of the whole system, as an fsync a tile would take minutes for large trees.
        os.sync()
        partial.rename(folder)
        sync_folder(folder.parent)
    return root


@contextmanager
def _partial(folder: Path) -> Iterator[Path]:
    """Hold an empty hidden folder beside `folder`, and remove it unless it was renamed."""
    partial = folder.parent / f".{folder.name}.partial"
    _check_new(folder)
    if partial.is_symlink():
        raise ExistingFileError(partial)
    partial.mkdir(exist_ok=True)
    with locked_folder(partial, TilesRunningError(folder)):
        try:
            # NOTE: another process may have finished since, and this one hold what it renamed.
            _check_new(folder)
            _clear(partial)
            yield partial
        finally:
            if partial.exists():
                remove(partial)


def _check_new(folder: Path) -> None:
    if os.path.lexists(folder):
        raise ExistingFileError(folder)


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        remove(path)


def _write_all(
    folder: Path, row_of: Callable[[int], Rows], depth: int, progress: Progress | None
) -> bytes:
    total = sum(len(_firsts(depth, level)) for level in range(tile_levels(depth)))
    done = 0
    for level in range(tile_levels(depth)):
        row = row_of(TILE_LEVELS * level)
        if row.shape != (1 << depth - TILE_LEVELS * level, NODE_LENGTH):
            raise TreeDepthError(depth, f"has no level {TILE_LEVELS * level} of shape {row.shape}")
        for first in _firsts(depth, level):
            tile = tile_of(depth, level, first)
            nodes = row[first : first + tile.width]
            path = folder / tile.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(nodes.tobytes())
            done += 1
            if progress:
                progress(done, total)
    return bytes(levels(nodes)[-1][0])


def _firsts(depth: int, level: int) -> range:
    return range(0, 1 << depth - TILE_LEVELS * level, TILE_WIDTH)


def folder_fetch(folder: Path) -> Fetch:
    """Return a fetch that reads tiles from a folder which `write_tiles` wrote."""
    return lambda path: (folder / path).read_bytes()


class TileReader:
    """Leaves and proofs out of tiles of which none is trusted, given the root and the depth."""

    def __init__(self, fetch: Fetch, root: bytes, depth: int) -> None:
        self._fetch = fetch
        self._root = root
        self._depth = depth
        self._tile_levels = tile_levels(depth)

    def leaf(self, index: int) -> bytes:
        """Return the leaf at `index`; raises LeafIndexError and TileError."""
        return self.path(index)[0]

    def proof(self, index: int) -> list[bytes]:
        """Return the siblings from the leaf at `index` up; raises LeafIndexError and TileError."""
        return self.path(index)[1]

    def path(self, index: int) -> tuple[bytes, list[bytes]]:
        """Return leaf and proof, with one fetch for each 8 levels, each tile checked.

        Raises LeafIndexError and TileError.
        """
        if not 0 <= index < 1 << self._depth:
            raise LeafIndexError(index, 1 << self._depth)
        node, proof = self._root, list[bytes]()
        for level in range(self._tile_levels - 1, -1, -1):
            here = index >> TILE_LEVELS * level
            rows = self._checked(tile_of(self._depth, level, here), node)
            place = here % TILE_WIDTH
            node = bytes(rows[0][place])
            siblings = [bytes(row[place >> up ^ 1]) for up, row in enumerate(rows[:-1])]
            proof = siblings + proof
        return node, proof

    def _checked(self, tile: Tile, node: bytes) -> list[Rows]:
        """Fetch a tile and return its levels, of which the last must be `node`."""
        try:
            data = self._fetch(tile.path)
        except OSError as error:
            raise TileError(tile.path, f"cannot be read: {error.strerror or error}") from error
        if len(data) != NODE_LENGTH * tile.width:
            raise TileError(
                tile.path, f"has {len(data)} bytes, it must have {NODE_LENGTH * tile.width}"
            )
        rows = levels(rows_of([data]))
        if rows[-1].tobytes() != node:
            raise TileError(tile.path, f"does not lead to 0x{node.hex()}; it is not of this tree")
        return rows
