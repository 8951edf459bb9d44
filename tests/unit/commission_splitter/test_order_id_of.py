import pytest
from eth_abi import encode
from eth_utils import keccak

from tests.support.commerce import in_coin, order_id
from tests.support.reverts import reverts
from tests.support.suite import Limits, deploy_splitter

TYPES = ["uint256", "address", "(bytes32,address,address,uint128,uint48,uint256)"]


@in_coin
def test_order_id_of__given_terms__hashes_them_with_chain_and_contract(splitter, order, chain):
    terms = order | {"payer": str(order["payer"]), "distributor": str(order["distributor"])}

    actual = splitter.orderIdOf(order)

    preimage = [chain.chain_id, splitter.address, tuple(terms.values())]
    assert actual == keccak(encode(TYPES, preimage))


@in_coin
@pytest.mark.parametrize(
    "change",
    [
        {"planId": b"\1" * 32},
        {"payer": "0x" + "01" * 20},
        {"distributor": "0x" + "01" * 20},
        {"amount": 10_001},
        {"authorizationExpiry": 1},
        {"salt": 2},
    ],
    ids=lambda change: next(iter(change)),
)
def test_order_id_of__one_term_differs__differs(splitter, order, change):
    assert order_id(splitter, order) != order_id(splitter, order | change)


@in_coin
def test_order_id_of__another_contract_is_asked__differs(
    splitter, project, deployer, identities, platform, order
):
    twin = deploy_splitter(project, deployer, identities, platform, Limits())

    assert order_id(splitter, order) != order_id(twin, order)


@in_coin
def test_order_id_of__terms_of_paid_order_are_altered__finds_no_order(
    splitter, authorized, payer, attacker
):
    altered = authorized | {"payer": attacker}

    with reverts(
        splitter.OrderEscrow_WrongStatus,
        orderId=order_id(splitter, altered),
        actual=0,
        expected=1,
    ):
        splitter.reclaim(altered, sender=attacker)
