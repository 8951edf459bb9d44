"""P2: a batch id is registered once, and only by its issuer or the issuer's delegate."""

from itertools import count as counter

from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import permission
from tests.support.batches import LOT, batch_id_of, create_registration
from tests.support.delegation import delegate_all
from tests.support.properties import on_one_chain
from tests.support.registry_steps import SLOT, Registry, Step
from tests.support.reverts import reverts
from tests.support.undone import undone

ATTEMPTS = st.lists(st.tuples(st.sampled_from([0, 4, 5, 6]), SLOT), min_size=6, max_size=14)


def attempt(registry, step, registered, may):
    """Try to register and demand that it went as it must."""
    batch_id = registry.batch_id(step.slot)
    sender = registry.cast(step.slot)[step.actor]
    is_allowed = sender in may[step.slot % 2] and batch_id not in registered

    receipt = registry.take(step)

    assert (receipt is not None) is is_allowed
    if is_allowed:
        registered[batch_id] = registry.terms[step.slot]["root"]
    root = registered.get(batch_id, bytes(32))
    assert registry.provenance.batchOf(batch_id).root == root


def test_p02_name_space__anyone_tries_to_register__takes_it_once_and_from_those_who_may(
    provenance, identities, issuer, brand, manufacturer, attacker
):
    delegate_all(identities, issuer, manufacturer, ["batch"])
    delegate_all(identities, brand, attacker, ["trace", "recall", "activate"])
    may = ({issuer, manufacturer}, {brand})
    salts = counter()

    @on_one_chain(8)
    @given(ATTEMPTS)
    def check(attempts):
        registry, registered = Registry(provenance, (issuer, brand), manufacturer, attacker), {}
        with undone():
            for actor, slot in attempts:
                attempt(registry, Step("register", actor, slot, next(salts), 1), registered, may)

    check()


def test_p02_name_space__batch_of_another_issuer_is_foreseen__leaves_its_id_free_for_this_issuer(
    provenance, issuer, attacker
):
    terms = create_registration(issuer, root=keccak(text="forged"))
    with reverts(
        provenance.IssuerRegistry_NotAuthorized,
        issuer=issuer,
        permission=permission("batch"),
        actor=attacker,
    ):
        provenance.registerBatch(terms, sender=attacker)
    provenance.registerBatch(terms | {"issuer": attacker}, sender=attacker)

    provenance.registerBatch(create_registration(issuer), sender=issuer)

    assert provenance.batchOf(batch_id_of(issuer)).root == keccak(text="root")
    assert provenance.batchIdOf(issuer, terms["gtin"], LOT)[:20].hex() == issuer.address[2:].lower()
