from tests.support.abi import ZERO_HASH
from tests.support.batches import GTIN_LIMIT, LOT, batch_id_of, create_registration
from tests.support.delegation import delegate_all
from tests.support.notices import LIFTING, issue_notice
from tests.support.operators import tag_of


def test_batch_of__no_batch__is_all_zero(provenance, issuer):
    assert tuple(provenance.batchOf(batch_id_of(issuer))) == (ZERO_HASH, 0, 0, 0, 0, 0, 0, 0)


def test_batch_of__batch_with_largest_of_every_number__keeps_each_apart(provenance, issuer):
    largest = {"itemCount": 2**32 - 1, "gtin": GTIN_LIMIT, "expiresAt": 2**48 - 1}
    terms = create_registration(issuer, **largest, cartonSize=2**16 - 1, root=b"\xff" * 32)

    tx = provenance.registerBatch(terms, sender=issuer)

    numbers = (2**32 - 1, GTIN_LIMIT, tx.timestamp, 2**48 - 1, 2**16 - 1, 0, tag_of(issuer))
    kept = provenance.batchOf(batch_id_of(issuer, GTIN_LIMIT, LOT))
    assert tuple(kept) == (b"\xff" * 32, *numbers)


def test_batch_of__batch_with_smallest_of_every_number__keeps_each_apart(provenance, issuer):
    root = bytes(31) + b"\1"
    terms = create_registration(issuer, itemCount=1, gtin=1, producedAt=0, root=root)

    tx = provenance.registerBatch(terms, sender=issuer)

    kept = provenance.batchOf(batch_id_of(issuer, 1, LOT))
    assert tuple(kept) == (root, 1, 1, tx.timestamp, 0, 0, 0, tag_of(issuer))


def test_batch_of__notices_that_stand_and_one_that_was_lifted__counts_all(
    provenance, batch, issuer
):
    for first in (0, 1, 2):
        issue_notice(provenance, batch, issuer, first, first)
    provenance.reinstate(batch.batch_id, 1, LIFTING, sender=issuer)

    assert provenance.batchOf(batch.batch_id).noticeCount == 3


def test_batch_of__another_operators_tag__is_last_7_bytes_of_account(
    provenance, identities, issuer, manufacturer
):
    delegate_all(identities, issuer, manufacturer, ["batch"])
    provenance.registerBatch(create_registration(issuer), sender=manufacturer)

    tag = provenance.batchOf(batch_id_of(issuer)).operatorTag

    assert tag.to_bytes(7) == bytes.fromhex(str(manufacturer)[2:])[-7:]
