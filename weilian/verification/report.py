"""What a verifier tells of an item, whether a node answered or a state proof did."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Self

from weilian.address import ZERO_ADDRESS, to_address
from weilian.chain.values import to_moment
from weilian.keys import claim_address
from weilian.merkle import ItemProof, ItemProofError
from weilian.provenance.terms import (
    LOT_DISCREPANCY,
    BatchState,
    CustodyState,
    ItemState,
    Reason,
    SellerState,
    Verdict,
)
from weilian.verdicts import Text, text_of

_UNCLAIMED = (Verdict.REGISTERED, Verdict.IN_TRADE)
_NOT_YET = {Reason.NOT_ACTIVATED, Reason.STATE_OLD}
"""What keeps an item with the right code from being called genuine."""


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """The batch of an item. Its items expire at second `expires_at`, None for never."""

    gtin: str
    lot: str
    item_count: int
    registered_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class CustodyFacts:
    """Who has the item's lot, `size` items from index `first` on; identities of both parties."""

    holder: str
    first: int
    size: int
    pallet: str | None
    offered_to: str | None
    offered_at: datetime | None
    has_discrepancy: bool


@dataclass(frozen=True, slots=True)
class SellerFacts:
    """A seller's authorisation by the issuer: from `since` on, no longer from `until` on."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class VerdictReport:
    """A verdict, why, and the block it is true at.

    `issuer`, `batch`, `owner`, `claimed_at`, `custody`, `seller` and the trace are what the chain
    says of a known item; None and zero where it says nothing.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    block_number: int
    block_time: datetime
    issuer: str | None = None
    owner: str | None = None
    claimed_at: datetime | None = None
    trace_count: int = 0
    trace_head: bytes = bytes(26)
    batch: BatchFacts | None = None
    custody: CustodyFacts | None = None
    seller: SellerFacts | None = None

    @property
    def text(self) -> Text:
        """What the verdict means."""
        return text_of(self.verdict)

    @property
    def reason_texts(self) -> tuple[Text, ...]:
        """What the reasons mean, in their order."""
        return tuple(text_of(reason) for reason in self.reasons)

    @classmethod
    def unknown(cls, reason: Reason, number: int, seconds: int) -> Self:
        """Say that an item cannot be confirmed, at a block by its number and time."""
        return cls(Verdict.UNKNOWN, (reason,), number, datetime.fromtimestamp(seconds, UTC))


@dataclass(frozen=True, slots=True)
class Sight:
    """What the chain says of an item at one block: the contracts' own numbers, proven or answered.

    Of an item that is UNKNOWN there is no more than verdict, reasons and block.
    """

    verdict: Verdict
    reasons: frozenset[Reason]
    block_number: int
    block_seconds: int
    batch: BatchState | None = None
    trace: tuple[bytes, int] = (bytes(26), 0)
    item: ItemState = field(default_factory=ItemState)
    custody: CustodyState = field(default_factory=CustodyState)
    seller: SellerState = field(default_factory=SellerState)

    def report(self, proof: ItemProof) -> VerdictReport:
        """Put it into the words of a report; the item is the proof's."""
        report = VerdictReport(
            verdict=self.verdict,
            reasons=sorted_reasons(self.reasons),
            block_number=self.block_number,
            block_time=datetime.fromtimestamp(self.block_seconds, UTC),
        )
        if self.batch is None:
            return report
        if self.batch.gtin != int(proof.gtin):
            # NOTE: a batch id holds 12 bytes of a hash of GTIN and lot; who grinds two products
            # with the same could keep one of them out of a recall of the GTIN.
            return VerdictReport.unknown(
                Reason.OTHER_PRODUCT, self.block_number, self.block_seconds
            )
        return replace(
            report,
            issuer=proof.issuer,
            owner=_known(self.item.owner),
            claimed_at=to_moment(self.item.claimed_at),
            trace_head=self.trace[0],
            trace_count=self.trace[1],
            batch=_batch_facts(self.batch, proof),
            custody=_custody_facts(self.custody),
            seller=_seller_facts(self.seller),
        )


def sorted_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Put reasons into the order of their bits."""
    return tuple(sorted(reasons, key=lambda reason: reason.value))


def flaw_of(proof: ItemProof, chain_id: int, registry: str, issuer: str | None) -> Reason | None:
    """Return what is wrong with a proof before anybody asks the chain; None for nothing."""
    if proof.chain_id != chain_id:
        return Reason.OTHER_CHAIN
    if proof.registry != registry:
        return Reason.OTHER_REGISTRY
    if issuer is not None and proof.issuer != to_address(issuer):
        return Reason.OTHER_ISSUER
    try:
        proof.check()
    except ItemProofError:
        return Reason.PROOF_DAMAGED
    return None


def with_age(report: VerdictReport, max_age: timedelta | None, now: datetime) -> VerdictReport:
    """Add the reason STATE_OLD where the report's block is older than `max_age`."""
    if max_age is None or now - report.block_time <= max_age:
        return report
    return replace(report, reasons=(*report.reasons, Reason.STATE_OLD))


def with_code(
    report: VerdictReport, proof: ItemProof, hidden_code: str | None, issuer: str | None
) -> VerdictReport:
    """Add what the hidden code tells. A wrong one keeps the chain's reasons, such as a recall.

    `issuer` is the brand's identity as the shopper knows it, None if not known. Raises CodeError
    for what is no code.
    """
    if hidden_code is None:
        return report
    if claim_address(hidden_code, proof.salt) != proof.claim_key:
        reasons = (*report.reasons, Reason.HIDDEN_CODE_WRONG)
        return replace(report, verdict=Verdict.UNKNOWN, reasons=reasons)
    if report.verdict is Verdict.UNKNOWN:
        return report  # whoever made up the item made up its code as well
    reasons = (*report.reasons, Reason.HIDDEN_CODE_RIGHT)
    if issuer is None:
        return replace(report, reasons=(*reasons, Reason.ISSUER_NOT_CHECKED))
    is_first = report.verdict in _UNCLAIMED and not _NOT_YET & {*reasons}
    verdict = Verdict.GENUINE_FIRST_CLAIM if is_first else report.verdict
    return replace(report, verdict=verdict, reasons=reasons)


def _known(address: str) -> str | None:
    return None if address == ZERO_ADDRESS else address


def _batch_facts(batch: BatchState, proof: ItemProof) -> BatchFacts:
    registered_at = datetime.fromtimestamp(batch.registered_at, UTC)
    expires_at = to_moment(batch.expires_at)
    return BatchFacts(proof.gtin, proof.lot, batch.item_count, registered_at, expires_at)


def _custody_facts(custody: CustodyState) -> CustodyFacts | None:
    if not custody.size:
        return None
    return CustodyFacts(
        holder=custody.holder,
        first=custody.first,
        size=custody.size,
        pallet=_known(custody.pallet),
        offered_to=_known(custody.offered_to),
        offered_at=to_moment(custody.offered_at),
        has_discrepancy=bool(custody.flags & LOT_DISCREPANCY),
    )


def _seller_facts(seller: SellerState) -> SellerFacts | None:
    since, until = to_moment(seller.since), to_moment(seller.valid_to)
    return SellerFacts(since, until) if since and until else None
