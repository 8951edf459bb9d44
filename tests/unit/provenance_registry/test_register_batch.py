import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import GTIN, GTIN_LIMIT, LOT, batch_id_of, create_registration
from tests.support.clock import next_block_at, now
from tests.support.reverts import reverts

OTHER_LOT = b"ABCDEFGHIJKLMNOPQRST"


@pytest.mark.parametrize("prepare", ALLOWED)
def test_register_batch__caller_may_act_for_issuer__registers(
    provenance, identities, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("batch"), manufacturer)

    provenance.registerBatch(create_registration(issuer), sender=manufacturer)

    assert provenance.batchOf(batch_id_of(issuer)).itemCount == 4


@pytest.mark.parametrize("prepare", REFUSED)
def test_register_batch__caller_may_not_act_for_issuer__reverts(
    provenance, identities, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("batch"), attacker)

    with reverts(
        provenance.ProvenanceRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("batch"),
        actor=attacker,
    ):
        provenance.registerBatch(create_registration(issuer), sender=attacker)


def test_register_batch__issuer_registers__keeps_what_items_are_checked_against(provenance, issuer):
    terms = create_registration(issuer, expiresAt=now() + 864_000)

    tx = provenance.registerBatch(terms, sender=issuer)

    batch = provenance.batchOf(batch_id_of(issuer))
    assert batch.root == terms["root"]
    assert batch.itemCount == terms["itemCount"]
    assert batch.registeredAt == tx.timestamp
    assert batch.expiresAt == terms["expiresAt"]
    assert batch.recalledAt == 0


def test_register_batch__issuer_registers__emits_all_terms(provenance, issuer):
    terms = create_registration(issuer, expiresAt=now() + 864_000)

    tx = provenance.registerBatch(terms, sender=issuer)

    assert tx.events == [provenance.BatchRegistered(batchId=batch_id_of(issuer), **terms)]


def test_register_batch__issuer_registers__returns_id(provenance, issuer):
    returned = provenance.registerBatch.call(create_registration(issuer), sender=issuer)

    assert returned == batch_id_of(issuer)


@pytest.mark.parametrize("gtin", [0, GTIN_LIMIT + 1, 2**64 - 1])
def test_register_batch__gtin_is_out_of_range__reverts(provenance, issuer, gtin):
    with reverts(provenance.ProvenanceRegistry_GtinOutOfRange, gtin=gtin, limit=GTIN_LIMIT):
        provenance.registerBatch(create_registration(issuer, gtin=gtin), sender=issuer)


@pytest.mark.parametrize("gtin", [1, GTIN_LIMIT])
def test_register_batch__gtin_is_at_limit__registers(provenance, issuer, gtin):
    provenance.registerBatch(create_registration(issuer, gtin=gtin), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer, gtin)).itemCount == 4


def test_register_batch__lot_is_empty__reverts(provenance, issuer):
    with reverts(provenance.ProvenanceRegistry_LotEmpty):
        provenance.registerBatch(create_registration(issuer, lot=b"\0" * 20), sender=issuer)


def test_register_batch__there_are_no_items__reverts(provenance, issuer):
    terms = create_registration(issuer, itemCount=0)

    with reverts(provenance.ProvenanceRegistry_BatchEmpty, itemCount=0, root=terms["root"]):
        provenance.registerBatch(terms, sender=issuer)


def test_register_batch__there_is_no_root__reverts(provenance, issuer):
    with reverts(provenance.ProvenanceRegistry_BatchEmpty, itemCount=4, root=ZERO_HASH):
        provenance.registerBatch(create_registration(issuer, root=ZERO_HASH), sender=issuer)


@pytest.mark.parametrize("count", [1, 2**32 - 1])
def test_register_batch__item_count_is_at_limit__keeps_it(provenance, issuer, count):
    provenance.registerBatch(create_registration(issuer, itemCount=count), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).itemCount == count


def test_register_batch__goods_expire_this_second__reverts(provenance, issuer):
    time = now() + 86_400
    terms = create_registration(issuer, expiresAt=time)
    next_block_at(time)

    with reverts(provenance.ProvenanceRegistry_ExpiryTooEarly, expiresAt=time, earliest=time + 1):
        provenance.registerBatch(terms, sender=issuer)


def test_register_batch__goods_expire_in_next_second__registers(provenance, issuer):
    time = now() + 86_400
    terms = create_registration(issuer, expiresAt=time + 1)
    next_block_at(time)

    provenance.registerBatch(terms, sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).expiresAt == time + 1


def test_register_batch__expiry_is_production__reverts(provenance, issuer):
    time = now() + 864_000
    terms = create_registration(issuer, producedAt=time, expiresAt=time)

    with reverts(provenance.ProvenanceRegistry_ExpiryTooEarly, expiresAt=time, earliest=time + 1):
        provenance.registerBatch(terms, sender=issuer)


def test_register_batch__expiry_is_one_second_after_production_in_future__registers(
    provenance, issuer
):
    time = now() + 864_000
    terms = create_registration(issuer, producedAt=time, expiresAt=time + 1)

    provenance.registerBatch(terms, sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).expiresAt == time + 1


def test_register_batch__production_is_at_end_of_time__reverts(provenance, issuer):
    end = 2**48 - 1
    terms = create_registration(issuer, producedAt=end, expiresAt=end)

    with reverts(provenance.ProvenanceRegistry_ExpiryTooEarly, expiresAt=end, earliest=end + 1):
        provenance.registerBatch(terms, sender=issuer)


def test_register_batch__batch_exists__reverts(provenance, issuer):
    first = provenance.registerBatch(create_registration(issuer), sender=issuer)
    again = create_registration(issuer, itemCount=9, root=keccak(text="another root"))

    with reverts(
        provenance.ProvenanceRegistry_BatchExists,
        batchId=batch_id_of(issuer),
        registeredAt=first.timestamp,
    ):
        provenance.registerBatch(again, sender=issuer)


def test_register_batch__batch_exists__reverts_after_recall_too(provenance, issuer):
    first = provenance.registerBatch(create_registration(issuer), sender=issuer)
    provenance.recallBatch(batch_id_of(issuer), keccak(text="notice"), sender=issuer)

    with reverts(
        provenance.ProvenanceRegistry_BatchExists,
        batchId=batch_id_of(issuer),
        registeredAt=first.timestamp,
    ):
        provenance.registerBatch(create_registration(issuer), sender=issuer)


def test_register_batch__another_issuer_has_same_gtin_and_lot__registers_both(
    provenance, issuer, brand
):
    provenance.registerBatch(create_registration(issuer, itemCount=1), sender=issuer)

    provenance.registerBatch(create_registration(brand, itemCount=2), sender=brand)

    assert provenance.batchOf(batch_id_of(issuer)).itemCount == 1
    assert provenance.batchOf(batch_id_of(brand)).itemCount == 2


def test_register_batch__another_batch_of_gtin__registers_both(provenance, issuer):
    provenance.registerBatch(create_registration(issuer, itemCount=1), sender=issuer)

    provenance.registerBatch(create_registration(issuer, lot=OTHER_LOT, itemCount=2), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer, GTIN, LOT)).itemCount == 1
    assert provenance.batchOf(batch_id_of(issuer, GTIN, OTHER_LOT)).itemCount == 2
