"""Provenance beside its reference model, one random operation after another."""

from copy import deepcopy
from random import Random

import ape
from hypothesis import event
from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from tests.stateful.budget import budget
from tests.stateful.provenance_base import FOREVER
from tests.stateful.provenance_custody_rules import CustodyRules
from tests.stateful.provenance_identity_rules import IdentityRules
from tests.stateful.provenance_item_rules import ItemRules
from tests.stateful.provenance_registry_rules import RegistryRules
from tests.support.abi import ZERO_ADDRESS
from weilian.provenance.issuer_model import DAY
from weilian.provenance.lot_model import LotRef
from weilian.provenance.model import Question
from weilian.provenance.registry_model import NOTICE_LIMIT, BatchTerms
from weilian.provenance.terms import NEVER, NoticeKind


class ProvenanceMachine(RegistryRules, CustodyRules, ItemRules, IdentityRules):
    """All rules, a trade that is under way when they begin, and what always holds."""

    def __init__(self, world, opened):
        super().__init__(world)
        self.opened = opened

    @initialize()
    def begin(self):
        """Begin in a trade that is under way; the chain is brought there once for all runs."""
        if self.opened:
            self.take(deepcopy(self.opened[0]))
            return
        self.open_trade()
        self.opened.append(deepcopy(self.trade))
        self.start = ape.chain.snapshot()

    def open_trade(self):
        """Two batches of one issuer: one with hidden codes, one with chips in cartons, on trade.

        The second had almost as many notices in its life as a batch can have; all are lifted. Of
        the offers of the first, one is good and one died with a recall.
        """
        issuer, agent, exporter, shopper = self.actors[0], *self.actors[2:5]
        for matter in ("batch", "recall", "seller", "custody"):
            self.do_delegate(issuer, matter, agent, FOREVER, issuer)
        plain, chipped = (self.start_batch(*terms) for terms in ((9, 0, False), (7, 2, True)))
        self.do_activate(chipped.batch_id, 0, 1, issuer)
        whole = LotRef(plain.batch_id, 0)
        self.do_append(plain.batch_id, 0, [self.event_hash()], issuer)
        self.do_authorize_seller(issuer, exporter, self.now() + DAY, agent)
        for second in (7, 6, 3):
            self.do_split(whole, second, agent)
        self.do_ship(LotRef(plain.batch_id, 3), exporter, agent)
        self.do_receive(LotRef(plain.batch_id, 3), 3, exporter)
        self.do_ship(LotRef(plain.batch_id, 6), exporter, agent)
        scared = LotRef(plain.batch_id, 7)
        self.do_ship(scared, exporter, agent)
        self.do_scare(scared, scared.first, NoticeKind.RECALL, agent)
        self.do_pack(1, [whole, LotRef(chipped.batch_id, 0)], issuer)
        for batch, index in ((plain, 4), (chipped, 0), (plain, 1)):
            self.do_claim_for(batch, index, shopper, agent)
        for number in range(NOTICE_LIMIT - 1):
            self.do_recall(chipped.batch_id, 6, 6, NoticeKind.SUSPENSION, agent)
            self.do_reinstate(chipped.batch_id, number, agent)

    def start_batch(self, count, carton, chip):
        issuer = self.actors[0]
        batch, lot = self.create_batch(issuer, 6901234567892, count, chip)
        expires_at = self.now() + 2 * DAY if chip else 0
        terms = BatchTerms(
            issuer, 6901234567892, lot, count, batch.root, carton, expires_at=expires_at
        )
        self.do_register(batch, terms, issuer)
        return batch

    @invariant()
    def promises_are_kept(self):
        self.model.check()

    @invariant()
    def chain_says_what_model_says(self):
        """Ask what the last operations wrote to; the registries keep nothing for each other."""
        if "custody" in self.touched:
            lots = self.places()
            assert self.world.read_custody(lots) == [self.custody.custody(ref) for ref in lots]
        if "items" in self.touched:
            items = list(self.items.items)
            chips = [self.items.chips.get(item, ZERO_ADDRESS) for item in items]
            kept = [self.items.item(item) for item in items]
            assert self.world.read_items(items) == list(zip(kept, chips, strict=True))
        if self.batches:
            self.compare_batches(self.compare_scan())
        self.touched.clear()

    def compare_scan(self):
        """Scan an item; return the second that the answer is of."""
        batch, question = self.question()

        *found, time = self.world.inspect(batch, question)

        verdict, reasons = self.model.grade(question, time)
        event(f"scan: {verdict.name}")
        assert found == [verdict, reasons]
        return time

    def compare_batches(self, time):
        """Compare all batches, and what holds of each as a whole at second `time`."""
        if "provenance" not in self.touched:
            return
        ids = list(self.batches)
        kept = [(self.registry.batch(i), self.registry.trace(i)) for i in ids]
        asked = [
            (batch_id, 0, batch.count - 1, since)
            for batch_id, batch in self.batches.items()
            for since in self.sinces(batch_id)
        ]
        conditions = [self.registry.condition(*items, time, since=since) for *items, since in asked]
        assert self.world.read_batches(ids, asked) == (kept, conditions)

    def sinces(self, batch_id):
        """From when notices on a batch may count: both sides of the last of its own."""
        issued = [notice.issued_at for notice in self.registry.notices[batch_id][-1:]]
        return [NEVER, *issued, *(time + 1 for time in issued)]

    def places(self):
        """Where lots begin, and where some began that were merged away."""
        return list(dict.fromkeys([*self.lots(), *self.custody.lots]))

    def question(self):
        """Ask about any item, mostly by its lot, as anybody and of any seller."""
        random = Random(self.unique())
        batch, index = random.choice(self.all_items())
        lot = self.lot_of(batch.batch_id, index)
        people = [ZERO_ADDRESS, ZERO_ADDRESS, *self.actors]
        owner = self.item_state(batch, index).owner
        first = random.choice([lot.first] * 4 + [index])
        viewer, seller = random.choice([owner, *people]), random.choice(people)
        return batch, Question(batch.batch_id, index, first, viewer, seller)


def test_provenance__random_operations__end_as_in_model(provenance_world):
    opened = []

    def machine():
        return ProvenanceMachine(provenance_world, opened)

    run_state_machine_as_test(machine, settings=budget(examples=16, steps=40))
