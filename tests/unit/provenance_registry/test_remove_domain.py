import pytest

from tests.support.abi import permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.domains import DOMAIN, issuer_domain_set
from tests.support.reverts import reverts


@pytest.fixture
def bound(provenance, issuer):
    """A domain that the issuer has bound."""
    provenance.addDomain(issuer, DOMAIN, sender=issuer)
    return DOMAIN


@pytest.mark.parametrize("prepare", ALLOWED)
def test_remove_domain__caller_may_act_for_issuer__releases(
    provenance, identities, bound, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("domain"), manufacturer)

    provenance.removeDomain(issuer, bound, sender=manufacturer)

    assert not provenance.isIssuerDomain(issuer, bound)


@pytest.mark.parametrize("prepare", REFUSED)
def test_remove_domain__caller_may_not_act_for_issuer__reverts(
    provenance, identities, bound, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("domain"), attacker)

    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("domain"),
        actor=attacker,
    ):
        provenance.removeDomain(issuer, bound, sender=attacker)


@pytest.mark.parametrize("domain", ["", "example.org", DOMAIN.upper()])
def test_remove_domain__issuer_has_not_bound_domain__reverts(provenance, bound, issuer, domain):
    with reverts(
        provenance.IssuerRegistry_DomainUnchanged, issuer=issuer, domain=domain, isBound=False
    ):
        provenance.removeDomain(issuer, domain, sender=issuer)


def test_remove_domain__only_another_issuer_has_bound_domain__reverts(provenance, bound, brand):
    with reverts(
        provenance.IssuerRegistry_DomainUnchanged, issuer=brand, domain=bound, isBound=False
    ):
        provenance.removeDomain(brand, bound, sender=brand)


def test_remove_domain__issuer_released_domain__reverts(provenance, bound, issuer):
    provenance.removeDomain(issuer, bound, sender=issuer)

    with reverts(
        provenance.IssuerRegistry_DomainUnchanged, issuer=issuer, domain=bound, isBound=False
    ):
        provenance.removeDomain(issuer, bound, sender=issuer)


def test_remove_domain__issuer_is_last_to_release_it__emits_both_events(provenance, bound, issuer):
    tx = provenance.removeDomain(issuer, bound, sender=issuer)

    assert tx.events == [
        issuer_domain_set(provenance, issuer, False),
        provenance.RemoveDomain(domain=bound),
    ]


def test_remove_domain__another_issuer_has_bound_domain__emits_issuers_event_alone(
    provenance, bound, issuer, brand
):
    provenance.addDomain(brand, bound, sender=brand)

    tx = provenance.removeDomain(issuer, bound, sender=issuer)

    assert tx.events == [issuer_domain_set(provenance, issuer, False)]


def test_remove_domain__another_issuer_has_bound_domain__leaves_it_bound_for_other(
    provenance, bound, issuer, brand
):
    provenance.addDomain(brand, bound, sender=brand)

    provenance.removeDomain(issuer, bound, sender=issuer)

    assert provenance.checkDomain(bound)
    assert provenance.isIssuerDomain(brand, bound)
    assert not provenance.isIssuerDomain(issuer, bound)


def test_remove_domain__another_domain_of_issuer__leaves_this_domain_bound(
    provenance, bound, issuer
):
    provenance.addDomain(issuer, "example.org", sender=issuer)

    provenance.removeDomain(issuer, bound, sender=issuer)

    assert provenance.isIssuerDomain(issuer, "example.org")
    assert provenance.checkDomain("example.org")
