"""What the law asks of a programme: nobody pays to join, and nobody is paid for who joins.

Regulations on Prohibition of Pyramid Selling (2005), article 7: no entrance fee, no reward by
the number of recruits.
"""

import ape
import pytest
from eth_account import Account
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, selector
from tests.support.events import events_of
from tests.support.invitations import invite
from tests.support.plan_words import create_ladder
from tests.support.programme import create_order, join_line, publish

SELLER = 4
MONEY_CALLS = [
    "transfer(address,uint256)",
    "transferFrom(address,address,uint256)",
    "approve(address,uint256)",
    "deposit(address,address,uint256)",
    "withdraw(uint256,address)",
    "withdrawTo(address,address,address)",
]
WRITES = ["setNumber(address,address,uint32)", "setActiveUntil(bytes32,uint256)"]
RANKS = [[1_000, 200, 100], [1_200, 300, 100], [1_300, 300, 200]]
PLANS = [
    pytest.param({}, id="plain"),
    pytest.param({"rates": RANKS, "countsSales": True}, id="ranks"),
    pytest.param(
        {"rates": [[500], [1_000], [1_500]], "isDifferential": True, "countsSales": True},
        id="differential",
    ),
    pytest.param({"isGated": True, "compresses": True, "countsSales": True}, id="gated"),
]


@pytest.fixture(params=["network", "book"])
def registry(request):
    """Each contract that distributors and brands deal with before any order."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def programmes(network, book, brand, manufacturer, upline, sponsor, distributor):
    """Let two brands have equal plans, ladders and lines; return the ids of the plans."""

    def programmes(**changes):
        ladder = create_ladder(activityMinimum=1, own=[0, 0, 0], team=[5_000, 15_000, 30_000])
        plans = {}
        for one in (brand, manufacturer):
            book.announceLadder(one, ZERO_ADDRESS, ladder, sender=one)
            final = {"isFinal": True, "refundWindow": 0, "maturity": 0}
            plans[one] = publish(book, one, **final, **changes)
            join_line(network, one, upline, sponsor, distributor)
        return plans

    return programmes


def recruit(network, brand, relayer, sponsor, number, count):
    """Let `count` newcomers join under a distributor."""
    for index in range(count):
        newcomer = Account.from_key(keccak(text=f"recruit {number}/{index}"))
        invitation, signature = invite(network, brand, number, sponsor)
        digest = bytes(network.acceptanceDigestOf(invitation, newcomer.address))
        acceptance = bytes(Account.unsafe_sign_hash(digest, newcomer.key).signature)
        network.join(invitation, signature, newcomer.address, acceptance, sender=relayer)


def integers(inputs):
    """List the name and type of each whole number among ABI inputs, in structs too."""
    found = set()
    for one in inputs:
        if one.components:
            found |= integers(one.components)
        elif "int" in one.type:
            found.add((one.name, one.type))
    return found


def names(code, signature):
    """Tell whether code pushes a selector, whole or, as the optimizer does, less its last zeros."""
    whole = keccak(text=signature)[:4]
    number = int.from_bytes(whole)
    number //= number & -number
    return whole in code or number.to_bytes((number.bit_length() + 7) // 8) in code


def shares_of(escrow, plan_id, payer, brand, salt):
    """Sell through the lowest of the line, and tell how the order was shared."""
    order = create_order(plan_id, payer, brand, seller=SELLER, salt=int(brand.address, 16) + salt)
    tx = escrow.charge(order, sender=payer, value=10_000)
    settled = [inputs for _, name, inputs in events_of(tx) if name == "OrderSettled"]
    return [
        tuple(one[name] for name in ("line", "net", "breakage", "allocation")) for one in settled
    ]


def standings_of(escrow, brand):
    return [tuple(escrow.standingOf(brand, ZERO_ADDRESS, number)) for number in (2, 3, SELLER)]


def test_compliance__contract_lists_its_functions__has_none_that_takes_coin(registry):
    entries = registry.contract_type.abi

    mutable = [entry for entry in entries if entry.type in ("function", "constructor")]
    assert len(mutable) > 5
    assert not [entry for entry in mutable if entry.stateMutability == "payable"]
    assert not [entry for entry in entries if entry.type in ("receive", "fallback")]


def test_compliance__coin_is_sent_with_any_call__reverts(registry, payer):
    methods = [entry for entry in registry.contract_type.abi if entry.type == "function"]

    for data in [b"", b"\xde\xad\xbe\xef", *(selector(one) + bytes(2_048) for one in methods)]:
        with ape.reverts():
            payer.transfer(registry, 1, data=data)

    assert registry.balance == 0


def test_compliance__network_lists_its_functions__has_none_that_takes_amount(network):
    methods = [entry for entry in network.contract_type.abi if entry.type == "function"]

    taken = set().union(*(integers(method.inputs) for method in methods))

    assert taken == {("number", "uint32"), ("sponsor", "uint32"), ("expiry", "uint48")}


def test_compliance__code_is_read__names_no_call_that_moves_money(registry, escrow):
    code, paying = (bytes(ape.chain.provider.get_code(one.address)) for one in (registry, escrow))

    assert any(names(code, one) for one in WRITES)
    assert names(paying, MONEY_CALLS[0])
    assert not [one for one in MONEY_CALLS if names(code, one)]


@pytest.mark.parametrize("changes", PLANS)
def test_compliance__twenty_join_below_line__changes_no_share_and_no_rank(
    network, escrow, programmes, brand, manufacturer, sponsor, distributor, payer, relayer, changes
):
    plans = programmes(**changes)
    recruit(network, brand, relayer, sponsor, 3, 10)
    recruit(network, brand, relayer, distributor, SELLER, 10)
    assert network.programmeOf(brand).members == network.programmeOf(manufacturer).members + 20

    shares = {
        one: [shares_of(escrow, plans[one], payer, one, salt) for salt in (1, 2, 3)]
        for one in plans
    }

    assert shares[brand] == shares[manufacturer]
    assert all(allocation for order in shares[brand] for *_, allocation in order)
    assert standings_of(escrow, brand) == standings_of(escrow, manufacturer)


@pytest.mark.parametrize("changes", PLANS)
def test_compliance__twenty_join_between_orders__changes_no_share_and_no_rank(
    network, escrow, programmes, brand, manufacturer, distributor, payer, relayer, changes
):
    plans = programmes(**changes)
    for one in plans:
        shares_of(escrow, plans[one], payer, one, 1)
    before = standings_of(escrow, brand)

    recruit(network, brand, relayer, distributor, SELLER, 20)

    assert standings_of(escrow, brand) == before
    shares = [shares_of(escrow, plans[one], payer, one, 2) for one in plans]
    assert shares[0] == shares[1]


def test_compliance__sales_and_not_recruits_are_made__gives_rank(escrow, programmes, brand, payer):
    plan_id = programmes(rates=RANKS, countsSales=True)[brand]
    assert [standing[0] for standing in standings_of(escrow, brand)] == [0, 0, 0]

    first, second = (shares_of(escrow, plan_id, payer, brand, salt) for salt in (1, 2))

    assert [standing[0] for standing in standings_of(escrow, brand)] == [2, 2, 2]
    assert first != second
