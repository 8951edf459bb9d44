"""What the splitter owes, and taking it out."""

from dataclasses import dataclass

from weilian.address import to_address
from weilian.chain import Signer, TxResult
from weilian.suite import Suite


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A credit that was paid out; `amount` in the currency's smallest unit."""

    account: str
    currency: str
    to: str
    amount: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in the splitter. The zero address as currency is the chain's own coin."""

    suite: Suite

    def credit(self, account: str, currency: str) -> int:
        """Return what an account can withdraw, in the currency's smallest unit."""
        function = self.suite.splitter.functions.creditOf(to_address(account), to_address(currency))
        return int(self.suite.chain.call(function))

    def withdraw(
        self, account: str, currency: str, signer: Signer, to: str | None = None
    ) -> Withdrawal:
        """Pay an account's whole credit out, to the account itself if nobody else is named."""
        contract = self.suite.splitter
        tx = self.suite.chain.send(
            contract.functions.withdraw(
                to_address(account), to_address(currency), to_address(to or account)
            ),
            signer,
        )
        args = tx.event(contract.events.Withdrawn())
        return Withdrawal(args["account"], args["currency"], args["to"], args["amount"], tx)
