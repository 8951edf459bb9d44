"""Which plans and ladders a programme has; as PlanBook.sol."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from weilian.commission.allocation import packed_rates
from weilian.commission.ladder import Ladder
from weilian.commission.parties import PLATFORM_NUMBER
from weilian.commission.party_ledger import Authority, PartyLedger, Site, itself
from weilian.commission.plan import Plan, check_plan
from weilian.merkle.nodes import process_proof
from weilian.merkle.standard import standard_leaf
from weilian.refusal import RefusedError

CATALOGUE_TYPES = ("uint64", "uint256")
"""Of the leaves of a plan's catalogue: GTIN, and a product's own rates as a word."""


@dataclass(frozen=True)
class PlanRecord:
    """A published plan and when it takes orders, in seconds; `active_until` 0: no end is said."""

    plan: Plan
    active_from: int
    active_until: int = 0


class PlanBook(PartyLedger):
    """The plans, catalogues, locks and ladders of all brands."""

    def __init__(self, site: Site, may: Authority = itself) -> None:
        super().__init__(site, may)
        self.plans: dict[bytes, PlanRecord] = {}
        self.ladders: dict[tuple[str, str], Ladder] = {}
        self.pending_ladders: dict[tuple[str, str], tuple[Ladder, int]] = {}
        self.listed: set[tuple[bytes, int, int]] = set()
        self.locks: dict[tuple[bytes, int], int] = {}

    def publish(self, plan: Plan, actor: str, now: int) -> bytes:
        """Publish a plan for ever and return its id; the first of a currency holds at once."""
        self._check_may(plan.brand, actor)
        if plan.brand == self.site.platform:
            raise RefusedError("PlanBook_BrandIsPlatform", platform=plan.brand)
        plan_id = plan.plan_id(self.site.chain_id, self.site.book)
        if plan_id in self.plans:
            raise RefusedError("PlanBook_PlanExists", planId=plan_id)
        check_plan(plan, self.site.limits)
        programme = plan.brand, plan.currency
        if plan.needs_standing and programme not in self.ladders:
            raise RefusedError("PlanBook_LadderMissing", brand=plan.brand, currency=plan.currency)
        known = {(record.plan.brand, record.plan.currency) for record in self.plans.values()}
        notice = self.site.limits.notice_period if programme in known else 0
        self.plans[plan_id] = PlanRecord(plan, now + notice)
        return plan_id

    def retire(self, plan_id: bytes, actor: str, now: int) -> None:
        """Take no new orders under a plan after the notice period."""
        record = self._record_for(plan_id, actor)
        if record.active_until:
            raise RefusedError(
                "PlanBook_AlreadyRetired", planId=plan_id, activeUntil=record.active_until
            )
        end = now + self.site.limits.notice_period
        self.plans[plan_id] = replace(record, active_until=end)

    def list_product(
        self, plan_id: bytes, gtin: int, rates: Sequence[int], proof: Sequence[bytes]
    ) -> None:
        """Let orders use a product's own rates, in basis points, that the catalogue has."""
        root = self._record(plan_id).plan.catalogue_root
        word = packed_rates(rates)
        leaf = standard_leaf(CATALOGUE_TYPES, (gtin, word))
        if not any(root) or process_proof(leaf, proof) != root:
            raise RefusedError("PlanBook_NotInCatalogue", planId=plan_id, gtin=gtin, rates=word)
        self.listed.add((plan_id, gtin, word))

    def lock_terms(self, plan_id: bytes, number: int, until: int, actor: str, now: int) -> None:
        """Keep a plan open to a distributor until a time in seconds, even when retired."""
        if number <= PLATFORM_NUMBER:
            raise RefusedError("PlanBook_NumberInvalid", number=number)
        record = self._record_for(plan_id, actor)
        before = self.locks.get((plan_id, number), 0)
        if until <= before:
            raise RefusedError("PlanBook_LockShortened", until=until, before=before)
        if record.active_until and now >= max(record.active_until, before):
            raise RefusedError("PlanBook_PlanEnded", planId=plan_id, end=record.active_until)
        self.locks[plan_id, number] = until

    def announce_ladder(
        self, brand: str, currency: str, ladder: Ladder, actor: str, now: int
    ) -> None:
        """Announce what makes ranks; a programme's first ladder holds at once."""
        self._check_may(brand, actor)
        current = self.ladders.get((brand, currency))
        ladder.check(current.period_days if current else 0)
        if current is None:
            self.ladders[brand, currency] = ladder
            return
        due = now + self.site.limits.notice_period
        self.pending_ladders[brand, currency] = ladder, due

    def activate_ladder(self, brand: str, currency: str, now: int) -> None:
        """Put an announced ladder in force once its time has come."""
        ladder, due = self.pending_ladders.get((brand, currency), (None, 0))
        if ladder is None or now < due:
            raise RefusedError("PlanBook_LadderNotDue", activeFrom=due, time=now)
        self.pending_ladders.pop((brand, currency))
        self.ladders[brand, currency] = ladder

    def _record(self, plan_id: bytes) -> PlanRecord:
        if plan_id not in self.plans:
            raise RefusedError("PlanBook_PlanUnknown", planId=plan_id)
        return self.plans[plan_id]

    def _record_for(self, plan_id: bytes, actor: str) -> PlanRecord:
        record = self._record(plan_id)
        self._check_may(record.plan.brand, actor)
        return record

    def _check_may(self, brand: str, actor: str) -> None:
        if not self.may(brand, "plan", actor):
            raise RefusedError("PlanBook_NotAuthorized", brand=brand, actor=actor)
