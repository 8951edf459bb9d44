import pytest

from tests.python.chain.world import new_chain, new_signer
from tests.python.examples import ROOT
from weilian.config import load_config
from weilian.deploy import deploy_suite


@pytest.fixture(scope="session")
def config():
    return load_config(ROOT / "config" / "local.yaml")


@pytest.fixture(scope="module")
def chain():
    return new_chain()


@pytest.fixture
def deployer(chain):
    """A new account each time: its transactions are counted."""
    return new_signer(chain)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "deployments"


@pytest.fixture(scope="module")
def finished(config, chain, tmp_path_factory):
    """Who deployed, and the text of the record."""
    deployer, folder = new_signer(chain), tmp_path_factory.mktemp("finished")
    deploy_suite(config, chain, deployer, folder)
    return deployer, (folder / f"{chain.chain_id}.json").read_bytes()


@pytest.fixture
def deployed(chain, finished, folder):
    """The path of a finished deployment's record, free to be changed."""
    folder.mkdir()
    path = folder / f"{chain.chain_id}.json"
    path.write_bytes(finished[1])
    return path
