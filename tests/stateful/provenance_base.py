"""What all rules of the provenance machine share."""

from dataclasses import dataclass, field

import ape
from hypothesis import event
from hypothesis.stateful import RuleBasedStateMachine

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.batches import SampleBatch
from tests.support.clock import read_at
from tests.support.reverts import reverts
from weilian.merkle.items import item_id
from weilian.provenance.identity_model import Call
from weilian.provenance.issuer_model import issuer_of
from weilian.provenance.lot_model import LotRef
from weilian.provenance.model import ProvenanceModel
from weilian.provenance.terms import LOT_PACKED
from weilian.refusal import RefusedError

FOREVER = 10**9  # seconds
SOON = 5_000  # seconds


@dataclass
class Trade:
    """All that is known beside the chain: the model, and what it was made with.

    `pallets` are the lots of each pallet as it was packed last, `made` counts what is unique.
    """

    model: ProvenanceModel
    batches: dict[bytes, SampleBatch] = field(default_factory=dict)
    pallets: dict[str, list[LotRef]] = field(default_factory=dict)
    made: int = 0


class ProvenanceBase(RuleBasedStateMachine):
    """Every operation is tried on the model; the contract must end in the same way."""

    def __init__(self, world):
        super().__init__()
        self.world = world
        self.actors = list(world.actors)
        self.take(Trade(ProvenanceModel(world.ground)))
        self.touched = set()
        self.start = ape.chain.snapshot()

    def take(self, trade):
        """Go on from where a trade is."""
        self.trade, self.time = trade, None
        self.model, self.batches, self.pallets = trade.model, trade.batches, trade.pallets
        self.registry, self.custody = self.model.registry, self.model.custody
        self.items = self.model.items

    def teardown(self):
        ape.chain.restore(self.start)

    # Who and what

    def now(self):
        """The second of the next block; asked once, as the node makes a block to tell it."""
        if self.time is None:
            self.time = ape.chain.pending_timestamp
        return self.time

    def next_block(self):
        """The number of the next block; asked after its second, see above."""
        self.now()
        return self.world.items.provider.web3.eth.block_number + 1

    def pass_to(self, time):
        """Let the chain's time be `time`."""
        read_at(time)
        self.time = None

    def rightful(self, identity, matter):
        """Who may act for an identity now, its owner last."""
        may = self.model.identities.is_authorized
        kind, now = permission(matter), self.now()
        owner = self.model.identities.owner(identity)
        rightful = [actor for actor in self.actors if may(identity, kind, actor, now)]
        return sorted(rightful, key=lambda actor: actor == owner)

    def acting(self, index, identity, matter):
        """Choose whoever has the right, unless `index` says who."""
        rightful = self.rightful(identity, matter) if index is None else []
        return rightful[0] if rightful else self.actors[index or 0]

    def owning(self, index, identity):
        """Choose the owner of an identity, unless `index` says who."""
        owner = self.model.identities.owner(identity)
        if index is None and owner != ZERO_ADDRESS:
            return owner
        return self.actors[index or 0]

    def other(self, index, account):
        """Choose an actor other than an account, where that is what succeeds."""
        actor = self.actors[index]
        return self.actors[(index + 1) % len(self.actors)] if actor == account else actor

    def pick(self, choice, aimed, everything, fits):
        """Choose one that fits, if aimed and there is one; else any."""
        everything = list(everything)
        fitting = [one for one in everything if fits(one)] if aimed else []
        among = fitting or everything
        return among[choice % len(among)]

    def batch_at(self, choice, aimed=False, fits=bool):
        return self.pick(choice, aimed, self.batches.values(), fits)

    @staticmethod
    def issuer_of(batch_id):
        return issuer_of(batch_id)

    def issuer(self, batch):
        return issuer_of(batch.batch_id)

    def unique(self):
        """A number that was not there before."""
        self.trade.made += 1
        return self.trade.made

    def lots(self):
        return [ref for batch_id in self.batches for ref in self.custody.lots_of(batch_id)]

    def is_loose(self, ref):
        return not self.custody.lot(ref).flags & LOT_PACKED

    def is_offered(self, ref):
        return self.custody.custody(ref).offered_to != ZERO_ADDRESS

    def is_held(self, ref):
        """Whether somebody can act for who has the lot."""
        return self.model.identities.is_active(self.custody.custody(ref).holder)

    def is_tradable(self, ref):
        return not self.custody.condition(ref, self.now())

    def is_receivable(self, ref):
        """Whether nothing came up against a lot since it was offered."""
        return not self.custody.condition(ref, self.now(), self.custody.custody(ref).offered_at)

    def is_scared(self, ref):
        """Whether the offer of a lot died by a notice that is lifted by now."""
        return self.is_offered(ref) and self.is_tradable(ref) and not self.is_receivable(ref)

    def claimed(self):
        return list(self.items.items)

    def all_items(self):
        """Every item by its batch and index."""
        return [(batch, i) for batch in self.batches.values() for i in range(batch.count)]

    def item_state(self, batch, index):
        return self.items.item(item_id(batch.batch_id, index))

    def lot_of(self, batch_id, index):
        """The lot that holds an item."""
        return max(
            (ref for ref in self.custody.lots_of(batch_id) if ref.first <= index),
            key=lambda ref: ref.first,
        )

    def lot_at(self, choice, aimed, fits) -> LotRef:
        return self.pick(choice, aimed, self.lots(), fits)

    # One operation on both sides

    def attempt(self, operate, contract, method, *arguments, actor):
        """Try an operation on the model, then the same on a contract; tell whether it is done."""
        refusal = self.refusal(operate, Call(actor, self.now()))
        event(f"{method}: {refusal.error if refusal else 'done'}")
        target = getattr(self.world, contract)
        call, sender = getattr(target, method), self.world.actors[actor]
        self.time = None
        if refusal is None:
            call(*arguments, sender=sender)
            self.touched.add(contract)
            return True
        with reverts(getattr(target, refusal.error), **refusal.inputs):
            call(*arguments, sender=sender)
        return False

    @staticmethod
    def refusal(operate, call):
        try:
            operate(call)
        except RefusedError as refusal:
            return refusal
        return None
