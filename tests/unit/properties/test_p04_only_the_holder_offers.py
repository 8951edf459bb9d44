"""P4: only who holds goods offers them, and only who is offered them receives.

Anybody tries anything, in any order. An offer dies when the lot moves, is cancelled or changes its
shape, and with a recall, lifted or not; while goods are recalled or expired nobody but their issuer
receives them. What is not allowed is refused for the reason that the rules give, and changes
nothing.
"""

from itertools import count as counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH, permission
from tests.support.clock import later, read_at
from tests.support.custody import create_hand_over, cut, lot_id_of, register_goods
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason

LIFETIME = 100_000  # seconds, more than all other steps take
KINDS = ("ship", "ship", "receive", "receive", "cancel", "hand_over", "reshape", "recall", "expire")
WEIGHTED = (*KINDS[:6] * 4, *KINDS[6:7] * 2, *KINDS[7:8] * 4, KINDS[8])
PLACES = st.integers(0, 1)
ACTORS = st.sampled_from([None] * 4 + [0, 1, 2, 3, 4])  # None is whoever has the right
SIGNERS = ACTORS
TRIES = st.tuples(st.sampled_from(WEIGHTED), PLACES, ACTORS, st.integers(0, 2), SIGNERS)


class Market:
    """Two lots of one batch, and the rules by which they may move.

    `people` are three traders, of whom the first is the issuer, a delegate of the second, and a
    stranger.
    """

    def __init__(self, custody, provenance, people, gtin):
        self.custody, self.provenance, self.people = custody, provenance, people
        self.issuer, self.second, _, self.delegate, _ = people
        self.expires_at = later(LIFETIME)
        terms = {"gtin": gtin, "expiresAt": self.expires_at}
        whole = register_goods(provenance, self.issuer, 6, **terms), 0
        self.lots = cut(custody, whole, self.issuer, 3)
        self.holders, self.offers = [self.issuer] * 2, [None] * 2
        self.notices, self.number, self.is_expired = [None] * 2, 0, False
        self.is_dead = [False] * 2  # whether a recall came upon the offer

    def attempt(self, kind, place, actor, to, signer):
        """Try something; people are named by their places, None is whoever has the right."""
        people = [None if who is None else self.people[who] for who in (actor, to, signer)]
        getattr(self, kind)(place, *people)

    def may(self, identity, actor):
        return actor == identity or (identity == self.second and actor == self.delegate)

    def reasons(self, place, is_dead):
        is_recalled = is_dead or self.notices[place] is not None
        recalled = Reason.RECALLED if is_recalled else Reason.NONE
        return recalled | (Reason.EXPIRED if self.is_expired else Reason.NONE)

    def refusal(self, *checks):
        """Return the first of these checks that fails, as an error and its values."""
        return next(((error, inputs) for holds, error, inputs in checks if not holds), None)

    def unauthorized(self, identity, actor):
        inputs = {"identity": identity, "permission": permission("custody"), "actor": actor}
        holds = identity is not None and self.may(identity, actor)
        return holds, self.custody.CustodyLedger_NotAuthorized, inputs

    def untradable(self, place, to, *, is_dead=False):
        (batch_id, first), reasons = self.lots[place], self.reasons(place, is_dead)
        inputs = {"batchId": batch_id, "first": first, "reasons": int(reasons)}
        holds = not reasons or to == self.issuer
        return holds, self.custody.CustodyLedger_NotTradable, inputs

    def unoffered(self, place):
        inputs = {"unitId": lot_id_of(*self.lots[place])}
        return self.offers[place] is not None, self.custody.CustodyLedger_NoOffer, inputs

    def for_itself(self, place, to):
        return to != self.holders[place], self.custody.CustodyLedger_ReceiverInvalid, {"to": to}

    def act(self, refusal, send, arguments, actor):
        """Send, and demand the refusal if there is one; tell whether it went through."""
        if refusal is None:
            send(*arguments, sender=actor)
            return True
        error, inputs = refusal
        with reverts(error, **inputs):
            send(*arguments, sender=actor)
        return False

    def ship(self, place, actor, to, _):
        actor = actor or self.holders[place]
        pending = self.offers[place]
        inputs = {"unitId": lot_id_of(*self.lots[place]), "to": pending}
        refusal = self.refusal(
            self.unauthorized(self.holders[place], actor),
            self.for_itself(place, to),
            (pending is None, self.custody.CustodyLedger_OfferPending, inputs),
        )
        if self.act(refusal, self.custody.shipLot, (*self.lots[place], to), actor):
            self.offers[place], self.is_dead[place] = to, False

    def receive(self, place, actor, *_):
        to = self.offers[place]
        actor = actor or to or self.holders[place]
        refusal = self.refusal(
            self.unoffered(place),
            self.unauthorized(to, actor),
            self.untradable(place, to, is_dead=self.is_dead[place]),
        )
        arguments = (*self.lots[place], 3, ZERO_HASH)
        if self.act(refusal, self.custody.receiveLot, arguments, actor):
            self.holders[place], self.offers[place] = to, None

    def cancel(self, place, actor, *_):
        actor = actor or self.holders[place]
        allowed, *error = self.unauthorized(self.offers[place], actor)
        allowed = allowed or self.may(self.holders[place], actor)
        refusal = self.refusal(self.unoffered(place), (allowed, *error))
        if self.act(refusal, self.custody.cancelOffer, self.lots[place], actor):
            self.offers[place] = None

    def hand_over(self, place, actor, to, signer):
        actor, signer = actor or self.holders[place], signer or to
        arguments = create_hand_over(self.custody, self.lots[place], to, signer=signer)
        refusal = self.refusal(
            self.unauthorized(self.holders[place], actor),
            self.for_itself(place, to),
            self.unauthorized(to, signer),
            self.untradable(place, to),
        )
        if self.act(refusal, self.custody.handOver, arguments, actor):
            self.holders[place], self.offers[place] = to, None

    def reshape(self, place, *_):
        (batch_id, first), holder = self.lots[place], self.holders[place]
        self.custody.splitLot(batch_id, first, first + 1, sender=holder)
        self.custody.mergeLots(batch_id, first, first + 1, sender=holder)
        self.offers[place] = None

    def recall(self, place, *_):
        batch_id, first = self.lots[place]
        if self.notices[place] is None:
            terms = (batch_id, first, first, NoticeKind.RECALL, ZERO_HASH)
            self.provenance.recall(*terms, sender=self.issuer)
            self.notices[place], self.number = self.number, self.number + 1
            self.is_dead[place] = True
        else:
            self.provenance.reinstate(batch_id, self.notices[place], ZERO_HASH, sender=self.issuer)
            self.notices[place] = None

    def expire(self, *_):
        if not self.is_expired:
            read_at(self.expires_at)
            self.is_expired = True

    def told(self):
        """List holder and receiver of both lots as the chain tells them."""
        states = [self.custody.custodyOf(*lot) for lot in self.lots]
        return [(state.holder, state.offeredTo) for state in states]

    def expected(self):
        pairs = zip(self.holders, self.offers, strict=True)
        return [(holder, to or ZERO_ADDRESS) for holder, to in pairs]


@pytest.fixture
def open_market(
    custody, provenance, identities, issuer, distributor, sponsor, manufacturer, attacker
):
    """Opens a market of new goods; the manufacturer may act for the distributor."""
    identities.addDelegate(
        distributor, permission("custody"), manufacturer, 10**9, sender=distributor
    )
    people = [issuer, distributor, sponsor, manufacturer, attacker]
    gtins = counter(1)
    return lambda: Market(custody, provenance, people, next(gtins))


def test_p04_only_the_holder_offers__anybody_tries_anything__moves_goods_by_rules_alone(
    open_market,
):
    @on_one_chain(15)
    @given(st.lists(TRIES, min_size=10, max_size=20))
    def check(tries):
        market = open_market()

        for kind, place, actor, to, signer in tries:
            market.attempt(kind, place, actor, to, signer)

            assert market.told() == market.expected()

    check()
