"""P1: what a batch was registered with never changes, and no notice, event or activation goes."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given

from tests.support.operators import tag_of
from tests.support.properties import on_one_chain
from tests.support.registry_steps import Registry, Step, histories
from tests.support.reverts import reverts
from tests.support.undone import undone


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
        """Whether nothing went between; a notice may be lifted once, and nothing else of it."""
        pairs = list(zip(self.notices, later.notices, strict=False))
        return (
            len(pairs) == len(self.notices)
            and all(old == new or old == (*new[:3], 0, new[4]) for old, new in pairs)
            and self.events <= later.events
            and self.active <= later.active
        )


def kept_of(registry, slot):
    """Return what the chain keeps of a registration, without the notices."""
    root, *numbers, _, tag = registry.provenance.batchOf(registry.batch_id(slot))
    return root, *numbers, tag


def told_of(registry, slot):
    """Return what was registered under a slot."""
    terms = registry.terms[slot]
    names = ("root", "itemCount", "gtin", "registeredAt", "expiresAt", "cartonSize")
    return *(terms[name] for name in names), tag_of(terms["operator"])


def check_history(registry, history):
    """Follow the steps and compare each state with the one before it."""
    before = {}
    for start in range(0, len(history), 4):
        for step in history[start : start + 4]:
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
