import pytest

from tests.support.abi import permission
from tests.support.account_code import put_code_at
from tests.support.clock import later, next_block_at
from tests.support.disputes import DisputeStatus, settle, sign_agreement
from tests.support.events import event, events_of
from tests.support.reverts import reverts
from tests.unit.order_disputes.conftest import AMOUNT

THIRD = 3_333


@pytest.fixture
def deadline():
    return later(3_600)


@pytest.mark.parametrize(
    ("sender", "signer"), [("payer", "brand"), ("brand", "payer"), ("manufacturer", "payer")]
)
def test_agree__other_party_signed__ends_dispute(
    identities,
    escrow,
    disputes,
    opened,
    order_id,
    books,
    brand,
    manufacturer,
    deadline,
    sender,
    signer,
    request,
):
    identities.addDelegate(brand, permission("order"), manufacturer, 10**9, sender=brand)
    actor, other = request.getfixturevalue(sender), request.getfixturevalue(signer)
    signature = sign_agreement(disputes, other, order_id, THIRD, deadline)

    tx = disputes.agree(opened, THIRD, deadline, signature, sender=actor)

    assert events_of(tx) == [
        event(disputes.DisputeEnded, orderId=order_id, actor=actor, payerBps=THIRD),
        event(escrow.OrderRuled, orderId=order_id, payerBps=THIRD),
    ]
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.NONE, 0, 0, 0)
    assert books.read() == {"payer": THIRD}


@pytest.mark.parametrize(
    ("payer_bps", "shares"),
    [
        (0, {"brand": 8_500, "platform": 200, "distributor": 1_000, "sponsor": 200, "upline": 100}),
        (
            THIRD,
            {
                "payer": 3_333,
                "brand": 5_667,
                "platform": 133,
                "distributor": 667,
                "sponsor": 133,
                "upline": 67,
            },
        ),
        (10_000, {"payer": AMOUNT}),
    ],
)
def test_agree__order_settles_afterwards__shares_rest(
    escrow, disputes, opened, order_id, books, brand, payer, deadline, payer_bps, shares
):
    signature = sign_agreement(disputes, brand, order_id, payer_bps, deadline)
    disputes.agree(opened, payer_bps, deadline, signature, sender=payer)

    settle(escrow, opened, payer)

    assert books.read() == shares
    assert sum(shares.values()) == AMOUNT


def test_agree__share_is_above_all__reverts(
    escrow, disputes, opened, order_id, brand, payer, deadline
):
    signature = sign_agreement(disputes, brand, order_id, 10_001, deadline)

    with reverts(escrow.CommissionEscrow_BpsInvalid, bps=10_001):
        disputes.agree(opened, 10_001, deadline, signature, sender=payer)


@pytest.mark.parametrize(
    ("sender", "signer", "other"),
    [
        ("payer", "payer", "brand"),
        ("payer", "attacker", "brand"),
        ("payer", "manufacturer", "brand"),
        ("brand", "brand", "payer"),
        ("brand", "attacker", "payer"),
    ],
)
def test_agree__signature_is_not_other_partys__reverts(
    identities,
    disputes,
    opened,
    order_id,
    brand,
    manufacturer,
    deadline,
    sender,
    signer,
    other,
    request,
):
    identities.addDelegate(brand, permission("order"), manufacturer, 10**9, sender=brand)
    signature = sign_agreement(disputes, request.getfixturevalue(signer), order_id, THIRD, deadline)

    with reverts(
        disputes.OrderDisputes_SignatureInvalid,
        orderId=order_id,
        signer=request.getfixturevalue(other),
    ):
        disputes.agree(opened, THIRD, deadline, signature, sender=request.getfixturevalue(sender))


@pytest.mark.parametrize(
    "changes",
    [{"order_id": b"\1" * 32}, {"payer_bps": THIRD + 1}, {"deadline": 2**48 - 1}, {"chainId": 1}],
    ids=lambda changes: next(iter(changes)),
)
def test_agree__signature_is_for_something_else__reverts(
    disputes, opened, order_id, brand, payer, deadline, changes
):
    terms = {"order_id": order_id, "payer_bps": THIRD, "deadline": deadline}
    signature = sign_agreement(disputes, brand, **(terms | changes))

    with reverts(disputes.OrderDisputes_SignatureInvalid, orderId=order_id, signer=brand):
        disputes.agree(opened, THIRD, deadline, signature, sender=payer)


def test_agree__caller_is_no_party__reverts(disputes, opened, order_id, payer, attacker, deadline):
    signature = sign_agreement(disputes, payer, order_id, THIRD, deadline)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=attacker):
        disputes.agree(opened, THIRD, deadline, signature, sender=attacker)


def test_agree__deadline_is_next_second__ends_dispute(
    disputes, opened, order_id, books, brand, payer, deadline
):
    signature = sign_agreement(disputes, brand, order_id, THIRD, deadline)
    next_block_at(deadline - 1)

    disputes.agree(opened, THIRD, deadline, signature, sender=payer)

    assert books.read() == {"payer": THIRD}


def test_agree__deadline_is_this_second__reverts(
    disputes, opened, order_id, brand, payer, deadline
):
    signature = sign_agreement(disputes, brand, order_id, THIRD, deadline)
    next_block_at(deadline)

    with reverts(disputes.OrderDisputes_SignatureExpired, deadline=deadline, time=deadline):
        disputes.agree(opened, THIRD, deadline, signature, sender=payer)


def test_agree__owner_of_brand_changed__takes_signature_of_new_one(
    identities, disputes, opened, order_id, books, brand, payer, issuer, deadline
):
    identities.changeOwner(brand, issuer, sender=brand)
    signature = sign_agreement(disputes, issuer, order_id, THIRD, deadline)

    disputes.agree(opened, THIRD, deadline, signature, sender=payer)

    assert books.read() == {"payer": THIRD}


def test_agree__owner_of_brand_changed__refuses_signature_of_old_one(
    identities, disputes, opened, order_id, brand, payer, issuer, deadline
):
    identities.changeOwner(brand, issuer, sender=brand)
    signature = sign_agreement(disputes, brand, order_id, THIRD, deadline)

    with reverts(disputes.OrderDisputes_SignatureInvalid, orderId=order_id, signer=issuer):
        disputes.agree(opened, THIRD, deadline, signature, sender=payer)


def test_agree__owner_of_brand_is_contract_wallet__takes_its_owners_signature(
    identities, disputes, opened, order_id, books, brand, payer, shopper, wallet, deadline
):
    identities.changeOwner(brand, wallet, sender=brand)
    signature = sign_agreement(disputes, shopper, order_id, THIRD, deadline)

    disputes.agree(opened, THIRD, deadline, signature, sender=payer)

    assert books.read() == {"payer": THIRD}


def test_agree__payers_address_has_code_that_says_no__takes_signature_of_its_key(
    disputes, opened, order_id, books, brand, payer, relayer, wallet, deadline
):
    signature = sign_agreement(disputes, payer, order_id, THIRD, deadline)
    put_code_at(payer, wallet, sender=relayer)

    disputes.agree(opened, THIRD, deadline, signature, sender=brand)

    assert books.read() == {"payer": THIRD}


def test_agree__dispute_is_escalated__ends_it(
    disputes, escalated, order_id, books, brand, payer, deadline
):
    signature = sign_agreement(disputes, brand, order_id, THIRD, deadline)

    disputes.agree(escalated, THIRD, deadline, signature, sender=payer)

    assert books.read() == {"payer": THIRD}


def test_agree__order_is_not_disputed__reverts(
    disputes, captured, order_id, brand, payer, deadline
):
    signature = sign_agreement(disputes, brand, order_id, THIRD, deadline)

    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.agree(captured, THIRD, deadline, signature, sender=payer)


def test_agree__arbitrator_has_ruled__reverts(
    disputes, arbitrator, escalated, order_id, brand, payer, relayer, deadline
):
    signature = sign_agreement(disputes, brand, order_id, THIRD, deadline)
    arbitrator.giveRuling(1, 0, sender=relayer)

    with reverts(disputes.OrderDisputes_AlreadyRuled, orderId=order_id, payerBps=5_000):
        disputes.agree(escalated, THIRD, deadline, signature, sender=payer)


def test_agree__signature_served_before__reverts(
    disputes, opened, order_id, brand, payer, deadline
):
    signature = sign_agreement(disputes, brand, order_id, THIRD, deadline)
    disputes.agree(opened, THIRD, deadline, signature, sender=payer)

    with reverts(disputes.OrderDisputes_NotOpen, orderId=order_id):
        disputes.agree(opened, THIRD, deadline, signature, sender=payer)
