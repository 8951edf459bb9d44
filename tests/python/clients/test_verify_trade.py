"""What a verdict tells of batch, lot and seller."""

from datetime import UTC, datetime

import pytest

from tests.python.clients.conftest import DOCUMENT, FAR, GTIN
from weilian.chain import Verdict
from weilian.verdicts import Reason
from weilian.verify import verify


def shipped(suite, batch, issuer, to, first=0):
    suite.chain.send(suite.custody.functions.shipLot(batch.id, first, to.address), issuer)


def received(suite, batch, issuer, to, counted=5):
    shipped(suite, batch, issuer, to)
    suite.chain.send(suite.custody.functions.receiveLot(batch.id, 0, counted, DOCUMENT), to)


def split(suite, batch, issuer, first, second):
    suite.chain.send(suite.custody.functions.splitLot(batch.id, first, second), issuer)


def test_verify__batch__is_told(suite, issuer, create_batch):
    batch = create_batch(issuer, FAR)

    report = verify(suite, batch.proof())

    assert (report.batch.gtin, report.batch.lot) == (GTIN.value, batch.lot)
    assert (report.batch.item_count, report.batch.expires_at) == (5, FAR)
    assert report.batch.registered_at <= report.block_time


def test_verify__never_shipped__is_one_lot_of_the_issuer(suite, issuer, create_batch):
    report = verify(suite, create_batch(issuer).proof("C3"))

    assert (report.custody.holder, report.custody.first, report.custody.size) == (
        issuer.address,
        0,
        5,
    )
    assert (report.custody.offered_to, report.custody.pallet, report.seller) == (None, None, None)


def test_verify__shipped__is_in_trade_and_says_to_whom(suite, issuer, stranger, create_batch):
    batch = create_batch(issuer)
    shipped(suite, batch, issuer, stranger)

    report = verify(suite, batch.proof())

    assert (report.verdict, report.reasons) == (Verdict.IN_TRADE, (Reason.IN_TRANSIT,))
    assert report.custody.offered_to == stranger.address
    assert report.custody.offered_at == report.block_time


def test_verify__received_short__tells_holder_and_discrepancy(
    suite, issuer, stranger, create_batch
):
    batch = create_batch(issuer)
    received(suite, batch, issuer, stranger, counted=4)

    report = verify(suite, batch.proof())

    assert report.reasons == (Reason.LEFT_ISSUER, Reason.DISCREPANCY, Reason.SELLER_UNKNOWN)
    assert (report.custody.holder, report.custody.has_discrepancy) == (stranger.address, True)


def test_verify__right_code_of_goods_in_trade__is_genuine(suite, issuer, stranger, create_batch):
    batch = create_batch(issuer)
    received(suite, batch, issuer, stranger)

    report = verify(suite, batch.proof(), hidden_code=batch.code(), issuer=issuer.address)

    assert report.verdict is Verdict.GENUINE_FIRST_CLAIM
    assert report.reasons[-1] is Reason.HIDDEN_CODE_RIGHT


@pytest.mark.parametrize(
    ("serial", "first", "size"), [("A1", 0, 3), ("C3", 0, 3), ("D4", 3, 1), ("E5", 4, 1)]
)
def test_verify__split_and_merged__finds_the_lot_of_each_item(
    suite, issuer, create_batch, serial, first, size
):
    batch = create_batch(issuer)
    for pair in ((0, 2), (2, 3), (3, 4)):
        split(suite, batch, issuer, *pair)
    suite.chain.send(suite.custody.functions.mergeLots(batch.id, 0, 2), issuer)

    report = verify(suite, batch.proof(serial))

    assert (report.reasons, report.custody.first, report.custody.size) == ((), first, size)


def test_verify__split_again_after_a_merge__finds_the_lot(suite, issuer, create_batch):
    batch = create_batch(issuer)
    split(suite, batch, issuer, 0, 2)
    suite.chain.send(suite.custody.functions.mergeLots(batch.id, 0, 2), issuer)
    split(suite, batch, issuer, 0, 2)

    assert verify(suite, batch.proof("C3")).custody.first == 2


def test_verify__lot_given_wrongly__stands_without_custody(suite, issuer, create_batch):
    report = verify(suite, create_batch(issuer).proof(), lot_first=3)

    assert (report.verdict, report.reasons) == (Verdict.REGISTERED, (Reason.LOT_WRONG,))
    assert report.custody is None


def test_verify__seller__is_told_with_its_times(suite, issuer, stranger, create_batch):
    batch = create_batch(issuer)
    until = suite.chain.block()[1] + 1_000
    terms = (issuer.address, stranger.address, until, bytes(20))
    suite.chain.send(suite.custody.functions.authorizeSeller(*terms), issuer)

    report = verify(suite, batch.proof(), seller=stranger.address)

    assert report.reasons == (Reason.SELLER_AUTHORIZED,)
    assert report.seller.since == report.block_time
    assert report.seller.until == datetime.fromtimestamp(until, UTC)


def test_verify__seller_revoked__has_lapsed(suite, issuer, stranger, create_batch):
    batch = create_batch(issuer)
    until = suite.chain.block()[1] + 1_000
    terms = (issuer.address, stranger.address, until, bytes(20))
    suite.chain.send(suite.custody.functions.authorizeSeller(*terms), issuer)
    suite.chain.send(suite.custody.functions.revokeSeller(*terms[:2]), issuer)

    report = verify(suite, batch.proof(), seller=stranger.address)

    assert report.reasons == (Reason.SELLER_LAPSED,)
    assert report.seller.until == report.block_time
