"""CommissionEscrow beside its reference model, one random operation after another."""

from hypothesis.stateful import initialize, invariant, run_state_machine_as_test

from tests.stateful.budget import budget
from tests.stateful.escrow_base import LINES, open_programme
from tests.stateful.escrow_order_rules import OrderRules
from tests.stateful.escrow_programme_rules import ProgrammeRules
from tests.support.abi import ZERO_ADDRESS
from tests.support.escrow_pair import DONE

LONG_RUN = 5_000
"""Operations."""


class EscrowMachine(OrderRules, ProgrammeRules):
    """Every operation is tried on the model; the contracts must end in the same way."""

    @initialize(lines=LINES)
    def open_shop(self, lines):
        """Two captured orders and one authorised in each currency, through the whole line."""
        numbers = self.numbers()
        for plan_id in (self.plan_ids[0], self.plan_ids[1], self.plan_ids[4]):
            for payer in (self.payer, self.top):
                order = self.new_order(plan_id, lines, payer=payer, seller=numbers[-1])
                self.pair.do("authorize", order, actor=payer, value=self.value_of(order))
                if payer == self.payer:
                    self.pair.do("capture", order, [], actor=payer)

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


def test_escrow__random_operations__end_as_in_model(escrow_world):
    pair, plan_ids = open_programme(escrow_world)

    run_state_machine_as_test(
        lambda: EscrowMachine(escrow_world, pair, plan_ids), settings=budget(6, 40)
    )

    # In a long run every operation succeeds now and then, or its rule is idle.
    tried, done = {method for method, _ in pair.ends}, {m for m, end in pair.ends if end == DONE}
    assert pair.ends.total() < LONG_RUN or tried == done
