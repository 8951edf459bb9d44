"""State proofs: a verdict that needs no node, only the hash of a block that the reader trusts.

The file holds a block's header and the preimages of all hashes on the way from it to the state that
the verdict depends on: nodes of the trees and the contracts' code. Whether something is there or
is not, both are proven. The addresses of the contracts are those of a deployment record that the
reader has; the file cannot bring other ones.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
)

from weilian.address import ZERO_ADDRESS, to_address
from weilian.deployments import DeploymentRecord
from weilian.errors import describe_validation
from weilian.files import write_atomic
from weilian.hashing import keccak256
from weilian.merkle import ItemProof
from weilian.provenance.grading import grade
from weilian.provenance.membership import Ground, Item, KeyKind
from weilian.provenance.membership import flaw_of as membership_flaw
from weilian.provenance.terms import BatchState, Reason, Verdict
from weilian.verification.block_state import BlockState, Header, StateProofError
from weilian.verification.report import Sight, VerdictReport, flaw_of, with_age, with_code
from weilian.verification.state_view import CONTRACTS, StateReader

MAX_FILE = 16 << 20
"""Bytes of the largest file that is read; 255 notices make some 2 MB."""


def _checked_hex(text: str) -> str:
    if not text.startswith("0x") or len(text) % 2:
        raise ValueError("must be 0x and pairs of hex digits")
    bytes.fromhex(text[2:])  # what pydantic catches
    return text


Hex = Annotated[str, AfterValidator(_checked_hex)]


class StateProof(BaseModel):
    """The file. `lot_first` is where the item's lot begins, None where custody is left out."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    format: Literal["weilian-state-proof-v1"] = "weilian-state-proof-v1"
    header: Hex
    lot_first: Annotated[int, Field(ge=0, lt=2**32)] | None
    preimages: Annotated[tuple[Hex, ...], Field(max_length=100_000, strict=False)]

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read a state proof; raises StateProofError."""
        if len(text) > MAX_FILE:
            raise StateProofError(f"it has {len(text):,} bytes, at most {MAX_FILE:,} are read")
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise StateProofError(describe_validation(error)) from error

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a file; raises StateProofError."""
        try:
            return cls.from_json(path.read_bytes())
        except OSError as error:
            raise StateProofError(f"cannot read {path}: {error.strerror}") from error

    def save(self, path: Path) -> None:
        """Write the file; raises FileWriteError."""
        write_atomic(path, f"{self.model_dump_json(indent=1)}\n".encode())

    @property
    def block_hash(self) -> str:
        """The hash of its block, 0x and hex: what a reader has to trust."""
        return f"0x{keccak256(bytes.fromhex(self.header[2:])).hex()}"

    def decoded_preimages(self) -> Iterator[bytes]:
        """Yield the preimages as bytes."""
        return (bytes.fromhex(text[2:]) for text in self.preimages)

    def trusted_header(self, block_hash: bytes) -> Header:
        """Read the header if it is that of a block; raises StateProofError."""
        header = bytes.fromhex(self.header[2:])
        # NOTE: before it is decoded, so that nobody can make the decoder read what they like.
        if keccak256(header) != block_hash:
            raise StateProofError(
                f"it is of block {self.block_hash}, the trusted one is 0x{block_hash.hex()}"
            )
        return Header.decode(header)


def verify_offline(
    state: StateProof,
    proof: ItemProof,
    record: DeploymentRecord,
    trusted_block: bytes,
    *,
    hidden_code: str | None = None,
    viewer: str | None = None,
    issuer: str | None = None,
    seller: str | None = None,
    max_age: timedelta | None = None,
    now: datetime | None = None,
) -> VerdictReport:
    """Grade an item as `weilian.verify.verify` does, at the block of a state proof, without a node.

    `trusted_block` is the hash of a block of the record's chain, from a source that the reader
    trusts: a node of their own, a block explorer, a friend. What ends with time, such as shelf
    life, is seen at `now` if that is later than the block. A block older than `max_age` adds the
    reason STATE_OLD, and nothing is genuine by it; `now` is this machine's clock then, unless it is
    given. Raises StateProofError for whatever is not proven, and CodeError.
    """
    header = state.trusted_header(trusted_block)
    addresses = {name: record.contracts[name].address for name in CONTRACTS}
    flaw = flaw_of(proof, record.chain_id, addresses["ProvenanceRegistry"], issuer)
    if flaw:
        return VerdictReport.unknown(flaw, header.number, header.time)
    known = BlockState(header, state.decoded_preimages(), addresses)
    reader = StateReader(known.slot, proof.batch_id, proof.index)
    seconds = header.time if now is None else max(header.time, int(now.timestamp()))
    sight = look(reader, proof, header, state.lot_first, viewer, seller, seconds=seconds)
    if state.lot_first is not None and Reason.LOT_WRONG in sight.reasons:
        raise StateProofError(f"the item is not in the lot that begins at {state.lot_first}")
    report = with_age(sight.report(proof), max_age, now or datetime.now(UTC))
    return with_code(report, proof, hidden_code, issuer)


def look(
    reader: StateReader,
    proof: ItemProof,
    header: Header,
    lot_first: int | None,
    viewer: str | None,
    seller: str | None,
    *,
    seconds: int | None = None,
) -> Sight:
    """Grade an item by state that was read slot by slot, as `IProvenanceLens.inspect` does.

    `seconds` is the time at which it is looked at, None for the block's.
    """
    time = header.time if seconds is None else seconds
    batch = reader.batch()
    flaw = _no_member(batch, proof)
    if flaw:
        return Sight(Verdict.UNKNOWN, frozenset({flaw}), header.number, header.time)
    offering = to_address(seller or ZERO_ADDRESS)
    view = reader.view(batch, lot_first, offering)
    verdict, reasons = grade(view, time, to_address(viewer or ZERO_ADDRESS), offering)
    return Sight(
        verdict,
        reasons,
        header.number,
        header.time,
        batch=batch,
        trace=reader.trace(),
        item=view.item,
        custody=view.custody,
        seller=view.seller,
    )


def _no_member(batch: BatchState, proof: ItemProof) -> Reason | None:
    """Say why an item is no member of the batch; None if it is one."""
    item = Item(
        proof.batch_id,
        proof.index,
        proof.serial_commitment,
        proof.claim_key,
        KeyKind(proof.key_kind.number),
    )
    ground = Ground(proof.chain_id, proof.registry)
    return membership_flaw(ground, item, proof.proof, batch.root, batch.item_count)
