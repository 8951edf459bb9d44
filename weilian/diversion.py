"""Diversion (窜货): evidence that goods are sold where they should not be, and its anchor on chain.

A bundle is one JSON file in its canonical form (RFC 8785), and the hash of its bytes is anchored:
whoever is shown the file can check it against the chain, and one changed byte is found. It holds no
buyer's data: an item, its way through the trade, who sells it, and what inspectors signed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from weilian.chain import Signer, TxResult
from weilian.custody import Custody
from weilian.custody_history import CustodyEvent
from weilian.epcis.canonical import canonical_bytes
from weilian.errors import WeilianError
from weilian.files import write_atomic
from weilian.hashing import keccak256
from weilian.jsonfile import JsonFile
from weilian.merkle import ItemProof
from weilian.merkle.items import item_id
from weilian.merkle.proof_file import Address, Index, Node
from weilian.scan import SignedScan
from weilian.seller import Seller, Sellers, Territory
from weilian.signing import HexBytes
from weilian.suite import Suite

Seconds = Annotated[int, Field(ge=0, lt=2**48)]
Count = Annotated[int, Field(ge=0, lt=2**53)]


class EvidenceError(WeilianError, ValueError):
    """A bundle that proves nothing: damaged, forged, or not what the chain says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustodyRecord:
    """One step of an item's way, as `weilian.custody_history` reads it; `at` in seconds."""

    step: str
    first: Index
    pallet: Address | None
    sender: Address | None
    to: Address | None
    second: Index | None
    counted: Count | None
    note_hash: Node | None
    at: Seconds
    block_number: Count
    log_index: Count
    transaction: Node

    @classmethod
    def of(cls, event: CustodyEvent) -> Self:
        """Write down a step."""
        return cls(
            step=str(event.step),
            first=event.first,
            pallet=event.pallet,
            sender=event.sender,
            to=event.to,
            second=event.second,
            counted=event.counted,
            note_hash=event.note_hash,
            at=int(event.at.timestamp()),
            block_number=event.block_number,
            log_index=event.log_index,
            transaction=bytes.fromhex(event.transaction[2:]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizationRecord:
    """What the brand said of the seller, in seconds, 0 for never; `territory` is a commitment."""

    since: Seconds
    valid_to: Seconds
    territory: Annotated[HexBytes, Field(min_length=20, max_length=20)]

    @classmethod
    def of(cls, seller: Seller) -> Self:
        """Write down an authorisation."""
        times = [_seconds(seller.since), _seconds(seller.valid_to)]
        return cls(since=times[0], valid_to=times[1], territory=seller.territory)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(JsonFile):
    """A bundle: what the chain said at `block_number`, and what inspectors signed.

    `opened_territory` is there where the seller or the brand shows it; `note_hash` is that of a
    note which stays with the brand, such as a photo.
    """

    error: ClassVar[type[WeilianError]] = EvidenceError
    noun: ClassVar[str] = "evidence"

    ledger: Address
    block_number: Count
    item: ItemProof
    seller: Address
    authorization: AuthorizationRecord
    custody: tuple[CustodyRecord, ...]
    scans: Annotated[tuple[SignedScan, ...], Field(min_length=1, max_length=64)]
    opened_territory: Territory | None = None
    note_hash: Node | None = None

    @property
    def canonical(self) -> bytes:
        """The bytes of the file; raise CanonicalJsonError."""
        return canonical_bytes(json.loads(self.to_json()))

    @property
    def evidence_hash(self) -> bytes:
        """What is anchored: keccak256 of the canonical bytes."""
        return keccak256(self.canonical)

    @property
    def item_id(self) -> bytes:
        """The id of the item."""
        return item_id(self.item.batch_id, self.item.index)

    def save(self, path: Path) -> None:
        """Write the canonical bytes; raises FileWriteError."""
        write_atomic(path, self.canonical)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a bundle; raise EvidenceError unless it is well-formed and in canonical form."""
        made = super(Evidence, cls).from_json(text)
        data = text.encode() if isinstance(text, str) else text
        if made.canonical != data:
            raise EvidenceError("evidence: the file is not in the form it was made in (RFC 8785)")
        return made


@dataclass(frozen=True, slots=True)
class DiversionReport:
    """A bundle that was anchored."""

    batch_id: bytes
    index: int
    seller: str
    evidence_hash: bytes
    actor: str
    block_number: int


@dataclass(frozen=True, slots=True)
class Diversions:
    """Reports of goods sold out of territory."""

    suite: Suite

    def build(
        self,
        proof: ItemProof,
        scans: Sequence[SignedScan],
        *,
        territory: Territory | None = None,
        note_hash: bytes | None = None,
    ) -> Evidence:
        """Put a bundle together from scans of one item at one seller and what the chain says now.

        Raises EvidenceError, ItemProofError, ScanError or SellerError for a part that would not
        stand.
        """
        if not scans:
            raise EvidenceError("evidence needs at least one signed scan")
        block = self.suite.chain.head - self.suite.chain.confirmations
        seller = Sellers(self.suite).get_at(proof.issuer, scans[0].seller, block)
        if territory:
            seller.check_territory(territory)
        made = Evidence(
            ledger=self.suite.custody.address,
            block_number=block,
            item=proof,
            seller=seller.seller,
            authorization=AuthorizationRecord.of(seller),
            custody=self._custody(proof, block),
            scans=tuple(scans),
            opened_territory=territory,
            note_hash=note_hash,
        )
        self._check_parts(made)
        return made

    def check(self, evidence: Evidence) -> None:
        """Check every part of a bundle, by itself and against the chain.

        Raises ItemProofError, ScanError, SellerError, EvidenceError or BatchNotFoundError for the
        first that does not stand. Any node answers: old state is not asked for.
        """
        self._check_parts(evidence)
        proof, block = evidence.item, evidence.block_number
        if block > self.suite.chain.head:
            raise EvidenceError(f"evidence: block {block} is not on this chain")
        if evidence.custody != self._custody(proof, block):
            raise EvidenceError("evidence: the custody history is not what the chain says")
        seller = Sellers(self.suite).get_at(proof.issuer, evidence.seller, block)
        if evidence.authorization != AuthorizationRecord.of(seller):
            raise EvidenceError("evidence: the authorisation is not what the chain says")
        if evidence.opened_territory:
            seller.check_territory(evidence.opened_territory)

    def report(self, evidence: Evidence, signer: Signer) -> tuple[DiversionReport, TxResult]:
        """Check a bundle and anchor its hash, for the issuer. Raises as `check`."""
        self.check(evidence)
        contract = self.suite.custody
        function = contract.functions.reportDiversion(
            evidence.item.batch_id, evidence.item.index, evidence.seller, evidence.evidence_hash
        )
        tx = self.suite.chain.send(function, signer)
        (found,) = tx.events(contract.events.DiversionReported())
        return _report(found), tx

    def find(self, batch_id: bytes, index: int | None = None) -> list[DiversionReport]:
        """List what was anchored of a batch or of an item, oldest first."""
        chain = self.suite.chain
        wanted: dict[str, Any] = {"batchId": batch_id}
        if index is not None:
            wanted["index"] = index
        found = chain.events(
            self.suite.custody.events.DiversionReported(),
            from_block=self.suite.record.first_block,
            to_block=chain.head - chain.confirmations,
            arguments=wanted,
        )
        return [_report(entry) for entry in found]

    def _check_parts(self, evidence: Evidence) -> None:
        proof, here = evidence.item, (self.suite.chain.chain_id, self.suite.custody.address)
        if (proof.chain_id, evidence.ledger) != here:
            raise EvidenceError(
                f"evidence: it is of the ledger {evidence.ledger} on chain {proof.chain_id}, not "
                f"of {here[1]} on chain {here[0]}"
            )
        proof.check()
        self._check_root(proof)
        for scan in evidence.scans:
            scan.check()
            if (scan.chain_id, scan.ledger, scan.item_id, scan.seller) != (
                *here,
                evidence.item_id,
                evidence.seller,
            ):
                raise EvidenceError(
                    f"evidence: the scan of {scan.place!r} is of another item or seller"
                )

    def _check_root(self, proof: ItemProof) -> None:
        kept = self.suite.chain.call(self.suite.provenance.functions.batchOf(proof.batch_id))
        if (proof.registry, proof.root) != (self.suite.provenance.address, kept.root):
            raise EvidenceError("evidence: the item's batch is not registered with this root")

    def _custody(self, proof: ItemProof, block: int) -> tuple[CustodyRecord, ...]:
        history = Custody(self.suite).history(proof.batch_id, proof.index, to_block=block)
        return tuple(map(CustodyRecord.of, history))


def _report(found: Any) -> DiversionReport:
    args = found["args"]
    return DiversionReport(
        batch_id=args["batchId"],
        index=args["index"],
        seller=args["seller"],
        evidence_hash=args["evidenceHash"],
        actor=args["actor"],
        block_number=found["blockNumber"],
    )


def _seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
