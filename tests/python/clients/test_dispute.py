"""Disputes of captured orders."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.python.chain.world import pass_time
from weilian.chain import ZERO_ADDRESS, ContractRevert
from weilian.chain.enums import DisputeStatus
from weilian.commission.plan import DAY
from weilian.dispute import Agreement, DisputeError

EVIDENCE = b"\3" * 32


@pytest.fixture
def order(orders, brand, payer, create_plan, create_order):
    """A captured order of 1,000."""
    order = create_order(create_plan(brand), payer, amount=1_000)
    orders.authorize(order, payer)
    orders.capture(order, payer)
    return order


@pytest.fixture
def soon(chain):
    return datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(days=1)


def test_open__by_the_payer__holds_the_order(disputes, orders, order, payer):
    opened = disputes.open(order, EVIDENCE, payer)

    found = disputes.get(opened.order_id)
    assert (opened.opener, opened.evidence) == (payer.address, EVIDENCE)
    assert (found.status, found.until) == (DisputeStatus.OPEN, opened.until)
    assert orders.state(order).is_held


def test_open__signed_by_the_payer__is_sent_by_another(disputes, order, payer, relayer):
    signature = disputes.sign_opening(order, EVIDENCE, payer)

    with pytest.raises(ContractRevert) as caught:
        disputes.open(order, bytes(32), relayer, signature)
    opened = disputes.open(order, EVIDENCE, relayer, signature)

    assert caught.value.name == "OrderDisputes_NotParty"
    assert opened.opener == relayer.address


@pytest.mark.parametrize(("who", "returned"), [("payer", 0), ("brand", 1_000)])
def test_concede__either_party__ends_for_the_other(
    request, disputes, ledger, order, payer, who, returned
):
    disputes.open(order, EVIDENCE, payer)

    ended = disputes.concede(order, request.getfixturevalue(who))

    assert ended.payer_bps == returned * 10
    assert ledger.credit(payer.address, ZERO_ADDRESS) == returned
    assert disputes.get(ended.order_id).status is DisputeStatus.NONE


def test_agree__by_a_file_of_the_other__returns_a_part(
    disputes, ledger, order, brand, payer, soon, tmp_path
):
    disputes.open(order, EVIDENCE, payer)
    path = tmp_path / "agreement.json"
    disputes.sign_agreement(order, 2_550, soon, brand).save(path)

    ended = disputes.agree(order, Agreement.load(path), payer)

    assert ended.payer_bps == 2_550
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 255


def test_agree__about_another_order__is_refused(
    disputes, order, brand, payer, soon, create_plan, create_order
):
    other = create_order(create_plan(brand, discount_bps=1), payer)
    agreement = disputes.sign_agreement(other, 5_000, soon, brand)

    with pytest.raises(DisputeError, match="about another order"):
        disputes.agree(order, agreement, payer)
    with pytest.raises(DisputeError, match="10001 must be 0 to 10000"):
        disputes.sign_agreement(order, 10_001, soon, brand)


def test_escalate__no_arbitrator__says_so_before_anything_is_sent(disputes, order, payer):
    disputes.open(order, EVIDENCE, payer)

    with pytest.raises(DisputeError, match="no arbitrator"):
        disputes.escalate(order, payer)


def test_execute__not_ruled__is_refused(disputes, order, payer):
    disputes.open(order, EVIDENCE, payer)

    with pytest.raises(ContractRevert) as caught:
        disputes.execute(order, payer)

    assert caught.value.name == "OrderDisputes_NotRuled"


def test_lapse__nobody_pursued_it__returns_nothing(chain, disputes, ledger, order, payer, relayer):
    disputes.open(order, EVIDENCE, payer)
    pass_time(chain, 7 * DAY)

    ended = disputes.lapse(order, relayer)

    assert ended.payer_bps == 0
    assert ledger.credit(payer.address, ZERO_ADDRESS) == 0
