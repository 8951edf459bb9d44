import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of
from tests.support.custody import MAX_ITEMS
from tests.support.reverts import reverts
from tests.support.sellers import MAX_TIME, TERRITORY

EVIDENCE = keccak(text="bundle of evidence")


def reported(custody, batch_id, index, seller, actor):
    return custody.DiversionReported(
        batchId=batch_id, index=index, seller=seller, evidenceHash=EVIDENCE, actor=actor
    )


@pytest.mark.parametrize("prepare", ALLOWED)
def test_report_diversion__caller_may_act_for_issuer__emits_report_in_its_name(
    custody, identities, lot, issuer, distributor, manufacturer, prepare
):
    prepare(identities, issuer, permission("inspect"), manufacturer)

    tx = custody.reportDiversion(lot[0], 3, distributor, EVIDENCE, sender=manufacturer)

    assert tx.events == [reported(custody, lot[0], 3, distributor, manufacturer)]


@pytest.mark.parametrize("prepare", REFUSED)
def test_report_diversion__caller_may_not_act_for_issuer__reverts(
    custody, identities, lot, issuer, distributor, attacker, prepare
):
    prepare(identities, issuer, permission("inspect"), attacker)

    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=issuer,
        permission=permission("inspect"),
        actor=attacker,
    ):
        custody.reportDiversion(lot[0], 3, distributor, EVIDENCE, sender=attacker)


@pytest.mark.parametrize("name", ["seller", "custody"])
def test_report_diversion__caller_may_act_in_another_matter__reverts(
    custody, identities, lot, issuer, distributor, manufacturer, name
):
    identities.addDelegate(issuer, permission(name), manufacturer, 1000, sender=issuer)

    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=issuer,
        permission=permission("inspect"),
        actor=manufacturer,
    ):
        custody.reportDiversion(lot[0], 3, distributor, EVIDENCE, sender=manufacturer)


def test_report_diversion__caller_holds_lot__reverts(custody, lot, issuer, distributor):
    custody.shipLot(*lot, distributor, sender=issuer)
    custody.receiveLot(*lot, 10, ZERO_HASH, sender=distributor)

    with reverts(
        custody.SellerRegistry_NotAuthorized,
        brand=issuer,
        permission=permission("inspect"),
        actor=distributor,
    ):
        custody.reportDiversion(lot[0], 3, issuer, EVIDENCE, sender=distributor)


def test_report_diversion__evidence_is_zero__reverts(custody, lot, issuer, distributor):
    with reverts(custody.SellerRegistry_EvidenceZero, batchId=lot[0], index=3):
        custody.reportDiversion(lot[0], 3, distributor, ZERO_HASH, sender=issuer)


@pytest.mark.parametrize("index", [0, MAX_ITEMS])
def test_report_diversion__seller_is_not_known__emits_report(custody, lot, issuer, index):
    tx = custody.reportDiversion(lot[0], index, ZERO_ADDRESS, EVIDENCE, sender=issuer)

    assert tx.events == [reported(custody, lot[0], index, ZERO_ADDRESS, issuer)]


def test_report_diversion__batch_is_unknown__emits_report(custody, issuer, distributor):
    batch_id = batch_id_of(issuer)

    tx = custody.reportDiversion(batch_id, 0, distributor, EVIDENCE, sender=issuer)

    assert tx.events == [reported(custody, batch_id, 0, distributor, issuer)]


def test_report_diversion__same_is_reported_twice__emits_it_again(
    custody, lot, issuer, distributor
):
    custody.reportDiversion(lot[0], 3, distributor, EVIDENCE, sender=issuer)

    tx = custody.reportDiversion(lot[0], 3, distributor, EVIDENCE, sender=issuer)

    assert tx.events == [reported(custody, lot[0], 3, distributor, issuer)]


def test_report_diversion__issuer_reports__changes_neither_custody_nor_seller(
    custody, offered, issuer, distributor
):
    custody.authorizeSeller(issuer, distributor, MAX_TIME, TERRITORY, sender=issuer)
    before = custody.custodyOf(*offered), custody.sellerOf(issuer, distributor)

    custody.reportDiversion(offered[0], 0, distributor, EVIDENCE, sender=issuer)

    assert (custody.custodyOf(*offered), custody.sellerOf(issuer, distributor)) == before
