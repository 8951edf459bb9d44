import pytest

from tests.python.chain.world import anvil_chain, new_chain, new_signer
from weilian import abi


@pytest.fixture(scope="module")
def chain():
    return new_chain()


@pytest.fixture(scope="module", params=["eth-tester", "anvil"])
def any_chain(request):
    """The same test on both development chains: they report refusals in different ways."""
    if request.param == "eth-tester":
        yield new_chain()
        return
    with anvil_chain() as connected:
        yield connected


@pytest.fixture(scope="module")
def sender(chain):
    return new_signer(chain)


@pytest.fixture(scope="module")
def identities(chain, sender):
    artifact = abi.load("IdentityRegistry")
    tx = chain.send(chain.creation(artifact, []), sender)
    return chain.contract(artifact, tx.contract_address)
