"""The tree of a batch in one file, read in place: a proof takes a few reads at computed offsets.

    0        `weilian-tree/1`, a line of JSON (chain_id, registry, batch_id, count, root), spaces
    4096     the nodes: all leaves, all nodes above them, ... the root; 32 bytes each
             the serials in the order of the items; 20 bytes each, filled up with NUL
             the claim keys in the order of the items; addresses of 20 bytes
             the indexes in ascending order of the serials; 4 bytes each, low byte first

The file holds no salt and no code, but it names all serials: it belongs to the brand.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Annotated, Any, BinaryIO, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from weilian.errors import describe_validation
from weilian.hashing import Rows
from weilian.merkle.batch_tree import BatchTree, ProofKeys, TreeHead
from weilian.merkle.items import ADDRESS_LENGTH
from weilian.merkle.nodes import MAX_DEPTH, NODE_LENGTH, MerkleError, parent_row
from weilian.merkle.proof_file import Address, Node
from weilian.serials import SERIAL_WIDTH, Serials

MAGIC = b"weilian-tree/1\n"
HEADER_LENGTH = 4096
_INDEX = np.dtype("<u4")
_BLOCK_NODES = 1 << 18


class TreeFileError(MerkleError):
    """A file that is no tree of a batch, or that was cut off or changed."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(f"tree file {path}: {rule}")


class _Header(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    chain_id: Annotated[int, Field(gt=0, lt=2**64)]
    registry: Address
    batch_id: Node
    count: Annotated[int, Field(gt=0, lt=2**MAX_DEPTH)]
    root: Node

    def head(self) -> TreeHead:
        return TreeHead(self.chain_id, self.registry, self.batch_id, self.count)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the parts of a tree file begin, in bytes."""

    head: TreeHead

    def level(self, height: int) -> int:
        """The nodes `height` levels above the leaves."""
        depth = self.head.depth
        return HEADER_LENGTH + NODE_LENGTH * ((2 << depth) - (2 << (depth - height)))

    @property
    def serials(self) -> int:
        """The serials."""
        return self.level(self.head.depth) + NODE_LENGTH

    @property
    def claim_keys(self) -> int:
        """The claim keys."""
        return self.serials + SERIAL_WIDTH * self.head.count

    @property
    def order(self) -> int:
        """The sorted indexes."""
        return self.claim_keys + ADDRESS_LENGTH * self.head.count

    @property
    def size(self) -> int:
        """The length of the file."""
        return self.order + _INDEX.itemsize * self.head.count


def open_tree(path: Path, keys: ProofKeys | None = None) -> BatchTree:
    """Map a tree file; nothing but the header is read yet. Raises TreeFileError.

    What is read later is checked where it is used: a proof of a changed file leads to no root.
    """
    try:
        with path.open("rb") as stream:
            header = _read_header(path, stream.read(HEADER_LENGTH))
        layout = Layout(header.head())
        size = path.stat().st_size
        if size != layout.size:
            raise TreeFileError(
                path, f"it has {size} bytes, a tree of {header.count} items has {layout.size}"
            )
        data = np.memmap(path, np.uint8, mode="r")
    except OSError as error:
        raise TreeFileError(path, error.strerror or str(error)) from error
    tree = _mapped(data, layout, keys)
    if tree.root != header.root:
        raise TreeFileError(path, "its last node is not the root that its header names")
    return tree


class TreeWriter:
    """Writes a tree file part by part; the file has its name only when it is whole.

    Use it in a `with` block: what was not finished is removed.
    """

    def __init__(self, path: Path, head: TreeHead) -> None:
        self.path = path
        self.layout = Layout(head)
        self._partial = path.with_name(f".{path.name}.partial")
        self._stream: BinaryIO = self._open()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()
        self._partial.unlink(missing_ok=True)

    def put_leaves(self, first: int, leaves: Rows) -> None:
        """Write the leaves (n, 32) from index `first` on."""
        self._put(self.layout.level(0) + NODE_LENGTH * first, leaves)

    def put_claim_keys(self, first: int, claim_keys: Rows) -> None:
        """Write the addresses (n, 20) from index `first` on."""
        self._put(self.layout.claim_keys + ADDRESS_LENGTH * first, claim_keys)

    def finish(self, serials: Serials) -> bytes:
        """Write the serials and all nodes above the leaves; return the root."""
        head = self.layout.head
        self._put(self.layout.serials, serials.column)
        self._put(self.layout.order, serials.order().astype(_INDEX))
        for height in range(1, head.depth + 1):
            for start, row in self._parents(height - 1):
                self._put(self.layout.level(height) + NODE_LENGTH * start, row)
        self._stream.seek(self.layout.level(head.depth))
        root = self._stream.read(NODE_LENGTH)
        self._stream.seek(0)
        self._stream.write(_header_bytes(head, root))
        self._stream.flush()
        os.fsync(self._stream.fileno())
        self._partial.replace(self.path)
        return root

    def _parents(self, height: int) -> Iterator[tuple[int, Rows]]:
        """Yield (position, nodes) of the level above `height`, a block at a time."""
        for start in range(0, 1 << (self.layout.head.depth - height), _BLOCK_NODES):
            self._stream.seek(self.layout.level(height) + NODE_LENGTH * start)
            size = min(_BLOCK_NODES, (1 << (self.layout.head.depth - height)) - start)
            data = self._stream.read(NODE_LENGTH * size)
            yield start // 2, parent_row(np.frombuffer(data, np.uint8).reshape(size, NODE_LENGTH))

    def _open(self) -> BinaryIO:
        self._partial.unlink(missing_ok=True)
        descriptor = os.open(self._partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        stream = os.fdopen(descriptor, "r+b", buffering=0)
        stream.truncate(self.layout.size)
        return stream

    def _put(self, offset: int, rows: npt.NDArray[Any]) -> None:
        self._stream.seek(offset)
        data = np.ascontiguousarray(rows).view(np.uint8).ravel().data
        while data:
            data = data[self._stream.write(data) :]


def _mapped(data: Rows, layout: Layout, keys: ProofKeys | None) -> BatchTree:
    head = layout.head
    levels = []
    for height in range(head.depth + 1):
        start, count = layout.level(height), 1 << (head.depth - height)
        levels.append(data[start : start + NODE_LENGTH * count].reshape(count, NODE_LENGTH))
    serials = data[layout.serials : layout.claim_keys].view(f"S{SERIAL_WIDTH}")
    claim_keys = data[layout.claim_keys : layout.order].reshape(head.count, ADDRESS_LENGTH)
    order = data[layout.order : layout.size].view(_INDEX)
    return BatchTree(head, Serials(serials), order, claim_keys, levels, keys)


def _read_header(path: Path, data: bytes) -> _Header:
    if not data.startswith(MAGIC):
        raise TreeFileError(path, f"it does not begin with {MAGIC.decode().strip()!r}")
    try:
        return _Header.model_validate_json(data[len(MAGIC) :].rstrip(b" \n\0"))
    except ValidationError as error:
        raise TreeFileError(path, describe_validation(error)) from error


def _header_bytes(head: TreeHead, root: bytes) -> bytes:
    fields = {
        "chain_id": head.chain_id,
        "registry": head.registry,
        "batch_id": f"0x{head.batch_id.hex()}",
        "count": head.count,
        "root": f"0x{root.hex()}",
    }
    return (MAGIC + json.dumps(fields).encode() + b"\n").ljust(HEADER_LENGTH)
