"""Items: signing a claim with the hidden code, sending it, asking who owns an item."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from eth_abi.abi import encode
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.chain.values import to_moment, to_seconds
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.keys import claim_address, claim_key
from weilian.merkle import ItemProof
from weilian.suite import Suite

_DOMAIN = {"name": "Weilian ItemRegistry", "version": "1"}
_CLAIM_TYPES = {
    "Claim": [
        {"name": "batchId", "type": "bytes32"},
        {"name": "index", "type": "uint32"},
        {"name": "claimer", "type": "address"},
        {"name": "deadline", "type": "uint48"},
    ]
}


class HiddenCodeError(WeilianError, ValueError):
    """A hidden code that belongs to another item; the message never repeats the code."""

    def __init__(self, serial: str) -> None:
        super().__init__(
            f"the hidden code is not that of item {serial}; compare it with the label character by "
            "character"
        )


@dataclass(frozen=True, slots=True)
class SignedClaim:
    """A claim that anyone may send: it can make nobody but the claimer the owner."""

    proof: ItemProof
    claimer: str
    deadline: datetime
    signature: bytes


@dataclass(frozen=True, slots=True)
class ItemState:
    """What the chain keeps of an item; neither owner nor time if it is not claimed."""

    item_id: bytes
    owner: str | None
    claimed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item with its first owner."""

    item_id: bytes
    batch_id: bytes
    index: int
    owner: str
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Items:
    """The item registry."""

    suite: Suite

    def claim_message(self, proof: ItemProof, claimer: str, deadline: datetime) -> SignableMessage:
        """Return what the hidden key signs (EIP-712), bound to this chain and registry."""
        domain = _DOMAIN | {
            "chainId": self.suite.chain.chain_id,
            "verifyingContract": self.suite.items.address,
        }
        message = {
            "batchId": proof.batch_id,
            "index": proof.index,
            "claimer": to_address(claimer),
            "deadline": to_seconds(deadline),
        }
        return encode_typed_data(domain, _CLAIM_TYPES, message)

    def sign_claim(
        self, proof: ItemProof, code: str, claimer: str, deadline: datetime
    ) -> SignedClaim:
        """Sign a claim with the hidden code; nothing is sent.

        `deadline` is the last second at which the chain takes it. Raises CodeError for what is no
        code and HiddenCodeError for that of another item.
        """
        if claim_address(code, proof.salt) != proof.claim_key:
            raise HiddenCodeError(proof.serial)
        message = self.claim_message(proof, claimer, deadline)
        signature = Account.sign_message(message, claim_key(code, proof.salt)).signature
        return SignedClaim(proof, to_address(claimer), deadline, bytes(signature))

    def claim(self, signed: SignedClaim, signer: Signer) -> Claimed:
        """Send a signed claim; `signer` pays the gas and need not be the claimer."""
        contract = self.suite.items
        tx = self.suite.chain.send(
            contract.functions.claim(
                item_tuple(signed.proof),
                list(signed.proof.proof),
                (signed.claimer, to_seconds(signed.deadline)),
                signed.signature,
            ),
            signer,
        )
        args = tx.event(contract.events.ItemClaimed())
        identifier = item_id(args["batchId"], args["index"])
        return Claimed(identifier, args["batchId"], args["index"], signed.claimer, tx)

    def state(self, batch_id: bytes, index: int) -> ItemState:
        """Return who claimed an item and when."""
        identifier = item_id(batch_id, index)
        kept = self.suite.chain.call(self.suite.items.functions.itemOf(identifier))
        owner = None if kept.owner == ZERO_ADDRESS else kept.owner
        return ItemState(identifier, owner, to_moment(kept.claimedAt))


def item_id(batch_id: bytes, index: int) -> bytes:
    """Return the id of an item: keccak256(abi.encode(bytes32 batchId, uint32 index))."""
    return keccak256(encode(("bytes32", "uint32"), (batch_id, index)))


def item_tuple(proof: ItemProof) -> tuple[Any, ...]:
    """Return the struct that the contracts take."""
    return (proof.batch_id, proof.index, proof.serial_commitment, 0, proof.claim_key)
