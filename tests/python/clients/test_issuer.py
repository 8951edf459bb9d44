from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from weilian.chain import ContractRevert
from weilian.gs1 import Lot
from weilian.identity import Permission
from weilian.issuer import IssuerError

DAY = timedelta(days=1)


@pytest.fixture
def now(chain):
    return lambda: datetime.fromtimestamp(chain.block()[1], UTC)


@pytest.fixture
def operator(identities, issuer, stranger):
    """An account that may register and trace for the issuer."""
    for permission in (Permission.BATCH, Permission.TRACE):
        identities.add_delegate(issuer.address, permission, stranger.address, DAY, issuer)
    return stranger


def test_set_daily_limit__operator__registers_no_more_than_that(
    issuers, batches, issuer, operator, create_batch
):
    other = replace(create_batch(issuer).registration, lot=Lot("LIMITED"))

    limit = issuers.set_daily_limit(issuer.address, operator.address, 4, issuer)

    assert (limit.issuer, limit.operator, limit.daily_limit) == (
        *(issuer.address, operator.address),
        4,
    )
    with pytest.raises(ContractRevert) as caught:
        batches.register(other, operator)
    assert caught.value.name == "IssuerRegistry_DailyLimitExceeded"


def test_operator__limit_and_use__are_told(issuers, issuer, operator, create_batch, now):
    issuers.set_daily_limit(issuer.address, operator.address, 8, issuer)
    create_batch(issuer, signer=operator)

    kept = issuers.operator(issuer.address, operator.address)

    assert (kept.daily_limit, kept.used, kept.revoked_from) == (8, 5, None)
    assert kept.day == int(now().timestamp()) // 86_400


def test_set_daily_limit__none__frees_the_operator(issuers, issuer, operator):
    issuers.set_daily_limit(issuer.address, operator.address, 1, issuer)

    assert (
        issuers.set_daily_limit(issuer.address, operator.address, None, issuer).daily_limit is None
    )
    assert issuers.operator(issuer.address, operator.address).daily_limit is None


@pytest.mark.parametrize("limit", [0, -1, 2**48])
def test_set_daily_limit__out_of_range__is_refused(issuers, issuer, operator, limit):
    with pytest.raises(IssuerError, match=f"daily limit {limit} must be 1"):
        issuers.set_daily_limit(issuer.address, operator.address, limit, issuer)


def test_set_daily_limit__not_the_owner__is_refused(issuers, issuer, operator):
    with pytest.raises(ContractRevert) as caught:
        issuers.set_daily_limit(issuer.address, operator.address, 1, operator)

    assert caught.value.name == "IssuerRegistry_NotOwner"


def test_revoke_key__operator__is_marked_and_loses_every_delegation(
    issuers, identities, issuer, operator, now
):
    moment = now()

    revoked = issuers.revoke_key(issuer.address, operator.address, moment, issuer)

    assert (revoked.issuer, revoked.operator) == (issuer.address, operator.address)
    assert issuers.operator(issuer.address, operator.address).revoked_from == moment
    assert [each.permission for each in revoked.delegations] == [
        Permission.BATCH,
        Permission.TRACE,
    ]
    grants = [(issuer.address, each, operator.address) for each in Permission]
    assert not any(identities.is_authorized(*grant) for grant in grants)


def test_revoke_key__delegations_kept__are_ended_by_a_call_of_their_own(
    issuers, issuer, operator, now
):
    revoked = issuers.revoke_key(issuer.address, operator.address, now(), issuer, delegations=False)

    assert revoked.delegations == ()
    assert set(issuers.delegations(issuer.address, operator.address)) == {
        Permission.BATCH,
        Permission.TRACE,
    }
    assert len(issuers.revoke_delegations(issuer.address, operator.address, issuer)) == 2
    assert issuers.delegations(issuer.address, operator.address) == {}


def test_revoke_key__time_ahead__is_refused(issuers, issuer, operator, now):
    with pytest.raises(IssuerError, match="that is now"):
        issuers.revoke_key(issuer.address, operator.address, now() + DAY, issuer)


def test_revoke_key__later_than_before__is_refused_and_earlier_is_not(
    issuers, issuer, operator, now
):
    moment = now() - DAY
    issuers.revoke_key(issuer.address, operator.address, moment, issuer)

    with pytest.raises(IssuerError, match="revoked from then on already"):
        issuers.revoke_key(issuer.address, operator.address, moment + timedelta(seconds=1), issuer)
    earlier = issuers.revoke_key(issuer.address, operator.address, moment - DAY, issuer)
    assert earlier.revoked_from == moment - DAY


def test_domain__added_and_removed__is_listed_while_bound(issuers, issuer):
    added = [
        issuers.add_domain(issuer.address, domain, issuer)
        for domain in ("tea.example", "xn--yfro4i67o.example")
    ]
    both = issuers.domains(issuer.address)

    removed = issuers.remove_domain(issuer.address, "tea.example", issuer)

    assert [change.is_bound for change in (*added, removed)] == [True, True, False]
    assert both == ["tea.example", "xn--yfro4i67o.example"]
    assert issuers.domains(issuer.address) == ["xn--yfro4i67o.example"]
    assert not issuers.is_domain(issuer.address, "tea.example")
    assert issuers.is_domain(issuer.address, "xn--yfro4i67o.example")


@pytest.mark.parametrize(
    "domain",
    ["", "tea", "Tea.example", "-tea.example", "tea..example", "茶.example", f"{'a' * 64}.b"],
)
def test_add_domain__no_domain_name__is_refused(issuers, issuer, domain):
    with pytest.raises(IssuerError, match="is no domain"):
        issuers.add_domain(issuer.address, domain, issuer)


def test_add_domain__longer_than_253__is_refused(issuers, issuer):
    labels = ".".join(["a" * 49] * 5)

    with pytest.raises(IssuerError):
        issuers.add_domain(issuer.address, f"{labels}.abcd", issuer)
    assert issuers.add_domain(issuer.address, f"{labels}.abc", issuer).is_bound


def test_add_domain__twice__is_told_by_the_contract(issuers, issuer):
    issuers.add_domain(issuer.address, "tea.example", issuer)

    with pytest.raises(ContractRevert) as caught:
        issuers.add_domain(issuer.address, "tea.example", issuer)

    assert caught.value.name == "IssuerRegistry_DomainUnchanged"
