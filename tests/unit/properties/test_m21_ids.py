"""M21: an order is one order, here.

Its id is the EIP-712 hash of all its terms for this chain and this escrow, spelt out again here; it
can be paid once, whatever became of it. A final sale, of which the chain keeps no state, is paid
once by its salt.
"""

import ape
import pytest
from eth_account.messages import encode_typed_data
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.funding import ORDER_TYPES
from tests.support.order_paths import PATHS, Paths
from tests.support.programme import Line, PlanLimits, create_order, deploy_programme, publish
from tests.support.reverts import reverts
from tests.support.sales import Status

CHANGES = {
    "planId": b"\1" * 32,
    "payer": "0x" + "11" * 20,
    "receiver": "0x" + "22" * 20,
    "operator": "0x" + "33" * 20,
    "currency": "0x" + "44" * 20,
    "seller": 9,
    "authorizationExpiry": 2**40,
    "receiptExpiry": 2**39,
    "salt": 2**255 + 1,
    "lines": [Line(10_000), Line(1, 2, 3)],
}
"""Each of an order's terms, otherwise."""


def typed_id(escrow, order, **domain):
    """Hash an order as a wallet does; `domain` overrides parts of the domain."""
    whole = {
        "name": "Weilian CommissionEscrow",
        "version": "1",
        "chainId": ape.chain.chain_id,
        "verifyingContract": escrow.address,
    }
    plain = {name: getattr(value, "address", value) for name, value in order.items()}
    plain["lines"] = [line._asdict() for line in order["lines"]]
    message = encode_typed_data(whole | domain, ORDER_TYPES, plain)
    return keccak(b"\x19" + message.version + message.header + message.body)


@pytest.fixture
def order(payer, brand):
    return create_order(b"\7" * 32, payer, brand)


@pytest.mark.parametrize("term", CHANGES)
def test_m21_ids__any_term_changes__is_another_order(escrow, order, term):
    changed = order | {term: CHANGES[term]}

    assert bytes(escrow.orderIdOf(changed)) == typed_id(escrow, changed)
    assert bytes(escrow.orderIdOf(changed)) != bytes(escrow.orderIdOf(order))


def test_m21_ids__chain_or_escrow_is_another__is_another_order(
    project, deployer, identities, platform, escrow, order
):
    other = deploy_programme(project, deployer, identities, platform, PlanLimits()).escrow
    here = bytes(escrow.orderIdOf(order))

    assert bytes(other.orderIdOf(order)) == typed_id(other, order)
    assert len({here, typed_id(other, order), typed_id(escrow, order, chainId=8453)}) == 3


@pytest.mark.parametrize(
    ("word", "bit"),
    [(1, 160), (2, 160), (3, 160), (4, 160), (5, 32), (6, 48), (7, 48), (11, 128), (12, 64)],
)
def test_m21_ids__word_has_bits_beyond_its_type__is_no_order(escrow, order, attacker, word, bit):
    """Otherwise two orders could differ only in bits that do not count."""
    call = bytearray(escrow.orderIdOf.encode_input(order))
    last = 4 + 32 + 32 * (word + 1)
    attacker.transfer(escrow, 0, data=bytes(call))
    call[last - 1 - bit // 8] |= 1 << bit % 8

    with ape.reverts():
        attacker.transfer(escrow, 0, data=bytes(call))


@pytest.mark.parametrize("state", [state for state in PATHS if state != "new"])
def test_m21_ids__order_was_paid__is_not_paid_again(
    coin_sales, coin_order, disputes, relayer, escrow, state
):
    paths = Paths(coin_sales, disputes, relayer)
    paths.bring(coin_order, state)

    with reverts(
        escrow.CommissionEscrow_WrongStatus,
        orderId=coin_sales.id_of(coin_order),
        status=paths.status(coin_order),
        needed=Status.NONE,
    ):
        coin_sales.authorize(coin_order)


def test_m21_ids__final_sale_was_paid__is_not_paid_again(coin_sales, book, brand, escrow, payer):
    final = publish(book, brand, isFinal=True, refundWindow=0, maturity=0)
    order = coin_sales.order(final)
    coin_sales.charge(order)

    for again in (order, order | {"lines": [Line(1)]}, order | {"operator": ZERO_ADDRESS}):
        with reverts(escrow.CommissionEscrow_SaltUsed, payer=payer.address, salt=order["salt"]):
            coin_sales.charge(again)
