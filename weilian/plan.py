"""Plans: distribution agreements whose id is the hash of their terms, and the ladders of ranks."""

from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from typing import Any

from eth_abi.abi import encode

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.chain.values import to_hex, to_moment, to_seconds
from weilian.commission.allocation import packed_rates
from weilian.commission.ladder import Ladder
from weilian.commission.plan import Bond, Plan, PlanLimits, SelfPurchase
from weilian.errors import WeilianError
from weilian.hashing import keccak256
from weilian.markets import Markets
from weilian.suite import Suite

_ACTIVE_FROM_BIT = 132
_ACTIVE_UNTIL_BIT = 164
_MAX_UINT32 = 2**32 - 1


class PlanNotFoundError(WeilianError, LookupError):
    """No such plan on the chain."""

    def __init__(self, identifier: bytes) -> None:
        super().__init__(f"there is no plan {to_hex(identifier)} on this chain; check its id")


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """A plan on the chain, which takes orders from `active_from` up to `active_until`, if any."""

    plan_id: bytes
    plan: Plan
    active_from: datetime
    active_until: datetime | None

    @property
    def is_native(self) -> bool:
        """Whether orders are paid in the chain's own coin."""
        return self.plan.currency == ZERO_ADDRESS

    def takes_orders(self, now: datetime) -> bool:
        """Whether new orders can be made under it at that time, locked terms aside."""
        return self.active_from <= now and (self.active_until is None or now < self.active_until)


@dataclass(frozen=True, slots=True)
class Published:
    """A plan that has just been published."""

    plan_id: bytes
    plan: Plan
    active_from: datetime
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Retired:
    """A plan whose end was announced: from `active_until` on it takes no new orders."""

    plan_id: bytes
    active_until: datetime
    tx: TxResult


@dataclass(frozen=True, slots=True)
class TermsLocked:
    """A promise to a distributor that a plan stays open to it until a time."""

    plan_id: bytes
    number: int
    until: datetime
    tx: TxResult


@dataclass(frozen=True, slots=True)
class ProductListed:
    """A product whose own rates, in basis points by level, hold for orders now."""

    plan_id: bytes
    gtin: int
    rates: tuple[int, ...]
    tx: TxResult


@dataclass(frozen=True, slots=True)
class LadderAnnounced:
    """What makes ranks and activity from `active_from` on, once it is put in force."""

    brand: str
    currency: str
    ladder: Ladder
    active_from: datetime
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Plans:
    """The plan book."""

    suite: Suite

    def id_of(self, plan: Plan) -> bytes:
        """Return the id that a plan has or would have here, without asking the chain."""
        return plan.plan_id(self.suite.chain.chain_id, self.suite.book.address)

    def limits(self) -> PlanLimits:
        """Return what every plan of this deployment must keep."""
        return PlanLimits(*self.suite.chain.call(self.suite.book.functions.limits()))

    def get(self, identifier: bytes) -> PublishedPlan:
        """Return a plan with all its terms, from the event of its publication.

        Raises PlanNotFoundError.
        """
        brand, currency, _ = self.suite.chain.call(self.suite.book.functions.planOf(identifier))
        if brand == ZERO_ADDRESS:
            raise PlanNotFoundError(identifier)
        [found] = self._publications({"planId": identifier})
        function = self.suite.escrow.functions.planStateOf(identifier, brand, currency)
        word = int(self.suite.chain.call(function))
        active_from = _moment(word >> _ACTIVE_FROM_BIT & _MAX_UINT32)
        active_until = to_moment(word >> _ACTIVE_UNTIL_BIT & _MAX_UINT32)
        return PublishedPlan(identifier, plan_of(found["args"]["plan"]), active_from, active_until)

    def of_brand(self, brand: str) -> list[PublishedPlan]:
        """List a brand's plans in the order of their publication."""
        found = self._publications({"brand": to_address(brand)})
        return [self.get(entry["args"]["planId"]) for entry in found]

    def markets(self) -> set[tuple[str, str]]:
        """Return all pairs of a brand and a currency that a plan was published for."""
        return Markets(self.suite).read()

    def publish(self, plan: Plan, signer: Signer) -> Published:
        """Publish a plan; it can never be changed.

        A brand's first plan in a currency takes orders at once, others after the notice period.
        """
        contract = self.suite.book
        tx = self.suite.chain.send(contract.functions.publish(astuple(plan)), signer)
        args = tx.event(contract.events.PlanPublished())
        return Published(args["planId"], plan, _moment(args["activeFrom"]), tx)

    def retire(self, identifier: bytes, signer: Signer) -> Retired:
        """Take no more orders under a plan after the notice period; those there keep its terms."""
        contract = self.suite.book
        tx = self.suite.chain.send(contract.functions.retire(identifier), signer)
        args = tx.event(contract.events.PlanRetired())
        return Retired(args["planId"], _moment(args["activeUntil"]), tx)

    def list_product(
        self,
        identifier: bytes,
        gtin: int,
        rates: Sequence[int],
        proof: Sequence[bytes],
        signer: Signer,
    ) -> ProductListed:
        """Show once that a product's own rates are in the plan's catalogue; anyone may."""
        contract = self.suite.book
        function = contract.functions.listProduct(
            identifier, gtin, packed_rates(rates), list(proof)
        )
        tx = self.suite.chain.send(function, signer)
        tx.event(contract.events.ProductListed())
        return ProductListed(identifier, gtin, tuple(rates), tx)

    def is_listed(self, published: PublishedPlan, gtin: int, rates: Sequence[int]) -> bool:
        """Tell whether a product's own rates hold for orders under a plan now."""
        key = _plan_key(published)
        function = self.suite.book.functions.isListed(key, gtin, packed_rates(rates))
        return bool(self.suite.chain.call(function))

    def lock_terms(
        self, identifier: bytes, number: int, until: datetime, signer: Signer
    ) -> TermsLocked:
        """Promise a distributor that a plan stays open to it until a time, even when retired."""
        contract = self.suite.book
        function = contract.functions.lockTerms(identifier, number, to_seconds(until))
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.TermsLocked())
        return TermsLocked(args["planId"], args["number"], _moment(args["until"]), tx)

    def announce_ladder(
        self, brand: str, currency: str, ladder: Ladder, signer: Signer
    ) -> LadderAnnounced:
        """Announce what makes ranks and activity in a currency; a brand's first holds at once."""
        contract = self.suite.book
        function = contract.functions.announceLadder(
            to_address(brand), to_address(currency), astuple(ladder)
        )
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.LadderAnnounced())
        start = _moment(args["activeFrom"])
        return LadderAnnounced(args["brand"], args["currency"], ladder, start, tx)

    def activate_ladder(self, brand: str, currency: str, signer: Signer) -> TxResult:
        """Put an announced ladder in force after the notice period; anyone may."""
        function = self.suite.book.functions.activateLadder(to_address(brand), to_address(currency))
        return self.suite.chain.send(function, signer)

    def _publications(self, arguments: dict[str, Any]) -> list[Any]:
        found = self.suite.chain.events(
            self.suite.book.events.PlanPublished(),
            from_block=self.suite.record.first_block,
            to_block=self.suite.chain.head,
            arguments=arguments,
        )
        return list(found)


def plan_of(kept: Any) -> Plan:
    """Read a plan's terms as an event has them."""
    fields = asdict(_EMPTY)
    values = {name: kept[_camel_case(name)] for name in fields}
    values["rates"] = tuple(tuple(rates) for rates in values["rates"])
    values["self_purchase"] = SelfPurchase(values["self_purchase"])
    values["bond"] = Bond(values["bond"])
    return Plan(**values)


_EMPTY = Plan(ZERO_ADDRESS, ZERO_ADDRESS, 0, (), 0)


def _camel_case(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _plan_key(published: PublishedPlan) -> bytes:
    plan = published.plan
    words = (published.plan_id, plan.brand, plan.currency)
    return keccak256(encode(("bytes32", "address", "address"), words))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
