import json

import pytest

from tests.python.chain.world import creation_of, new_chain
from weilian.abi import Artifact
from weilian.deployments import (
    CodeMismatchError,
    CodeMissingError,
    DeploymentDamagedError,
    DeploymentMissingError,
    DeploymentRecord,
    RestartedChainError,
    WrongChainError,
)
from weilian.suite import DeploymentUnfinishedError, Suite

NOWHERE = "0x" + "77" * 20


def edit(path, change):
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))


def set_address(name, address):
    return lambda data: data["contracts"][name].update(address=address)


def test_load__finished_deployment__binds_every_contract(chain, deployed, finished):
    suite = Suite.load(chain, deployed.parent)

    assert suite.record.is_complete
    assert chain.call(suite.items.functions.PROVENANCE()) == suite.provenance.address
    assert chain.call(suite.token.functions.minter()) == suite.rewards.address
    assert chain.call(suite.escrow.functions.PLATFORM()) == finished[0].address
    assert suite.record.first_block == suite.record.contracts["PlatformManager"].block


def test_load__read_again__is_the_same(deployed):
    record = DeploymentRecord.load(deployed)

    before = deployed.read_bytes()
    record.save(deployed)

    assert deployed.read_bytes() == before


def test_load__big_numbers__are_text(deployed):
    args = json.loads(deployed.read_text())["contracts"]["RewardToken"]["args"]

    assert args == ["Weilian Points", "WLP", str(10**27)]


def test_load__nothing_deployed__says_so(chain, folder):
    with pytest.raises(DeploymentMissingError, match="nothing is deployed on chain"):
        Suite.load(chain, folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"chainId": "1"}', "\x00"])
def test_load__damaged_file__says_what_to_do(chain, deployed, text):
    deployed.write_text(text)

    with pytest.raises(DeploymentDamagedError, match=r"is damaged .*move it away"):
        Suite.load(chain, deployed.parent)


def test_load__half_a_file__is_damaged(chain, deployed):
    deployed.write_bytes(deployed.read_bytes()[:500])

    with pytest.raises(DeploymentDamagedError):
        Suite.load(chain, deployed.parent)


def test_load__record_of_another_chain__is_refused(chain, deployed):
    edit(deployed, lambda data: data.update(chainId=1))

    with pytest.raises(WrongChainError, match="of chain 1 and the node is on"):
        Suite.load(chain, deployed.parent)


def test_load__same_id_and_other_first_block__is_a_restarted_chain(chain, deployed):
    edit(deployed, lambda data: data.update(firstBlockHash="0x" + "00" * 32))

    with pytest.raises(RestartedChainError, match="restarted since"):
        Suite.load(chain, deployed.parent)


def test_load__restarted_chain__is_refused(deployed):
    """Chains that eth-tester starts within one second share their first block, and no code."""
    with pytest.raises((RestartedChainError, CodeMissingError)):
        Suite.load(new_chain(), deployed.parent)


def test_load__no_code_there__is_refused(chain, deployed):
    edit(deployed, set_address("ItemRegistry", NOWHERE))

    with pytest.raises(CodeMissingError, match=f"no contract at {NOWHERE}.*ItemRegistry"):
        Suite.load(chain, deployed.parent)


def test_load__other_contract_of_the_suite_there__is_refused(chain, deployed):
    token = json.loads(deployed.read_text())["contracts"]["RewardToken"]["address"]
    edit(deployed, set_address("ItemRegistry", token))

    with pytest.raises(CodeMismatchError, match=f"{token} is not the ItemRegistry"):
        Suite.load(chain, deployed.parent)


def test_load__one_byte_other_code_there__is_refused(chain, deployed, deployer):
    code = bytes.fromhex("600160015500")
    artifact = Artifact("Other", (), creation_of(code), code, ())
    other = chain.send(chain.creation(artifact, []), deployer).contract_address
    edit(deployed, set_address("ProvenanceLens", other))

    with pytest.raises(CodeMismatchError):
        Suite.load(chain, deployed.parent)


@pytest.mark.parametrize("part", ["contracts", "wiring"])
def test_load__broken_off__says_to_go_on(chain, deployed, part):
    edit(deployed, lambda data: data[part].popitem())

    with pytest.raises(DeploymentUnfinishedError, match="run the deployment again"):
        Suite.load(chain, deployed.parent)
