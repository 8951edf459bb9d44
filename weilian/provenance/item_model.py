"""ItemRegistry without a chain: claims, and what owners do with their items."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from weilian.address import ZERO_ADDRESS
from weilian.merkle.items import item_id
from weilian.provenance.grading import bits_of
from weilian.provenance.identity_model import Call, permission
from weilian.provenance.issuer_model import issuer_of
from weilian.provenance.membership import Item, KeyKind
from weilian.provenance.registry_model import RegistryModel
from weilian.provenance.terms import (
    ITEM_CHIP,
    ITEM_DESTROYED,
    ITEM_FLAGGED,
    ITEM_LOST,
    ITEM_STOLEN,
    ItemState,
    OwnerAct,
)
from weilian.refusal import InvariantError, RefusedError

REPORTED = ITEM_LOST | ITEM_STOLEN | ITEM_FLAGGED
BLOCK_HASHES = 256
"""Blocks back from the one that is made whose hashes a contract knows."""


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """Who wants to own an item, and the last second at which that counts."""

    claimer: str
    deadline: int


@dataclass(frozen=True, slots=True)
class SignedAct:
    """What an owner signs: the act, and the item's nonce that it is meant for."""

    item_id: bytes
    act: OwnerAct
    to: str
    nonce: int
    deadline: int


@dataclass(frozen=True, slots=True)
class ChipTransfer:
    """What a chip is asked to sign, and in which block whose hash it must have known."""

    item_id: bytes
    to: str
    block_number: int


@dataclass(kw_only=True)
class ItemModel:
    """Claimed items by id, and how many items each account owns."""

    registry: RegistryModel
    items: dict[bytes, ItemState] = field(default_factory=dict)
    chips: dict[bytes, str] = field(default_factory=dict)
    """Addresses of the chips of claimed items that have one."""

    balances: Counter[str] = field(default_factory=Counter)
    approved: dict[bytes, str] = field(default_factory=dict)
    operators: set[tuple[str, str]] = field(default_factory=set)
    """Owners, each with an account that may hand all its items on (ERC-721)."""

    def item(self, identifier: bytes) -> ItemState:
        """Return what is kept of an item; all zero if it is not claimed."""
        return self.items.get(identifier, ItemState())

    def owner(self, identifier: bytes) -> str:
        """Return who owns an item, the zero address if nobody does or it was destroyed."""
        kept = self.item(identifier)
        return ZERO_ADDRESS if kept.flags & ITEM_DESTROYED else kept.owner

    def claim(
        self, call: Call, item: Item, proof: Sequence[bytes], request: ClaimRequest, signer: str
    ) -> None:
        """Make the claimer the owner of an item.

        `signer` is whom the contract takes for the signer of the claim.
        """
        kept = self.item(item.id)
        if kept.claimed_at:
            raise RefusedError(
                "ItemRegistry_AlreadyClaimed",
                itemId=item.id,
                owner=kept.owner,
                claimedAt=kept.claimed_at,
            )
        _check_deadline(call, request.deadline)
        if request.claimer == ZERO_ADDRESS:
            raise RefusedError("ItemRegistry_ClaimerZero")
        _check_key(item.claim_key, signer)
        verdict, reasons = self.registry.verdict(item, proof, call.time)
        if reasons:
            raise RefusedError(
                "ItemRegistry_NotClaimable",
                itemId=item.id,
                verdict=verdict,
                reasons=bits_of(reasons),
            )
        flags = 0
        if item.key_kind is KeyKind.CHIP:
            flags, self.chips[item.id] = ITEM_CHIP, item.claim_key
        self.items[item.id] = ItemState(request.claimer, call.time, 0, flags)
        self.balances[request.claimer] += 1

    def act(self, call: Call, identifier: bytes, what: OwnerAct, to: str) -> None:
        """Do something with an item of the caller's."""
        owner = self._owned(identifier)
        if call.sender != owner:
            raise RefusedError(
                "ItemRegistry_NotOwner", itemId=identifier, actor=call.sender, owner=owner
            )
        self._act(identifier, what, to)

    def act_for(self, call: Call, terms: SignedAct, signed: SignedAct, signed_by: str) -> None:
        """Do what the owner signed; the nonce of `terms` is the item's, whatever it says."""
        owner = self._owned(terms.item_id)
        _check_deadline(call, terms.deadline)
        due = replace(terms, nonce=self.item(terms.item_id).nonce)
        if (signed, signed_by) != (due, owner):
            raise RefusedError(
                "ItemRegistry_OwnerSignatureWrong", itemId=terms.item_id, owner=owner
            )
        self._act(terms.item_id, terms.act, terms.to)

    def transfer_with_chip(self, call: Call, terms: ChipTransfer, signer: str) -> None:
        """Give an item to whom its chip names; `signer` is as for a claim."""
        self._owned(terms.item_id)
        chip = self.chips.get(terms.item_id)
        if chip is None:
            raise RefusedError("ItemRegistry_NoChip", itemId=terms.item_id)
        if not 0 < call.block - terms.block_number <= BLOCK_HASHES:
            raise RefusedError(
                "ItemRegistry_BlockTooOld", blockNumber=terms.block_number, current=call.block
            )
        _check_key(chip, signer)
        self._hand(terms.item_id, terms.to)

    def flag_stolen(self, call: Call, batch_id: bytes, index: int, is_stolen: bool) -> None:
        """Report an item stolen in the issuer's name, or close the matter: every report of it."""
        issuer, kind = issuer_of(batch_id), permission("inspect")
        if not self.registry.identities.is_authorized(issuer, kind, call.sender, call.time):
            raise RefusedError(
                "ItemRegistry_NotAuthorized", issuer=issuer, permission=kind, actor=call.sender
            )
        identifier = item_id(batch_id, index)
        self._owned(identifier)
        kept = self.item(identifier)
        if bool(kept.flags & (ITEM_FLAGGED if is_stolen else REPORTED)) == is_stolen:
            raise RefusedError("ItemRegistry_FlagUnchanged", itemId=identifier, isStolen=is_stolen)
        flags = kept.flags | ITEM_FLAGGED if is_stolen else kept.flags & ~REPORTED
        self.items[identifier] = replace(kept, flags=flags)

    def approve(self, call: Call, to: str, identifier: bytes) -> None:
        """Let an account hand an item on (ERC-721)."""
        owner = self.owner(identifier)
        if owner == ZERO_ADDRESS:
            raise RefusedError("ERC721NonexistentToken", tokenId=int.from_bytes(identifier))
        if call.sender != owner and (owner, call.sender) not in self.operators:
            raise RefusedError("ERC721InvalidApprover", approver=call.sender)
        self.approved[identifier] = to

    def set_approval_for_all(self, call: Call, operator: str, is_approved: bool) -> None:
        """Let an account hand all items of the caller on, or no longer (ERC-721)."""
        if operator == ZERO_ADDRESS:
            raise RefusedError("ERC721InvalidOperator", operator=operator)
        change = self.operators.add if is_approved else self.operators.discard
        change((call.sender, operator))

    def transfer_from(self, call: Call, owner: str, to: str, identifier: bytes) -> None:
        """Hand an item on as its owner, or as who was approved (ERC-721)."""
        token = int.from_bytes(identifier)
        if to == ZERO_ADDRESS:
            raise RefusedError("ERC721InvalidReceiver", receiver=to)
        actual = self.owner(identifier)
        if actual == ZERO_ADDRESS:
            raise RefusedError("ERC721NonexistentToken", tokenId=token)
        is_approved = call.sender in (actual, self.approved.get(identifier))
        if not is_approved and (actual, call.sender) not in self.operators:
            raise RefusedError("ERC721InsufficientApproval", operator=call.sender, tokenId=token)
        if self.item(identifier).flags & ITEM_CHIP:
            raise RefusedError("ItemRegistry_ChipNeeded", itemId=identifier)
        self._check_not_reported(identifier)
        if actual != owner:
            raise RefusedError("ERC721IncorrectOwner", sender=owner, tokenId=token, owner=actual)
        self._hand(identifier, to)

    def check_items(self) -> None:
        """Raise InvariantError unless each item has at most one owner, and balances say so."""
        owned = Counter(self.owner(identifier) for identifier in self.items)
        owned.pop(ZERO_ADDRESS, None)
        if owned != +self.balances:
            raise InvariantError(f"accounts must own {dict(owned)} items", dict(self.balances))

    def _act(self, identifier: bytes, what: OwnerAct, to: str) -> None:
        kept = self.item(identifier)
        if what is OwnerAct.TRANSFER:
            if kept.flags & ITEM_CHIP:
                raise RefusedError("ItemRegistry_ChipNeeded", itemId=identifier)
            self._hand(identifier, to)
            return
        if what is OwnerAct.REPORT_FOUND and not kept.flags & (ITEM_LOST | ITEM_STOLEN):
            raise RefusedError("ItemRegistry_NotReported", itemId=identifier)
        if what is OwnerAct.DESTROY:
            self.balances[kept.owner] -= 1
            self.approved.pop(identifier, None)
        flags = _flags_after(kept.flags, what)
        self.items[identifier] = replace(kept, flags=flags, nonce=kept.nonce + 1)

    def _hand(self, identifier: bytes, to: str) -> None:
        if to == ZERO_ADDRESS:
            raise RefusedError("ERC721InvalidReceiver", receiver=to)
        self._check_not_reported(identifier)
        kept = self.item(identifier)
        self.balances[kept.owner] -= 1
        self.balances[to] += 1
        self.approved.pop(identifier, None)
        self.items[identifier] = replace(kept, owner=to, nonce=kept.nonce + 1)

    def _owned(self, identifier: bytes) -> str:
        owner = self.owner(identifier)
        if owner == ZERO_ADDRESS:
            raise RefusedError("ItemRegistry_NotOwned", itemId=identifier)
        return owner

    def _check_not_reported(self, identifier: bytes) -> None:
        flags = self.item(identifier).flags
        if flags & REPORTED:
            raise RefusedError("ItemRegistry_Reported", itemId=identifier, flags=flags)


def _check_deadline(call: Call, deadline: int) -> None:
    if call.time > deadline:
        raise RefusedError("ItemRegistry_DeadlinePassed", deadline=deadline, time=call.time)


def _check_key(claim_key: str, signer: str) -> None:
    if signer != claim_key:
        raise RefusedError("ItemRegistry_WrongSigner", signer=signer, claimKey=claim_key)


def _flags_after(flags: int, what: OwnerAct) -> int:
    match what:
        case OwnerAct.REPORT_LOST:
            return flags | ITEM_LOST
        case OwnerAct.REPORT_STOLEN:
            return flags | ITEM_STOLEN
        case OwnerAct.REPORT_FOUND:
            return flags & ~(ITEM_LOST | ITEM_STOLEN)
    return flags | ITEM_DESTROYED
