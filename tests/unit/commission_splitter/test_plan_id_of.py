import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.orders import create_plan
from tests.support.suite import Limits, deploy_splitter

TYPES = ["uint256", "address", "(address,address,uint16,uint48,uint16[],bytes32)"]


def test_plan_id_of__given_terms__hashes_them_with_chain_and_contract(
    splitter, brand, stablecoin, chain
):
    plan = create_plan(brand.address, currency=stablecoin.address)

    plan_id = splitter.planIdOf(plan)

    preimage = [chain.chain_id, splitter.address, tuple(plan.values())]
    assert plan_id == keccak(encode(TYPES, preimage))


@pytest.mark.parametrize(
    "changes",
    [
        {"platformFeeBps": 201},
        {"refundWindow": 601},
        {"levelBps": [1000]},
        {"levelBps": [1000, 500, 0]},
        {"levelBps": [500, 1000]},
        {"documentHash": b"\0" * 32},
    ],
)
def test_plan_id_of__one_term_differs__differs(splitter, brand, changes):
    assert splitter.planIdOf(create_plan(brand)) != splitter.planIdOf(create_plan(brand, **changes))


def test_plan_id_of__another_contract_is_asked__differs(
    splitter, project, deployer, identities, platform, brand
):
    twin = deploy_splitter(project, deployer, identities, platform, Limits())

    assert splitter.planIdOf(create_plan(brand)) != twin.planIdOf(create_plan(brand))
