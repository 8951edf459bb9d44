import pytest
from eth_abi.abi import encode
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.programme import create_terms

PLAN = (
    "(address,address,uint8,uint16[][],uint16,uint16,uint24,uint24,bool,bool,bool,bool,bool,"
    "uint8,uint8,uint16,bytes32,uint16,uint128,bytes32)"
)
OTHERS = {
    "brand": "0x" + "11" * 20,
    "currency": "0x" + "22" * 20,
    "depth": 2,
    "rates": [[1_000, 200], [100]],
    "platformFeeBps": 201,
    "discountBps": 501,
    "refundWindow": 1,
    "maturity": 1,
    "isFinal": True,
    "isDifferential": True,
    "compresses": True,
    "isGated": True,
    "countsSales": True,
    "selfPurchase": 1,
    "bond": 1,
    "bondDays": 1,
    "catalogueRoot": b"\1" * 32,
    "catalogueBps": 1,
    "dailyReportLimit": 1,
    "termsHash": b"\2" * 32,
}


def hashed(book, chain_id, terms):
    values = tuple(terms.values())
    return keccak(encode(["uint256", "address", PLAN], [chain_id, book.address, values]))


@pytest.mark.parametrize(
    "changes", [{}, OTHERS, {"rates": []}, {"rates": [[]]}, {"rates": [[1]] * 4}]
)
def test_plan_id_of__terms_are_given__is_hash_of_chain_and_book_and_terms(
    book, chain, brand, changes
):
    terms = create_terms(brand.address) | changes

    assert book.planIdOf(terms) == hashed(book, chain.chain_id, terms)


def test_plan_id_of__any_term_is_another__is_another(book, brand):
    terms = create_terms(brand.address)
    assert OTHERS.keys() == terms.keys()

    ids = {bytes(book.planIdOf(terms | {name: value})) for name, value in OTHERS.items()}

    assert len(ids | {bytes(book.planIdOf(terms))}) == len(OTHERS) + 1


def test_plan_id_of__book_is_another__is_another(book, deploy_book, brand):
    terms = create_terms(brand)

    assert deploy_book().planIdOf(terms) != book.planIdOf(terms)


def test_plan_id_of__plan_was_not_published__tells_id_too(book, brand):
    plan_id = book.planIdOf(create_terms(brand))

    assert book.planOf(plan_id).brand == ZERO_ADDRESS
    assert plan_id != bytes(32)
