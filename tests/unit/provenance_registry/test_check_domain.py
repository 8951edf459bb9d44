import pytest

from tests.support.domains import DOMAIN


@pytest.mark.parametrize("domain", ["", DOMAIN, "a" * 300])
def test_check_domain__no_issuer_has_bound_domain__is_false(provenance, domain):
    assert not provenance.checkDomain(domain)


def test_check_domain__issuers_bind_and_release_domain__is_true_from_first_to_last(
    provenance, issuer, brand
):
    answers = []
    for act, owner in [
        (provenance.addDomain, issuer),
        (provenance.addDomain, brand),
        (provenance.removeDomain, issuer),
        (provenance.removeDomain, brand),
    ]:
        act(owner, DOMAIN, sender=owner)
        answers.append(provenance.checkDomain(DOMAIN))

    assert answers == [True, True, True, False]


@pytest.mark.parametrize("domain", [f"{DOMAIN}.", f"{DOMAIN}\0", f"www.{DOMAIN}", DOMAIN[:-1]])
def test_check_domain__domain_that_resembles_bound_one__is_false(provenance, issuer, domain):
    provenance.addDomain(issuer, DOMAIN, sender=issuer)

    assert not provenance.checkDomain(domain)
