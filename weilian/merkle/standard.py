"""OpenZeppelin's StandardMerkleTree (`@openzeppelin/merkle-tree`), same roots, same dump.

A leaf is keccak256(keccak256(abi.encode(types, values))): hashed twice, so that no inner node can
be passed off as a leaf.
"""

from collections.abc import Callable, Sequence
from typing import Any, Self

from eth_abi.abi import encode
from eth_abi.exceptions import ABITypeError, EncodingError, ParseError
from pydantic import BaseModel, ConfigDict, ValidationError

from weilian.errors import describe_validation
from weilian.hashing import keccak256
from weilian.merkle.nodes import (
    MerkleError,
    build_nodes,
    find_wrong_node,
    parse_node,
    process_proof,
    proof_of,
)

FORMAT = "standard-v1"
Value = Sequence[Any]


class LeafError(MerkleError):
    """A value that does not fit the types of the tree."""

    def __init__(self, value: object, types: Sequence[str], reason: object) -> None:
        super().__init__(f"leaf {value!r:.120} does not fit ({', '.join(types)}): {reason}")


class LeafIndexError(MerkleError, IndexError):
    """A value that the tree does not have."""

    def __init__(self, index: int, count: int) -> None:
        super().__init__(f"there is no leaf {index}; the tree has leaves 0 to {count - 1}")


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
        nodes: list[bytes],
        positions: Sequence[int],
    ) -> None:
        self.types = tuple(types)
        self.values = values
        self._nodes = nodes
        self._positions = positions

    @classmethod
    def of(cls, values: Sequence[Value], types: Sequence[str], *, sort_leaves: bool = True) -> Self:
        """Build the tree.

        Numbers are int or decimal text, bytes are bytes or `0x` hex. With `sort_leaves` False the
        leaves keep their order (`{sortLeaves: false}` of the npm package). Raises LeafError and
        EmptyTreeError.
        """
        leaves = [standard_leaf(types, value) for value in values]
        order = list(range(len(leaves)))
        if sort_leaves:
            order.sort(key=leaves.__getitem__)
        nodes = build_nodes([leaves[index] for index in order])
        positions = [0] * len(leaves)
        for rank, index in enumerate(order):
            positions[index] = len(nodes) - 1 - rank
        return cls(types, values, nodes, positions)

    @classmethod
    def load(cls, data: object) -> Self:
        """Read what `dump` of this class or of the npm package wrote; every hash is checked."""
        try:
            dump = _Dump.model_validate(data)
        except ValidationError as error:
            raise DumpError(describe_validation(error)) from error
        if dump.format != FORMAT:
            raise DumpError(f"format {dump.format!r} is unknown, it must be '{FORMAT}'")
        values = [item.value for item in dump.values]
        positions = [item.treeIndex for item in dump.values]
        tree = cls(dump.leafEncoding, values, [parse_node(node) for node in dump.tree], positions)
        tree._validate()
        return tree

    def dump(self) -> dict[str, Any]:
        """Return the npm package's `standard-v1` form; numbers as text, bytes as `0x` hex."""
        return {
            "format": FORMAT,
            "leafEncoding": list(self.types),
            "tree": [f"0x{node.hex()}" for node in self._nodes],
            "values": [
                {"value": [_to_json(part) for part in value], "treeIndex": position}
                for value, position in zip(self.values, self._positions, strict=True)
            ],
        }

    @property
    def root(self) -> bytes:
        """The 32-byte root."""
        return self._nodes[0]

    def __len__(self) -> int:
        return len(self.values)

    def proof(self, index: int) -> list[bytes]:
        """Return the siblings from the value at `index` up to the root."""
        if not 0 <= index < len(self):
            raise LeafIndexError(index, len(self))
        return proof_of(self._nodes, self._positions[index])

    def verify(self, value: Value, proof: Sequence[bytes]) -> bool:
        """Tell whether `proof` shows that `value` is in this tree."""
        return process_proof(standard_leaf(self.types, value), proof) == self.root

    def _validate(self) -> None:
        if len(self._nodes) != 2 * len(self.values) - 1:
            raise DumpError(
                f"{len(self.values)} values need {max(2 * len(self.values) - 1, 1)} nodes, "
                f"there are {len(self._nodes)}"
            )
        # NOTE: 2n - 1 nodes have their n leaves at the end; each must belong to one value.
        if sorted(self._positions) != list(range(len(self.values) - 1, len(self._nodes))):
            raise DumpError("each value must have its own leaf, the treeIndex entries do not fit")
        for index, (value, position) in enumerate(zip(self.values, self._positions, strict=True)):
            if standard_leaf(self.types, value) != self._nodes[position]:
                raise DumpError(f"value {index} was changed: its hash is not node {position}")
        wrong = find_wrong_node(self._nodes)
        if wrong is not None:
            raise DumpError(f"node {wrong} was changed: it is not the hash of its children")


def standard_leaf(types: Sequence[str], value: Value) -> bytes:
    """Hash one value as OpenZeppelin does: keccak256(keccak256(abi.encode(types, value)))."""
    try:
        if len(value) != len(types):
            raise LeafError(value, types, f"it has {len(value)} parts instead of {len(types)}")
        arguments = [_from_json(kind, part) for kind, part in zip(types, value, strict=True)]
        return keccak256(keccak256(encode(types, arguments)))
    except (EncodingError, ABITypeError, ParseError, ValueError, TypeError) as error:
        if isinstance(error, LeafError):
            raise
        raise LeafError(value, types, error) from error


def _from_json(kind: str, part: Any) -> Any:
    if kind.endswith("]") and isinstance(part, list | tuple):
        return [_from_json(kind[: kind.rindex("[")], item) for item in part]
    if not isinstance(part, str):
        return part
    read: Callable[[str], Any] | None = None
    if kind.startswith(("uint", "int")):
        read = _read_int
    elif kind.startswith("bytes"):
        read = _read_bytes
    return read(part) if read else part


def _read_int(text: str) -> int:
    return int(text, 16 if text.startswith("0x") else 10)


def _read_bytes(text: str) -> bytes:
    if not text.startswith("0x"):
        raise ValueError(f"bytes must start with '0x', not {text!r:.20}")
    return bytes.fromhex(text[2:])


def _to_json(part: Any) -> Any:
    if isinstance(part, bytes):
        return f"0x{part.hex()}"
    if isinstance(part, list | tuple):
        return [_to_json(item) for item in part]
    # NOTE: text, because JavaScript loses digits of numbers above 2**53.
    return str(part) if isinstance(part, int) and not isinstance(part, bool) else part
