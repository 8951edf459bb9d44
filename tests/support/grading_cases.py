"""Random batches with all that can be said of them, on chain and in the library's words."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import LOT, SampleBatch, register_batch
from tests.support.clock import later, now, read_at
from tests.support.notices import LIFTING, NOTICE
from weilian.provenance.grading import ItemView
from weilian.provenance.terms import BatchState, GtinNoticeState, NoticeKind, NoticeState

MOST_ITEMS = 6
PLACES = st.tuples(st.integers(0, MOST_ITEMS - 1), st.integers(0, MOST_ITEMS - 1))
KINDS = st.sampled_from(NoticeKind)


@dataclass(frozen=True)
class Case:
    """What happens to a batch. Places are taken modulo its size; times are in seconds.

    `gtin_notice` is kind, whether it comes before the registration, whether it is lifted;
    `revoked` is how long before (or after) the registration the registrar's key is not trusted;
    `offset` is how long after the expiry the batch is looked at.
    """

    count: int
    carton_size: int
    life: int
    notices: list[tuple[tuple[int, int], NoticeKind, bool]]
    gtin_notice: tuple[NoticeKind, bool, bool] | None
    activated: list[tuple[int, int]]
    revoked: int | None
    is_deactivated: bool
    offset: int


CASES = st.builds(
    Case,
    count=st.integers(1, MOST_ITEMS),
    carton_size=st.integers(0, 3),
    life=st.sampled_from([0, 2000]),
    notices=st.lists(st.tuples(PLACES, KINDS, st.booleans()), max_size=4),
    gtin_notice=st.none() | st.tuples(KINDS, st.booleans(), st.booleans()),
    activated=st.lists(PLACES, max_size=2),
    revoked=st.none() | st.integers(-1, 1),
    is_deactivated=st.booleans(),
    offset=st.integers(-1, 1),
)


@dataclass
class Played:
    """A case that was played on the chain, and what the library knows of it."""

    batch: SampleBatch
    state: BatchState
    notices: list[NoticeState] = field(default_factory=list)
    gtin_notice: GtinNoticeState = field(default_factory=GtinNoticeState)
    cartons: set[int] = field(default_factory=set)
    revoked_from: int = 0
    is_issuer_active: bool = True
    time: int = 0

    def view(self, issuer: Any, index: int) -> ItemView:
        """Return all that the library needs to grade an item."""
        size = self.state.carton_size
        return ItemView(
            issuer=str(issuer),
            index=index,
            batch=self.state,
            notices=self.notices,
            gtin_notice=self.gtin_notice,
            is_issuer_active=self.is_issuer_active,
            revoked_from=self.revoked_from,
            is_active=not size or index // size in self.cartons,
        )


@dataclass(frozen=True)
class Stage:
    """The contracts and the issuer, and the account that registers for it."""

    provenance: Any
    identities: Any
    issuer: Any
    registrar: Any

    def play(self, case: Case, gtin: int) -> Played:
        """Let a case happen, then look at it from the time it names."""
        early = self._recall_gtin(case, gtin) if case.gtin_notice and case.gtin_notice[1] else None
        played = self._register(case, gtin)
        self._activate(case, played)
        self._issue(case, played)
        late = self._recall_gtin(case, gtin) if case.gtin_notice and not early else None
        played.gtin_notice = early or late or GtinNoticeState()
        self._revoke(case, played)
        expires_at = played.state.expires_at
        read_at(expires_at + case.offset if expires_at else now() + 10**9)
        played.time = now()
        return played

    def _register(self, case: Case, gtin: int) -> Played:
        expires_at = later(case.life) if case.life else 0
        batch = register_batch(
            self.provenance,
            self.issuer,
            case.count,
            gtin,
            LOT,
            expires_at,
            case.carton_size,
            sender=self.registrar,
        )
        state = BatchState(batch.root, case.count, gtin, now(), expires_at, case.carton_size)
        return Played(batch, state)

    def _activate(self, case: Case, played: Played) -> None:
        if not case.carton_size:
            return
        cartons = -(-case.count // case.carton_size)
        for places in case.activated:
            first, last = sorted(place % cartons for place in places)
            self.provenance.activate(played.batch.batch_id, first, last, sender=self.issuer)
            played.cartons |= set(range(first, last + 1))

    def _issue(self, case: Case, played: Played) -> None:
        batch_id, sender = played.batch.batch_id, self.issuer
        for number, (places, kind, is_lifted) in enumerate(case.notices):
            first, last = sorted(place % case.count for place in places)
            self.provenance.recall(batch_id, first, last, kind, NOTICE, sender=sender)
            issued_at, lifted_at = now(), 0
            if is_lifted:
                self.provenance.reinstate(batch_id, number, LIFTING, sender=sender)
                lifted_at = now()
            played.notices.append(NoticeState(first, last, issued_at, lifted_at, kind))

    def _recall_gtin(self, case: Case, gtin: int) -> GtinNoticeState:
        assert case.gtin_notice
        kind, _, is_lifted = case.gtin_notice
        self.provenance.recallGtin(self.issuer, gtin, kind, NOTICE, sender=self.issuer)
        issued_at, lifted_at = now(), 0
        if is_lifted:
            self.provenance.reinstateGtin(self.issuer, gtin, LIFTING, sender=self.issuer)
            lifted_at = now()
        return GtinNoticeState(issued_at, lifted_at, kind)

    def _revoke(self, case: Case, played: Played) -> None:
        if case.revoked is not None:
            played.revoked_from = played.state.registered_at + case.revoked
            self.provenance.revokeKey(
                self.issuer, self.registrar, played.revoked_from, sender=self.issuer
            )
        if case.is_deactivated:
            self.identities.changeOwner(self.issuer, ZERO_ADDRESS, sender=self.issuer)
            played.is_issuer_active = False
