import pytest

from tests.support.batches import GTIN
from tests.support.clock import next_block_at
from tests.support.notices import LIFTING, NOTICE
from tests.support.verdicts import NoticeKind

RECALL, SUSPENSION = NoticeKind.RECALL, NoticeKind.SUSPENSION


@pytest.mark.parametrize("gtin", [0, GTIN, 2**64 - 1])
def test_gtin_notice_of__no_notice__is_all_zero(provenance, batch, issuer, gtin):
    assert tuple(provenance.gtinNoticeOf(issuer, gtin)) == (0, 0, 0)


@pytest.mark.parametrize("kind", NoticeKind)
def test_gtin_notice_of__notice_at_end_of_time__keeps_each_number_apart(provenance, issuer, kind):
    end = 2**48 - 1
    next_block_at(end - 1)
    provenance.recallGtin(issuer, GTIN, kind, NOTICE, sender=issuer)
    next_block_at(end)

    provenance.reinstateGtin(issuer, GTIN, LIFTING, sender=issuer)

    assert tuple(provenance.gtinNoticeOf(issuer, GTIN)) == (end - 1, end, kind)


def test_gtin_notice_of__notices_of_two_issuers_and_two_gtins__keeps_them_apart(
    provenance, issuer, brand
):
    provenance.recallGtin(issuer, GTIN, RECALL, NOTICE, sender=issuer)
    provenance.recallGtin(issuer, 1, SUSPENSION, NOTICE, sender=issuer)
    provenance.recallGtin(brand, GTIN, SUSPENSION, NOTICE, sender=brand)

    assert provenance.gtinNoticeOf(issuer, GTIN).kind == RECALL
    assert provenance.gtinNoticeOf(issuer, 1).kind == SUSPENSION
    assert provenance.gtinNoticeOf(brand, GTIN).kind == SUSPENSION
    assert provenance.gtinNoticeOf(brand, 1).issuedAt == 0
