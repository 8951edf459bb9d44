"""CommissionEscrow beside its reference model, one random operation after another."""

import sys
from copy import copy

from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from tests.stateful.budget import budget
from tests.stateful.escrow_base import LINES, NEXT_LADDER, open_programme
from tests.stateful.escrow_order_rules import OrderRules
from tests.stateful.escrow_programme_rules import ProgrammeRules
from tests.stateful.tally import idle, tally
from tests.support.abi import ZERO_ADDRESS

LONG_RUN = 5_000
"""Operations."""


class EscrowMachine(OrderRules, ProgrammeRules):
    """Every operation is tried on the model; the contracts must end in the same way."""

    @initialize(lines=LINES)
    def open_shop(self, lines):
        """Three captured orders and three authorised, in both currencies, through the whole line.

        One is in dispute and one before the arbitrator, as few disputes would come that far; a
        final sale is settled, and a ladder announced.
        """
        seller, ends = self.numbers()[-1], copy(self.pair.ends)
        sold = []
        for plan_id in (self.plan_ids[0], self.plan_ids[1], self.plan_ids[4]):
            sold.append(self.sell(plan_id, lines, self.payer, seller))
            order = self.new_order(plan_id, lines, payer=self.top, seller=seller)
            self.pair.do("authorize", order, actor=self.top, value=self.value_of(order))
        for order in (sold[0], sold[2]):
            self.open_dispute_over(order, self.payer)
        self.pair.escalate(sold[2], self.payer)
        final = self.new_order(self.plan_ids[2], lines, seller=seller)
        self.pair.do("charge", final, actor=self.payer, value=final.amount)
        self.pair.do("announce_ladder", self.brand, ZERO_ADDRESS, NEXT_LADDER, actor=self.brand)
        self.pair.ends = ends  # counts what is done at random

    @invariant()
    def both_are_alike(self):
        """Compare all there is, unless no block came: what was refused changed nothing."""
        if self.compared == (height := self.chain.height):
            return
        self.compared = height
        self.check_money()
        self.pair.compare([*self.actors, self.world.refuser], self.currencies)

    def check_money(self):
        """Demand that the money is where the model has it."""
        token = self.world.token.address
        assert self.world.coin() == self.model.held[ZERO_ADDRESS]
        holders = [*self.actors, self.world.platform.address, self.world.refuser]
        moved = [self.model.moved[holder, token] for holder in holders]
        changes = [self.model.held[token], *moved]
        expected = [before + more for before, more in zip(self.tokens, changes, strict=True)]
        assert self.world.tokens() == expected


def test_escrow__random_operations__end_as_in_model(escrow_world, capsys):
    pair, plan_ids = open_programme(escrow_world)
    pair.ends.clear()

    run_state_machine_as_test(
        lambda: EscrowMachine(escrow_world, pair, plan_ids), settings=budget(6, 40)
    )

    if pair.ends.total() >= LONG_RUN:
        with capsys.disabled():
            sys.stdout.write(f"\n\n{tally(pair.ends)}\n")
        # In a long run every operation succeeds now and then, or its rule is idle.
        assert not idle(pair.ends)
