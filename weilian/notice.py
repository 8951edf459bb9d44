"""Notices: recalling and suspending items, batches and whole products, and lifting that again."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from weilian.address import to_address
from weilian.batch import Batches
from weilian.chain import NoticeKind, Signer, TxResult
from weilian.chain.values import to_hex, to_moment
from weilian.errors import WeilianError
from weilian.gs1 import Gtin
from weilian.suite import Suite


class NoticeError(WeilianError, ValueError):
    """A notice that cannot be issued or lifted as asked."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A recall or suspension of the items `first` to `last` of a batch, itself included.

    `notice_hash` is that of the public notice; `lifted_at` is None while it stands.
    """

    batch_id: bytes
    number: int
    kind: NoticeKind
    first: int
    last: int
    notice_hash: bytes
    actor: str
    issued_at: datetime
    lifted_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it is not lifted."""
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class GtinNotice:
    """A recall or suspension of every batch of a GTIN that was registered up to `issued_at`."""

    issuer: str
    gtin: Gtin
    kind: NoticeKind
    issued_at: datetime
    lifted_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether it is not lifted."""
        return self.lifted_at is None


@dataclass(frozen=True, slots=True)
class Issued:
    """A notice as it was issued, or lifted where `kind` is None.

    A recall that stands in the last place of a batch is not weakened: `kind` is what stands.
    """

    batch_id: bytes
    number: int
    kind: NoticeKind | None
    notice_hash: bytes
    actor: str
    tx: TxResult


@dataclass(frozen=True, slots=True)
class GtinIssued:
    """A notice on a GTIN as it was issued, or lifted where `kind` is None."""

    issuer: str
    gtin: Gtin
    kind: NoticeKind | None
    notice_hash: bytes
    actor: str
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices in the provenance registry."""

    suite: Suite

    def recall(
        self,
        batch_id: bytes,
        notice_hash: bytes,
        signer: Signer,
        *,
        first: int = 0,
        last: int | None = None,
    ) -> Issued:
        """Recall the items `first` to `last` of a batch, itself included, or all of it.

        `notice_hash` is that of the published notice. Raises NoticeError for items it has not.
        """
        return self._issue(NoticeKind.RECALL, batch_id, notice_hash, signer, (first, last))

    def suspend(
        self,
        batch_id: bytes,
        notice_hash: bytes,
        signer: Signer,
        *,
        first: int = 0,
        last: int | None = None,
    ) -> Issued:
        """Hold items back until more is known, as `recall` calls them back."""
        return self._issue(NoticeKind.SUSPENSION, batch_id, notice_hash, signer, (first, last))

    def reinstate(self, batch_id: bytes, number: int, notice_hash: bytes, signer: Signer) -> Issued:
        """Lift a notice; `notice_hash` is that of what says why. Raises NoticeError."""
        kept = self.suite.chain.call(self.suite.provenance.functions.noticeOf(batch_id, number))
        if not kept.issuedAt or kept.liftedAt:
            what = "was lifted before" if kept.issuedAt else "is not there"
            raise NoticeError(f"notice {number} of batch {to_hex(batch_id)} {what}")
        contract = self.suite.provenance
        function = contract.functions.reinstate(batch_id, number, notice_hash)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.NoticeLifted())
        return Issued(args["batchId"], args["number"], None, args["noticeHash"], args["actor"], tx)

    def recall_gtin(
        self, issuer: str, gtin: Gtin, notice_hash: bytes, signer: Signer
    ) -> GtinIssued:
        """Recall every batch of a GTIN that is registered up to now; a standing notice goes."""
        return self._issue_gtin(NoticeKind.RECALL, issuer, gtin, notice_hash, signer)

    def suspend_gtin(
        self, issuer: str, gtin: Gtin, notice_hash: bytes, signer: Signer
    ) -> GtinIssued:
        """Hold every batch of a GTIN back; a recall of it that stands is not weakened."""
        return self._issue_gtin(NoticeKind.SUSPENSION, issuer, gtin, notice_hash, signer)

    def reinstate_gtin(
        self, issuer: str, gtin: Gtin, notice_hash: bytes, signer: Signer
    ) -> GtinIssued:
        """Lift the notice on a GTIN. Raises NoticeError if none stands."""
        standing = self.on_gtin(issuer, gtin)
        if standing is None or not standing.stands:
            raise NoticeError(f"no notice stands on GTIN {gtin} of issuer {issuer}")
        contract = self.suite.provenance
        function = contract.functions.reinstateGtin(to_address(issuer), int(gtin), notice_hash)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.GtinNoticeLifted())
        return _gtin_issued(args, None, tx)

    def of(self, batch_id: bytes) -> list[Notice]:
        """List the notices on a batch's items, lifted ones too, in the order of their numbers."""
        contract, chain = self.suite.provenance, self.suite.chain
        found = chain.events(
            contract.events.NoticeIssued(),
            from_block=self.suite.record.first_block,
            to_block=chain.head - chain.confirmations,
            arguments={"batchId": batch_id},
        )
        # NOTE: the last number of all is written anew each time: the last event tells of it.
        latest = {entry["args"]["number"]: entry["args"] for entry in found}
        return [self._notice(latest[number]) for number in sorted(latest)]

    def on_gtin(self, issuer: str, gtin: Gtin) -> GtinNotice | None:
        """Return the notice on a GTIN, the last one if it was lifted, None if there never was."""
        function = self.suite.provenance.functions.gtinNoticeOf(to_address(issuer), int(gtin))
        kept = self.suite.chain.call(function)
        issued_at = to_moment(kept.issuedAt)
        if issued_at is None:
            return None
        kind, lifted_at = NoticeKind(kept.kind), to_moment(kept.liftedAt)
        return GtinNotice(to_address(issuer), gtin, kind, issued_at, lifted_at)

    def _notice(self, args: Any) -> Notice:
        kept = self.suite.chain.call(
            self.suite.provenance.functions.noticeOf(args["batchId"], args["number"])
        )
        return Notice(
            batch_id=args["batchId"],
            number=args["number"],
            kind=NoticeKind(kept.kind),
            first=kept.first,
            last=kept.last,
            notice_hash=args["noticeHash"],
            actor=args["actor"],
            issued_at=datetime.fromtimestamp(kept.issuedAt, UTC),
            lifted_at=to_moment(kept.liftedAt),
        )

    def _issue(
        self,
        kind: NoticeKind,
        batch_id: bytes,
        notice_hash: bytes,
        signer: Signer,
        items: tuple[int, int | None],
    ) -> Issued:
        contract = self.suite.provenance
        first, last = self._range(batch_id, *items)
        function = contract.functions.recall(batch_id, first, last, kind, notice_hash)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.NoticeIssued())
        issued = NoticeKind(args["kind"])
        return Issued(
            args["batchId"], args["number"], issued, args["noticeHash"], args["actor"], tx
        )

    def _range(self, batch_id: bytes, first: int, last: int | None) -> tuple[int, int]:
        count = Batches(self.suite).get(batch_id).item_count
        end = count - 1 if last is None else last
        if not 0 <= first <= end < count:
            raise NoticeError(
                f"items {first} to {end} are no range of batch {to_hex(batch_id)}, which has items "
                f"0 to {count - 1}"
            )
        return first, end

    def _issue_gtin(
        self, kind: NoticeKind, issuer: str, gtin: Gtin, notice_hash: bytes, signer: Signer
    ) -> GtinIssued:
        contract = self.suite.provenance
        function = contract.functions.recallGtin(to_address(issuer), int(gtin), kind, notice_hash)
        tx = self.suite.chain.send(function, signer)
        args = tx.event(contract.events.GtinNoticeIssued())
        return _gtin_issued(args, NoticeKind(args["kind"]), tx)


def _gtin_issued(args: Any, kind: NoticeKind | None, tx: TxResult) -> GtinIssued:
    gtin = Gtin.from_int(args["gtin"])
    return GtinIssued(args["issuer"], gtin, kind, args["noticeHash"], args["actor"], tx)
