"""What an action moves: balances of all parties before and after."""

from typing import Any, Self

import ape


class Money:
    """A snapshot of all parties' balances in one currency; the changes must sum to zero.

        with Money(payer, escrow, token=stablecoin) as money:
            ...
        assert money.changes == {payer.address: -5, escrow.address: 5}

    Without a token the chain's coin is counted, gas fees given back to whoever paid them.
    Parties that neither won nor lost are not among the changes.
    """

    def __init__(self, *parties: Any, token: Any = None) -> None:
        self._parties = [str(party.address) for party in parties]
        self._token = token
        self.changes: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._block = ape.chain.blocks.height
        self._before = self._balances()
        return self

    def __exit__(self, error_type: Any, *_: Any) -> None:
        if error_type is not None:
            return
        after = self._balances()
        fees = self._fees() if self._token is None else {}
        moved = {p: after[p] - self._before[p] + fees.get(p, 0) for p in self._parties}
        self.changes = {party: change for party, change in moved.items() if change}
        assert sum(self.changes.values()) == 0, f"money came from or went elsewhere: {self.changes}"

    def _balances(self) -> dict[str, int]:
        if self._token is None:
            return {party: ape.chain.provider.get_balance(party) for party in self._parties}
        return {party: self._token.balanceOf(party) for party in self._parties}

    def _fees(self) -> dict[str, int]:
        fees: dict[str, int] = {}
        for number in range(self._block + 1, ape.chain.blocks.height + 1):
            for transaction in ape.chain.blocks[number].transactions:
                receipt = ape.chain.get_receipt(transaction.txn_hash.to_0x_hex())
                fees[receipt.sender] = fees.get(receipt.sender, 0) + receipt.total_fees_paid
        return fees
