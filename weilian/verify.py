"""Verifying an item: a proof file, and the hidden code if there is one, become a verdict."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any

from web3.types import BlockIdentifier

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Verdict
from weilian.item import item_tuple
from weilian.merkle import ItemProof
from weilian.provenance.grading import reasons_of
from weilian.provenance.terms import BatchState, CustodyState, ItemState, SellerState
from weilian.suite import Suite
from weilian.verification.lots import find_lot
from weilian.verification.nodes import (
    MAX_AGE,
    NodesDifferError,
    check_age,
    check_same_block,
    common_block,
)
from weilian.verification.report import (
    BatchFacts,
    CustodyFacts,
    SellerFacts,
    Sight,
    VerdictReport,
    flaw_of,
    with_code,
)

__all__ = ["BatchFacts", "CustodyFacts", "SellerFacts", "VerdictReport", "verify", "verify_by_two"]


def verify(
    suite: Suite,
    proof: ItemProof,
    *,
    hidden_code: str | None = None,
    viewer: str | None = None,
    issuer: str | None = None,
    seller: str | None = None,
    lot_first: int | None = None,
    block: BlockIdentifier = "latest",
    max_age: timedelta | None = None,
) -> VerdictReport:
    """Grade an item by the chain as `viewer` sees it; nothing is sent, the code stays here.

    `issuer` is the identity that the shopper knows to be the brand's: anyone can register any GTIN
    in a name space of their own, so without it no item is ever graded genuine. `seller` is who
    offers the item, None for the holder of its lot; `lot_first` the first index of that lot, None
    to find it in the log. `max_age` is how old the block may be by this machine's clock.
    Raises CodeError for what is no hidden code, StaleNodeError, and ChainUnreachableError: without
    the chain there is no verdict.
    """
    number, seconds = suite.chain.block(block)
    check_age(seconds, max_age, datetime.now(UTC))
    flaw = flaw_of(proof, suite.chain.chain_id, suite.provenance.address, issuer)
    if flaw:
        return VerdictReport.unknown(flaw, number, seconds)
    if lot_first is None:
        lot_first = find_lot(suite, proof.batch_id, proof.index, number)
    sight = _inspect(suite, proof, viewer, seller, lot_first, number)
    return with_code(sight.report(proof), proof, hidden_code, issuer)


def verify_by_two(
    suite: Suite,
    other: Suite,
    proof: ItemProof,
    *,
    max_lag: timedelta = MAX_AGE,
    lot_first: int | None = None,
    **question: Any,
) -> VerdictReport:
    """Grade an item as `verify` does, by two nodes at the newest block that both have.

    `other` is the same deployment at the second node, `question` what `verify` takes but the block.
    Raises NodesDifferError where they do not answer the same, NodeLagError where one is more than
    `max_lag` behind, and what `verify` raises.
    """
    number = common_block(suite.chain, other.chain, max_lag)
    if lot_first is None:  # a hint, for which one node with logs will do
        found = (find_lot(each, proof.batch_id, proof.index, number) for each in (suite, other))
        lot_first = next(filter(None, found), 0)
    question |= {"lot_first": lot_first, "block": number}
    first, second = (verify(each, proof, **question) for each in (suite, other))
    for name in (field.name for field in fields(VerdictReport)):
        answers = getattr(first, name), getattr(second, name)
        if answers[0] != answers[1]:
            raise NodesDifferError(f"{name} at block {number}", *answers)
    # NOTE: both may have moved to another branch between the first look and the answers.
    check_same_block(suite.chain, other.chain, number)
    return first


def _inspect(
    suite: Suite,
    proof: ItemProof,
    viewer: str | None,
    seller: str | None,
    lot_first: int,
    block: int,
) -> Sight:
    query = (
        item_tuple(proof),
        list(proof.proof),
        to_address(viewer or ZERO_ADDRESS),
        lot_first,
        to_address(seller or ZERO_ADDRESS),
    )
    seen = suite.chain.call(suite.lens.functions.inspect(query), block=block)
    verdict, reasons = Verdict(seen.verdict), frozenset(reasons_of(seen.reasons))
    if verdict is Verdict.UNKNOWN:
        return Sight(verdict, reasons, seen.blockNumber, seen.blockTime)
    return Sight(
        verdict,
        reasons,
        seen.blockNumber,
        seen.blockTime,
        batch=BatchState(*seen.batch),
        trace=(seen.trace.head, seen.trace.count),
        item=ItemState(*seen.item),
        custody=CustodyState(*seen.custody),
        seller=SellerState(*seen.seller),
    )
