from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.disputes import COST, EVIDENCE
from tests.support.programme import account, create_order, join_line, member, publish, total_of

AMOUNT = 10_000


@dataclass
class Books:
    """What the escrow owes to each party of an order in the chain's coin."""

    escrow: Any
    parties: dict[str, int]

    def read(self) -> dict[str, int]:
        """Return the credits that are not zero."""
        owed = {
            name: self.escrow.creditOf(party, ZERO_ADDRESS) for name, party in self.parties.items()
        }
        return {name: credit for name, credit in owed.items() if credit}


@pytest.fixture(scope="session", autouse=True)
def _session_first(
    identities,
    book,
    network,
    escrow,
    disputes,
    arbitrator,
    brand,
    issuer,
    manufacturer,
    distributor,
    sponsor,
    payer,
    relayer,
    shopper,
):
    """Later session fixtures would make ape undo and redo the earlier ones."""


@pytest.fixture(scope="module", autouse=True)
def line(network, brand, upline, sponsor, distributor):
    """Numbers of the distributor who sells and those above, from the top."""
    return join_line(network, brand, upline, sponsor, distributor)


@pytest.fixture
def books(escrow, brand, payer, line):
    top, middle, seller = line
    parties = {
        "payer": account(payer),
        "brand": account(brand),
        "platform": member(brand, 1),
        "distributor": member(brand, seller),
        "sponsor": member(brand, middle),
        "upline": member(brand, top),
    }
    return Books(escrow, parties)


@pytest.fixture
def wallet(project, deployer, shopper):
    """A contract wallet of the shopper's."""
    return deployer.deploy(project.Wallet1271, shopper)


@pytest.fixture
def plan_id(book, brand):
    """A plan in the chain's coin of 10, 2 and 1 %, with 2 % for the platform."""
    return publish(book, brand, dailyReportLimit=10 * AMOUNT)


@pytest.fixture
def order(plan_id, payer, brand, line):
    """10,000 wei, sold by the distributor."""
    return create_order(plan_id, payer, brand, seller=line[-1])


@pytest.fixture
def order_id(escrow, order):
    return bytes(escrow.orderIdOf(order))


@pytest.fixture
def authorized(escrow, order, payer):
    escrow.authorize(order, sender=payer, value=total_of(order))
    return order


@pytest.fixture
def captured(escrow, authorized, payer):
    escrow.capture(authorized, [], sender=payer)
    return authorized


@pytest.fixture
def opened(disputes, captured, payer):
    disputes.open(captured, EVIDENCE, b"", sender=payer)
    return captured


@pytest.fixture
def escalated(disputes, opened, payer):
    """An order whose dispute the arbitrator knows under number 1."""
    disputes.escalate(opened, sender=payer, value=COST)
    return opened


@pytest.fixture
def reported(escrow, plan_id, brand, line):
    """An order of 10,000 wei that was paid outside the chain."""
    escrow.deposit(brand, ZERO_ADDRESS, AMOUNT, sender=brand, value=AMOUNT)
    order = create_order(plan_id, ZERO_ADDRESS, brand, seller=line[-1], salt=9)
    escrow.report([order], sender=brand)
    return order
