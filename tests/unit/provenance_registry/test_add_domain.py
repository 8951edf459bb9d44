import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.domains import DOMAIN, issuer_domain_set
from tests.support.reverts import reverts

LIMIT = 253


@pytest.mark.parametrize("prepare", ALLOWED)
def test_add_domain__caller_may_act_for_issuer__binds(
    provenance, identities, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("domain"), manufacturer)

    provenance.addDomain(issuer, DOMAIN, sender=manufacturer)

    assert provenance.isIssuerDomain(issuer, DOMAIN)


@pytest.mark.parametrize("prepare", REFUSED)
def test_add_domain__caller_may_not_act_for_issuer__reverts(
    provenance, identities, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("domain"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("domain"),
        actor=attacker,
    ):
        provenance.addDomain(issuer, DOMAIN, sender=attacker)


@pytest.mark.parametrize("length", [0, LIMIT + 1, 1000])
def test_add_domain__domain_is_empty_or_too_long__reverts(provenance, issuer, length):
    with reverts(provenance.IssuerRegistry_DomainLength, length=length, limit=LIMIT):
        provenance.addDomain(issuer, "a" * length, sender=issuer)


@pytest.mark.parametrize("length", [1, LIMIT])
def test_add_domain__domain_is_as_short_or_long_as_it_may_be__binds(provenance, issuer, length):
    provenance.addDomain(issuer, "a" * length, sender=issuer)

    assert provenance.isIssuerDomain(issuer, "a" * length)


def test_add_domain__short_domain_is_too_long_in_bytes__reverts(provenance, issuer):
    with reverts(provenance.IssuerRegistry_DomainLength, length=255, limit=LIMIT):
        provenance.addDomain(issuer, "链" * 85, sender=issuer)


def test_add_domain__issuer_has_bound_domain__reverts(provenance, issuer):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_DomainUnchanged, issuer=issuer, domain=DOMAIN, isBound=True
    ):
        provenance.addDomain(issuer, DOMAIN, sender=issuer)


@pytest.mark.parametrize("domain", [DOMAIN, "茶.中国", "<script>"])
def test_add_domain__issuer_is_first_to_bind_it__emits_both_events(provenance, issuer, domain):
    tx = provenance.addDomain(issuer, domain, sender=issuer)

    assert tx.events == [
        issuer_domain_set(provenance, issuer, True, domain),
        provenance.AddDomain(domain=domain),
    ]


def test_add_domain__another_issuer_has_bound_domain__emits_issuers_event_alone(
    provenance, issuer, brand
):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)

    tx = provenance.addDomain(brand, DOMAIN, sender=brand)

    assert tx.events == [issuer_domain_set(provenance, brand, True)]


def test_add_domain__another_issuer_has_bound_domain__binds_it_for_both(provenance, issuer, brand):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)

    provenance.addDomain(brand, DOMAIN, sender=brand)

    assert provenance.isIssuerDomain(issuer, DOMAIN)
    assert provenance.isIssuerDomain(brand, DOMAIN)


def test_add_domain__issuer_released_domain__binds_it_again(provenance, issuer):
    first = provenance.addDomain(issuer, DOMAIN, sender=issuer)
    provenance.removeDomain(issuer, DOMAIN, sender=issuer)

    second = provenance.addDomain(issuer, DOMAIN, sender=issuer)

    assert second.events == first.events
    assert provenance.checkDomain(DOMAIN)


def test_add_domain__two_domains_differ_in_case__binds_both(provenance, issuer):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)

    provenance.addDomain(issuer, DOMAIN.upper(), sender=issuer)

    assert provenance.isIssuerDomain(issuer, DOMAIN)
    assert provenance.isIssuerDomain(issuer, DOMAIN.upper())
