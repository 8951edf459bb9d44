"""Verifying an item: a proof file, and the hidden code if there is one, become a verdict."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from web3.types import BlockIdentifier

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Verdict
from weilian.chain.values import to_moment
from weilian.item import item_tuple
from weilian.keys import claim_address
from weilian.merkle import ItemProof, ItemProofError
from weilian.provenance.grading import reasons_of
from weilian.suite import Suite
from weilian.verdicts import Reason, Text, text_of


@dataclass(frozen=True, slots=True)
class VerdictReport:
    """A verdict, why, and the block it is true at.

    `issuer`, `owner`, `claimed_at` and `trace_count` are what the chain says of a known item.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    block_number: int
    block_time: datetime
    issuer: str | None = None
    owner: str | None = None
    claimed_at: datetime | None = None
    trace_count: int = 0

    @property
    def text(self) -> Text:
        """What the verdict means."""
        return text_of(self.verdict)

    @property
    def reason_texts(self) -> tuple[Text, ...]:
        """What the reasons mean, in their order."""
        return tuple(text_of(reason) for reason in self.reasons)


def verify(
    suite: Suite,
    proof: ItemProof,
    *,
    hidden_code: str | None = None,
    viewer: str | None = None,
    issuer: str | None = None,
    block: BlockIdentifier = "latest",
) -> VerdictReport:
    """Grade an item by the chain as `viewer` sees it; nothing is sent, the code stays here.

    `issuer` is the identity that the shopper knows to be the brand's: anyone can register any GTIN
    in a name space of their own, so without it no item is ever graded genuine.
    Raises CodeError for what is no hidden code, and ChainUnreachableError: without the chain there
    is no verdict.
    """
    flaw = _flaw(suite, proof, issuer)
    if flaw:
        return _unknown(suite, flaw, block)
    report = _inspect(suite, proof, viewer, block)
    if hidden_code is None:
        return report
    return _with_code(
        report, claim_address(hidden_code, proof.salt) == proof.claim_key, issuer is not None
    )


def _flaw(suite: Suite, proof: ItemProof, issuer: str | None) -> Reason | None:
    """Return what is wrong with a proof file before the chain is asked."""
    if proof.chain_id != suite.chain.chain_id:
        return Reason.OTHER_CHAIN
    if proof.registry != suite.provenance.address:
        return Reason.OTHER_REGISTRY
    if issuer is not None and proof.issuer != to_address(issuer):
        return Reason.OTHER_ISSUER
    try:
        proof.check()
    except ItemProofError:
        return Reason.PROOF_DAMAGED
    return None


def _unknown(suite: Suite, reason: Reason, block: BlockIdentifier) -> VerdictReport:
    number, seconds = suite.chain.block(block)
    return VerdictReport(Verdict.UNKNOWN, (reason,), number, datetime.fromtimestamp(seconds, UTC))


def _inspect(
    suite: Suite, proof: ItemProof, viewer: str | None, block: BlockIdentifier
) -> VerdictReport:
    query = (
        item_tuple(proof),
        list(proof.proof),
        to_address(viewer or ZERO_ADDRESS),
        0,
        ZERO_ADDRESS,
    )
    function = suite.lens.functions.inspect(query)
    seen = suite.chain.call(function, block=block)
    return VerdictReport(
        verdict=Verdict(seen.verdict),
        reasons=reasons_of(seen.reasons),
        block_number=seen.blockNumber,
        block_time=datetime.fromtimestamp(seen.blockTime, UTC),
        issuer=None if seen.issuer == ZERO_ADDRESS else seen.issuer,
        owner=None if seen.item.owner == ZERO_ADDRESS else seen.item.owner,
        claimed_at=to_moment(seen.item.claimedAt),
        trace_count=seen.trace.count,
    )


def _with_code(report: VerdictReport, is_right: bool, is_issuer_known: bool) -> VerdictReport:
    """Add what the hidden code tells. A wrong one keeps the chain's reasons, such as a recall."""
    if not is_right:
        reasons = (*report.reasons, Reason.HIDDEN_CODE_WRONG)
        return replace(report, verdict=Verdict.UNKNOWN, reasons=reasons)
    if report.verdict is Verdict.UNKNOWN:
        return report  # whoever made up the item made up its code as well
    reasons = (*report.reasons, Reason.HIDDEN_CODE_RIGHT)
    if not is_issuer_known:
        return replace(report, reasons=(*reasons, Reason.ISSUER_NOT_CHECKED))
    is_first = report.verdict is Verdict.REGISTERED
    verdict = Verdict.GENUINE_FIRST_CLAIM if is_first else report.verdict
    return replace(report, verdict=verdict, reasons=reasons)
