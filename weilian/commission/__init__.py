"""Commission arithmetic, and the splitter's ledger as a model to check the contract against.

Pure: no chain. Amounts are in a currency's smallest unit, rates in basis points, times in seconds.
"""

from weilian.commission.ledger import LedgerModel
from weilian.commission.shares import Split, SplitError, split
from weilian.commission.terms import Limits, Order, OrderState, OrderStatus, Plan
from weilian.refusal import RefusedError

__all__ = [
    "LedgerModel",
    "Limits",
    "Order",
    "OrderState",
    "OrderStatus",
    "Plan",
    "RefusedError",
    "Split",
    "SplitError",
    "split",
]
