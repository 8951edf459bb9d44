"""P19: what anyone rebuilds from the logs is what the views show."""

from dataclasses import replace

import ape
from hypothesis import given

from tests.support.abi import ZERO_HASH
from tests.support.batches import batch_id_of, create_registration
from tests.support.delegation import delegate_all
from tests.support.domains import DOMAIN
from tests.support.log_index import LogIndex
from tests.support.operators import tag_of
from tests.support.properties import on_one_chain
from tests.support.registry_steps import NOTICE_ACTS, SLOTS, Step, histories
from tests.support.undone import undone

NO_BATCH = [ZERO_HASH, *[0] * 7]


def check_batch(registry, index, slot):
    """Compare batch and notices; there must be no notice more than was logged."""
    views, batch_id = registry.provenance, registry.batch_id(slot)
    assert list(views.batchOf(batch_id)) == index.batches.get(batch_id, NO_BATCH)
    notices = index.notices.get(batch_id, [])
    shown = [list(views.noticeOf(batch_id, number)) for number in range(len(notices) + 1)]
    assert shown == [*notices, [0] * 5]
    on_gtin = index.gtin_notices.get((registry.issuer(slot).address, registry.gtin(slot)), [0] * 3)
    assert list(views.gtinNoticeOf(registry.issuer(slot), registry.gtin(slot))) == on_gtin


def check_activation(registry, index, slot):
    """Compare activation at the ends of what was activated, and beside them."""
    views, batch_id = registry.provenance, registry.batch_id(slot)
    if batch_id not in index.batches:
        return
    _, items, *_, size, _, _ = index.batches[batch_id]
    cartons = index.cartons[batch_id] or {0}
    edges = {n for n in cartons if not {n - 1, n + 1} <= cartons}
    probes = {(n + side) * (size or 1) for n in sorted(edges)[:4] for side in (-1, 0, 1)}
    for probe in {probe for probe in probes if probe >= 0} | {items - 1, items}:
        assert views.isActive(batch_id, probe) is index.is_active(batch_id, probe)


def check_trace(registry, index, slot):
    """Compare the trace, and where each event's corrections end."""
    views, batch_id = registry.provenance, registry.batch_id(slot)
    head, count = index.trace_of(batch_id)
    assert tuple(views.traceOf(batch_id)) == (head, count)
    latest = [views.latestOf(batch_id, sequence) for sequence in range(count)]
    assert latest == [index.latest_of(batch_id, sequence) for sequence in range(count)]


def check_issuer(registry, index, issuer):
    """Compare what an issuer says of its operators, and whether it bound the domain."""
    views = registry.provenance
    for operator in registry.actors:
        kept = index.operators.get((issuer.address, tag_of(operator)), [0] * 4)
        assert list(views.operatorOf(issuer, operator)) == kept
    is_bound = issuer.address in index.domains[DOMAIN]
    assert views.isIssuerDomain(issuer, DOMAIN) is is_bound


def check_all(registry, index):
    """Compare all views with the index."""
    for slot in range(SLOTS):
        check_batch(registry, index, slot)
        check_activation(registry, index, slot)
        check_trace(registry, index, slot)
    for issuer in registry.issuers:
        check_issuer(registry, index, issuer)
    assert registry.provenance.checkDomain(DOMAIN) is bool(index.domains[DOMAIN])


def test_p19_index__any_acts_are_tried_in_any_order__is_rebuilt_from_logs_as_views_show_it(
    registry,
):
    limit = Step("set_daily_limit", 0, 0, 0, 1000)

    @on_one_chain(5)
    @given(histories())
    def check(history):
        with undone():
            acting, start = replace(registry, terms={}), ape.chain.blocks.height
            for step in [limit, *history]:
                acting.take(step)

            check_all(acting, LogIndex.of(registry.provenance, start))

    check()


def test_p19_index__batch_has_had_32_notices__is_rebuilt_from_logs_as_views_show_it(registry):
    start = ape.chain.blocks.height
    registry.crowd(0)

    @on_one_chain(4)
    @given(histories(NOTICE_ACTS, least=8, most=14))
    def check(history):
        with undone():
            acting = replace(registry, terms=dict(registry.terms))
            for step in history:
                acting.take(step)

            index = LogIndex.of(registry.provenance, start)
            for slot in range(SLOTS):
                check_batch(acting, index, slot)

    check()


def test_p19_index__contract_registers_for_issuer__is_told_apart_from_who_sent_transaction(
    project, provenance, identities, deployer, issuer, shopper
):
    start = ape.chain.blocks.height
    wallet = deployer.deploy(project.Wallet1271, shopper)
    delegate_all(identities, issuer, wallet, ["batch"])
    provenance.setDailyLimit(issuer, wallet, 10, sender=issuer)
    call = provenance.registerBatch.encode_input(create_registration(issuer))
    wallet.execute(provenance, call, sender=shopper)

    index = LogIndex.of(provenance, start)

    kept = list(provenance.batchOf(batch_id_of(issuer)))
    assert index.batches[batch_id_of(issuer)] == kept
    assert kept[-1] == tag_of(wallet) != tag_of(shopper)
    for operator in (wallet, shopper):
        shown = list(provenance.operatorOf(issuer, operator))
        assert index.operators[issuer.address, tag_of(operator)] == shown
