"""A block whose state a test writes itself: real trees, real hashes, no node."""

from types import SimpleNamespace

import rlp
from eth_utils.address import to_canonical_address
from trie import HexaryTrie

from weilian import abi
from weilian.hashing import keccak256
from weilian.merkle import batch_id, build_batch_tree
from weilian.verification.block_state import HEADER_FIELDS
from weilian.verification.layout import slot_of
from weilian.verification.state_proof import StateProof
from weilian.verification.state_view import CONTRACTS

ADDRESSES = {name: f"0x{place:040x}" for place, name in enumerate(CONTRACTS, start=1 << 100)}
RECORD = SimpleNamespace(
    chain_id=1,
    contracts={name: SimpleNamespace(address=address) for name, address in ADDRESSES.items()},
)
"""As much of a deployment record as a verifier reads."""

ISSUER = "0x" + "11" * 20
GTIN, LOT, TIME, TAG = "06901234567892", "L1", 1_800_000_000, 7
BATCH = batch_id(ISSUER, int(GTIN), LOT)
TREE = build_batch_tree(
    RECORD.chain_id, ADDRESSES["ProvenanceRegistry"], BATCH, ["A1", "B2", "C3"], bytes(32)
)
REGISTRY = "ProvenanceRegistry"


def batch_slots(count=3, registered_at=TIME - 100, expires_at=0, carton_size=0, notices=0):
    """The two words of the batch, by contract and slot."""
    word = (
        count
        | int(GTIN) << 32
        | registered_at << 80
        | expires_at << 128
        | carton_size << 176
        | notices << 192
        | TAG << 200
    )
    slot = slot_of(REGISTRY, "_batches", BATCH)
    return {(REGISTRY, slot): int.from_bytes(TREE.root), (REGISTRY, slot + 1): word}


def state_of(words, *, accounts=CONTRACTS, codes=None, lot_first=0):
    """Make a state proof of a block in which contracts have these words, and the block's hash."""
    nodes: dict[bytes, bytes] = {}
    state = HexaryTrie(nodes)
    for name in accounts:
        code = (codes or {}).get(name, abi.load(name).runtime)
        storage = HexaryTrie(nodes)
        for (contract, slot), word in words.items():
            if contract == name and word:
                size = -(-word.bit_length() // 8)
                storage[keccak256(slot.to_bytes(32))] = rlp.encode(word.to_bytes(size))
        account = [b"\1", b"", storage.root_hash, keccak256(code)]
        state[keccak256(to_canonical_address(ADDRESSES[name]))] = rlp.encode(account)
        nodes[keccak256(code)] = code
    header = rlp.encode(header_parts(state.root_hash))
    preimages = tuple(f"0x{data.hex()}" for data in nodes.values())
    proof = StateProof(header=f"0x{header.hex()}", lot_first=lot_first, preimages=preimages)
    return proof, keccak256(header)


def header_parts(state_root, number=9, time=TIME):
    """The fields of a header with this root; the others hold something."""
    values = {"stateRoot": state_root, "number": number, "timestamp": time}
    return [values.get(name, 0 if is_number else b"\1" * 32) for name, is_number in HEADER_FIELDS]
