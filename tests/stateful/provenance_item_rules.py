"""What shoppers and owners do with items."""

from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.budget import ACTING, ACTORS, AIMED, CHOICES
from tests.stateful.provenance_base import SOON, ProvenanceBase
from tests.stateful.provenance_world import item_of
from tests.support.abi import ZERO_ADDRESS, ZERO_HASH
from tests.support.batches import CHIP, claim_key
from tests.support.claims import sign_claim, signer_of
from weilian.merkle.items import item_id
from weilian.provenance.item_model import (
    BLOCK_HASHES,
    REPORTED,
    ChipTransfer,
    ClaimRequest,
    SignedAct,
)
from weilian.provenance.terms import ITEM_CHIP, ITEM_FLAGGED, ITEM_LOST, ITEM_STOLEN, OwnerAct

CLAIM_FLAWS = st.sampled_from(
    [None] * 12 + ["again", "late", "zero", "front run", "key", "proof", "length", "padding"]
)
ACT_FLAWS = st.sampled_from([None] * 8 + ["late", "nonce", "key", "to"])
CHIP_FLAWS = st.sampled_from([None] * 9 + ["old", "early", "nonce", "hash", "key", "zero"])
ACTS = st.sampled_from([*OwnerAct, OwnerAct.TRANSFER, OwnerAct.REPORT_LOST])
RECEIVERS = st.sampled_from([0, 1, 2, 3, 4, 5] * 2 + [None])


class ItemRules(ProvenanceBase):
    """Each rule is one function of ItemRegistry."""

    def do_claim(self, batch, index, request, signature, actor, proof=None):
        item, proof = item_of(batch, index), batch.proof(index) if proof is None else proof
        struct, claimer, deadline = batch.item(index), request.claimer, request.deadline
        signer = signer_of(self.world.items, signature, struct, claimer, deadline)
        self.attempt(
            lambda call: self.items.claim(call, item, proof, request, signer),
            *("items", "claim", struct, proof, (claimer, deadline), signature),
            actor=actor,
        )

    def do_claim_for(self, batch, index, claimer, actor):
        request = ClaimRequest(claimer, self.now() + SOON)
        signature = sign_claim(self.world.items, batch.item(index), claimer, request.deadline)
        self.do_claim(batch, index, request, signature, actor)

    @rule(choice=CHOICES, claimer=ACTORS, sender=ACTORS, aimed=AIMED, flaw=CLAIM_FLAWS)
    def claim(self, choice, claimer, sender, aimed, flaw):
        batch, index = self.pick(choice, aimed, self.all_items(), self.can_be_claimed)
        if flaw == "again" and self.claimed():
            batch, index = self.pick(choice, True, self.all_items(), self.is_owned)
        if flaw == "padding":
            index = 2**batch.depth - 1
        claimer = ZERO_ADDRESS if flaw == "zero" else self.actors[claimer]
        deadline = self.now() + (-1 if flaw == "late" else SOON)
        proof = batch.proof((index + 1) % batch.count if flaw == "proof" else index)
        signature = sign_claim(
            self.world.items,
            batch.item(index),
            self.other(0, claimer) if flaw == "front run" else claimer,
            deadline,
            key=claim_key(index + 1) if flaw == "key" else None,
        )
        self.do_claim(
            batch,
            index,
            ClaimRequest(claimer, deadline),
            signature,
            self.actors[sender],
            [*proof, ZERO_HASH] if flaw == "length" else proof,
        )

    def can_be_claimed(self, place):
        batch, index = place
        is_new = not self.item_state(batch, index).claimed_at
        return is_new and not self.registry.standing(batch.batch_id, index, self.now())

    def is_owned(self, place):
        batch, index = place
        return self.items.owner(item_id(batch.batch_id, index)) != ZERO_ADDRESS

    def suits(self, place, what):
        """Whether the owner of an item can do this with it."""
        flags = self.item_state(*place).flags
        if what is OwnerAct.TRANSFER:
            return self.is_owned(place) and not flags & (REPORTED | ITEM_CHIP)
        is_found = what is not OwnerAct.REPORT_FOUND or flags & (ITEM_LOST | ITEM_STOLEN)
        return self.is_owned(place) and is_found

    def item_at(self, choice, aimed, fits):
        """Choose an item; return its id too."""
        batch, index = self.pick(choice, aimed, self.all_items(), fits)
        return batch, index, item_id(batch.batch_id, index)

    def owning_item(self, index, identifier):
        owner = self.items.owner(identifier)
        if index is None and owner != ZERO_ADDRESS:
            return owner
        return self.actors[index or 0]

    @precondition(lambda self: self.claimed())
    @rule(choice=CHOICES, what=ACTS, aimed=AIMED, to=RECEIVERS, index=ACTING)
    def act(self, choice, what, aimed, to, index):
        *_, identifier = self.item_at(choice, aimed, lambda place: self.suits(place, what))
        to = ZERO_ADDRESS if to is None else self.actors[to]
        self.attempt(
            lambda call: self.items.act(call, identifier, what, to),
            *("items", "act", identifier, int(what), to),
            actor=self.owning_item(index, identifier),
        )

    @precondition(lambda self: self.claimed())
    @rule(choice=CHOICES, what=ACTS, aimed=AIMED, to=ACTORS, flaw=ACT_FLAWS, sender=ACTORS)
    def act_for(self, choice, what, aimed, to, flaw, sender):
        *_, identifier = self.item_at(choice, aimed, lambda place: self.suits(place, what))
        nonce = self.items.item(identifier).nonce
        deadline = self.now() + (-1 if flaw == "late" else SOON)
        terms = SignedAct(identifier, what, self.actors[to], nonce, deadline)
        signed = {
            "nonce": replace(terms, nonce=nonce + 1),
            "to": replace(terms, to=self.actors[to - 1]),
        }.get(flaw, terms)
        owner = self.owning_item(None, identifier)
        signed_by = self.other(0, owner) if flaw == "key" else owner
        signature = self.world.sign(self.world.act(signed), signed_by)
        self.attempt(
            lambda call: self.items.act_for(call, terms, signed, signed_by),
            *("items", "actFor", identifier, int(what), terms.to, deadline, signature),
            actor=self.actors[sender],
        )

    @precondition(lambda self: any(map(self.has_chip, self.all_items())))
    @rule(choice=CHOICES, to=ACTORS, aimed=AIMED, flaw=CHIP_FLAWS, ago=CHOICES, sender=ACTORS)
    def transfer_with_chip(self, choice, to, aimed, flaw, ago, sender):
        _, index, identifier = self.item_at(choice, aimed, self.has_chip)
        to = ZERO_ADDRESS if flaw == "zero" else self.actors[to]
        nonce, block = self.items.item(identifier).nonce, self.next_block()
        terms = ChipTransfer(identifier, to, self.seen_block(flaw, ago, block))
        due = self.world.chip_transfer(terms, nonce)
        signed = self.world.chip_transfer(
            replace(terms, block_number=terms.block_number - (flaw == "hash")),
            nonce + (flaw == "nonce"),
        )
        key = claim_key(index + (flaw == "key"))
        signature = bytes(key.sign_message(signed).signature)
        signer = self.world.signer(due, signature)
        self.attempt(
            lambda call: self.items.transfer_with_chip(replace(call, block=block), terms, signer),
            *("items", "transferWithChip", identifier, to, terms.block_number, signature),
            actor=self.actors[sender],
        )

    @staticmethod
    def seen_block(flaw, ago, block):
        """Choose a block of which a chip is told, before block `block`."""
        oldest = block - BLOCK_HASHES
        if flaw == "early" or (flaw == "old" and oldest <= 0):
            return block
        return oldest - 1 if flaw == "old" else max(oldest, 1, block - 1 - ago % BLOCK_HASHES)

    def has_chip(self, place):
        batch, _ = place
        unreported = not self.item_state(*place).flags & REPORTED
        return batch.key_kind == CHIP and self.is_owned(place) and unreported

    @precondition(lambda self: self.claimed())
    @rule(choice=CHOICES, aimed=AIMED, is_stolen=st.booleans(), index=ACTING)
    def flag_stolen(self, choice, aimed, is_stolen, index):
        batch, at, _ = self.item_at(
            choice,
            aimed,
            lambda place: (
                self.is_owned(place)
                and bool(self.item_state(*place).flags & (ITEM_FLAGGED if is_stolen else REPORTED))
                != is_stolen
            ),
        )
        self.attempt(
            lambda call: self.items.flag_stolen(call, batch.batch_id, at, is_stolen),
            *("items", "flagStolen", batch.batch_id, at, is_stolen, ZERO_HASH),
            actor=self.acting(index, self.issuer(batch), "inspect"),
        )

    @precondition(lambda self: self.claimed())
    @rule(choice=CHOICES, aimed=AIMED, to=ACTORS, index=ACTING)
    def approve(self, choice, aimed, to, index):
        *_, identifier = self.item_at(choice, aimed, self.is_owned)
        to = self.actors[to]
        self.attempt(
            lambda call: self.items.approve(call, to, identifier),
            *("items", "approve", to, int.from_bytes(identifier)),
            actor=self.owning_item(index, identifier),
        )

    @rule(owner=ACTORS, operator=RECEIVERS, is_approved=st.booleans())
    def set_approval_for_all(self, owner, operator, is_approved):
        operator = ZERO_ADDRESS if operator is None else self.actors[operator]
        self.attempt(
            lambda call: self.items.set_approval_for_all(call, operator, is_approved),
            *("items", "setApprovalForAll", operator, is_approved),
            actor=self.actors[owner],
        )

    @precondition(lambda self: self.claimed())
    @rule(choice=CHOICES, aimed=AIMED, to=RECEIVERS, owner=ACTING, sender=CHOICES)
    def transfer_from(self, choice, aimed, to, owner, sender):
        *_, identifier = self.item_at(
            choice, aimed, lambda place: self.suits(place, OwnerAct.TRANSFER)
        )
        to = ZERO_ADDRESS if to is None else self.actors[to]
        owner = self.owning_item(owner, identifier)
        actor = self.pick(sender, aimed, self.actors, lambda a: self.may_hand_on(a, identifier))
        self.attempt(
            lambda call: self.items.transfer_from(call, owner, to, identifier),
            *("items", "transferFrom", owner, to, int.from_bytes(identifier)),
            actor=actor,
        )

    def may_hand_on(self, actor, identifier):
        owner = self.items.owner(identifier)
        is_approved = actor == self.items.approved.get(identifier)
        return actor == owner or is_approved or (owner, actor) in self.items.operators
