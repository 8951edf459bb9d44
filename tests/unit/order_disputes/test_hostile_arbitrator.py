"""What an arbitrator can do that breaks its word: delay and decide badly, no more."""

import ape
import pytest

from tests.support.abi import ZERO_ADDRESS, selector
from tests.support.clock import next_block_at
from tests.support.disputes import EVIDENCE, DisputeStatus
from tests.support.programme import (
    PlanLimits,
    account,
    create_order,
    deploy_programme,
    publish,
    total_of,
)
from tests.support.reverts import reverts
from tests.unit.order_disputes.conftest import AMOUNT

ID = 7


@pytest.fixture
def judge(project, deployer):
    judge = deployer.deploy(project.HostileArbitrator)
    judge.setNextId(ID, sender=deployer)
    return judge


@pytest.fixture
def court(project, deployer, identities, platform, judge):
    """The five contracts, under an arbitrator of this kind."""
    return deploy_programme(project, deployer, identities, platform, PlanLimits(), arbitrator=judge)


@pytest.fixture
def disputed(court, brand, payer):
    """Open a dispute about a new order, by salt."""
    plan_id = publish(court.book, brand)

    def disputed(salt=1):
        order = create_order(plan_id, payer, brand, salt=salt)
        court.escrow.authorize(order, sender=payer, value=total_of(order))
        court.escrow.capture(order, [], sender=payer)
        court.disputes.open(order, EVIDENCE, b"", sender=payer)
        return order

    return disputed


@pytest.fixture
def rule(court, judge, attacker):
    """Let the arbitrator rule whenever it likes."""

    def rule(number, ruling):
        data = court.disputes.rule.encode_input(number, ruling)
        return judge.execute(court.disputes, data, sender=attacker)

    return rule


def dispute_of(court, order):
    return court.disputes.disputeOf(court.escrow.orderIdOf(order))


def test_hostile_arbitrator__it_rules_while_asked__is_refused(
    court, judge, disputed, payer, attacker
):
    order = disputed()
    judge.arm(court.disputes, court.disputes.rule.encode_input(ID, 101), sender=attacker)

    court.disputes.escalate(order, sender=payer)

    assert (judge.hasReentered(), judge.succeeded()) == (True, False)
    assert judge.result()[:4] == selector(court.disputes.OrderDisputes_NotArbitrator.abi)
    assert dispute_of(court, order).status == DisputeStatus.ESCALATED


def test_hostile_arbitrator__it_escalates_again_while_asked__is_refused(
    court, judge, disputed, payer, attacker
):
    order, twin = disputed(), disputed(2)
    judge.arm(court.disputes, court.disputes.escalate.encode_input(twin), sender=attacker)

    court.disputes.escalate(order, sender=payer)

    assert judge.result() == selector(court.disputes.ReentrancyGuardReentrantCall.abi)
    assert dispute_of(court, twin).status == DisputeStatus.OPEN


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("execute", "OrderDisputes_NotRuled"),
        ("lapse", "OrderDisputes_NotOver"),
        ("concede", "OrderDisputes_NotParty"),
    ],
)
def test_hostile_arbitrator__it_ends_dispute_while_asked__is_refused(
    court, judge, disputed, payer, attacker, step, error
):
    order = disputed()
    judge.arm(court.disputes, getattr(court.disputes, step).encode_input(order), sender=attacker)

    court.disputes.escalate(order, sender=payer)

    assert judge.result()[:4] == selector(getattr(court.disputes, error).abi)
    assert court.escrow.orderOf(order).isHeld


def test_hostile_arbitrator__it_rules_on_what_it_was_not_asked__reverts(
    court, judge, disputed, rule
):
    disputed()

    with reverts(court.disputes.OrderDisputes_NotArbitrator, actor=judge, arbitrationId=ID):
        rule(ID, 101)


def test_hostile_arbitrator__it_rules_twice__reverts(court, judge, disputed, payer, rule):
    order = disputed()
    court.disputes.escalate(order, sender=payer)
    rule(ID, 1)

    with reverts(court.disputes.OrderDisputes_NotArbitrator, actor=judge, arbitrationId=ID):
        rule(ID, 101)

    assert dispute_of(court, order).payerBps == 0


def test_hostile_arbitrator__it_rules_again_after_execution__reverts(
    court, judge, disputed, payer, rule
):
    order = disputed()
    court.disputes.escalate(order, sender=payer)
    rule(ID, 1)
    court.disputes.execute(order, sender=payer)

    with reverts(court.disputes.OrderDisputes_NotArbitrator, actor=judge, arbitrationId=ID):
        rule(ID, 101)

    assert court.escrow.creditOf(account(payer), ZERO_ADDRESS) == 0


def test_hostile_arbitrator__it_names_two_disputes_alike__lets_first_end_by_time(
    court, disputed, payer, rule
):
    first, second = disputed(), disputed(2)
    for order in (first, second):
        court.disputes.escalate(order, sender=payer)

    rule(ID, 101)

    assert dispute_of(court, first).status == DisputeStatus.ESCALATED
    assert dispute_of(court, second).status == DisputeStatus.RULED
    next_block_at(dispute_of(court, first).until)
    court.disputes.lapse(first, sender=payer)
    assert court.escrow.creditOf(account(payer), ZERO_ADDRESS) == AMOUNT // 2


def test_hostile_arbitrator__it_numbers_from_zero__can_rule(
    court, judge, disputed, payer, rule, deployer
):
    judge.setNextId(0, sender=deployer)
    order = disputed()
    court.disputes.escalate(order, sender=payer)

    rule(0, 101)

    assert dispute_of(court, order).payerBps == 10_000


def test_hostile_arbitrator__it_refuses_disputes__lets_time_end_them(
    court, judge, disputed, payer, deployer
):
    order = disputed()
    judge.setRefusing(True, sender=deployer)
    with reverts(judge.HostileArbitrator_Refused):
        court.disputes.escalate(order, sender=payer)
    next_block_at(dispute_of(court, order).until)

    court.disputes.lapse(order, sender=payer)

    assert not court.escrow.orderOf(order).isHeld


def test_hostile_arbitrator__it_raises_its_cost__takes_no_more_than_was_sent(
    court, judge, disputed, payer, deployer
):
    order = disputed()
    judge.setCost(10**18, sender=deployer)

    with reverts(court.disputes.OrderDisputes_WrongFee, sent=10**9, cost=10**18):
        court.disputes.escalate(order, sender=payer, value=10**9)

    assert ape.chain.provider.get_balance(court.disputes.address) == 0


def test_hostile_arbitrator__it_never_answers__lets_time_end_it(court, disputed, payer, attacker):
    order = disputed()
    court.disputes.escalate(order, sender=payer)
    next_block_at(dispute_of(court, order).until)

    court.disputes.lapse(order, sender=attacker)

    assert court.escrow.creditOf(account(payer), ZERO_ADDRESS) == AMOUNT // 2
