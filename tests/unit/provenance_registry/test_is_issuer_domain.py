import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.domains import DOMAIN


@pytest.mark.parametrize("domain", ["", DOMAIN, "a" * 300])
def test_is_issuer_domain__issuer_has_not_bound_domain__is_false(provenance, issuer, domain):
    assert not provenance.isIssuerDomain(issuer, domain)


def test_is_issuer_domain__issuer_has_bound_domain__is_true_for_this_issuer_alone(
    provenance, issuer, brand
):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)

    answers = [provenance.isIssuerDomain(each, DOMAIN) for each in (issuer, brand, ZERO_ADDRESS)]

    assert answers == [True, False, False]


def test_is_issuer_domain__issuer_released_domain__is_false(provenance, issuer):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)
    provenance.removeDomain(issuer, DOMAIN, sender=issuer)

    assert not provenance.isIssuerDomain(issuer, DOMAIN)


def test_is_issuer_domain__issuer_is_deactivated__is_still_true(provenance, identities, issuer):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    assert provenance.isIssuerDomain(issuer, DOMAIN)
