import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import register_batch
from tests.support.claims import claim_item
from tests.support.clock import later, read_at
from tests.support.inspections import graded, query
from tests.support.items import recall
from tests.support.verdicts import Reason, Verdict

NOTE = b"\7" * 32
TERRITORY = b"\5" * 20
YEAR = 365 * 86_400


def hand_over(custody, batch, sender, receiver, first=0, counted=4):
    """Ship a lot and let its receiver count it."""
    custody.shipLot(batch.batch_id, first, receiver, sender=sender)
    custody.receiveLot(batch.batch_id, first, counted, NOTE, sender=receiver)


def authorize(custody, issuer, seller, seconds=YEAR):
    """Let an issuer authorise a seller; return the first second at which it no longer holds."""
    valid_to = later(seconds)
    custody.authorizeSeller(issuer, seller, valid_to, TERRITORY, sender=issuer)
    return valid_to


def test_inspect__lot_is_on_its_way__is_in_trade_and_transit(
    lens, custody, batch, issuer, distributor
):
    tx = custody.shipLot(batch.batch_id, 0, distributor, sender=issuer)

    report = lens.inspect(query(batch))

    assert graded(report) == (Verdict.IN_TRADE, Reason.IN_TRANSIT)
    assert (report.custody.offeredTo, report.custody.offeredAt) == (distributor, tx.timestamp)


def test_inspect__lot_left_issuer__is_in_trade_with_holder_as_seller(
    lens, custody, batch, issuer, distributor
):
    hand_over(custody, batch, issuer, distributor)

    report = lens.inspect(query(batch))

    assert graded(report) == (Verdict.IN_TRADE, Reason.LEFT_ISSUER | Reason.SELLER_UNKNOWN)
    assert report.custody.holder == distributor


def test_inspect__lot_came_back_to_issuer__is_registered(lens, custody, batch, issuer, distributor):
    hand_over(custody, batch, issuer, distributor)
    hand_over(custody, batch, distributor, issuer)

    assert graded(lens.inspect(query(batch))) == (Verdict.REGISTERED, Reason.NONE)


def test_inspect__receiver_counted_less__tells_discrepancy(
    lens, custody, batch, issuer, distributor
):
    hand_over(custody, batch, issuer, distributor, counted=3)

    reasons = Reason.LEFT_ISSUER | Reason.DISCREPANCY | Reason.SELLER_UNKNOWN
    assert graded(lens.inspect(query(batch))) == (Verdict.IN_TRADE, reasons)


def test_inspect__lot_lies_on_pallet__tells_who_has_pallet(
    lens, custody, batch, issuer, distributor
):
    lots = [(batch.batch_id, 0)]
    custody.packPallet(1, lots, sender=issuer)
    pallet = custody.palletAddressOf(issuer, 1)
    custody.shipPallet(pallet, distributor, sender=issuer)
    custody.receivePallet(pallet, lots, sender=distributor)

    report = lens.inspect(query(batch))

    assert graded(report) == (Verdict.IN_TRADE, Reason.LEFT_ISSUER | Reason.SELLER_UNKNOWN)
    assert (report.custody.pallet, report.custody.holder) == (pallet, distributor)


def test_inspect__lot_was_split__tells_of_items_own_lot(lens, custody, batch, issuer, distributor):
    custody.splitLot(batch.batch_id, 0, 2, sender=issuer)
    hand_over(custody, batch, issuer, distributor, first=2, counted=2)

    reports = [
        lens.inspect(query(batch, index, lot_first=first)) for index, first in ((1, 0), (2, 2))
    ]

    assert [graded(report) for report in reports] == [
        (Verdict.REGISTERED, Reason.NONE),
        (Verdict.IN_TRADE, Reason.LEFT_ISSUER | Reason.SELLER_UNKNOWN),
    ]


@pytest.mark.parametrize(
    ("index", "lot_first"),
    [(1, 2), (2, 0), (3, 3), (0, 2**32 - 1)],
    ids=["before lot", "behind lot", "no lot", "far lot"],
)
def test_inspect__named_lot_does_not_hold_item__tells_nothing_of_it(
    lens, custody, batch, issuer, distributor, index, lot_first
):
    custody.splitLot(batch.batch_id, 0, 2, sender=issuer)
    hand_over(custody, batch, issuer, distributor, first=2, counted=1)

    report = lens.inspect(query(batch, index, lot_first=lot_first))

    assert graded(report) == (Verdict.REGISTERED, Reason.LOT_WRONG)
    assert tuple(report.custody) == (ZERO_ADDRESS, 0, 0, 0, 0, ZERO_ADDRESS, ZERO_ADDRESS, 0)


def test_inspect__named_lot_does_not_hold_item__still_tells_of_seller(
    lens, custody, batch, issuer, distributor
):
    authorize(custody, issuer, distributor)

    report = lens.inspect(query(batch, lot_first=1, seller=distributor))

    reasons = Reason.LOT_WRONG | Reason.SELLER_AUTHORIZED
    assert graded(report) == (Verdict.REGISTERED, reasons)


def test_inspect__seller_is_authorized__says_so_in_last_second(
    lens, custody, batch, issuer, distributor
):
    valid_to = authorize(custody, issuer, distributor, 1000)
    since = custody.sellerOf(issuer, distributor).since
    read_at(valid_to - 1)

    report = lens.inspect(query(batch, seller=distributor))

    assert graded(report) == (Verdict.REGISTERED, Reason.SELLER_AUTHORIZED)
    assert tuple(report.seller) == (since, valid_to, TERRITORY)


def test_inspect__seller_lapses_this_second__says_so(lens, custody, batch, issuer, distributor):
    read_at(authorize(custody, issuer, distributor, 1000))

    report = lens.inspect(query(batch, seller=distributor))

    assert graded(report) == (Verdict.REGISTERED, Reason.SELLER_LAPSED)


def test_inspect__seller_was_revoked__has_lapsed(lens, custody, batch, issuer, distributor):
    authorize(custody, issuer, distributor)
    custody.revokeSeller(issuer, distributor, sender=issuer)

    report = lens.inspect(query(batch, seller=distributor))

    assert graded(report) == (Verdict.REGISTERED, Reason.SELLER_LAPSED)


def test_inspect__seller_was_authorized_by_another_brand__is_unknown(
    lens, custody, batch, brand, distributor
):
    authorize(custody, brand, distributor)

    report = lens.inspect(query(batch, seller=distributor))

    assert graded(report) == (Verdict.REGISTERED, Reason.SELLER_UNKNOWN)


def test_inspect__seller_is_issuer__says_nothing_of_sellers(lens, batch, issuer):
    report = lens.inspect(query(batch, seller=issuer))

    assert graded(report) == (Verdict.REGISTERED, Reason.NONE)


def test_inspect__seller_is_not_holder__tells_of_seller(
    lens, custody, batch, issuer, distributor, payer
):
    authorize(custody, issuer, distributor)
    hand_over(custody, batch, issuer, distributor)

    report = lens.inspect(query(batch, seller=payer))

    assert graded(report) == (Verdict.IN_TRADE, Reason.LEFT_ISSUER | Reason.SELLER_UNKNOWN)


def test_inspect__item_in_trade_is_claimed__means_claim_outweighs_trade(
    lens, items, custody, batch, issuer, distributor, shopper
):
    hand_over(custody, batch, issuer, distributor)
    claim_item(items, batch, shopper)

    report = lens.inspect(query(batch, viewer=shopper, seller=issuer))

    reasons = Reason.LEFT_ISSUER | Reason.CLAIMED_BY_VIEWER
    assert graded(report) == (Verdict.CLAIMED_BY_YOU, reasons)


def test_inspect__item_in_trade_is_recalled__means_recall_outweighs_trade(
    lens, provenance, custody, batch, issuer, distributor
):
    custody.shipLot(batch.batch_id, 0, distributor, sender=issuer)
    recall(provenance, batch, issuer)

    report = lens.inspect(query(batch))

    assert graded(report) == (Verdict.RECALLED, Reason.RECALLED | Reason.IN_TRANSIT)


def test_inspect__carton_in_trade_is_not_activated__is_in_trade_with_reason(
    lens, provenance, custody, brand, distributor
):
    batch = register_batch(provenance, brand, carton_size=2)
    custody.shipLot(batch.batch_id, 0, distributor, sender=brand)

    report = lens.inspect(query(batch))

    assert graded(report) == (Verdict.IN_TRADE, Reason.NOT_ACTIVATED | Reason.IN_TRANSIT)
