"""Programmes as large as one likes, written without signatures, and what settling in them costs."""

from dataclasses import dataclass
from typing import Any

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import next_block_at
from tests.support.programme import DAY, REFUND_WINDOW, create_order, publish, total_of
from tests.support.stall import LIMITS

RATES = [[1_000, 500, 300, 200, 100]]
CHUNK = 150
"""Distributors a transaction, which are some 7 million gas."""
GAS_LIMIT = 12_000_000


@dataclass
class Crowd:
    """An escrow whose network is a mock, and a brand with a plan of five levels in coin."""

    escrow: Any
    network: Any
    brand: Any
    payer: Any
    plan_id: bytes
    salt: int = 0

    def write(self, shape: str, first: int, count: int, sponsor: int) -> int:
        """Write so many distributors as "Line" or "Star"; return the number of the last."""
        write = getattr(self.network, f"write{shape}")
        last = first + count - 1
        for start in range(first, last + 1, CHUNK):
            size = min(CHUNK, last + 1 - start)
            above = start - 1 if shape == "Line" and start != first else sponsor
            write(
                self.escrow, self.brand, start, size, above, sender=self.payer, gas_limit=GAS_LIMIT
            )
        return last

    def settling_gas(self, seller: int) -> int:
        """Return the gas of settling an order through a distributor."""
        self.salt += 1
        order = create_order(self.plan_id, self.payer, self.brand, seller=seller, salt=self.salt)
        self.escrow.authorize(order, sender=self.payer, value=total_of(order))
        captured = self.escrow.capture(order, [], sender=self.payer)
        next_block_at(captured.timestamp + REFUND_WINDOW + DAY)
        return int(self.escrow.settle([order], sender=self.payer).gas_used)


def deploy_crowd(
    project: Any, deployer: Any, identities: Any, platform: Any, brand: Any, payer: Any
) -> Crowd:
    """Deploy escrow and plan book; the brand's and the platform's words are written once."""
    book = deployer.deploy(project.PlanBook, identities, tuple(vars(LIMITS).values()))
    network = deployer.deploy(project.BulkNetwork)
    escrow = deployer.deploy(
        project.CommissionEscrow, identities, platform, book, network, ZERO_ADDRESS, ZERO_ADDRESS
    )
    book.bindEscrow(escrow, sender=deployer)
    crowd = Crowd(escrow, network, brand, payer, publish(book, brand, depth=5, rates=RATES))
    crowd.settling_gas(0)
    return crowd
