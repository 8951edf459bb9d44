from tests.support.abi import ZERO_ADDRESS
from tests.support.plan_words import GTIN_AND_RATES, plan_key
from tests.support.programme import publish
from weilian.merkle.standard import StandardMerkleTree

PRODUCT = (7, 500)


def test_is_listed__nothing_was_shown__is_false(book, brand):
    root = StandardMerkleTree.of([PRODUCT], GTIN_AND_RATES).root
    plan_id = publish(book, brand, catalogueRoot=root, catalogueBps=500)

    assert not book.isListed(plan_key(plan_id, brand, ZERO_ADDRESS), *PRODUCT)


def test_is_listed__product_was_shown__is_true_for_it_alone(book, brand, manufacturer, payer):
    root = StandardMerkleTree.of([PRODUCT], GTIN_AND_RATES).root
    plan_id = publish(book, brand, catalogueRoot=root, catalogueBps=500)
    key = plan_key(plan_id, brand, ZERO_ADDRESS)

    book.listProduct(plan_id, *PRODUCT, [], sender=payer)

    assert book.isListed(key, 7, 500)
    assert not book.isListed(key, 7, 501)
    assert not book.isListed(key, 8, 500)
    assert not book.isListed(plan_key(plan_id, manufacturer, ZERO_ADDRESS), 7, 500)
    assert not book.isListed(plan_id, 7, 500)
