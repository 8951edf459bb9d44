"""OpenZeppelin's StandardMerkleTree (`@openzeppelin/merkle-tree`), same roots, same dump.

A leaf is keccak256(keccak256(abi.encode(types, values))): hashed twice, so that no inner node can
be passed off as a leaf.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from eth_abi.abi import encode
from eth_abi.exceptions import EncodingError, ParseError
from pydantic import BaseModel, ConfigDict, ValidationError

from weilian.address import to_address
from weilian.errors import describe_validation, shown
from weilian.hashing import Rows, keccak256, keccak256_rows
from weilian.merkle.multiproof import MultiProof, multi_proof, process_multi_proof
from weilian.merkle.nodes import (
    NODE_LENGTH,
    EmptyTreeError,
    LeafIndexError,
    MerkleError,
    build_nodes,
    find_wrong_node,
    parse_node,
    process_proof,
    proof_of,
    rows_of,
)
from weilian.merkle.words import abi_words, read_bytes, read_int

FORMAT = "standard-v1"
MAX_TYPE_LENGTH = 1_000
MAX_TYPE_DEPTH = 32
"""Arrays and tuples inside each other."""

_LONG_NUMBER = re.compile("[0-9]{10}")
_SHOWN_TYPES = 8
_SHOWN_REASON = 200
_WORD_BITS = 256
Value = Sequence[Any]


class LeafError(MerkleError):
    """A value that does not fit the types of the tree."""

    def __init__(
        self, value: object, types: Sequence[str], reason: object, place: int | None = None
    ) -> None:
        self.reason = reason
        where = "" if place is None else f" at place {place}"
        kinds = ", ".join(f"{kind:.40}" for kind in types[:_SHOWN_TYPES])
        more = ", ..." * (len(types) > _SHOWN_TYPES)
        rule = f"{reason!s:.{_SHOWN_REASON}}"
        super().__init__(f"leaf {shown(value)}{where} does not fit ({kinds}{more}): {rule}")


class LeafTypeError(MerkleError):
    """A type that no contract has."""

    def __init__(self, kind: str, rule: str) -> None:
        super().__init__(f"leaf type {shown(kind)} {rule}")


class DumpError(MerkleError):
    """A dump that is not one, or that somebody changed."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"Merkle tree dump: {rule}")


class _DumpedValue(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")
    value: list[Any]
    treeIndex: int  # noqa: N815 -- the name in the file


class _Dump(BaseModel):
    model_config = ConfigDict(strict=True)
    format: str
    leafEncoding: list[str]  # noqa: N815 -- the name in the file
    tree: list[str]
    values: list[_DumpedValue]


class StandardMerkleTree:
    """A tree over ABI-encoded values. Values are found by their index in the given order."""

    def __init__(
        self,
        types: Sequence[str],
        values: Sequence[Value],
        nodes: Rows,
        positions: npt.NDArray[np.intp],
    ) -> None:
        self.types = tuple(types)
        self.values = values
        self._nodes = nodes
        self._positions = positions

    @classmethod
    def of(cls, values: Sequence[Value], types: Sequence[str], *, sort_leaves: bool = True) -> Self:
        """Build the tree.

        Numbers are int or decimal text, bytes are bytes or `0x` hex. With `sort_leaves` False the
        leaves keep their order (`{sortLeaves: false}` of the npm package). Raises LeafError,
        LeafTypeError and EmptyTreeError.
        """
        if not len(values):
            raise EmptyTreeError
        leaves = _standard_leaves(types, values)
        positions = np.arange(2 * len(values) - 2, len(values) - 2, -1)
        if sort_leaves:
            order = _ascending(leaves)
            leaves = leaves[order]
            positions[order] = positions.copy()
        return cls(types, values, build_nodes(leaves), positions)

    @classmethod
    def load(cls, data: object) -> Self:
        """Read what `dump` of this class or of the npm package wrote; every hash is checked."""
        try:
            dump = _Dump.model_validate(data)
        except ValidationError as error:
            raise DumpError(describe_validation(error)) from error
        if dump.format != FORMAT:
            raise DumpError(f"format {shown(dump.format)} is unknown, it must be '{FORMAT}'")
        _check_shape(dump)
        nodes = rows_of(map(parse_node, dump.tree))
        positions = np.array([item.treeIndex for item in dump.values], np.intp)
        tree = cls(dump.leafEncoding, [item.value for item in dump.values], nodes, positions)
        tree._check_hashes()
        return tree

    def dump(self) -> dict[str, Any]:
        """Return the npm package's `standard-v1` form; numbers as text, bytes as `0x` hex."""
        return {
            "format": FORMAT,
            "leafEncoding": list(self.types),
            "tree": [f"0x{node.tobytes().hex()}" for node in self._nodes],
            "values": [
                {"value": [_to_json(part) for part in value], "treeIndex": position}
                for value, position in zip(self.values, self._positions.tolist(), strict=True)
            ],
        }

    @property
    def root(self) -> bytes:
        """The 32-byte root."""
        return bytes(self._nodes[0])

    def __len__(self) -> int:
        return len(self.values)

    def proof(self, index: int) -> list[bytes]:
        """Return the siblings from the value at `index` up to the root."""
        return proof_of(self._nodes, self._position(index))

    def multi_proof(self, indexes: Sequence[int]) -> MultiProof:
        """Prove several values at once, as `getMultiProof` of the npm package does.

        The proof's `indexes` tell the order in which the values must be shown. Raises
        LeafIndexError and MultiProofError.
        """
        return multi_proof(indexes, self._position, lambda row: bytes(self._nodes[row]))

    def verify(self, value: Value, proof: Sequence[bytes]) -> bool:
        """Tell whether `proof` shows that `value` is in this tree."""
        return process_proof(standard_leaf(self.types, value), proof) == self.root

    def verify_multi_proof(
        self, values: Sequence[Value], proof: Sequence[bytes], flags: Sequence[bool]
    ) -> bool:
        """Tell whether `proof` shows that all `values`, in the proof's order, are in this tree.

        Raises MultiProofError where values, proof and flags cannot belong together.
        """
        leaves = [standard_leaf(self.types, value) for value in values]
        return process_multi_proof(leaves, proof, flags) == self.root

    def _position(self, index: int) -> int:
        if not 0 <= index < len(self):
            raise LeafIndexError(index, len(self))
        return int(self._positions[index])

    def _check_hashes(self) -> None:
        leaves = _standard_leaves(self.types, self.values)
        changed = np.flatnonzero((leaves != self._nodes[self._positions]).any(axis=1))
        if len(changed):
            index = int(changed[0])
            raise DumpError(
                f"value {index} was changed: its hash is not node {self._positions[index]}"
            )
        wrong = find_wrong_node(self._nodes)
        if wrong is not None:
            raise DumpError(f"node {wrong} was changed: it is not the hash of its children")


def _check_shape(dump: _Dump) -> None:
    count, length = len(dump.values), len(dump.tree)
    if length != 2 * count - 1:
        raise DumpError(f"{count} values need {max(2 * count - 1, 1)} nodes, there are {length}")
    # NOTE: 2n - 1 nodes have their n leaves at the end; each must belong to one value.
    if sorted(item.treeIndex for item in dump.values) != list(range(count - 1, length)):
        raise DumpError("each value must have its own leaf, the treeIndex entries do not fit")


def _standard_leaves(types: Sequence[str], values: Sequence[Value]) -> Rows:
    _check_types(types)
    words = abi_words(types, values)
    if words is None:
        return rows_of(_placed_leaves(types, values))
    return keccak256_rows(words, times=2)


def _placed_leaves(types: Sequence[str], values: Sequence[Value]) -> Iterator[bytes]:
    for place, value in enumerate(values, start=1):
        try:
            yield _leaf(types, value)
        except LeafError as error:
            raise LeafError(value, types, error.reason, place) from error


def _ascending(leaves: Rows) -> npt.NDArray[np.intp]:
    """Return the order that sorts `leaves`; equal ones keep theirs."""
    fronts = leaves.view(">u8")[:, 0].astype(np.uint64)
    order = np.argsort(fronts)
    fronts = fronts[order]
    if not (fronts[1:] == fronts[:-1]).any():
        return order
    return np.argsort(leaves.view(f"S{NODE_LENGTH}").ravel(), kind="stable")


def standard_leaf(types: Sequence[str], value: Value) -> bytes:
    """Hash one value as OpenZeppelin does: keccak256(keccak256(abi.encode(types, value))).

    Raises LeafError and LeafTypeError.
    """
    _check_types(types)
    return _leaf(types, value)


def _check_types(types: Sequence[str]) -> None:
    # NOTE: the encoder reads a type by recursion, which may end the process and not only fail.
    for kind in types:
        if len(kind) > MAX_TYPE_LENGTH:
            rule = f"has {len(kind)} characters, it must have at most {MAX_TYPE_LENGTH}"
            raise LeafTypeError(kind, rule)
        if _levels(kind) > MAX_TYPE_DEPTH:
            rule = f"has more than {MAX_TYPE_DEPTH} brackets, it must have at most that many"
            raise LeafTypeError(kind, rule)
        if _LONG_NUMBER.search(kind):
            raise LeafTypeError(kind, "holds a number of more than 9 digits")


def _levels(kind: str) -> int:
    """Return how deep a value of this type may be at most."""
    return kind.count("[") + kind.count("(")


def _leaf(types: Sequence[str], value: Value) -> bytes:
    try:
        if len(value) != len(types):
            raise LeafError(value, types, f"it has {len(value)} parts instead of {len(types)}")
        for kind, part in zip(types, value, strict=True):
            _check_part(part, _levels(kind))
        arguments = [_from_json(kind, part) for kind, part in zip(types, value, strict=True)]
        return keccak256(keccak256(encode(types, arguments)))
    except (EncodingError, ParseError, ArithmeticError, ValueError, TypeError) as error:
        if isinstance(error, LeafError):
            raise
        raise LeafError(value, types, error) from error


def _check_part(part: object, levels: int) -> None:
    """Refuse what the encoder cannot put into a sentence: what is too deep or too large."""
    if isinstance(part, dict):
        raise TypeError("a mapping has no ABI type")
    if isinstance(part, int) and part.bit_length() > _WORD_BITS:
        raise ValueError(f"{shown(part)} is more than the {_WORD_BITS} of a word")
    if isinstance(part, list | tuple):
        if not levels:
            raise TypeError("a list stands where the type has none")
        for item in part:
            _check_part(item, levels - 1)


def _from_json(kind: str, part: Any) -> Any:
    if kind.endswith("]") and isinstance(part, list | tuple):
        return [_from_json(kind[: kind.rindex("[")], item) for item in part]
    read: Callable[[str], Any] | None = None
    if kind.startswith(("uint", "int")):
        read = read_int
    elif kind.startswith("bytes"):
        read = read_bytes
    elif kind == "address":
        read = to_address
    part = read(part) if read and isinstance(part, str) else part
    # NOTE: the encoder fills up short bytes32 and the like; the npm package refuses them.
    length = kind.removeprefix("bytes")
    if isinstance(part, bytes) and length.isdecimal() and len(part) != int(length):
        raise ValueError(f"{kind} must have {length} bytes, not {len(part)}")
    return part


def _to_json(part: Any) -> Any:
    if isinstance(part, bytes):
        return f"0x{part.hex()}"
    if isinstance(part, list | tuple):
        return [_to_json(item) for item in part]
    # NOTE: text, because JavaScript loses digits of numbers above 2**53.
    return str(part) if isinstance(part, int) and not isinstance(part, bool) else part
