"""The escrow without a chain: CommissionEscrow with its plan book and distributor network."""

from weilian.commission.changes import OrderChanges
from weilian.commission.intake import OrderIntake
from weilian.refusal import InvariantError


class Escrow(OrderIntake, OrderChanges):
    """What the contracts keep, and the same operations on it.

    An operation that a contract would revert raises RefusedError, with the name and the values of
    the contract's error, and changes nothing. Amounts are in the currency's smallest unit, times
    in seconds, rates in basis points.
    """

    def liabilities(self, currency: str) -> int:
        """Return what the escrow must hold of a currency: all credits and what orders hold."""
        credited = sum(amount for (_, of), amount in self.credits.items() if of == currency)
        orders = (order for order in self.orders if order.currency == currency)
        return credited + sum(map(self.escrowed, orders))

    def check(self) -> None:
        """Raise InvariantError unless all money held is owed to somebody, and none is missing."""
        of_orders = {order.currency for order in self.orders}
        for currency in of_orders | self.held.keys() | {of for _, of in self.credits}:
            held, owed = self.held[currency], self.liabilities(currency)
            if held != owed:
                raise InvariantError(f"of {currency} {held} must be held as much as owed", owed)
        amounts = [*self.credits.values(), *self.debts.values()]
        if any(amount < 0 for amount in amounts):
            raise InvariantError("no credit and no debt is negative", min(amounts))
