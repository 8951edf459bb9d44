"""What the escrow owes to whom, and taking it out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from web3.types import BlockIdentifier

from weilian.address import to_address
from weilian.chain import ZERO_ADDRESS, Signer, TxResult
from weilian.commission.parties import account_party, platform_party
from weilian.erc20 import Erc20
from weilian.errors import WeilianError
from weilian.suite import Suite

PAYEES_PER_TRANSACTION = 50
"""12 million gas at most, below the 16.7 million that a transaction may take (EIP-7825)."""

_PAYEE_GAS = 240_000
"""A payment gets 200,000 at most; the rest is for the ledger's words and the event."""

_CALL_GAS = 100_000


class NothingToWithdrawError(WeilianError, ValueError):
    """A party without a credit."""

    def __init__(self, party: int, currency: str) -> None:
        super().__init__(f"the party {party:#x} has no credit in the currency {currency}")


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A credit that was paid out; `amount` in the currency's smallest unit."""

    party: int
    currency: str
    to: str
    amount: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Deposit:
    """Money that was paid into an account's credit."""

    account: str
    currency: str
    amount: int
    tx: TxResult


@dataclass(frozen=True, slots=True)
class Payouts:
    """What a batch paid, and whose recipient or token refused: they keep their credit."""

    paid: tuple[Withdrawal, ...]
    failed: tuple[Withdrawal, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """The ledger in the escrow. The zero address as currency is the chain's own coin.

    A party is an account or a number in a brand's programme, see weilian.commission.parties.
    """

    suite: Suite

    def credit(self, party: int | str, currency: str, *, block: BlockIdentifier = "latest") -> int:
        """Return what a party, or an account, can withdraw, in the currency's smallest unit."""
        return self._read("creditOf", party, currency, block)

    def debt(self, party: int | str, currency: str, *, block: BlockIdentifier = "latest") -> int:
        """Return what a distributor owes its brand after refunds of settled orders."""
        return self._read("debtOf", party, currency, block)

    def payout(self, party: int) -> str | None:
        """Return where a party is paid, None for an unknown distributor."""
        to: str = self.suite.chain.call(self.suite.escrow.functions.payoutOf(party))
        return None if to == ZERO_ADDRESS else to

    def deposit(self, account: str, currency: str, amount: int, signer: Signer) -> Deposit:
        """Pay into an account's credit, as a brand does for orders paid outside the chain.

        Raises InsufficientFundsError, TokenBalanceError, ContractRevert.
        """
        contract = self.suite.escrow
        is_native = currency == ZERO_ADDRESS
        if not is_native:
            token = Erc20(self.suite.chain, to_address(currency))
            token.ensure_allowance(contract.address, amount, signer)
        function = contract.functions.deposit(to_address(account), to_address(currency), amount)
        tx = self.suite.chain.send(function, signer, value=amount if is_native else 0)
        args = tx.event(contract.events.Deposited())
        return Deposit(args["account"], args["currency"], args["amount"], tx)

    def withdraw(self, party: int | str, currency: str, signer: Signer) -> Withdrawal:
        """Pay a party's whole credit to where it wants it; anyone may send this.

        What an account keeps is refused, see `set_credit_kept`. Raises NothingToWithdrawError
        before anything is sent.
        """
        name = _party(party)
        if not self.credit(name, currency):
            raise NothingToWithdrawError(name, currency)
        function = self.suite.escrow.functions.withdraw(name, to_address(currency))
        return self._paid(self.suite.chain.send(function, signer))

    def withdraw_to(self, account: str, currency: str, to: str, signer: Signer) -> Withdrawal:
        """Pay an account's whole credit to another address, for the account or its delegate."""
        if not self.credit(account, currency):
            raise NothingToWithdrawError(_party(account), currency)
        function = self.suite.escrow.functions.withdrawTo(
            to_address(account), to_address(currency), to_address(to)
        )
        return self._paid(self.suite.chain.send(function, signer))

    def withdraw_fees_to(self, brand: str, currency: str, to: str, signer: Signer) -> Withdrawal:
        """Pay the platform's fees of a brand's orders elsewhere, for the platform or its delegate.

        Raises NothingToWithdrawError before anything is sent.
        """
        party = platform_party(brand)
        if not self.credit(party, currency):
            raise NothingToWithdrawError(party, currency)
        function = self.suite.escrow.functions.withdrawFeesTo(
            to_address(brand), to_address(currency), to_address(to)
        )
        return self._paid(self.suite.chain.send(function, signer))

    def is_credit_kept(self, account: str, currency: str) -> bool:
        """Tell whether an account keeps its credit: only `withdraw_to` pays it out."""
        function = self.suite.escrow.functions.isCreditKept(
            to_address(account), to_address(currency)
        )
        return bool(self.suite.chain.call(function))

    def set_credit_kept(
        self, account: str, currency: str, is_kept: bool, signer: Signer
    ) -> TxResult:
        """Keep an account's credit from being paid out by anyone, or let it go.

        For the account or its delegate for weilian/withdraw. A brand keeps its deposit for reports.
        """
        function = self.suite.escrow.functions.setCreditKept(
            to_address(account), to_address(currency), is_kept
        )
        return self.suite.chain.send(function, signer)

    def withdraw_batch(
        self,
        payees: Iterable[tuple[int, str]],
        signer: Signer,
        on_done: Callable[[int], None] | None = None,
    ) -> Payouts:
        """Pay many parties, each (party, currency), 50 in a transaction; anyone may send this.

        Who has nothing is passed over. `on_done` gets the number gone through.
        """
        listed = list(payees)
        sent: list[TxResult] = []
        for start in range(0, len(listed), PAYEES_PER_TRANSACTION):
            part = listed[start : start + PAYEES_PER_TRANSACTION]
            function = self.suite.escrow.functions.withdrawBatch(part)
            gas = batch_gas(len(part))
            sent.append(self.suite.chain.send(function, signer, least_gas=gas))
            if on_done:
                on_done(start + len(part))
        return self.payouts(sent)

    def payable(
        self, payees: Sequence[tuple[int, str]], sender: str | None = None
    ) -> list[tuple[int, str]]:
        """Return those who could be paid now, each (party, currency), tried as a call.

        All together; where only some can be paid, by halves. At most what fits a transaction.
        """
        if not payees:
            return []
        function = self.suite.escrow.functions.withdrawBatch(list(payees))
        gas = batch_gas(len(payees))
        paid: int = self.suite.chain.call(function, sender=sender, gas=gas)
        if paid in (0, len(payees)):
            return list(payees[:paid])
        middle = len(payees) // 2
        return self.payable(payees[:middle], sender) + self.payable(payees[middle:], sender)

    def payouts(self, transactions: Iterable[TxResult]) -> Payouts:
        """Return what transactions paid and whom they could not pay."""
        paid: list[Withdrawal] = []
        failed: list[Withdrawal] = []
        events = self.suite.escrow.events
        for tx in transactions:
            paid += [_withdrawal(e["args"], tx) for e in tx.events(events.Withdrawn())]
            failed += [_withdrawal(e["args"], tx) for e in tx.events(events.WithdrawalFailed())]
        return Payouts(tuple(paid), tuple(failed))

    def _read(self, name: str, party: int | str, currency: str, block: BlockIdentifier) -> int:
        function = self.suite.escrow.functions[name](_party(party), to_address(currency))
        return int(self.suite.chain.call(function, block=block))

    def _paid(self, tx: TxResult) -> Withdrawal:
        return _withdrawal(tx.event(self.suite.escrow.events.Withdrawn()), tx)


def batch_gas(payees: int) -> int:
    """Return the limit of gas of a transaction that pays so many.

    Not an estimate: a payment that lacks gas fails alone, so an estimate ends where all of them do.
    """
    return _CALL_GAS + _PAYEE_GAS * payees


def most_payees(gas_ceiling: int) -> int:
    """Return how many a transaction pays below a ceiling of gas, at least one."""
    return max(min(PAYEES_PER_TRANSACTION, (gas_ceiling - _CALL_GAS) // _PAYEE_GAS), 1)


def _party(party: int | str) -> int:
    return account_party(to_address(party)) if isinstance(party, str) else party


def _withdrawal(args: Any, tx: TxResult) -> Withdrawal:
    return Withdrawal(args["party"], args["currency"], args["to"], args["amount"], tx)
