"""Items: claiming them by their key, owning them, handing them on, reporting their fate."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag
from typing import Any

from eth_account import Account
from eth_account.messages import SignableMessage

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, LocalSigner, MessageSigner, OwnerAct, Signer, TxResult
from weilian.chain.values import to_hex, to_moment, to_seconds
from weilian.errors import WeilianError
from weilian.keys import claim_address, claim_key
from weilian.merkle import ItemProof
from weilian.merkle.items import KeyKind, item_id
from weilian.owner_act import REGISTRY_NAME, SignedAct
from weilian.provenance.terms import (
    ITEM_CHIP,
    ITEM_DESTROYED,
    ITEM_FLAGGED,
    ITEM_LOST,
    ITEM_STOLEN,
)
from weilian.signing import Domain
from weilian.suite import Suite

__all__ = [
    "Acted",
    "ChipTransfer",
    "Claimed",
    "Flagged",
    "HiddenCodeError",
    "ItemFlag",
    "ItemOwnerError",
    "ItemState",
    "Items",
    "KeyKind",
    "SignedAct",
    "SignedClaim",
    "item_id",
    "item_tuple",
]

_CLAIM = {"batchId": "bytes32", "index": "uint32", "claimer": "address", "deadline": "uint48"}
_CHIP_TRANSFER = {"itemId": "bytes32", "to": "address", "nonce": "uint32", "blockHash": "bytes32"}


class HiddenCodeError(WeilianError, ValueError):
    """A hidden code that belongs to another item; the message never repeats the code."""

    def __init__(self, serial: str) -> None:
        super().__init__(
            f"the hidden code is not that of item {serial}; compare it with the label character by "
            "character"
        )


class ItemOwnerError(WeilianError, ValueError):
    """Something that an item's state, its key or its owner does not allow."""


class ItemFlag(IntFlag):
    """What is on record of a claimed item."""

    LOST = ITEM_LOST
    STOLEN = ITEM_STOLEN
    FLAGGED = ITEM_FLAGGED
    DESTROYED = ITEM_DESTROYED
    CHIP = ITEM_CHIP


_REPORTED = ItemFlag.LOST | ItemFlag.STOLEN | ItemFlag.FLAGGED


@dataclass(frozen=True, slots=True)
class SignedClaim:
    """A claim that anyone may send: it can make nobody but the claimer the owner."""

    proof: ItemProof
    claimer: str
    deadline: datetime
    signature: bytes


@dataclass(frozen=True, slots=True)
class ChipTransfer:
    """A hand-over that an item's chip signed: anyone may send it, once.

    The chip signs the hash of a block, which nobody knows before: so it was at hand then. The chain
    takes it for 256 blocks from that one.
    """

    item_id: bytes
    to: str
    block_number: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class ItemState:
    """What the chain keeps of an item; neither owner nor time if it is not claimed.

    `owner` is the last one where it was destroyed; `nonce` counts the acts of its owners.
    """

    item_id: bytes
    owner: str | None
    claimed_at: datetime | None
    nonce: int
    flags: ItemFlag


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item with its first owner."""

    item_id: bytes
    batch_id: bytes
    index: int
    owner: str
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Acted:
    """What an owner did with an item, and who owns it now, or did at its end."""

    item_id: bytes
    act: OwnerAct
    owner: str
    nonce: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Flagged:
    """An item that its issuer reported stolen, or cleared again."""

    item_id: bytes
    is_stolen: bool
    case_hash: bytes
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Items:
    """The item registry."""

    suite: Suite

    def claim_message(self, proof: ItemProof, claimer: str, deadline: datetime) -> SignableMessage:
        """Return what an item's key signs (EIP-712), bound to this chain and registry."""
        values = {
            "batchId": proof.batch_id,
            "index": proof.index,
            "claimer": to_address(claimer),
            "deadline": to_seconds(deadline),
        }
        return self._domain.message("Claim", _CLAIM, values)

    def sign_claim(
        self, proof: ItemProof, code: str, claimer: str, deadline: datetime
    ) -> SignedClaim:
        """Sign a claim with the hidden code; nothing is sent.

        `deadline` is the last second at which the chain takes it. Raises CodeError for what is no
        code and HiddenCodeError for that of another item.
        """
        if claim_address(code, proof.salt) != proof.claim_key:
            raise HiddenCodeError(proof.serial)
        key = LocalSigner(Account.from_key(claim_key(code, proof.salt)))
        return self.sign_claim_with_chip(proof, key, claimer, deadline)

    def sign_claim_with_chip(
        self, proof: ItemProof, chip: MessageSigner, claimer: str, deadline: datetime
    ) -> SignedClaim:
        """Let an item's chip sign a claim; nothing is sent. Raises ItemOwnerError for another."""
        self._check_key(proof, chip)
        signature = chip.sign_message(self.claim_message(proof, claimer, deadline))
        return SignedClaim(proof, to_address(claimer), deadline, signature)

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

    def act(
        self, identifier: bytes, what: OwnerAct, signer: Signer, to: str | None = None
    ) -> Acted:
        """Do something with an item of the signer's; `to` is who gets it in a TRANSFER.

        Raises ItemOwnerError for what the item's state does not allow.
        """
        self._check_act(self.state_of(identifier), what, to)
        target = to_address(to or ZERO_ADDRESS)
        function = self.suite.items.functions.act(identifier, what, target)
        return self._acted(self.suite.chain.send(function, signer))

    def transfer(self, identifier: bytes, to: str, signer: Signer) -> Acted:
        """Give an item of the signer's to somebody else."""
        return self.act(identifier, OwnerAct.TRANSFER, signer, to)

    def sign_act(
        self,
        identifier: bytes,
        what: OwnerAct,
        deadline: datetime,
        owner: MessageSigner,
        to: str | None = None,
    ) -> SignedAct:
        """Let the owner of an item sign an act that anyone may send, once; nothing is sent."""
        state = self.state_of(identifier)
        self._check_act(state, what, to)
        if state.owner != owner.address:
            raise ItemOwnerError(f"the item belongs to {state.owner}, not to {owner.address}")
        return SignedAct.sign(
            self._domain,
            item_id=identifier,
            act=what,
            to=to_address(to or ZERO_ADDRESS),
            nonce=state.nonce,
            deadline=to_seconds(deadline),
            owner=owner,
        )

    def send_act(self, signed: SignedAct, signer: Signer) -> Acted:
        """Send what an owner signed; `signer` pays the gas. Raises ItemOwnerError."""
        if (signed.chain_id, signed.registry) != (self._domain.chain_id, self._domain.contract):
            raise ItemOwnerError(
                f"the act is for the registry {signed.registry} on chain {signed.chain_id}"
            )
        state = self.state_of(signed.item_id)
        self._check_act(state, OwnerAct[signed.act], signed.to)
        if (state.owner, state.nonce) != (signed.owner, signed.nonce):
            raise ItemOwnerError("the item changed since the act was signed; sign it again")
        function = self.suite.items.functions.actFor(*signed.arguments)
        return self._acted(self.suite.chain.send(function, signer))

    def sign_chip_transfer(self, proof: ItemProof, chip: MessageSigner, to: str) -> ChipTransfer:
        """Let an item's chip sign the item over to who has it at hand; nothing is sent."""
        self._check_key(proof, chip)
        if proof.key_kind is not KeyKind.CHIP:
            raise ItemOwnerError(
                f"item {proof.serial} has a hidden code: only its owner hands it on"
            )
        identifier = item_id(proof.batch_id, proof.index)
        number, block_hash = self.suite.chain.block_hash()
        values = {
            "itemId": identifier,
            "to": to_address(to),
            "nonce": self.state_of(identifier).nonce,
            "blockHash": block_hash,
        }
        message = self._domain.message("ChipTransfer", _CHIP_TRANSFER, values)
        return ChipTransfer(identifier, to_address(to), number, chip.sign_message(message))

    def transfer_with_chip(self, signed: ChipTransfer, signer: Signer) -> Acted:
        """Send a hand-over that a chip signed; `signer` pays the gas."""
        function = self.suite.items.functions.transferWithChip(
            signed.item_id, signed.to, signed.block_number, signed.signature
        )
        return self._acted(self.suite.chain.send(function, signer))

    def flag_stolen(
        self, batch_id: bytes, index: int, is_stolen: bool, case_hash: bytes, signer: Signer
    ) -> Flagged:
        """Report an owned item stolen in the issuer's name, or close the matter.

        Closing takes back every report of it, its owner's too.
        """
        state = self.state_of(item_id(batch_id, index))
        standing = ItemFlag.FLAGGED if is_stolen else _REPORTED
        if bool(state.flags & standing) is is_stolen:
            raise ItemOwnerError(
                f"item {index} is {'reported already' if is_stolen else 'not reported'}"
            )
        contract = self.suite.items
        function = contract.functions.flagStolen(batch_id, index, is_stolen, case_hash)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.ItemFlagged())
        return Flagged(args["itemId"], args["isStolen"], args["caseHash"], tx)

    def state(self, batch_id: bytes, index: int) -> ItemState:
        """Return who claimed an item and when, and what became of it."""
        return self.state_of(item_id(batch_id, index))

    def state_of(self, identifier: bytes) -> ItemState:
        """Return the same of an item by its id."""
        kept = self.suite.chain.call(self.suite.items.functions.itemOf(identifier))
        owner = None if kept.owner == ZERO_ADDRESS else kept.owner
        claimed_at = to_moment(kept.claimedAt)
        return ItemState(identifier, owner, claimed_at, kept.nonce, ItemFlag(kept.flags))

    @property
    def _domain(self) -> Domain:
        return Domain(REGISTRY_NAME, self.suite.chain.chain_id, self.suite.items.address)

    def _check_key(self, proof: ItemProof, key: MessageSigner) -> None:
        if key.address != proof.claim_key:
            raise ItemOwnerError(
                f"the key {key.address} is not that of item {proof.serial}, {proof.claim_key}"
            )

    def _check_act(self, state: ItemState, what: OwnerAct, to: str | None) -> None:
        flags, name = state.flags, to_hex(state.item_id)
        if state.owner is None or flags & ItemFlag.DESTROYED:
            fate = "was destroyed" if state.owner else "is not claimed"
            raise ItemOwnerError(f"item {name} {fate}: nobody owns it")
        if what is OwnerAct.TRANSFER:
            self._check_transfer(flags, name, to)
        reported = flags & (ItemFlag.LOST | ItemFlag.STOLEN)
        if what is OwnerAct.REPORT_FOUND and not reported:
            raise ItemOwnerError(f"item {name} is not reported lost or stolen by its owner")

    def _check_transfer(self, flags: ItemFlag, name: str, to: str | None) -> None:
        if to is None or to_address(to) == ZERO_ADDRESS:
            raise ItemOwnerError("name who gets the item")
        if flags & ItemFlag.CHIP:
            raise ItemOwnerError(f"item {name} has a chip: it changes hands by its chip only")
        if flags & _REPORTED:
            raise ItemOwnerError(
                f"item {name} is reported lost or stolen and cannot change hands; whoever reported "
                "it takes that back first"
            )

    def _acted(self, tx: TxResult) -> Acted:
        args = tx.event(self.suite.items.events.ItemActed())
        return Acted(args["itemId"], OwnerAct(args["act"]), args["owner"], args["nonce"], tx)


def item_tuple(proof: ItemProof) -> tuple[Any, ...]:
    """Return the struct that the contracts take."""
    return (
        proof.batch_id,
        proof.index,
        proof.serial_commitment,
        proof.key_kind.number,
        proof.claim_key,
    )
