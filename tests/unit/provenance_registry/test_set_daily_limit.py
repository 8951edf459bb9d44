import pytest

from tests.support.abi import permission
from tests.support.authority import REFUSED, VALIDITY, new_owner
from tests.support.clock import next_block_at
from tests.support.delegation import PERMISSIONS
from tests.support.operators import midnight, register_items, twin_of
from tests.support.reverts import reverts

LARGEST = 2**48 - 1


def test_set_daily_limit__caller_owns_issuer__sets_limit(
    provenance, identities, issuer, brand, manufacturer
):
    new_owner(identities, issuer, None, brand)

    provenance.setDailyLimit(issuer, manufacturer, 5, sender=brand)

    assert tuple(provenance.operatorOf(issuer, manufacturer)) == (0, 5, 0, 0)


@pytest.mark.parametrize("name", PERMISSIONS)
def test_set_daily_limit__caller_is_delegate_of_any_kind__reverts(
    provenance, identities, issuer, manufacturer, name
):
    identities.addDelegate(issuer, permission(name), manufacturer, VALIDITY, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_NotOwner, issuer=issuer, actor=manufacturer, owner=issuer
    ):
        provenance.setDailyLimit(issuer, manufacturer, 0, sender=manufacturer)


@pytest.mark.parametrize("prepare", REFUSED)
def test_set_daily_limit__caller_does_not_own_issuer__reverts(
    provenance, identities, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("batch"), attacker)
    owner = identities.identityOwner(issuer)

    with reverts(provenance.IssuerRegistry_NotOwner, issuer=issuer, actor=attacker, owner=owner):
        provenance.setDailyLimit(issuer, attacker, 0, sender=attacker)


def test_set_daily_limit__owner_sets_it__emits_it(provenance, issuer, manufacturer):
    tx = provenance.setDailyLimit(issuer, manufacturer, 5, sender=issuer)

    assert tx.events == [
        provenance.DailyLimitSet(issuer=issuer, operator=manufacturer, dailyLimit=5)
    ]


def test_set_daily_limit__owner_sets_it__changes_nothing_else_of_operator(provenance, issuer):
    provenance.setDailyLimit(issuer, issuer, 9, sender=issuer)
    register_items(provenance, issuer, 7)
    provenance.revokeKey(issuer, issuer, 123, sender=issuer)
    before = provenance.operatorOf(issuer, issuer)

    provenance.setDailyLimit(issuer, issuer, 5, sender=issuer)

    assert before.used == 7
    assert tuple(provenance.operatorOf(issuer, issuer)) == (123, 5, before.day, 7)


@pytest.mark.parametrize("limit", [0, 1, LARGEST])
def test_set_daily_limit__limit_is_zero_or_largest__keeps_it(
    provenance, issuer, manufacturer, limit
):
    provenance.setDailyLimit(issuer, manufacturer, 77, sender=issuer)

    provenance.setDailyLimit(issuer, manufacturer, limit, sender=issuer)

    assert tuple(provenance.operatorOf(issuer, manufacturer)) == (0, limit, 0, 0)


def test_set_daily_limit__limit_that_is_used_up__lets_more_be_registered_when_raised(
    provenance, issuer
):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    register_items(provenance, issuer, 10)

    provenance.setDailyLimit(issuer, issuer, 11, sender=issuer)
    register_items(provenance, issuer, 1)

    assert provenance.operatorOf(issuer, issuer).used == 11


def test_set_daily_limit__limit_that_is_used_up__lets_any_number_be_registered_when_taken_away(
    provenance, issuer
):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    register_items(provenance, issuer, 10)

    provenance.setDailyLimit(issuer, issuer, 0, sender=issuer)
    register_items(provenance, issuer, 2**32 - 1)

    assert provenance.operatorOf(issuer, issuer).used == 10


def test_set_daily_limit__items_that_were_registered_today__refuses_more_when_lowered(
    provenance, issuer
):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    register_items(provenance, issuer, 8)
    provenance.setDailyLimit(issuer, issuer, 5, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=issuer,
        operator=issuer,
        used=9,
        dailyLimit=5,
    ):
        register_items(provenance, issuer, 1)


def test_set_daily_limit__items_that_were_registered_without_limit__counts_from_zero(
    provenance, issuer
):
    next_block_at(midnight())
    register_items(provenance, issuer, 10)

    provenance.setDailyLimit(issuer, issuer, 10, sender=issuer)
    register_items(provenance, issuer, 10)

    assert provenance.operatorOf(issuer, issuer).used == 10


def test_set_daily_limit__another_account_has_same_last_7_bytes__shares_limit(provenance, issuer):
    next_block_at(midnight())
    provenance.setDailyLimit(issuer, twin_of(issuer), 10, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_DailyLimitExceeded,
        issuer=issuer,
        operator=issuer,
        used=11,
        dailyLimit=10,
    ):
        register_items(provenance, issuer, 11)


def test_set_daily_limit__another_account_differs_in_seventh_byte_from_end__has_no_limit(
    provenance, issuer
):
    stranger = int(str(issuer), 16) ^ 1 << 48

    provenance.setDailyLimit(issuer, f"0x{stranger:040x}", 10, sender=issuer)
    register_items(provenance, issuer, 11)

    assert tuple(provenance.operatorOf(issuer, issuer)) == (0, 0, 0, 0)


def test_set_daily_limit__limits_of_two_issuers_for_one_operator__keeps_them_apart(
    provenance, issuer, brand, manufacturer
):
    provenance.setDailyLimit(issuer, manufacturer, 5, sender=issuer)
    provenance.setDailyLimit(brand, manufacturer, 6, sender=brand)

    assert provenance.operatorOf(issuer, manufacturer).dailyLimit == 5
    assert provenance.operatorOf(brand, manufacturer).dailyLimit == 6
