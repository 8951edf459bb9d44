"""What may happen to an item, drawn at random and played on the chain."""

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import GTIN, SampleBatch, item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.clock import later, now, read_at
from tests.support.items import CASE, DESTROYED, FLAGGED, LOST, NOTICE, STOLEN
from tests.support.verdicts import NoticeKind, OwnerAct

COUNT = 4
DAY = 86_400
SPLIT_AT = 2
REPORTED = LOST | STOLEN | FLAGGED


@dataclass(frozen=True)
class Story:
    """One item's life. `expires` and `asked_after` are seconds, kinds and moments are drawn."""

    index: int
    lot_first: int
    carton_size: int
    cartons: tuple[int, ...]
    expires: int
    custody: str
    counted: int
    seller_until: int
    is_seller_revoked: bool
    claim: bool
    acts: tuple[OwnerAct, ...]
    is_flagged: bool
    is_closed: bool
    notices: tuple[tuple[int, int, NoticeKind, bool], ...]
    gtin_notice: tuple[str, NoticeKind, bool]
    revoked: int | None
    is_issuer_gone: bool
    viewer: str
    seller: str
    asked_after: int


@st.composite
def notices(draw: Any) -> tuple[int, int, NoticeKind, bool]:
    """A recall or suspension of a range, and whether it is lifted again."""
    first = draw(st.integers(0, COUNT - 1))
    last = draw(st.integers(first, COUNT - 1))
    return first, last, draw(st.sampled_from(NoticeKind)), draw(st.booleans())


def rarely(common: Any, *rare: Any) -> st.SearchStrategy[Any]:
    """Draw what hides everything else seldom enough that the rest is seen."""
    return st.sampled_from([common] * 3 * len(rare) + list(rare))


def seldom(one: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Draw none in most cases, else one or two."""
    return st.one_of(st.just(()), st.just(()), st.lists(one, min_size=1, max_size=2).map(tuple))


STORIES = st.builds(
    Story,
    index=st.integers(0, COUNT - 1),
    lot_first=st.sampled_from([0, 0, SPLIT_AT, SPLIT_AT, 1]),
    carton_size=st.sampled_from([0, 1, 3]),
    cartons=st.lists(st.integers(0, 1), max_size=2).map(tuple),
    expires=rarely(0, 50, DAY),
    custody=st.sampled_from(["kept", "offered", "received", "received and offered", "returned"]),
    counted=st.sampled_from([SPLIT_AT, SPLIT_AT, 1]),
    seller_until=st.sampled_from([0, 50, DAY]),
    is_seller_revoked=st.booleans(),
    claim=st.booleans(),
    acts=seldom(st.sampled_from(list(OwnerAct)[1:])),
    is_flagged=rarely(False, True),
    is_closed=st.booleans(),
    notices=seldom(notices()),
    gtin_notice=st.tuples(
        rarely("never", "before", "after"), st.sampled_from(NoticeKind), st.booleans()
    ),
    revoked=rarely(None, 0, 1),
    is_issuer_gone=rarely(False, True),
    viewer=st.sampled_from(["nobody", "shopper", "payer"]),
    seller=st.sampled_from(["nobody", "distributor", "payer", "issuer"]),
    asked_after=st.sampled_from([0, 49, 50, 51, DAY]),
)


@dataclass(frozen=True)
class Stage:
    """The contracts and who takes part, by role."""

    suite: Any
    cast: dict[str, Any]

    def play(self, story: Story) -> SampleBatch:
        """Bring the chain to the end of a story; return the batch."""
        if story.gtin_notice[0] == "before":
            self._recall_gtin(story)
        start = later(0)
        batch = register_batch(
            self.suite.provenance,
            self.cast["issuer"],
            COUNT,
            carton_size=story.carton_size,
            expires_at=story.expires and start + 40 + story.expires,
        )
        self._activate(batch, story)
        self._trade(batch, story)
        self._authorize(story, start)
        self._own(batch, story)
        self._warn(batch, story)
        read_at(max(now() + 1, start + 40 + story.asked_after))
        return batch

    def account(self, role: str) -> str:
        """Return the address of a role, zero for nobody."""
        return ZERO_ADDRESS if role == "nobody" else self.cast[role].address

    def _activate(self, batch: SampleBatch, story: Story) -> None:
        for carton in story.cartons if story.carton_size else ():
            self.suite.provenance.activate(
                batch.batch_id, carton, carton, sender=self.cast["issuer"]
            )

    def _trade(self, batch: SampleBatch, story: Story) -> None:
        custody, issuer, distributor = (
            self.suite.custody,
            *map(self.cast.get, ("issuer", "distributor")),
        )
        lot = batch.batch_id, SPLIT_AT
        custody.splitLot(batch.batch_id, 0, SPLIT_AT, sender=issuer)
        if story.custody == "kept":
            return
        custody.shipLot(*lot, distributor, sender=issuer)
        if story.custody == "offered":
            return
        custody.receiveLot(*lot, story.counted, NOTICE, sender=distributor)
        if story.custody != "received":
            custody.shipLot(*lot, issuer, sender=distributor)
        if story.custody == "returned":
            custody.receiveLot(*lot, SPLIT_AT, NOTICE, sender=issuer)

    def _authorize(self, story: Story, start: int) -> None:
        if not story.seller_until:
            return
        custody, issuer = self.suite.custody, self.cast["issuer"]
        pair = issuer, self.cast["distributor"]
        custody.authorizeSeller(*pair, start + 40 + story.seller_until, b"\5" * 20, sender=issuer)
        if story.is_seller_revoked:
            custody.revokeSeller(*pair, sender=issuer)

    def _own(self, batch: SampleBatch, story: Story) -> None:
        if not story.claim or not self.suite.provenance.isActive(batch.batch_id, story.index):
            return
        items, shopper = self.suite.items, self.cast["shopper"]
        claim_item(items, batch, shopper, story.index)
        item_id = item_id_of(batch.batch_id, story.index)
        if story.is_flagged:
            items.flagStolen(batch.batch_id, story.index, True, CASE, sender=self.cast["issuer"])
        for what in story.acts:
            state = items.itemOf(item_id)
            is_possible = what is not OwnerAct.REPORT_FOUND or state.flags & (LOST | STOLEN)
            if is_possible and not state.flags & DESTROYED:
                items.act(item_id, what, ZERO_ADDRESS, sender=shopper)
        flags = items.itemOf(item_id).flags
        if story.is_closed and flags & REPORTED and not flags & DESTROYED:
            items.flagStolen(batch.batch_id, story.index, False, CASE, sender=self.cast["issuer"])

    def _warn(self, batch: SampleBatch, story: Story) -> None:
        provenance, issuer = self.suite.provenance, self.cast["issuer"]
        for number, (first, last, kind, is_lifted) in enumerate(story.notices):
            provenance.recall(batch.batch_id, first, last, kind, NOTICE, sender=issuer)
            if is_lifted:
                provenance.reinstate(batch.batch_id, number, NOTICE, sender=issuer)
        if story.gtin_notice[0] == "after":
            self._recall_gtin(story)
        if story.revoked is not None:
            registered_at = provenance.batchOf(batch.batch_id).registeredAt
            provenance.revokeKey(issuer, issuer, registered_at + story.revoked, sender=issuer)
        if story.is_issuer_gone:
            self.suite.identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    def _recall_gtin(self, story: Story) -> None:
        issuer = self.cast["issuer"]
        _, kind, is_lifted = story.gtin_notice
        self.suite.provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)
        if is_lifted:
            self.suite.provenance.reinstateGtin(issuer, GTIN, NOTICE, sender=issuer)
