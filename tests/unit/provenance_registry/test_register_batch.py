import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_HASH, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import GTIN, GTIN_LIMIT, LOT, batch_id_of, create_registration
from tests.support.clock import later, next_block_at
from tests.support.delegation import delegate_all
from tests.support.notices import NOTICE
from tests.support.operators import midnight, register_items, tag_of
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind

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
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("batch"),
        actor=attacker,
    ):
        provenance.registerBatch(create_registration(issuer), sender=attacker)


def test_register_batch__issuer_registers__keeps_what_items_are_checked_against(provenance, issuer):
    terms = create_registration(issuer, cartonSize=3, expiresAt=later(864_000))

    tx = provenance.registerBatch(terms, sender=issuer)

    kept = tuple(provenance.batchOf(batch_id_of(issuer)))
    numbers = (4, GTIN, tx.timestamp, terms["expiresAt"], 3, 0, tag_of(issuer))
    assert kept == (terms["root"], *numbers)


def test_register_batch__issuer_registers__emits_all_terms(provenance, issuer):
    terms = create_registration(issuer, cartonSize=3, expiresAt=later(864_000))

    tx = provenance.registerBatch(terms, sender=issuer)

    told = {"batchId": batch_id_of(issuer), **terms, "actor": issuer}
    assert tx.events == [provenance.BatchRegistered(**told)]


def test_register_batch__issuer_registers__returns_id(provenance, issuer):
    returned = provenance.registerBatch.call(create_registration(issuer), sender=issuer)

    assert returned == batch_id_of(issuer)


def test_register_batch__delegate_registers__names_delegate_as_actor(
    provenance, identities, issuer, manufacturer
):
    delegate_all(identities, issuer, manufacturer, ["batch"])

    tx = provenance.registerBatch(create_registration(issuer), sender=manufacturer)

    assert [event.actor for event in tx.events] == [manufacturer]


@pytest.mark.parametrize("gtin", [0, GTIN_LIMIT + 1, 2**64 - 1])
def test_register_batch__gtin_is_out_of_range__reverts(provenance, issuer, gtin):
    with reverts(provenance.ProvenanceRegistry_GtinOutOfRange, gtin=gtin, limit=GTIN_LIMIT):
        provenance.registerBatch(create_registration(issuer, gtin=gtin), sender=issuer)


@pytest.mark.parametrize("gtin", [1, GTIN_LIMIT])
def test_register_batch__gtin_is_at_limit__registers(provenance, issuer, gtin):
    provenance.registerBatch(create_registration(issuer, gtin=gtin), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer, gtin)).gtin == gtin


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


@pytest.mark.parametrize("size", [0, 1, 3, 65_535])
def test_register_batch__carton_size_is_at_limit_or_divides_no_batch__keeps_it(
    provenance, issuer, size
):
    provenance.registerBatch(create_registration(issuer, cartonSize=size), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).cartonSize == size


def test_register_batch__goods_expire_this_second__reverts(provenance, issuer):
    time = later(86_400)
    terms = create_registration(issuer, expiresAt=time)
    next_block_at(time)

    with reverts(provenance.ProvenanceRegistry_ExpiryTooEarly, expiresAt=time, earliest=time + 1):
        provenance.registerBatch(terms, sender=issuer)


def test_register_batch__goods_expire_in_next_second__registers(provenance, issuer):
    time = later(86_400)
    terms = create_registration(issuer, expiresAt=time + 1)
    next_block_at(time)

    provenance.registerBatch(terms, sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).expiresAt == time + 1


def test_register_batch__expiry_is_production__reverts(provenance, issuer):
    time = later(864_000)
    terms = create_registration(issuer, producedAt=time, expiresAt=time)

    with reverts(provenance.ProvenanceRegistry_ExpiryTooEarly, expiresAt=time, earliest=time + 1):
        provenance.registerBatch(terms, sender=issuer)


def test_register_batch__expiry_is_one_second_after_production_in_future__registers(
    provenance, issuer
):
    time = later(864_000)
    terms = create_registration(issuer, producedAt=time, expiresAt=time + 1)

    provenance.registerBatch(terms, sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).expiresAt == time + 1


def test_register_batch__production_is_at_end_of_time__reverts(provenance, issuer):
    end = 2**48 - 1
    terms = create_registration(issuer, producedAt=end, expiresAt=end)

    with reverts(provenance.ProvenanceRegistry_ExpiryTooEarly, expiresAt=end, earliest=end + 1):
        provenance.registerBatch(terms, sender=issuer)


def test_register_batch__goods_do_not_expire__registers_whenever_produced(provenance, issuer):
    terms = create_registration(issuer, producedAt=2**48 - 1, expiresAt=0)

    provenance.registerBatch(terms, sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).expiresAt == 0


def test_register_batch__expiry_is_at_end_of_time__keeps_it(provenance, issuer):
    terms = create_registration(issuer, expiresAt=2**48 - 1)

    provenance.registerBatch(terms, sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).expiresAt == 2**48 - 1


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
    provenance.recall(batch_id_of(issuer), 0, 3, NoticeKind.RECALL, NOTICE, sender=issuer)

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


def test_register_batch__delegate_registers__keeps_delegates_tag(
    provenance, identities, issuer, manufacturer
):
    delegate_all(identities, issuer, manufacturer, ["batch"])

    provenance.registerBatch(create_registration(issuer), sender=manufacturer)

    assert provenance.batchOf(batch_id_of(issuer)).operatorTag == tag_of(manufacturer)


def test_register_batch__key_is_revoked__reverts(provenance, identities, issuer, manufacturer):
    delegate_all(identities, issuer, manufacturer, ["batch"])
    provenance.revokeKey(issuer, manufacturer, 1, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_KeyRevoked, issuer=issuer, operator=manufacturer, revokedFrom=1
    ):
        provenance.registerBatch(create_registration(issuer), sender=manufacturer)


def test_register_batch__key_of_owner_itself_is_revoked__reverts(provenance, issuer):
    provenance.revokeKey(issuer, issuer, 7, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_KeyRevoked, issuer=issuer, operator=issuer, revokedFrom=7
    ):
        provenance.registerBatch(create_registration(issuer), sender=issuer)


def test_register_batch__key_of_another_operator_is_revoked__registers(
    provenance, issuer, manufacturer
):
    provenance.revokeKey(issuer, manufacturer, 1, sender=issuer)

    provenance.registerBatch(create_registration(issuer), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).itemCount == 4


def test_register_batch__another_issuer_revoked_key__registers(provenance, issuer, brand):
    provenance.revokeKey(brand, issuer, 1, sender=brand)

    provenance.registerBatch(create_registration(issuer), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).itemCount == 4


@pytest.mark.parametrize("portions", [[10], [3, 7], [9, 1]])
def test_register_batch__items_reach_daily_limit__registers(provenance, issuer, portions):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)

    for count in portions:
        tx = register_items(provenance, issuer, count)

    operator = tuple(provenance.operatorOf(issuer, issuer))
    assert operator == (0, 10, tx.timestamp // 86_400, 10)


@pytest.mark.parametrize("before", [0, 4, 10])
def test_register_batch__items_exceed_daily_limit_by_one__reverts(provenance, issuer, before):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    if before:
        register_items(provenance, issuer, before)

    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=issuer,
        operator=issuer,
        used=11,
        dailyLimit=10,
    ):
        register_items(provenance, issuer, 11 - before)


def test_register_batch__daily_limit_refused_some__counts_none_of_them(provenance, issuer):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=issuer,
        operator=issuer,
        used=11,
        dailyLimit=10,
    ):
        register_items(provenance, issuer, 11)

    register_items(provenance, issuer, 10)

    assert provenance.operatorOf(issuer, issuer).used == 10


def test_register_batch__largest_batches_and_largest_limit__counts_beyond_32_bits(
    provenance, issuer
):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, issuer, 2**48 - 1, sender=issuer)

    register_items(provenance, issuer, 2**32 - 1)
    register_items(provenance, issuer, 2**32 - 1)

    assert provenance.operatorOf(issuer, issuer).used == 2 * (2**32 - 1)


def test_register_batch__last_second_of_day__still_counts_to_day(provenance, issuer):
    end = midnight() + 86_400
    next_block_at(end - 86_400)
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    register_items(provenance, issuer, 10)
    next_block_at(end - 1)

    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=issuer,
        operator=issuer,
        used=11,
        dailyLimit=10,
    ):
        register_items(provenance, issuer, 1)


def test_register_batch__first_second_of_next_day__counts_from_zero(provenance, issuer):
    end = midnight() + 86_400
    next_block_at(end - 1)
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    next_block_at(end)
    register_items(provenance, issuer, 10)
    next_block_at(end + 86_400)

    register_items(provenance, issuer, 9)

    operator = tuple(provenance.operatorOf(issuer, issuer))
    assert operator == (0, 10, end // 86_400 + 1, 9)


def test_register_batch__two_operators_have_limits__counts_them_apart(
    provenance, identities, issuer, manufacturer
):
    next_block_at(midnight())
    delegate_all(identities, issuer, manufacturer, ["batch"])
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    provenance.setDailyLimit(issuer, manufacturer, 5, sender=issuer)

    register_items(provenance, issuer, 10)
    register_items(provenance, issuer, 5, sender=manufacturer)

    assert provenance.operatorOf(issuer, issuer).used == 10
    assert provenance.operatorOf(issuer, manufacturer).used == 5


def test_register_batch__operator_of_two_issuers__counts_them_apart(
    provenance, identities, issuer, brand, manufacturer
):
    next_block_at(midnight())
    for owner in (issuer, brand):
        delegate_all(identities, owner, manufacturer, ["batch"])
        provenance.setDailyLimit(owner, manufacturer, 10, sender=owner)

    register_items(provenance, issuer, 10, sender=manufacturer)
    register_items(provenance, brand, 9, sender=manufacturer)

    assert provenance.operatorOf(issuer, manufacturer).used == 10
    assert provenance.operatorOf(brand, manufacturer).used == 9


def test_register_batch__operator_without_limit__counts_nothing(provenance, issuer):
    register_items(provenance, issuer, 2**32 - 1)

    assert tuple(provenance.operatorOf(issuer, issuer)) == (0, 0, 0, 0)
