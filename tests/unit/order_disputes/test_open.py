import pytest

from tests.support.abi import permission
from tests.support.account_code import put_code_at
from tests.support.clock import later, next_block_at
from tests.support.disputes import EVIDENCE, PARTIES_PERIOD, DisputeStatus, settle, sign_open
from tests.support.events import event, events_of
from tests.support.money import Money
from tests.support.programme import REFUND_WINDOW, create_order, total_of
from tests.support.reverts import reverts

NONE, AUTHORIZED, CAPTURED, SETTLED, VOIDED, _ = range(6)


@pytest.fixture
def window_end(escrow, captured):
    return escrow.orderOf(captured).changedAt + REFUND_WINDOW


@pytest.fixture
def bought(escrow, plan_id, brand, wallet, shopper):
    """A captured order of a contract wallet."""
    order = create_order(plan_id, wallet, brand)
    data = escrow.authorize.encode_input(order)
    wallet.execute(escrow, data, sender=shopper, value=total_of(order))
    escrow.capture(order, [], sender=brand)
    return order


def status_of(disputes, order_id):
    return disputes.disputeOf(order_id).status


def test_open__payer_opens__holds_order_for_seven_days(escrow, disputes, captured, order_id, payer):
    tx = disputes.open(captured, EVIDENCE, b"", sender=payer)

    until = tx.timestamp + PARTIES_PERIOD
    assert events_of(tx) == [
        event(
            disputes.DisputeOpened,
            orderId=order_id,
            opener=payer,
            evidence=EVIDENCE,
            until=until,
        ),
        event(escrow.OrderHeld, orderId=order_id),
    ]
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.OPEN, until, 0, 0)
    assert escrow.orderOf(captured).isHeld


def test_open__payer_opens__moves_no_money(escrow, disputes, captured, books, payer, brand):
    with Money(escrow, disputes, payer, brand) as money:
        disputes.open(captured, EVIDENCE, b"", sender=payer)

    assert money.changes == {}
    assert books.read() == {}


def test_open__payer_opens__keeps_order_from_settling(
    escrow, disputes, captured, order_id, payer, attacker
):
    disputes.open(captured, EVIDENCE, b"", sender=payer)

    with reverts(escrow.CommissionEscrow_Held, orderId=order_id):
        settle(escrow, captured, attacker)


@pytest.mark.parametrize("actor", ["brand", "manufacturer"])
def test_open__brand_opens__lasts_until_seven_days_after_window(
    identities, disputes, captured, order_id, window_end, brand, manufacturer, actor, request
):
    identities.addDelegate(brand, permission("order"), manufacturer, 10**9, sender=brand)

    disputes.open(captured, EVIDENCE, b"", sender=request.getfixturevalue(actor))

    until = window_end + PARTIES_PERIOD
    assert tuple(disputes.disputeOf(order_id)) == (DisputeStatus.OPEN, until, 0, 0)


def test_open__brand_opens__cannot_lapse_within_payers_window(
    disputes, captured, order_id, window_end, brand
):
    disputes.open(captured, EVIDENCE, b"", sender=brand)
    next_block_at(window_end)

    with reverts(
        disputes.OrderDisputes_NotOver,
        orderId=order_id,
        until=window_end + PARTIES_PERIOD,
        time=window_end,
    ):
        disputes.lapse(captured, sender=brand)


@pytest.mark.parametrize("actor", ["attacker", "distributor", "platform"])
def test_open__caller_is_no_party__reverts(disputes, captured, order_id, actor, request):
    stranger = request.getfixturevalue(actor)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=stranger):
        disputes.open(captured, EVIDENCE, b"", sender=stranger)


@pytest.mark.parametrize("right", ["plan", "withdraw"])
def test_open__caller_is_delegate_for_something_else__reverts(
    identities, disputes, captured, order_id, brand, manufacturer, right
):
    identities.addDelegate(brand, permission(right), manufacturer, 10**9, sender=brand)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=manufacturer):
        disputes.open(captured, EVIDENCE, b"", sender=manufacturer)


def test_open__caller_is_operator__reverts(escrow, disputes, plan_id, brand, payer, relayer):
    order = create_order(plan_id, payer, brand, operator=relayer)
    escrow.authorize(order, sender=payer, value=total_of(order))
    escrow.capture(order, [], sender=relayer)

    with reverts(disputes.OrderDisputes_NotParty, orderId=escrow.orderIdOf(order), actor=relayer):
        disputes.open(order, EVIDENCE, b"", sender=relayer)


def test_open__stranger_sends_what_payer_signed__opens(
    disputes, captured, order_id, payer, relayer
):
    signature = sign_open(disputes, payer, order_id)

    tx = disputes.open(captured, EVIDENCE, signature, sender=relayer)

    assert tuple(disputes.disputeOf(order_id)) == (
        DisputeStatus.OPEN,
        tx.timestamp + PARTIES_PERIOD,
        0,
        0,
    )


@pytest.mark.parametrize("signer", ["attacker", "brand"])
def test_open__signature_is_not_payers__reverts(
    disputes, captured, order_id, relayer, signer, request
):
    signature = sign_open(disputes, request.getfixturevalue(signer), order_id)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=relayer):
        disputes.open(captured, EVIDENCE, signature, sender=relayer)


@pytest.mark.parametrize(
    "domain",
    [{"chainId": 1}, {"verifyingContract": "0x" + "33" * 20}, {"name": "Weilian Checkout"}],
    ids=lambda domain: next(iter(domain)),
)
def test_open__signature_is_for_another_domain__reverts(
    disputes, captured, order_id, payer, relayer, domain
):
    signature = sign_open(disputes, payer, order_id, **domain)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=relayer):
        disputes.open(captured, EVIDENCE, signature, sender=relayer)


def test_open__signature_is_for_another_order__reverts(
    disputes, captured, order_id, payer, relayer
):
    signature = sign_open(disputes, payer, b"\1" * 32)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=relayer):
        disputes.open(captured, EVIDENCE, signature, sender=relayer)


def test_open__signature_is_for_other_evidence__reverts(
    disputes, captured, order_id, payer, relayer
):
    signature = sign_open(disputes, payer, order_id)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=relayer):
        disputes.open(captured, b"\2" * 32, signature, sender=relayer)


def test_open__payer_is_contract_wallet__opens(escrow, disputes, bought, shopper, relayer):
    order_id = bytes(escrow.orderIdOf(bought))
    signature = sign_open(disputes, shopper, order_id)

    disputes.open(bought, EVIDENCE, signature, sender=relayer)

    assert status_of(disputes, order_id) == DisputeStatus.OPEN


def test_open__contract_wallet_refuses__reverts(escrow, disputes, bought, wallet, shopper, relayer):
    order_id = bytes(escrow.orderIdOf(bought))
    signature = sign_open(disputes, shopper, order_id)
    wallet.setRefusing(True, sender=shopper)

    with reverts(disputes.OrderDisputes_NotParty, orderId=order_id, actor=relayer):
        disputes.open(bought, EVIDENCE, signature, sender=relayer)


def test_open__payers_address_has_code_that_says_no__opens_by_its_key(
    disputes, captured, order_id, wallet, payer, relayer
):
    signature = sign_open(disputes, payer, order_id)
    put_code_at(payer, wallet, sender=relayer)

    disputes.open(captured, EVIDENCE, signature, sender=relayer)

    assert status_of(disputes, order_id) == DisputeStatus.OPEN


def test_open__window_ends_next_second__opens(disputes, captured, order_id, window_end, payer):
    next_block_at(window_end - 1)

    disputes.open(captured, EVIDENCE, b"", sender=payer)

    assert status_of(disputes, order_id) == DisputeStatus.OPEN


def test_open__window_ends_this_second__reverts(disputes, captured, order_id, window_end, payer):
    next_block_at(window_end)

    with reverts(
        disputes.OrderDisputes_WindowOver, orderId=order_id, until=window_end, time=window_end
    ):
        disputes.open(captured, EVIDENCE, b"", sender=payer)


@pytest.mark.parametrize("became", [AUTHORIZED, SETTLED, VOIDED])
def test_open__order_is_not_captured__reverts(
    escrow, disputes, authorized, order_id, brand, payer, became
):
    if became == SETTLED:
        escrow.capture(authorized, [], sender=payer)
        settle(escrow, authorized, payer)
    if became == VOIDED:
        escrow.void(authorized, sender=brand)

    with reverts(
        escrow.CommissionEscrow_WrongStatus, orderId=order_id, status=became, needed=CAPTURED
    ):
        disputes.open(authorized, EVIDENCE, b"", sender=payer)

    assert status_of(disputes, order_id) == DisputeStatus.NONE


def test_open__order_is_unknown__reverts(disputes, order, order_id, payer):
    time = later(100)
    next_block_at(time)

    with reverts(
        disputes.OrderDisputes_WindowOver,
        orderId=order_id,
        until=REFUND_WINDOW,
        time=time,
    ):
        disputes.open(order, EVIDENCE, b"", sender=payer)


@pytest.mark.parametrize("opener", ["payer", "brand"])
def test_open__order_is_disputed_already__reverts(
    escrow, disputes, opened, order_id, opener, request
):
    before = tuple(disputes.disputeOf(order_id))

    with reverts(escrow.CommissionEscrow_Held, orderId=order_id):
        disputes.open(opened, EVIDENCE, b"", sender=request.getfixturevalue(opener))

    assert tuple(disputes.disputeOf(order_id)) == before


@pytest.mark.parametrize("opener", ["payer", "brand"])
def test_open__dispute_ended_before__reverts(
    escrow, disputes, opened, order_id, payer, opener, request
):
    disputes.concede(opened, sender=payer)

    with reverts(escrow.CommissionEscrow_AlreadyRuled, orderId=order_id):
        disputes.open(opened, EVIDENCE, b"", sender=request.getfixturevalue(opener))


def test_open__signature_served_before__reverts(
    escrow, disputes, captured, order_id, payer, relayer
):
    signature = sign_open(disputes, payer, order_id)
    disputes.open(captured, EVIDENCE, signature, sender=relayer)
    disputes.concede(captured, sender=payer)

    with reverts(escrow.CommissionEscrow_AlreadyRuled, orderId=order_id):
        disputes.open(captured, EVIDENCE, signature, sender=relayer)


def test_open__terms_differ_from_order__reverts(disputes, escrow, captured, payer, attacker):
    forged, time = captured | {"payer": attacker}, later(100)
    next_block_at(time)

    with reverts(
        disputes.OrderDisputes_WindowOver,
        orderId=escrow.orderIdOf(forged),
        until=REFUND_WINDOW,
        time=time,
    ):
        disputes.open(forged, EVIDENCE, b"", sender=attacker)
