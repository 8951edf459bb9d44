"""Claims as a shopper's phone signs them."""

from typing import Any

from eth_account import Account
from eth_account.messages import encode_typed_data

from tests.support.batches import SampleBatch, claim_key

FAR_DEADLINE = 2**48 - 1
CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
CLAIM_TYPES = {
    "Claim": [
        {"name": "batchId", "type": "bytes32"},
        {"name": "index", "type": "uint32"},
        {"name": "claimer", "type": "address"},
        {"name": "deadline", "type": "uint48"},
    ]
}


def claim_domain(items: Any) -> dict[str, Any]:
    """Return the EIP-712 domain of an item registry."""
    return {
        "name": "Weilian ItemRegistry",
        "version": "1",
        "chainId": items.provider.chain_id,
        "verifyingContract": items.address,
    }


def typed_claim(items, item, claimer, deadline=FAR_DEADLINE, **domain):
    """Return what is signed; `domain` overrides parts of the domain."""
    message = {
        "batchId": item["batchId"],
        "index": item["index"],
        "claimer": str(claimer),
        "deadline": deadline,
    }
    return encode_typed_data(claim_domain(items) | domain, CLAIM_TYPES, message)


def sign_claim(items, item, claimer, deadline=FAR_DEADLINE, *, key=None, **domain) -> bytes:
    """Sign a claim with the item's hidden key, or with `key`."""
    signer = key or claim_key(item["index"])
    signable = typed_claim(items, item, claimer, deadline, **domain)
    return bytes(signer.sign_message(signable).signature)


def signer_of(items, signature: bytes, item, claimer, deadline=FAR_DEADLINE) -> str:
    """Return whom the contract takes for the signer of this claim."""
    signable = typed_claim(items, item, claimer, deadline)
    return Account.recover_message(signable, signature=signature)


def create_claim(items, batch: SampleBatch, claimer, index=0, deadline=FAR_DEADLINE, **changes):
    """Return the arguments of a good claim, with `changes` to item, proof, request or signature."""
    item = batch.item(index)
    arguments = {
        "item": item,
        "proof": batch.proof(index),
        "request": {"claimer": claimer, "deadline": deadline},
        "signature": sign_claim(items, item, claimer, deadline, key=claim_key(index)),
    }
    unknown = changes.keys() - arguments.keys()
    assert not unknown, f"a claim has no {unknown}"
    return tuple((arguments | changes).values())


def claim_item(items, batch: SampleBatch, claimer, index=0):
    """Claim an item as `claimer`."""
    return items.claim(*create_claim(items, batch, claimer, index), sender=claimer)


def high_s(signature: bytes) -> bytes:
    """Return the other signature of the same key over the same message."""
    s = CURVE_ORDER - int.from_bytes(signature[32:64])
    return signature[:32] + s.to_bytes(32) + bytes([55 - signature[64]])


def compact(signature: bytes) -> bytes:
    """Return the 64-byte form of a signature (EIP-2098)."""
    vs = int.from_bytes(signature[32:64]) | (signature[64] - 27) << 255
    return signature[:32] + vs.to_bytes(32)
