"""Lots and pallets: their names, how they move, and receipts as receivers sign them.

A lot is a pair here: the id of its batch and its first index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Any

from eth_abi import encode
from eth_account import Account
from eth_account.messages import encode_typed_data
from eth_utils import keccak, to_checksum_address

from tests.support.abi import ZERO_HASH, permission
from tests.support.batches import batch_id_of, create_registration
from tests.support.claims import FAR_DEADLINE
from tests.support.receipts import RECEIPT_TYPES
from tests.support.reverts import reverts

Lot = tuple[bytes, int]

SSCC = 106141412345678908
SSCC_LIMIT = 999_999_999_999_999_999
MAX_ITEMS = 2**32 - 1


class LotFlag(IntFlag):
    NONE = 0
    PACKED = 1 << 0
    DISCREPANCY = 1 << 1


def lot_id_of(batch_id: bytes, first: int) -> bytes:
    """Compute the id of a lot."""
    return keccak(encode(("bytes32", "uint32"), (batch_id, first)))


def pallet_address_of(holder: Any, sscc: int = SSCC) -> str:
    """Compute the name of a pallet that `holder` packs."""
    name = keccak(encode(("address", "uint64"), (str(holder), sscc)))
    return to_checksum_address(name[12:])


def unit_id_of(pallet: str) -> bytes:
    """Return the id under which a pallet is offered."""
    return bytes.fromhex(pallet[2:]).rjust(32, b"\0")


def manifest_of(lots: Sequence[Lot]) -> bytes:
    """Compute the hash of a list of lots."""
    return keccak(encode(("(bytes32,uint32)[]",), (list(lots),)))


def register_goods(provenance, issuer, count=10, **changes) -> bytes:
    """Register a batch of any size and return its id; custody needs no tree."""
    terms = create_registration(issuer, itemCount=count, **changes)
    provenance.registerBatch(terms, sender=issuer)
    return batch_id_of(issuer, terms["gtin"], terms["lot"])


def deliver(custody, lot: Lot, holder, to, counted=None) -> None:
    """Ship a lot and receive it; `counted` is all of it by default."""
    custody.shipLot(*lot, to, sender=holder)
    size = custody.custodyOf(*lot).size
    custody.receiveLot(*lot, size if counted is None else counted, ZERO_HASH, sender=to)


def go_and_return(custody, lot: Lot, holder, other) -> None:
    """Deliver a lot to another and back."""
    deliver(custody, lot, holder, other)
    deliver(custody, lot, other, holder)


def cut(custody, lot: Lot, holder, *seconds: int) -> list[Lot]:
    """Split a lot at each of these indices, from the last to the first, and list all parts."""
    batch_id, first = lot
    for second in sorted(seconds, reverse=True):
        custody.splitLot(batch_id, first, second, sender=holder)
    return [lot, *((batch_id, second) for second in sorted(seconds))]


@dataclass(frozen=True)
class Packed:
    """A pallet and the list of lots on it."""

    address: str
    lots: list[Lot]

    @property
    def unit_id(self) -> bytes:
        return unit_id_of(self.address)


def pack(custody, holder, lots: Sequence[Lot], sscc: int = SSCC) -> Packed:
    """Pack lots of `holder`."""
    custody.packPallet(sscc, lots, sender=holder)
    return Packed(pallet_address_of(holder, sscc), list(lots))


def deliver_pallet(custody, pallet: Packed, holder, to) -> None:
    """Ship a pallet and receive it."""
    custody.shipPallet(pallet.address, to, sender=holder)
    custody.receivePallet(pallet.address, pallet.lots, sender=to)


def custody_domain(custody: Any) -> dict[str, Any]:
    """Return the EIP-712 domain of a custody ledger."""
    return {
        "name": "Weilian CustodyLedger",
        "version": "1",
        "chainId": custody.provider.chain_id,
        "verifyingContract": custody.address,
    }


def create_receipt(custody, lot: Lot, to, deadline=FAR_DEADLINE) -> dict[str, Any]:
    """Return what a receiver of the lot as it is now signs."""
    state = custody.custodyOf(*lot)
    return {
        "batchId": lot[0],
        "first": lot[1],
        "size": state.size,
        "from": state.holder,
        "to": str(to),
        "version": state.version,
        "deadline": deadline,
    }


def sign_receipt(custody, receipt: dict[str, Any], key, **domain) -> bytes:
    """Let `key`, a test account, sign a receipt; `domain` overrides parts of the domain."""
    full = custody_domain(custody) | domain
    signable = encode_typed_data(full, RECEIPT_TYPES, receipt)
    return bytes(Account.sign_message(signable, key.private_key).signature)


def create_terms(lot: Lot, to, signer=None, deadline=FAR_DEADLINE) -> dict[str, Any]:
    """Return the terms of a hand-over; the receiver itself signs by default."""
    batch_id, first = lot
    return {
        "batchId": batch_id,
        "first": first,
        "to": to,
        "signer": signer or to,
        "deadline": deadline,
    }


def create_hand_over(
    custody, lot: Lot, to, *, signer=None, key=None, deadline=FAR_DEADLINE, says=None
):
    """Return the arguments of a good hand-over; what the receipt `says` may differ from the terms.

    `key` is the test account whose key signs, the signer's own by default.
    """
    receipt = create_receipt(custody, lot, to, deadline)
    changes = says or {}
    unknown = changes.keys() - receipt.keys()
    assert not unknown, f"a receipt has no {unknown}"
    signature = sign_receipt(custody, receipt | changes, key or signer or to)
    return create_terms(lot, to, signer, deadline), signature


def hand_over(custody, lot: Lot, holder, to) -> None:
    """Hand a lot over with the receiver's receipt."""
    custody.handOver(*create_hand_over(custody, lot, to), sender=holder)


def moved(kind: Any, lot: Lot, holder, to, version: int):
    """Name a LotShipped or LotReceived."""
    batch_id, first = lot
    inputs = {"batchId": batch_id, "first": first, "to": to, "from": holder, "version": version}
    return kind(**inputs)


def pallet_moved(kind: Any, pallet: Packed, holder, to, version: int):
    """Name a PalletShipped or PalletReceived."""
    return kind(**{"pallet": pallet.address, "from": holder, "to": to, "version": version})


def not_authorized(custody, identity, actor):
    """Demand that `actor` is refused for `identity`."""
    return reverts(
        custody.CustodyLedger_NotAuthorized,
        identity=identity,
        permission=permission("custody"),
        actor=actor,
    )


def not_tradable(custody, lot: Lot, reasons: int):
    """Demand that the goods of a lot are refused."""
    batch_id, first = lot
    return reverts(
        custody.CustodyLedger_NotTradable, batchId=batch_id, first=first, reasons=int(reasons)
    )


def lot_error(error: Any, lot: Lot, **inputs):
    """Demand a revert that names a lot."""
    batch_id, first = lot
    return reverts(error, batchId=batch_id, first=first, **inputs)


def receipt_wrong(custody, signer, holder, size: int, version: int):
    """Demand that a receipt is refused for a lot that is as told."""
    return reverts(
        custody.CustodyLedger_ReceiptWrong,
        signer=signer,
        holder=holder,
        size=size,
        version=version,
    )
