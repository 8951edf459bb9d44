"""P17: only who has a role from the issuer writes for it, until the very block it is taken away."""

from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import permission
from tests.support.authority import VALIDITY
from tests.support.batches import GTIN, register_batch
from tests.support.clock import next_block_at, now
from tests.support.notices import LIFTING, NOTICE
from tests.support.operators import register_items
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.traces import EVENTS
from tests.support.undone import undone
from tests.support.verdicts import NoticeKind

OWNER_ONLY = "owner"
NAMES = ("batch", "activate", "recall", "trace", "domain")
_domains = count()


def register(provenance, batch, issuer, sender):
    register_items(provenance, issuer, 1, sender=sender)


def activate(provenance, batch, issuer, sender):
    provenance.activate(batch.batch_id, 0, 0, sender=sender)


def recall(provenance, batch, issuer, sender):
    provenance.recall(batch.batch_id, 0, 3, NoticeKind.RECALL, NOTICE, sender=sender)


def reinstate(provenance, batch, issuer, sender):
    number = next(
        number for number in range(255) if not provenance.noticeOf(batch.batch_id, number).liftedAt
    )
    provenance.reinstate(batch.batch_id, number, LIFTING, sender=sender)


def recall_gtin(provenance, batch, issuer, sender):
    provenance.recallGtin(issuer, 7, NoticeKind.RECALL, NOTICE, sender=sender)


def append_trace(provenance, batch, issuer, sender):
    sequence = provenance.traceOf(batch.batch_id).count
    provenance.appendTrace(batch.batch_id, sequence, EVENTS, sender=sender)


def append_traces(provenance, batch, issuer, sender):
    sequence = provenance.traceOf(batch.batch_id).count
    provenance.appendTraces([(batch.batch_id, sequence, EVENTS[0])], sender=sender)


def correct_trace(provenance, batch, issuer, sender):
    sequence = provenance.traceOf(batch.batch_id).count
    corrected = provenance.latestOf(batch.batch_id, 0)
    provenance.correctTrace(batch.batch_id, sequence, corrected, EVENTS[1], sender=sender)


def add_domain(provenance, batch, issuer, sender):
    provenance.addDomain(issuer, f"{next(_domains)}.example", sender=sender)


def set_daily_limit(provenance, batch, issuer, sender):
    provenance.setDailyLimit(issuer, f"0x{7:040x}", 5, sender=sender)


def revoke_key(provenance, batch, issuer, sender):
    provenance.revokeKey(issuer, f"0x{7:040x}", 5, sender=sender)


ACTS = {
    register: "batch",
    activate: "activate",
    recall: "recall",
    recall_gtin: "recall",
    append_trace: "trace",
    append_traces: "trace",
    correct_trace: "trace",
    add_domain: "domain",
    set_daily_limit: OWNER_ONLY,
    revoke_key: OWNER_ONLY,
}
EVENTS_OF_ROLES = ("grant", "grant", "revoke", "give")
CHANGES = st.tuples(st.sampled_from(EVENTS_OF_ROLES), st.sampled_from(NAMES), st.integers(0, 2))
ATTEMPTS = st.tuples(
    st.sampled_from(list(ACTS)), st.integers(0, 2), st.sampled_from([1, VALIDITY - 1, VALIDITY])
)


@dataclass
class Roles:
    """Who may do what for an identity, by what was granted; times in seconds since 1970."""

    identities: Any
    identity: Any
    owner: Any
    valid_to: dict[tuple[str, Any], int] = field(default_factory=dict)

    def may(self, name: str, actor: Any, time: int) -> bool:
        return actor == self.owner or time < self.valid_to.get((name, actor), 0)

    def change(self, what: str, name: str, actor: Any) -> None:
        registry, matter = self.identities, permission(name)
        if what == "grant":
            registry.addDelegate(self.identity, matter, actor, VALIDITY, sender=self.owner)
            self.valid_to[name, actor] = now() + VALIDITY
        elif what == "revoke":
            registry.revokeDelegate(self.identity, matter, actor, sender=self.owner)
            self.valid_to.pop((name, actor), None)
        else:
            registry.changeOwner(self.identity, actor, sender=self.owner)
            self.owner = actor

    def refusal(self, provenance: Any, name: str, actor: Any) -> Any:
        """Demand that a call by `actor` is refused for want of the role."""
        if name == OWNER_ONLY:
            told = {"issuer": self.identity, "actor": actor, "owner": self.owner}
            return reverts(provenance.IssuerRegistry_NotOwner, **told)
        told = {"issuer": self.identity, "permission": permission(name), "actor": actor}
        return reverts(provenance.IssuerRegistry_NotAuthorized, **told)


def check_attempt(provenance, batch, roles, act, actor, delay):
    """Let `actor` try an act `delay` seconds from now and demand what the roles say."""
    time = now() + delay
    next_block_at(time)
    is_allowed = roles.may(ACTS[act], actor, time)
    refusal = nullcontext() if is_allowed else roles.refusal(provenance, ACTS[act], actor)

    with refusal:
        act(provenance, batch, roles.identity, actor)


@pytest.fixture
def traced(provenance, issuer):
    """A batch in cartons with one event and one notice."""
    batch = register_batch(provenance, issuer, gtin=GTIN, carton_size=1)
    provenance.appendTrace(batch.batch_id, 0, EVENTS[:1], sender=issuer)
    recall(provenance, batch, issuer, issuer)
    return batch


def test_p17_roles__roles_come_and_go_in_any_order__lets_whoever_has_role_then_and_nobody_else(
    provenance, identities, traced, issuer, manufacturer, attacker
):
    actors = (issuer, manufacturer, attacker)

    @on_one_chain(8)
    @given(st.lists(st.one_of(CHANGES, ATTEMPTS, ATTEMPTS), min_size=8, max_size=16))
    def check(history):
        roles = Roles(identities, issuer, issuer)
        with undone():
            for what, name_or_actor, number in history:
                if what in ACTS:
                    check_attempt(provenance, traced, roles, what, actors[name_or_actor], number)
                else:
                    roles.change(what, name_or_actor, actors[number])

    check()


@pytest.mark.parametrize(("act", "name"), [*list(ACTS.items())[:-2], (reinstate, "recall")])
def test_p17_roles__role_is_taken_away__refuses_next_call(
    provenance, identities, traced, issuer, manufacturer, act, name
):
    roles = Roles(identities, issuer, issuer)
    roles.change("grant", name, manufacturer)
    act(provenance, traced, issuer, manufacturer)
    if act is reinstate:
        recall(provenance, traced, issuer, issuer)

    roles.change("revoke", name, manufacturer)

    with roles.refusal(provenance, name, manufacturer):
        act(provenance, traced, issuer, manufacturer)


@pytest.mark.parametrize(("act", "name"), list(ACTS.items())[:-2])
def test_p17_roles__role_has_run_out__refuses_from_that_second_on(
    provenance, identities, traced, issuer, manufacturer, act, name
):
    roles = Roles(identities, issuer, issuer)
    roles.change("grant", name, manufacturer)
    next_block_at(roles.valid_to[name, manufacturer])

    with roles.refusal(provenance, name, manufacturer):
        act(provenance, traced, issuer, manufacturer)
