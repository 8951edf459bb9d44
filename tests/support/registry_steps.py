"""Random acts on a registry, by those who may and by those who may not.

Many of them are refused: what a property says must hold whatever is tried.
"""

from dataclasses import dataclass, field
from typing import Any

from ape.exceptions import ContractLogicError
from eth_utils import keccak
from hypothesis import strategies as st

from tests.support.batches import LOT, batch_id_of, create_registration
from tests.support.clock import later, next_block_at, now
from tests.support.domains import DOMAIN
from tests.support.notices import LIFTING, NOTICE, NOTICE_LIMIT
from tests.support.verdicts import NoticeKind

SLOTS = 4
MOST_ITEMS = 600


@dataclass(frozen=True)
class Step:
    """An act on one of the batches; the numbers mean what the act makes of them.

    `actor` is a place in `Registry.cast`.
    """

    act: str
    actor: int
    slot: int
    low: int
    high: int

    def range_in(self, count: int) -> tuple[int, int]:
        """Return a range that lies in `count` numbers, or reaches just beyond them."""
        first = self.low % count
        return first, first + self.high % (count - first + 1)


ACTS = (
    "register",
    "activate",
    "activate",
    "recall",
    "recall",
    "recall_whole",
    "reinstate",
    "reinstate",
    "recall_gtin",
    "recall_gtin",
    "reinstate_gtin",
    "append_trace",
    "append_traces",
    "correct_trace",
    "correct_trace",
    "set_daily_limit",
    "revoke_key",
    "add_domain",
    "remove_domain",
    "wait",
)
NOTICE_ACTS = (
    "recall",
    "recall_whole",
    "recall_whole",
    "reinstate",
    "recall_gtin",
    "reinstate_gtin",
)
NUMBERS = st.integers(0, 2**32 - 1)


CAST = 7
ACTOR = st.integers(0, CAST - 1)
SLOT = st.integers(0, SLOTS - 1)
OPENING = [
    Step(act, 0, slot, low, 1)
    for slot in (0, 1)
    for act, low in (("append_trace", 2), ("recall", MOST_ITEMS))
]
REGISTRATIONS = [
    st.builds(Step, st.just("register"), st.just(0), st.just(slot), NUMBERS, NUMBERS)
    for slot in range(SLOTS)
]


def histories(
    acts: tuple[str, ...] = ACTS, least: int = 16, most: int = 28
) -> st.SearchStrategy[list[Step]]:
    """Return a strategy of steps; before them all batches but the last are registered.

    The first two have three events and a recall then.
    """
    steps = st.builds(Step, st.sampled_from(acts), ACTOR, SLOT, NUMBERS, NUMBERS)
    later = st.lists(steps, min_size=least, max_size=most)
    return st.tuples(st.tuples(*REGISTRATIONS[:-1]), later).map(
        lambda both: [*both[0], *OPENING, *both[1]]
    )


@dataclass
class Registry:
    """A registry and who acts on it. `terms` is what was registered, by slot.

    A slot is a batch id: of the first or second issuer, of one of two GTINs. The first issuer has
    a delegate in all matters; the stranger has none.
    """

    provenance: Any
    issuers: tuple[Any, Any]
    delegate: Any
    stranger: Any
    terms: dict[int, dict[str, Any]] = field(default_factory=dict)

    @property
    def actors(self) -> tuple[Any, ...]:
        """All that ever act."""
        return *self.issuers, self.delegate, self.stranger

    def cast(self, slot: int) -> tuple[Any, ...]:
        """Say who acts on a slot: mostly its issuer, or too little would happen."""
        own, other = self.issuer(slot), self.issuer(slot + 1)
        return own, own, own, own, self.delegate, other, self.stranger

    def issuer(self, slot: int) -> Any:
        return self.issuers[slot % 2]

    def gtin(self, slot: int) -> int:
        return 1 + slot // 2

    def batch_id(self, slot: int) -> bytes:
        return batch_id_of(self.issuer(slot), self.gtin(slot), LOT)

    def crowd(self, slot: int) -> None:
        """Register a batch of four items under a slot and suspend all of it 32 times."""
        self.take(Step("register", 0, slot, 3, 0))
        for _ in range(NOTICE_LIMIT):
            self.take(Step("recall_whole", 0, slot, NoticeKind.SUSPENSION * MOST_ITEMS, 0))

    def take(self, step: Step) -> Any:
        """Do what a step says and return its receipt, or None where the contract refuses."""
        act = getattr(self, step.act)
        try:
            return act(step, self.cast(step.slot)[step.actor])
        except ContractLogicError:
            return None

    def register(self, step: Step, sender: Any) -> Any:
        terms = create_registration(
            self.issuer(step.slot),
            gtin=self.gtin(step.slot),
            itemCount=1 + step.low % MOST_ITEMS,
            cartonSize=(1, 2, 3, 0)[step.high % 4],
            root=keccak(text=f"{step}"),
            expiresAt=0 if step.low % 2 else later(1000 + step.high % 9000),
            producedAt=0,
        )
        receipt = self.provenance.registerBatch(terms, sender=sender)
        registrar = {"registeredAt": receipt.timestamp, "operator": sender}
        self.terms.setdefault(step.slot, terms | registrar)
        return receipt

    def activate(self, step: Step, sender: Any) -> Any:
        first, last = step.range_in(self._cartons(step.slot))
        return self.provenance.activate(self.batch_id(step.slot), first, last, sender=sender)

    def recall(self, step: Step, sender: Any) -> Any:
        return self._issue(step, sender, *step.range_in(self._items(step.slot)))

    def recall_whole(self, step: Step, sender: Any) -> Any:
        return self._issue(step, sender, 0, self._items(step.slot) - 1)

    def reinstate(self, step: Step, sender: Any) -> Any:
        batch_id = self.batch_id(step.slot)
        # One of the last three, the whole batch's among them, or just beyond.
        number = max(self.provenance.batchOf(batch_id).noticeCount - step.low % 4, 0)
        return self.provenance.reinstate(batch_id, number, LIFTING, sender=sender)

    def recall_gtin(self, step: Step, sender: Any) -> Any:
        issuer, gtin = self.issuer(step.slot), self.gtin(step.slot)
        return self.provenance.recallGtin(issuer, gtin, step.low % 2, NOTICE, sender=sender)

    def reinstate_gtin(self, step: Step, sender: Any) -> Any:
        issuer, gtin = self.issuer(step.slot), self.gtin(step.slot)
        return self.provenance.reinstateGtin(issuer, gtin, LIFTING, sender=sender)

    def append_trace(self, step: Step, sender: Any) -> Any:
        hashes = [keccak(text=f"{step} {n}") for n in range(1 + step.low % 3)]
        sequence = self._length(step.slot) + (step.high % 5 == 0)
        return self.provenance.appendTrace(
            self.batch_id(step.slot), sequence, hashes, sender=sender
        )

    def append_traces(self, step: Step, sender: Any) -> Any:
        slots = [step.slot, (step.slot + step.low % 3) % SLOTS]
        lengths = {slot: self._length(slot) for slot in slots}
        entries = []
        for slot in slots:
            event_hash = keccak(text=f"{step} {len(entries)}")
            entries.append((self.batch_id(slot), lengths[slot], event_hash))
            lengths[slot] += 1
        return self.provenance.appendTraces(entries, sender=sender)

    def correct_trace(self, step: Step, sender: Any) -> Any:
        length = self._length(step.slot)
        corrected, event_hash = step.low % (length + 1), keccak(text=f"{step}")
        return self.provenance.correctTrace(
            self.batch_id(step.slot), length, corrected, event_hash, sender=sender
        )

    def set_daily_limit(self, step: Step, sender: Any) -> Any:
        operator = self.actors[step.low % len(self.actors)]
        limit = step.high % (3 * MOST_ITEMS)
        return self.provenance.setDailyLimit(self.issuer(step.slot), operator, limit, sender=sender)

    def revoke_key(self, step: Step, sender: Any) -> Any:
        operator = self.actors[step.low % len(self.actors)]
        time = later(50) - step.high % 1000
        return self.provenance.revokeKey(self.issuer(step.slot), operator, time, sender=sender)

    def add_domain(self, step: Step, sender: Any) -> Any:
        return self.provenance.addDomain(self.issuer(step.slot), DOMAIN, sender=sender)

    def remove_domain(self, step: Step, sender: Any) -> Any:
        return self.provenance.removeDomain(self.issuer(step.slot), DOMAIN, sender=sender)

    def wait(self, step: Step, _: Any) -> None:
        """Let the next block come up to half a day later."""
        next_block_at(now() + 1 + step.high % 43_200)

    def _issue(self, step: Step, sender: Any, first: int, last: int) -> Any:
        kind = step.low // MOST_ITEMS % 2
        batch_id = self.batch_id(step.slot)
        return self.provenance.recall(batch_id, first, last, kind, NOTICE, sender=sender)

    def _items(self, slot: int) -> int:
        return self.terms[slot]["itemCount"] if slot in self.terms else 1

    def _cartons(self, slot: int) -> int:
        size = self.terms[slot]["cartonSize"] if slot in self.terms else 1
        return -(-self._items(slot) // (size or 1))

    def _length(self, slot: int) -> int:
        return self.provenance.traceOf(self.batch_id(slot)).count
