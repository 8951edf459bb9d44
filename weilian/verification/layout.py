"""Where the contracts keep what a verdict depends on: slot numbers, and how words are packed.

The numbers are those of solc's storage layout, the words those of contracts/types/*State.sol and of
the structs in ProvenanceTypes.sol.
"""

from eth_utils.address import to_checksum_address

from weilian.address import ZERO_ADDRESS
from weilian.hashing import keccak256
from weilian.provenance.terms import (
    BatchState,
    GtinNoticeState,
    ItemState,
    NoticeKind,
    NoticeState,
    SellerState,
)

SLOTS = {
    "IdentityRegistry": {"_identities": 0},
    "ProvenanceRegistry": {
        "_operators": 0,
        "_traces": 3,
        "_batches": 5,
        "_activations": 6,
        "_notices": 7,
        "_gtinNotices": 8,
    },
    "ItemRegistry": {"_items": 8},
    "CustodyLedger": {"_sellers": 0, "_lots": 3, "_offers": 4, "_pallets": 5},
}
"""The slot of each mapping, by contract and name."""

STRUCTS = {
    "IdentityState": {"owner": 160, "changedBlock": 48, "isDeactivated": 8},
    "Trace": {"head": 208, "count": 48},
    "GtinNotice": {"issuedAt": 48, "liftedAt": 48, "kind": 8},
    "ItemState": {"owner": 160, "claimedAt": 48, "nonce": 32, "flags": 8},
    "Seller": {"since": 48, "validTo": 48, "territory": 160},
    "Pallet": {"holder": 160, "version": 32, "lotCount": 32},
}
"""The bits of each field of a struct's first word, from the lowest on."""

_BATCH = (32, 48, 48, 48, 16, 8, 56)
_LOT = (160, 32, 32, 8)
_NOTICE = (32, 32, 48, 48, 1)
_OFFER = (160, 32, 48)
_OPERATOR = (48, 48, 48, 48)


def slot_of(contract: str, name: str, *keys: bytes | int | str) -> int:
    """Return the slot of a value in a mapping, with a key for each level of it.

    Keys are numbers, addresses, or 32 bytes.
    """
    slot = SLOTS[contract][name]
    for key in keys:
        slot = int.from_bytes(keccak256(_word(key) + slot.to_bytes(32)))
    return slot


def fields(word: int, widths: tuple[int, ...]) -> tuple[int, ...]:
    """Take a word apart into numbers of so many bits, from the lowest on."""
    found = []
    for width in widths:
        found.append(word & (1 << width) - 1)
        word >>= width
    return tuple(found)


def address_of(number: int) -> str:
    """Write a number as a checksum address."""
    return str(to_checksum_address(number.to_bytes(20))) if number else ZERO_ADDRESS


def struct(name: str, word: int) -> tuple[int, ...]:
    """Take the first word of a struct apart."""
    return fields(word, tuple(STRUCTS[name].values()))


def read_batch(root: int, word: int) -> BatchState:
    """Read the two words of a batch."""
    count, gtin, registered, expires, carton, notices, tag = fields(word, _BATCH)
    return BatchState(root.to_bytes(32), count, gtin, registered, expires, carton, notices, tag)


def read_notice(word: int) -> NoticeState:
    """Read the word of a notice."""
    first, last, issued_at, lifted_at, kind = fields(word, _NOTICE)
    return NoticeState(first, last, issued_at, lifted_at, NoticeKind(kind))


def read_gtin_notice(word: int) -> GtinNoticeState:
    """Read the word of a notice on a GTIN."""
    issued_at, lifted_at, kind = struct("GtinNotice", word)
    return GtinNoticeState(issued_at, lifted_at, NoticeKind(kind))


def read_item(word: int) -> ItemState:
    """Read the word of an item; one that nobody claimed is all zero, as the lens shows it."""
    owner, claimed_at, nonce, flags = struct("ItemState", word)
    return ItemState(address_of(owner), claimed_at, nonce, flags) if claimed_at else ItemState()


def read_seller(word: int) -> SellerState:
    """Read the word of a seller's authorisation."""
    since, valid_to, territory = struct("Seller", word)
    return SellerState(since, valid_to, territory.to_bytes(20))


def read_trace(word: int) -> tuple[bytes, int]:
    """Read the word of a trace: its head, and how many events it has."""
    head, count = struct("Trace", word)
    return head.to_bytes(26), count


def read_lot(word: int) -> tuple[str, int, int, int]:
    """Read the word of a lot: holder or pallet, size, version, flags."""
    holder, size, version, flags = fields(word, _LOT)
    return address_of(holder), size, version, flags


def read_pallet(word: int) -> tuple[str, int]:
    """Read the first word of a pallet: its holder and its version."""
    holder, version, _ = struct("Pallet", word)
    return address_of(holder), version


def standing_offer(word: int, version: int) -> tuple[str, int]:
    """Read the word of an offer: to whom and when, zero unless it is for this version."""
    to, offered, offered_at = fields(word, _OFFER)
    return (address_of(to), offered_at) if offered == version and to else (ZERO_ADDRESS, 0)


def revoked_from(word: int) -> int:
    """Read from the word of an operator the second from which it is revoked, 0 for never."""
    return fields(word, _OPERATOR)[0]


def is_deactivated(word: int) -> bool:
    """Read from the word of an identity whether it is deactivated."""
    return bool(struct("IdentityState", word)[2])


def _word(key: bytes | int | str) -> bytes:
    number = int(key, 16) if isinstance(key, str) else key
    return number.to_bytes(32) if isinstance(number, int) else number
