import pytest
from eth_abi.abi import encode
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.events import event, events_of
from tests.support.plan_words import GTIN_AND_RATES, plan_key
from tests.support.programme import (
    Line,
    create_order,
    packed_rates,
    publish,
)
from tests.support.reverts import reverts
from weilian.merkle.standard import StandardMerkleTree

GTIN = 6_901_234_567_892
RATES = packed_rates(500, 300, 200)
LARGEST = (2**64 - 1, 2**256 - 1)
CATALOGUE = [
    (GTIN, RATES),
    (GTIN + 1, packed_rates(100)),
    (GTIN + 2, packed_rates(0, 700)),
    (0, 0),
    LARGEST,
]


@pytest.fixture(scope="module")
def tree():
    return StandardMerkleTree.of(CATALOGUE, GTIN_AND_RATES)


@pytest.fixture
def plan_id(book, brand, tree):
    return publish(book, brand, catalogueRoot=tree.root, catalogueBps=1_000)


def is_listed(book, plan_id, brand, gtin, rates):
    return book.isListed(plan_key(plan_id, brand, ZERO_ADDRESS), gtin, rates)


@pytest.mark.parametrize("index", range(len(CATALOGUE)))
def test_list_product__rates_are_in_catalogue__lists_them_whoever_calls(
    book, brand, plan_id, tree, attacker, index
):
    gtin, rates = CATALOGUE[index]

    tx = book.listProduct(plan_id, gtin, rates, tree.proof(index), sender=attacker)

    assert events_of(tx) == [event(book.ProductListed, planId=plan_id, gtin=gtin, rates=rates)]
    assert is_listed(book, plan_id, brand, gtin, rates)


def test_list_product__catalogue_is_hashed_by_hand__lists_its_one_product(book, brand, payer):
    leaf = keccak(keccak(encode(GTIN_AND_RATES, [GTIN, RATES])))
    plan_id = publish(book, brand, catalogueRoot=leaf, catalogueBps=1_000)

    book.listProduct(plan_id, GTIN, RATES, [], sender=payer)

    assert is_listed(book, plan_id, brand, GTIN, RATES)


def test_list_product__it_is_listed__lists_it_again(book, brand, plan_id, tree, payer):
    book.listProduct(plan_id, GTIN, RATES, tree.proof(0), sender=payer)

    tx = book.listProduct(plan_id, GTIN, RATES, tree.proof(0), sender=payer)

    assert events_of(tx) == [event(book.ProductListed, planId=plan_id, gtin=GTIN, rates=RATES)]


@pytest.mark.parametrize(
    ("gtin", "rates"),
    [(GTIN + 3, RATES), (GTIN, RATES + 1), (GTIN, 0), (0, RATES), (GTIN + 1, RATES)],
)
def test_list_product__rates_are_not_in_catalogue__reverts(book, plan_id, tree, payer, gtin, rates):
    with reverts(book.PlanBook_NotInCatalogue, planId=plan_id, gtin=gtin, rates=rates):
        book.listProduct(plan_id, gtin, rates, tree.proof(0), sender=payer)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: [],
        lambda proof: proof[:-1],
        lambda proof: [*proof, bytes(32)],
        lambda proof: proof[::-1],
        lambda proof: [bytes(32), *proof[1:]],
    ],
    ids=["none", "too short", "too long", "reversed", "changed"],
)
def test_list_product__proof_is_wrong__reverts(book, plan_id, tree, payer, spoil):
    with reverts(book.PlanBook_NotInCatalogue, planId=plan_id, gtin=GTIN, rates=RATES):
        book.listProduct(plan_id, GTIN, RATES, spoil(tree.proof(0)), sender=payer)


def test_list_product__leaf_was_hashed_once__reverts(book, brand, payer):
    root = keccak(encode(GTIN_AND_RATES, [GTIN, RATES]))
    plan_id = publish(book, brand, catalogueRoot=root, catalogueBps=1_000)

    with reverts(book.PlanBook_NotInCatalogue, planId=plan_id, gtin=GTIN, rates=RATES):
        book.listProduct(plan_id, GTIN, RATES, [], sender=payer)


def test_list_product__plan_has_no_catalogue__reverts(book, brand, payer):
    plan_id = publish(book, brand)

    with reverts(book.PlanBook_NotInCatalogue, planId=plan_id, gtin=0, rates=0):
        book.listProduct(plan_id, 0, 0, [], sender=payer)


def test_list_product__plan_is_unknown__reverts(book, tree, payer):
    with reverts(book.PlanBook_PlanUnknown, planId=bytes(32)):
        book.listProduct(bytes(32), GTIN, RATES, tree.proof(0), sender=payer)


def test_list_product__another_plan_has_same_catalogue__lists_for_one_alone(
    book, brand, plan_id, tree, payer
):
    other = publish(book, brand, catalogueRoot=tree.root, catalogueBps=1_000, maturity=0)

    book.listProduct(plan_id, GTIN, RATES, tree.proof(0), sender=payer)

    assert not is_listed(book, other, brand, GTIN, RATES)


def test_list_product__order_names_rates__lets_escrow_take_it_from_then_on(
    book, escrow, brand, plan_id, tree, payer
):
    order = create_order(plan_id, payer, brand, lines=[Line(10_000, GTIN, RATES)])

    with reverts(escrow.CommissionEscrow_RatesNotListed, planId=plan_id, gtin=GTIN, rates=RATES):
        escrow.authorize(order, sender=payer, value=10_000)

    book.listProduct(plan_id, GTIN, RATES, tree.proof(0), sender=payer)
    escrow.authorize(order, sender=payer, value=10_000)


def test_list_product__rates_sum_to_more_than_bound__lists_what_escrow_refuses(
    book, escrow, brand, payer
):
    most, more = packed_rates(500, 500), packed_rates(500, 501)
    tree = StandardMerkleTree.of([(1, most), (2, more)], GTIN_AND_RATES)
    plan_id = publish(book, brand, catalogueRoot=tree.root, catalogueBps=1_000, rates=[[0, 0, 0]])
    for index, (gtin, rates) in enumerate(tree.values):
        book.listProduct(plan_id, gtin, rates, tree.proof(index), sender=payer)
    order = create_order(plan_id, payer, brand, lines=[Line(10_000, 1, most)])

    escrow.authorize(order, sender=payer, value=10_000)

    with reverts(escrow.CommissionEscrow_RatesNotListed, planId=plan_id, gtin=2, rates=more):
        escrow.authorize(order | {"lines": [Line(10_000, 2, more)]}, sender=payer, value=10_000)
