"""P8: goods are expired from the very second of their expiry on, on chain and off it alike."""

from itertools import count as counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import register_batch
from tests.support.clock import NEVER, later, next_block_at, read_at
from tests.support.properties import on_one_chain
from weilian.provenance.grading import (
    ItemView,
    condition,
    gravest,
    reasons_of,
    standing,
)
from weilian.provenance.terms import BatchState, GtinNoticeState, Reason, Verdict

FRESH = (Verdict.REGISTERED, frozenset())
EXPIRED = (Verdict.EXPIRED, frozenset({Reason.EXPIRED}))


def on_chain(provenance, batch):
    """Return verdict and reasons of the chain, and what forbids to trade."""
    verdict, bits = provenance.verdictOf(batch.item(), batch.proof())
    assert provenance.standingOf(batch.batch_id, 0).reasons == bits
    assert provenance.conditionOf(batch.batch_id, 0, batch.count - 1, NEVER) == bits
    return Verdict(verdict), frozenset(reasons_of(bits))


def off_chain(issuer, batch, expires_at, registered_at, time):
    """Return the same by the library's rules."""
    state = BatchState(batch.root, batch.count, 1, registered_at, expires_at)
    reasons = standing(ItemView(str(issuer), 0, state), time)
    assert condition(state, (), GtinNoticeState(), (0, batch.count - 1), time) == reasons
    return gravest(reasons), reasons


def answers(provenance, issuer, gtin, offset, life=1000):
    """Register goods, wait until so many seconds after their expiry, and ask both."""
    registered_at = later(10)
    expires_at = registered_at + life
    next_block_at(registered_at)
    batch = register_batch(provenance, issuer, gtin=gtin, expires_at=expires_at)
    time = expires_at + offset
    read_at(time)
    told = off_chain(issuer, batch, expires_at, registered_at, time)
    return on_chain(provenance, batch), told


@pytest.mark.parametrize("offset", [-2, -1])
def test_p08_expiry__goods_that_expire__lets_them_be_until_second_before_on_chain_and_off_it(
    provenance, issuer, offset
):
    assert answers(provenance, issuer, 1, offset) == (FRESH, FRESH)


@pytest.mark.parametrize("offset", [0, 1, 10**9])
def test_p08_expiry__goods_that_expire__expires_them_from_that_very_second_on_chain_and_off_it(
    provenance, issuer, offset
):
    assert answers(provenance, issuer, 1, offset) == (EXPIRED, EXPIRED)


def test_p08_expiry__expiries_and_times_about_them_are_tried__answers_same_on_chain_and_off_it(
    provenance, issuer
):
    gtins = counter(1)

    @on_one_chain(15)
    @given(st.integers(-3, 3), st.integers(1000, 10**8))
    def check(offset, life):
        chain_says, library_says = answers(provenance, issuer, next(gtins), offset, life)

        assert chain_says == library_says == (FRESH if offset < 0 else EXPIRED)

    check()
