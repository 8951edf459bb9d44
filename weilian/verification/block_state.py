"""The state of one block, read out of Merkle-Patricia nodes of which none is trusted.

Who knows the hash of a block needs to trust nobody: the header is what hashes to it, the header
names the root of all accounts, an account the root of its storage, and each node of these trees is
found by its own hash. The same goes for the contracts' code.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import rlp
from eth_utils.address import to_canonical_address
from rlp.exceptions import RLPException
from rlp.sedes import big_endian_int
from trie import HexaryTrie
from trie.exceptions import InvalidNode, MissingTrieNode, ValidationError

from weilian import abi
from weilian.errors import WeilianError
from weilian.hashing import keccak256

HEADER_FIELDS = (
    ("parentHash", False),
    ("sha3Uncles", False),
    ("miner", False),
    ("stateRoot", False),
    ("transactionsRoot", False),
    ("receiptsRoot", False),
    ("logsBloom", False),
    ("difficulty", True),
    ("number", True),
    ("gasLimit", True),
    ("gasUsed", True),
    ("timestamp", True),
    ("extraData", False),
    ("mixHash", False),
    ("nonce", False),
    ("baseFeePerGas", True),
    ("withdrawalsRoot", False),
    ("blobGasUsed", True),
    ("excessBlobGas", True),
    ("parentBeaconBlockRoot", False),
    ("requestsHash", False),
)
"""The fields of a block header in their order, and whether each is a number; up to Osaka."""

_FIRST_OPTIONAL = 15
_NAMES = [name for name, _ in HEADER_FIELDS]


class StateProofError(WeilianError, ValueError):
    """A state proof that is malformed, incomplete, or of another block or deployment."""

    def __init__(self, rule: str) -> None:
        super().__init__(f"state proof: {rule}")


@dataclass(frozen=True, slots=True)
class Header:
    """What is used of a block's header. `time` in seconds since 1970."""

    state_root: bytes
    number: int
    time: int

    @classmethod
    def decode(cls, data: bytes) -> Self:
        """Read a header in RLP; raises StateProofError."""
        try:
            parts = rlp.decode(data)
            places = map(_NAMES.index, ("stateRoot", "number", "timestamp"))
            root, number, time = (parts[place] for place in places)
            if len(parts) < _FIRST_OPTIONAL or not isinstance(root, bytes):
                raise StateProofError("its header is no block header")
            number, time = map(big_endian_int.deserialize, (number, time))
        except (RLPException, LookupError, TypeError) as error:
            raise StateProofError("its header is no block header") from error
        return cls(root, number, time)


def encode_header(block: Mapping[str, Any]) -> bytes:
    """Write the header of a block that a node gave as JSON, its values hex text.

    Raises StateProofError where the result does not hash to what the node calls the block's hash:
    then the chain has header fields that this version does not know.
    """
    parts = []
    for name, is_number in HEADER_FIELDS:
        text = block.get(name)
        if text is None:
            break
        digits = str(text).removeprefix("0x")
        data = bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2))
        parts.append(data.lstrip(b"\0") if is_number else data)
    header: bytes = rlp.encode(parts)
    if f"0x{keccak256(header).hex()}" != str(block["hash"]):
        raise StateProofError(
            f"the header of block {int(str(block['number']), 16)} does not hash to {block['hash']}:"
            " this chain's headers have fields that are not known here"
        )
    return header


class BlockState:
    """Contracts and their storage at one block. `addresses` are those of the contracts by name."""

    def __init__(
        self, header: Header, preimages: Iterable[bytes], addresses: Mapping[str, str]
    ) -> None:
        self._known = {keccak256(data): data for data in preimages}
        self._root = header.state_root
        self._addresses = addresses
        self._storage: dict[str, bytes] = {}

    def slot(self, contract: str, slot: int) -> int:
        """Return the word in a slot, 0 where it is proven that there is nothing.

        Raises StateProofError where the proof does not reach so far, and where another contract
        than the one of that name stands at its address.
        """
        root = self._storage_root(contract)
        found = self._get(root, slot.to_bytes(32), f"slot {slot:#066x} of {contract}")
        return int.from_bytes(_decoded(found, contract)) if found else 0

    def _storage_root(self, contract: str) -> bytes:
        if contract not in self._storage:
            address = self._addresses[contract]
            found = self._get(self._root, to_canonical_address(address), f"account {address}")
            account = _decoded(found, contract) if found else None
            if not isinstance(account, list) or len(account) != 4:
                raise StateProofError(
                    f"there is no {contract} at {address} at this block; take the deployment "
                    "record of the block's chain"
                )
            self._check_code(contract, address, account[3])
            self._storage[contract] = account[2]
        return self._storage[contract]

    def _check_code(self, contract: str, address: str, code_hash: bytes) -> None:
        code = self._known.get(code_hash)
        if code is None:
            raise StateProofError(f"it lacks the code of {contract} at {address}")
        if not abi.load(contract).is_runtime(code):
            raise StateProofError(f"the code at {address} is not the {contract} of this library")

    def _get(self, root: bytes, key: bytes, what: str) -> bytes:
        try:
            found: bytes = HexaryTrie(self._known, root)[keccak256(key)]
        except MissingTrieNode as error:
            raise StateProofError(
                f"it does not tell of {what}; fetch it anew for this item, and for the seller and "
                "lot that are asked about"
            ) from error
        except (InvalidNode, ValidationError, RLPException, LookupError, TypeError) as error:
            raise StateProofError(f"a node on the way to {what} is malformed") from error
        return found


def _decoded(data: bytes, contract: str) -> Any:
    try:
        return rlp.decode(data)
    except RLPException as error:
        raise StateProofError(f"what it holds of {contract} is malformed") from error
