"""P1: what a batch was registered with never changes, and no notice, event or activation goes.

Notice number 32 alone is written anew, later each time and never milder while it stands.
"""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.notices import NOTICE_LIMIT
from tests.support.operators import tag_of
from tests.support.properties import on_one_chain
from tests.support.registry_steps import (
    ACTOR,
    NOTICE_ACTS,
    NUMBERS,
    Registry,
    Step,
    histories,
)
from tests.support.reverts import reverts
from tests.support.undone import undone
from tests.support.verdicts import NoticeKind


@dataclass(frozen=True)
class Record:
    """What the chain has of a batch; all of it may only grow."""

    notices: list[tuple]
    events: int
    active: set[int]

    @classmethod
    def of(cls, registry: Registry, slot: int) -> "Record":
        read, batch_id = registry.provenance, registry.batch_id(slot)
        count = read.batchOf(batch_id).noticeCount
        probes = {0, 1, 2, registry.terms[slot]["itemCount"] - 1}
        return cls(
            [tuple(read.noticeOf(batch_id, number)) for number in range(count)],
            read.traceOf(batch_id).count,
            {index for index in probes if read.isActive(batch_id, index)},
        )

    def may_become(self, later: "Record") -> bool:
        """Whether nothing went between."""
        pairs = list(zip(self.notices, later.notices, strict=False))
        return (
            len(pairs) == len(self.notices)
            and all(notice_may_become(number, *pair) for number, pair in enumerate(pairs))
            and self.events <= later.events
            and self.active <= later.active
        )


def notice_may_become(number, old, new):
    """Whether a notice is as before, lifted at most; number 32 may be written anew."""
    if old == new or old == (*new[:3], 0, new[4]):
        return True
    *_, lifted_at, kind = old
    weakens = kind == NoticeKind.RECALL != new[4] and not lifted_at
    return number == NOTICE_LIMIT and new[:2] == old[:2] and new[2] > old[2] and not weakens


def kept_of(registry, slot):
    """Return what the chain keeps of a registration, without the notices."""
    root, *numbers, _, tag = registry.provenance.batchOf(registry.batch_id(slot))
    return root, *numbers, tag


def told_of(registry, slot):
    """Return what was registered under a slot."""
    terms = registry.terms[slot]
    names = ("root", "itemCount", "gtin", "registeredAt", "expiresAt", "cartonSize")
    return *(terms[name] for name in names), tag_of(terms["operator"])


def check_history(registry, history, pace=4):
    """Follow the steps and after every few compare the state with the one before it."""
    before = {}
    for start in range(0, len(history), pace):
        for step in history[start : start + pace]:
            registry.take(step)
        after = {slot: Record.of(registry, slot) for slot in registry.terms}
        assert all(kept_of(registry, slot) == told_of(registry, slot) for slot in after)
        assert all(old.may_become(after[slot]) for slot, old in before.items())
        before = after


def test_p01_append_only__any_acts_are_tried_in_any_order__takes_nothing_back(registry):
    @on_one_chain(4)
    @given(histories(least=12, most=20))
    def check(history):
        with undone():
            check_history(replace(registry, terms={}), history)

    check()


def test_p01_append_only__batch_has_had_32_notices__takes_nothing_back_and_weakens_no_recall(
    registry,
):
    registry.crowd(0)
    steps = st.builds(Step, st.sampled_from(NOTICE_ACTS), ACTOR, st.just(0), NUMBERS, NUMBERS)

    @on_one_chain(4)
    @given(st.lists(steps, min_size=6, max_size=12))
    def check(history):
        with undone():
            check_history(registry, history, pace=1)

    check()


@pytest.mark.parametrize("actor", [0, 4])
def test_p01_append_only__batch_is_registered_again__keeps_first_terms(registry, provenance, actor):
    first = Step("register", 0, 0, 7, 3)
    registry.take(first)
    again = replace(first, actor=actor, low=8)

    with reverts(
        provenance.ProvenanceRegistry_BatchExists,
        batchId=registry.batch_id(0),
        registeredAt=registry.terms[0]["registeredAt"],
    ):
        registry.register(again, registry.cast(0)[actor])

    assert kept_of(registry, 0) == told_of(registry, 0)
