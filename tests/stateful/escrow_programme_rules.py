"""What happens around orders: money, disputes, distributors, plans, and time."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.stateful.budget import ACTING, ACTORS, AIMED, CHOICES
from tests.stateful.escrow_base import HOUR, LADDER, MOST_COIN, NEXT_LADDER, WAITS, EscrowBase
from tests.support.abi import ZERO_ADDRESS
from tests.support.commission import plans
from tests.support.escrow_pair import DONE
from weilian.commission.disputes import DisputeStatus
from weilian.commission.ladder import Ladder
from weilian.commission.parties import account_party
from weilian.commission.plan import DAY

NATIVE = st.booleans()
UNRULED = (DisputeStatus.OPEN, DisputeStatus.ESCALATED)
AMOUNTS = st.sampled_from([0, 1, 10_000]) | st.integers(1, MOST_COIN)
PLANS = plans(100, refund_window=600) | plans(99, refund_window=0, is_final=True, counts_sales=True)
LADDERS = st.sampled_from(
    [
        LADDER,
        Ladder(2, 3, 0, (1, 1, 1), (0, 0, 0)),
        NEXT_LADDER,
        Ladder(3, 3, 2, (5, 10, 20), (0, 20, 50)),
    ]
)


class ProgrammeRules(EscrowBase):
    """Money in and out, disputes, and the brand's programme."""

    # Money

    @rule(account=CHOICES, native=NATIVE, amount=AMOUNTS, index=ACTORS, more=st.integers(0, 9))
    def deposit(self, account, native, amount, index, more):
        """Pay into anyone's credit, the refuser's too; one time in ten with a coin too many."""
        accounts = [self.brand, self.world.refuser, *self.actors]
        currency = self.currencies[not native]
        value = amount * native + (more == 9)
        to, actor = accounts[account % len(accounts)], self.actors[index]
        self.pair.do("deposit", to, currency, amount, actor=actor, value=value)

    @rule(choice=CHOICES, native=NATIVE, aimed=AIMED, index=ACTORS)
    def withdraw(self, choice, native, aimed, index):
        currency = self.currencies[not native]
        party = self.party_at(choice, aimed, currency)
        self.pair.do("withdraw", party, currency, actor=self.actors[index])

    @rule(choice=CHOICES, native=NATIVE, aimed=AIMED, to=CHOICES, index=ACTING)
    def withdraw_to(self, choice, native, aimed, to, index):
        currency, accounts = self.currencies[not native], self.actors
        owed = [a for a in accounts if self.model.credit_of(account_party(a), currency)]
        accounts = owed if aimed and owed else accounts
        account = accounts[choice % len(accounts)]
        targets = [ZERO_ADDRESS, self.world.refuser, self.pair.programme.escrow.address]
        targets += self.actors
        actor = account if index is None else self.actors[index]
        to = targets[to % len(targets)]
        self.pair.do("withdraw_to", account, currency, to, actor=actor)

    @rule(native=NATIVE, to=CHOICES, index=ACTING)
    def withdraw_fees_to(self, native, to, index):
        targets = [self.world.refuser, *self.actors]
        actor = self.platform if index is None else self.actors[index]
        currency, to = self.currencies[not native], targets[to % len(targets)]
        self.pair.do("withdraw_fees_to", self.brand, currency, to, actor=actor)

    @rule(choice=CHOICES, native=NATIVE, is_kept=st.booleans(), index=ACTING)
    def set_credit_kept(self, choice, native, is_kept, index):
        account, currency = self.actors[choice % len(self.actors)], self.currencies[not native]
        actor = account if index is None else self.actors[index]
        self.pair.do("set_credit_kept", account, currency, is_kept, actor=actor)

    @rule(choices=st.lists(st.tuples(CHOICES, NATIVE), max_size=5), aimed=AIMED, index=ACTORS)
    def withdraw_batch(self, choices, aimed, index):
        currencies = [self.currencies[not native] for _, native in choices]
        payees = [
            (self.party_at(choice, aimed, currency), currency)
            for (choice, _), currency in zip(choices, currencies, strict=True)
        ]
        self.pair.do("withdraw_batch", payees, actor=self.actors[index])

    # Disputes

    @rule(choice=CHOICES, aimed=AIMED, index=ACTING, early=WAITS)
    def open_dispute(self, choice, aimed, index, early):
        """Open now or about the second that the refund window ends."""
        order = self.disputable_at(choice, aimed)
        if early is not None:
            window = self.model.plan_of(order).plan.refund_window
            self.wait_until(self.model.state_of(order).changed_at + window - early)
        claimant = self.platform if order.is_reported else order.payer
        actor = claimant if index is None else self.actors[index]
        self.open_dispute_over(order, actor)

    def open_dispute_over(self, order, actor):
        self.pair.do("open", order, actor=actor, more=[bytes(32), b""])

    @precondition(lambda self: self.pair.disputes.disputes)
    @rule(choice=CHOICES, aimed=AIMED, index=ACTING, is_claimant=st.booleans())
    def concede(self, choice, aimed, index, is_claimant):
        order = self.disputed_at(choice, aimed, *UNRULED)
        self.pair.do("concede", order, actor=self.side(order, index, is_claimant))

    @precondition(lambda self: self.pair.disputes.disputes)
    @rule(
        choice=CHOICES,
        aimed=AIMED,
        index=ACTING,
        is_claimant=st.booleans(),
        bps=st.sampled_from([0, 1, 100, 5_000, 9_999, 10_000, 10_001]),
        lifetime=st.sampled_from([1, 60, 60, 60, 0]),
    )
    def agree(self, choice, aimed, index, is_claimant, bps, lifetime):
        order = self.disputed_at(choice, aimed, *UNRULED)
        actor = self.side(order, index, is_claimant)
        self.pair.agree(order, bps, self.chain.pending + lifetime, actor)

    @precondition(lambda self: self.pair.disputes.disputes)
    @rule(choice=CHOICES, aimed=AIMED, index=ACTING, is_claimant=st.booleans())
    def escalate(self, choice, aimed, index, is_claimant):
        order = self.disputed_at(choice, aimed, DisputeStatus.OPEN)
        self.pair.escalate(order, self.side(order, index, is_claimant))

    @precondition(lambda self: self.pair.arbitrations)
    @rule(choice=CHOICES, ruling=st.integers(0, 101))
    def give_ruling(self, choice, ruling):
        """Rule on a dispute, which may have ended otherwise in the meantime."""
        orders = list(self.pair.arbitrations)
        self.pair.give_ruling(orders[choice % len(orders)], ruling)

    @precondition(lambda self: self.pair.disputes.disputes)
    @rule(choice=CHOICES, is_claimant=st.booleans(), ruling=st.integers(0, 101))
    def arbitrate(self, choice, is_claimant, ruling):
        """Bring the furthest dispute a step nearer to its end by ruling; few would reach it."""
        status = max(found.status for found in self.pair.disputes.disputes.values())
        order = self.disputed_at(choice, True, status)
        if status == DisputeStatus.OPEN:
            self.pair.escalate(order, self.side(order, None, is_claimant))
        elif status == DisputeStatus.ESCALATED:
            self.pair.give_ruling(order, ruling)
        else:
            self.pair.do("execute", order, actor=self.other)

    @precondition(lambda self: self.pair.disputes.disputes)
    @rule(choice=CHOICES, aimed=AIMED, index=ACTORS)
    def execute(self, choice, aimed, index):
        order = self.disputed_at(choice, aimed, DisputeStatus.RULED)
        self.pair.do("execute", order, actor=self.actors[index])

    @precondition(lambda self: self.pair.disputes.disputes)
    @rule(choice=CHOICES, aimed=AIMED, index=ACTORS, early=st.sampled_from([0, 0, 1]))
    def lapse(self, choice, aimed, index, early):
        order = self.disputed_at(choice, aimed, *UNRULED)
        self.wait_until(self.pair.disputes.dispute_of(order).until - early)
        self.pair.do("lapse", order, actor=self.actors[index])

    def side(self, order, index, is_claimant):
        """Choose the claimant or the brand, unless `index` says who."""
        if index is not None:
            return self.actors[index]
        if is_claimant:
            return self.platform if order.is_reported else order.payer
        return self.brand

    # The programme

    @rule(sponsor=CHOICES, index=ACTORS)
    def join(self, sponsor, index):
        numbers = [*self.numbers(), 77]
        number = numbers[sponsor % len(numbers)]
        self.pair.join(self.brand, number, self.actors[-1 - index])

    @rule(choice=CHOICES, is_suspended=st.booleans(), index=ACTING)
    def suspend(self, choice, is_suspended, index):
        numbers = self.numbers()[1:]
        number = numbers[choice % len(numbers)] if choice % 7 else 77
        actor = self.acting(index, "plan")
        self.pair.suspend(self.brand, number, is_suspended=is_suspended, actor=actor)

    @rule(choice=CHOICES, native=NATIVE, index=ACTORS)
    def refresh_rank(self, choice, native, index):
        """Refresh anyone's rank, also that of the next number, which nobody has yet."""
        numbers = self.numbers()[1:]
        number = [*numbers, max(numbers) + 1][choice % (len(numbers) + 1)]
        currency, actor = self.currencies[not native], self.actors[index]
        self.pair.do("refresh_rank", self.brand, currency, number, actor=actor)

    @rule(plan=PLANS, native=NATIVE, index=ACTING)
    def publish(self, plan, native, index):
        plan = self.of_brand(plan, native)
        plan_id = self.pair.publish(plan, self.acting(index, "plan"))
        if plan_id in self.model.plans and plan_id not in self.plan_ids:
            self.plan_ids.append(plan_id)

    @rule(choice=CHOICES, index=ACTING)
    def retire(self, choice, index):
        """Retire one of the plans that were published later."""
        later = self.plan_ids[8:] or [bytes(32)]
        actor = self.acting(index, "plan")
        self.pair.do("retire", later[choice % len(later)], actor=actor)

    @rule(choice=CHOICES, place=CHOICES, days=st.integers(0, 60), index=ACTING)
    def lock_terms(self, choice, place, days, index):
        numbers = self.numbers()
        plan_id = self.plan_ids[-1 - choice % len(self.plan_ids)]
        until = self.chain.pending + days * DAY
        number, actor = numbers[place % len(numbers)], self.acting(index, "plan")
        self.pair.do("lock_terms", plan_id, number, until, actor=actor)

    @rule(ladder=LADDERS, native=NATIVE, index=ACTING)
    def announce_ladder(self, ladder, native, index):
        currency, actor = self.currencies[not native], self.acting(index, "plan")
        self.pair.do("announce_ladder", self.brand, currency, ladder, actor=actor)

    @rule(native=NATIVE, aimed=AIMED, index=ACTORS, early=WAITS)
    def activate_ladder(self, native, aimed, index, early):
        """Activate now or about the second that an announced ladder may be."""
        pending = self.model.pending_ladders.items()
        announced = {currency: due for (_, currency), (_, due) in pending}
        currency = self.currencies[not native]
        if aimed and announced and currency not in announced:
            [currency] = announced
        if early is not None:
            self.wait_until(announced.get(currency, 0) - early)
        self.pair.do("activate_ladder", self.brand, currency, actor=self.actors[index])

    @rule(seconds=st.sampled_from([1, 1, 60, 60, HOUR, HOUR, DAY, 2 * DAY, 4 * DAY, 61 * DAY]))
    def pass_time(self, seconds):
        self.wait(seconds)
        self.pair.ends["pass time", DONE] += 1
