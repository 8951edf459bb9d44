"""The escrow on a chain beside its model: every operation is done to both and must end alike."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from functools import cache
from inspect import signature
from typing import Any

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.chains import Call, Chain
from tests.support.escrow_words import EscrowReader, camel_case, view_of, words
from tests.support.programme import DAY, Programme, create_invitation, sign_digest
from weilian.commission.allocation import packed_rates
from weilian.commission.disputes import Disputes
from weilian.commission.escrow import Escrow
from weilian.commission.order import Order
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.commission.party_ledger import Site
from weilian.commission.plan import Plan, PlanLimits
from weilian.refusal import RefusedError

FOREVER = 10**9
"""Seconds that a delegate has its right."""
ARBITRATION_FEE = 10**9
"""Wei."""

DONE = "done"

BOOK = ("publish", "retire", "lock_terms", "announce_ladder", "activate_ladder")
DISPUTES = ("open", "concede", "agree", "escalate", "execute", "lapse")


class EscrowPair:
    """The contracts, their model, and actors by address who may each do everything.

    Amounts are in a currency's smallest unit, times in seconds.
    """

    def __init__(
        self,
        programme: Programme,
        identities: Any,
        chain: Chain,
        actors: dict[str, Any],
        limits: PlanLimits,
    ) -> None:
        self.programme, self.identities, self.actors = programme, identities, actors
        self.chain = chain
        self.delegates: set[tuple[str, str, str]] = set()
        self.platform = str(programme.escrow.PLATFORM())
        escrow, book = programme.escrow.address, programme.book.address
        self.model = Escrow(Site(chain.chain_id, escrow, book, self.platform, limits), self.may)
        self.disputes = Disputes(self.model)
        self.arbitrations: dict[Order, int] = {}
        self.ends: Counter[tuple[str, str]] = Counter()
        """How operations ended, by name: with which error, or as done."""
        self._reader = EscrowReader(programme.escrow, chain)
        self._contracts = {
            "CommissionEscrow": programme.escrow,
            "PartyLedger": programme.escrow,
            "Programme": programme.escrow,
            "PlanBook": programme.book,
            "DistributorNetwork": programme.network,
            "OrderDisputes": programme.disputes,
        }

    def may(self, identity: str, matter: str, actor: str) -> bool:
        """Answer for the identity registry."""
        return actor == identity or (identity, matter, actor) in self.delegates

    def delegate(self, identity: str, matter: str, actor: str) -> None:
        """Let an actor act for an identity in a matter, for good."""
        kind, owner = permission(matter), self.actors[identity]
        arguments = identity, kind, actor, FOREVER
        self.chain.do(Call(self.identities, "addDelegate", arguments, owner))
        self.delegates.add((identity, matter, actor))

    @contextmanager
    def isolated(self) -> Iterator[None]:
        """Undo on both sides what happens within."""
        before = self.model.kept()
        disputes, arbitrations = copy(self.disputes.disputes), copy(self.arbitrations)
        start = self.chain.snapshot()  # ape's own isolate() swallows what goes wrong within
        try:
            yield
        finally:
            self.chain.restore(start)
            vars(self.model).update(before)
            self.disputes.disputes, self.arbitrations = disputes, arbitrations

    # One operation on both sides

    def do(
        self, name: str, *things: Any, actor: str, value: int = 0, more: Iterable[Any] = ()
    ) -> Any:
        """Do to both what the model calls `name`; return the receipt, None where both refused.

        The contract takes the same things and `more`.
        """
        owner, contract = self._sides(name)
        operate = getattr(owner, name)
        given = {"actor": actor, "value": value}
        asked = _asked(type(owner), name)

        def operate_at(now: int) -> None:
            operate(*things, **{k: v for k, v in (given | {"now": now}).items() if k in asked})

        arguments = [*map(words, things), *more]
        return self.attempt(
            operate_at, contract, camel_case(name), *arguments, actor=actor, value=value
        )

    def attempt(
        self,
        operate: Callable[[int], Any],
        contract: Any,
        method: str,
        *arguments: Any,
        actor: str,
        value: int = 0,
    ) -> Any:
        """Do to both, the model by `operate` at a time in seconds; return as `do`."""
        refusal = self.refusal(operate, self.chain.pending)
        self.ends[method, refusal.error if refusal else DONE] += 1
        call = Call(contract, method, arguments, self.actors[actor], value)
        if refusal is None:
            return self.chain.do(call)
        error = getattr(self._contracts[refusal.error.partition("_")[0]], refusal.error)
        self.chain.refuse(call, error, refusal.inputs)
        return None

    def _sides(self, name: str) -> tuple[Any, Any]:
        if name in DISPUTES:
            return self.disputes, self.programme.disputes
        return self.model, self.programme.book if name in BOOK else self.programme.escrow

    @staticmethod
    def refusal(operate: Callable[[int], Any], now: int) -> RefusedError | None:
        """Return how the model refuses, None where it does not."""
        try:
            operate(now)
        except RefusedError as refusal:
            return refusal
        return None

    # What the contracts want more than the model

    def publish(self, plan: Plan, actor: str) -> bytes:
        """Publish a plan; return the id it has or would have."""
        self.do("publish", plan, actor=actor)
        return plan.plan_id(self.chain.chain_id, self.programme.book.address)

    def list_product(self, plan_id: bytes, gtin: int, rates: tuple[int, ...], actor: str) -> None:
        """List the only product of a plan's catalogue."""
        self.attempt(
            lambda _: self.model.list_product(plan_id, gtin, rates, []),
            self.programme.book,
            "listProduct",
            plan_id,
            gtin,
            packed_rates(rates),
            [],
            actor=actor,
        )

    def join(self, brand: str, sponsor: int, account: str) -> None:
        """Let an account join under a number, by an invitation that its holder signed."""
        network = self.programme.network
        member = self.model.members.get((brand, sponsor))
        inviter = self.actors[member.account if member else brand]
        invitation = create_invitation(brand, sponsor, expiry=self.chain.pending + 30 * DAY)
        digest = self.chain.ask(network, "digestOf", invitation)
        signed = sign_digest(inviter, bytes(digest))
        self.attempt(
            lambda _: self.model.join(brand, sponsor, account),
            network,
            "join",
            invitation,
            signed,
            account,
            b"",
            actor=account,
        )

    def suspend(self, brand: str, number: int, *, is_suspended: bool, actor: str) -> None:
        """Suspend a distributor or reinstate it."""
        self.attempt(
            lambda _: self.model.suspend(brand, number, actor, is_suspended=is_suspended),
            self.programme.network,
            "setSuspended",
            brand,
            number,
            is_suspended,
            bytes(32),
            actor=actor,
        )

    def agree(self, order: Order, payer_bps: int, deadline: int, actor: str) -> None:
        """End a dispute as both sides want; whoever is not the actor signed."""
        claimant = self.platform if order.payer == ZERO_ADDRESS else order.payer
        other = order.receiver if actor == claimant else claimant
        order_id = self.model.id_of(order)
        disputes = self.programme.disputes
        digest = self.chain.ask(disputes, "agreementDigestOf", order_id, payer_bps, deadline)
        signed = sign_digest(self.actors[other], bytes(digest))
        self.do("agree", order, payer_bps, deadline, actor=actor, more=[signed])

    def escalate(self, order: Order, actor: str) -> None:
        """Ask the arbitrator."""
        if self.do("escalate", order, actor=actor, value=ARBITRATION_FEE):
            self.arbitrations[order] = self.chain.ask(self.programme.arbitrator, "count")

    def give_ruling(self, order: Order, ruling: int) -> None:
        """Let the arbitrator rule on an escalated dispute, once."""
        arguments = self.arbitrations.pop(order), ruling
        platform, method = self.actors[self.platform], "giveRuling"
        self.chain.do(Call(self.programme.arbitrator, method, arguments, platform))
        self.disputes.rule(order, ruling)
        self.ends[method, DONE] += 1

    # What both must have

    def compare(self, accounts: Iterable[str], currencies: Iterable[str]) -> None:
        """Demand that credits, debts, standings and orders are the model's, and all is owed."""
        model = self.model
        model.check()
        parties = [account_party(account) for account in (*accounts, self.platform)]
        parties += [member_party(*member) for member in model.members]
        parties += [platform_party(brand) for brand in {brand for brand, _ in model.members}]
        asked = [(party, currency) for currency in currencies for party in parties]
        members = [
            (brand, currency, number)
            for brand, currency in model.ladders
            for of, number in model.members
            if of == brand
        ]

        credits_, debts, standings, views = self._reader.state(asked, members, model.orders)

        assert credits_ == [model.credit_of(*party) for party in asked]
        assert debts == [model.debt_of(*party) for party in asked]
        now = self.chain.head
        assert standings == [model.standing_of(*member, now) for member in members]
        assert views == [view_of(model.state_of(order)) for order in model.orders]


@cache
def _asked(kind: type, name: str) -> frozenset[str]:
    return frozenset(signature(getattr(kind, name)).parameters)
