"""A brand with a line of distributors, on the model alone."""

from dataclasses import dataclass, field
from itertools import count

from weilian.commission.escrow import Escrow
from weilian.commission.ladder import Ladder
from weilian.commission.order import Line, Order, Part
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.commission.party_ledger import NATIVE, Site
from weilian.commission.plan import DAY, Plan, PlanLimits


def account(number):
    """Name one of the actors."""
    return f"0x{number:040d}"


BRAND, PLATFORM, PAYER, OTHER, AGENT = map(account, range(11, 16))
LINE = [account(number) for number in range(21, 31)]
LIMITS = PlanLimits(5, 9_900, 100, 7 * DAY, 30 * DAY, allows_final_sales=True)
SITE = Site(31337, account(91), account(92), PLATFORM, LIMITS)
LADDER = Ladder(30, 0, 100, (1_000, 2_000, 3_000), (0, 0, 0))
START = 1_000 * 30 * DAY
AHEAD = 300 * DAY
WAIT = 10 * DAY


@dataclass
class Shop:
    """An escrow, and the time in seconds that all acts happen at."""

    escrow: Escrow = field(default_factory=lambda: Escrow(SITE))
    now: int = START
    salts: count = field(default_factory=count)

    def hire(self, length):
        """Let so many join one under the other, the uppermost first; return the seller."""
        number = 0
        for newcomer in LINE[:length]:
            number = self.escrow.join(BRAND, number, newcomer)
        return number

    def publish(self, *rates, **changes):
        """Publish a plan with these rates of rank 0; return its id."""
        terms = {"depth": len(rates), "rates": (rates,), "platform_fee_bps": 200}
        return self.escrow.publish(Plan(BRAND, NATIVE, **(terms | changes)), BRAND, self.now)

    def announce_ladder(self):
        self.escrow.announce_ladder(BRAND, NATIVE, LADDER, BRAND, self.now)

    def order(self, plan_id, *amounts, **changes):
        """Return an order of these lines, in wei."""
        terms = {
            "payer": PAYER,
            "receiver": BRAND,
            "lines": tuple(map(Line, amounts)),
            "authorization_expiry": self.now + AHEAD,
            "salt": next(self.salts),
        }
        return Order(plan_id, currency=NATIVE, **(terms | changes))

    def authorize(self, order):
        self.escrow.authorize(order, order.payer, order.amount, self.now)
        return order

    def capture(self, order, *parts):
        """Pay an order and capture it, whole or these parts by line."""
        self.authorize(order)
        self.escrow.capture(order, [Part(*part) for part in parts], order.payer, self.now)
        return order

    def settle(self, *orders):
        """Let windows pass and share orders."""
        self.now += WAIT
        return self.escrow.settle(orders, self.now)

    def refund(self, order, *parts):
        """Refund parts of a settled order by line."""
        lines = self.escrow.state_of(order).settlement
        parts = [Part(*part) for part in parts]
        due = sum(part.amount for part in parts)
        self.escrow.refund_settled(order, lines, parts, BRAND, due, self.now)

    def credit(self, party):
        """Return the credit of an account or, for a number, of a distributor."""
        name = member_party(BRAND, party) if isinstance(party, int) else account_party(party)
        return self.escrow.credit_of(name, NATIVE)

    def debt(self, number):
        return self.escrow.debt_of(member_party(BRAND, number), NATIVE)

    @property
    def fees(self):
        """What waits for the platform."""
        return self.escrow.credit_of(platform_party(BRAND), NATIVE)
