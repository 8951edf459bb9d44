"""An attacker runs a look-alike query site with a registry of its own, or says it is the brand.

What remains open: the shopper must use a verifier that the attacker did not give, and know the
brand's identity; the TXT record of a domain is read by that verifier, not by the chain.
"""

from types import SimpleNamespace

import pytest

from tests.support.abi import permission
from tests.support.printed import item_of, look, moved, print_batch, register_printed, terms_of
from tests.support.reverts import reverts
from tests.support.verdicts import Reason, Verdict
from weilian import abi
from weilian.chain import Chain
from weilian.merkle import ItemProofError
from weilian.verification.domains import Bond, check_domain

DOMAIN = "tea.example"


@pytest.fixture
def bound(provenance, brand):
    """The brand's domain, bound."""
    provenance.addDomain(brand, DOMAIN, sender=brand)


@pytest.fixture
def other_registry(project, deployer, identities):
    """A registry that the attacker deployed."""
    return deployer.deploy(project.ProvenanceRegistry, identities)


def test_t06_look_alike_site__attacker_registers_forgery_elsewhere__is_unknown_here(
    lens, other_registry, attacker
):
    forged = print_batch(other_registry, attacker)
    other_registry.registerBatch(terms_of(forged, attacker), sender=attacker)

    report = look(lens, forged.proof())

    assert (report.verdict, report.reasons) == (Verdict.UNKNOWN, Reason.BATCH_UNKNOWN)


def test_t06_look_alike_site__attacker_registers_brands_root_there__means_proofs_fail_there(
    provenance, other_registry, printed, proof, brand
):
    # Leaves are bound to the registry: even the brand cannot use one tree in two.
    other_registry.registerBatch(terms_of(printed, brand), sender=brand)

    verdict, reasons = other_registry.verdictOf(item_of(proof), list(proof.proof))

    assert (verdict, reasons) == (Verdict.UNKNOWN, Reason.PROOF_INVALID)
    assert provenance.verdictOf(item_of(proof), list(proof.proof))[0] == Verdict.REGISTERED


def test_t06_look_alike_site__attacker_writes_other_registry_into_proof_file__is_found(
    other_registry, proof
):
    forged = moved(proof, registry=other_registry.address)

    with pytest.raises(ItemProofError):
        forged.check()


def test_t06_look_alike_site__attacker_registers_brands_gtin__means_proof_names_attacker(
    provenance, brand, attacker
):
    forged = register_printed(provenance, attacker)

    proof = forged.proof()

    assert proof.gtin == print_batch(provenance, brand).proof().gtin
    assert proof.issuer == attacker.address != brand.address


def test_t06_look_alike_site__attacker_writes_brand_into_proof_file__is_found(
    lens, provenance, printed, attacker
):
    forged = register_printed(provenance, attacker).proof()
    relabelled = moved(forged, batch_id=printed.batch_id)

    with pytest.raises(ItemProofError):
        relabelled.check()
    assert look(lens, relabelled).reasons == Reason.PROOF_INVALID


@pytest.mark.parametrize(
    "look_alike",
    ["tea.examp1e", "tea-example", "teа.example", "tea.example.attacker", "TEA.example"],
    ids=["digit", "dash", "cyrillic", "longer", "case"],
)
def test_t06_look_alike_site__attacker_owns_look_alike_domain__is_not_bound(
    provenance, bound, brand, look_alike
):
    assert provenance.checkDomain(DOMAIN)
    assert not provenance.checkDomain(look_alike)
    assert not provenance.isIssuerDomain(brand, look_alike)


def test_t06_look_alike_site__attacker_binds_domain_for_brand__is_refused(
    provenance, bound, brand, attacker
):
    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=brand,
        permission=permission("domain"),
        actor=attacker,
    ):
        provenance.addDomain(brand, "tea.examp1e", sender=attacker)


def test_t06_look_alike_site__attacker_binds_brands_domain_for_itself__means_brand_is_not_touched(
    provenance, bound, brand, attacker
):
    provenance.addDomain(attacker, DOMAIN, sender=attacker)
    provenance.removeDomain(attacker, DOMAIN, sender=attacker)

    assert provenance.isIssuerDomain(brand, DOMAIN)
    assert provenance.checkDomain(DOMAIN)


@pytest.fixture
def bond_of(provenance, brand, other_registry):
    """Say how a verifier finds an identity bound to the brand's domain.

    The domain's record, which nobody but the brand can write, names registry and brand.
    """
    chain = Chain(provenance.provider.web3)
    name = f"ERC-7529.{chain.chain_id}._domaincontracts.{DOMAIN}"
    records = {name: [f"{provenance.address},{brand.address}"]}

    def bond(issuer, registry=provenance):
        contract = chain.contract(abi.load("ProvenanceRegistry"), registry.address)
        suite = SimpleNamespace(chain=chain, provenance=contract)
        return check_domain(suite, issuer.address, DOMAIN, records.__getitem__).bond

    return bond


def test_t06_look_alike_site__attacker_binds_brands_domain_on_chain__is_bound_only_there(
    provenance, bound, bond_of, brand, attacker
):
    provenance.addDomain(attacker, DOMAIN, sender=attacker)

    assert provenance.isIssuerDomain(attacker, DOMAIN)
    assert bond_of(attacker) == Bond.ONLY_CHAIN
    assert bond_of(brand) == Bond.BOUND


def test_t06_look_alike_site__attacker_binds_domain_before_brand__does_not_hinder_brand(
    provenance, bond_of, brand, attacker
):
    provenance.addDomain(attacker, DOMAIN, sender=attacker)
    assert bond_of(brand) == Bond.ONLY_DNS

    provenance.addDomain(brand, DOMAIN, sender=brand)

    assert bond_of(brand) == Bond.BOUND
    assert bond_of(attacker) == Bond.ONLY_CHAIN


def test_t06_look_alike_site__attacker_binds_domain_in_own_registry__is_bound_only_there(
    other_registry, bond_of, attacker, brand
):
    # Even for the brand's identity the record names another contract.
    other_registry.addDomain(brand, DOMAIN, sender=brand)
    other_registry.addDomain(attacker, DOMAIN, sender=attacker)

    assert bond_of(brand, other_registry) == bond_of(attacker, other_registry) == Bond.ONLY_CHAIN
