"""What is owed to whom, and the money that is there for it; as PartyLedger.sol."""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from typing import Any

from weilian.address import ZERO_ADDRESS
from weilian.commission.parties import (
    account_party,
    brand_of,
    is_platform,
    platform_party,
)
from weilian.commission.plan import PlanLimits
from weilian.refusal import RefusedError

NATIVE = ZERO_ADDRESS
"""Stands for the chain's coin as a currency."""

MAX_CREDIT = 2**96 - 1
"""The most fees that wait for the platform with one brand."""

Authority = Callable[[str, str, str], bool]
"""Whether an identity lets an actor act in a matter: plan, order or withdraw."""


def itself(identity: str, matter: str, actor: str) -> bool:  # noqa: ARG001 - an Authority
    """Let everyone act for itself alone."""
    return actor == identity


@dataclass(frozen=True)
class Site:
    """Where an escrow stands: chain, addresses, and the limits of its plan book."""

    chain_id: int
    escrow: str
    book: str
    platform: str
    limits: PlanLimits


class PartyLedger(ABC):
    """Credits, debts and money held, in each currency's smallest unit.

    An operation that the contract would revert raises RefusedError and changes nothing. Tokens
    deliver what they are told, whoever pays has enough, and only accounts in `refusing` do not take
    the chain's coin.
    """

    def __init__(self, site: Site, may: Authority = itself) -> None:
        self.site = site
        self.may = may
        self.refusing: set[str] = set()
        self.credits: Counter[tuple[int, str]] = Counter()
        self.debts: Counter[tuple[int, str]] = Counter()
        self.kept_credits: set[tuple[int, str]] = set()
        self.held: Counter[str] = Counter()
        self.moved: Counter[tuple[str, str]] = Counter()
        """What accounts got from the escrow, less what they paid to it."""

    @abstractmethod
    def payout_of(self, party: int) -> str:
        """Return where a party is paid, zero for an unknown distributor."""

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo what was done so far when the operation is refused."""
        before = self.kept()
        try:
            yield
        except RefusedError:
            vars(self).update(before)
            raise

    def kept(self) -> dict[str, Any]:
        """Return a copy of all that is kept; `vars(ledger).update(...)` puts it back."""
        kept = {k: v for k, v in vars(self).items() if isinstance(v, dict | set)}
        return {name: copy(value) for name, value in kept.items()}

    def credit_of(self, party: int, currency: str) -> int:
        """Return what a party can withdraw."""
        return self.credits[party, currency]

    def debt_of(self, party: int, currency: str) -> int:
        """Return what a distributor, or the platform, owes to its brand after refunds."""
        return self.debts[party, currency]

    def deposit(self, account: str, currency: str, amount: int, actor: str, value: int) -> None:
        """Pay into an account's credit; `value` is the chain's coin sent along."""
        with self.all_or_nothing():
            self.credit(account_party(account), currency, amount)
            self.collect(currency, amount, actor, value)

    def withdraw(self, party: int, currency: str) -> int:
        """Pay a party's whole credit to where it wants it; return the amount."""
        if self._is_kept(party, currency):
            raise RefusedError("PartyLedger_CreditKept", party=party, currency=currency)
        return self._withdraw(party, currency, self.payout_of(party))

    def withdraw_to(self, account: str, currency: str, to: str, actor: str) -> int:
        """Pay an account's whole credit to another address; return the amount."""
        self._check_may_withdraw(account, actor)
        return self._withdraw(account_party(account), currency, to)

    def withdraw_fees_to(self, brand: str, currency: str, to: str, actor: str) -> int:
        """Pay the platform's fees of a brand's orders to another address; return the amount."""
        self._check_may_withdraw(self.site.platform, actor)
        return self._withdraw(platform_party(brand), currency, to)

    def set_credit_kept(self, account: str, currency: str, is_kept: bool, actor: str) -> None:
        """Keep an account's credit to be paid out by `withdraw_to` alone, or let it go."""
        self._check_may_withdraw(account, actor)
        change = self.kept_credits.add if is_kept else self.kept_credits.discard
        change((account_party(account), currency))

    def withdraw_batch(self, payees: Iterable[tuple[int, str]]) -> int:
        """Withdraw for many, by party and currency; return how many were paid."""
        paid = 0
        for party, currency in payees:
            to, amount = self.payout_of(party), self.credits[party, currency]
            if not amount or self._is_kept(party, currency):
                continue
            if self._takes(to, currency):
                self._pay(party, currency, to)
                paid += 1
            elif is_platform(party):
                # What waits for the platform is counted anew.
                self.credits[party, currency] = 0
                self.credit_brand(brand_of(party), currency, 0, amount)
        return paid

    def credit(self, party: int, currency: str, amount: int) -> None:
        """Credit a party; what it owes goes to its brand first."""
        offset = self.credit_after_debt(party, currency, amount)
        if offset:
            self.credit(account_party(brand_of(party)), currency, offset)

    def credit_after_debt(self, party: int, currency: str, amount: int) -> int:
        """Credit a party with what its debt leaves; return the rest, which is the brand's."""
        offset = self._offset(party, currency, amount)
        self.credits[party, currency] += amount - offset
        return offset

    def credit_brand(self, brand: str, currency: str, amount: int, fees: int) -> None:
        """Credit a brand, and the platform with the fees of the brand's orders."""
        platform = platform_party(brand)
        offset = self._offset(platform, currency, fees)
        waiting = self.credits[platform, currency] + fees - offset
        if waiting > MAX_CREDIT:
            self.credit(account_party(self.site.platform), currency, waiting)
            waiting = 0
        self.credits[platform, currency] = waiting
        self.credit(account_party(brand), currency, amount + offset)

    def debit(self, account: str, currency: str, amount: int) -> None:
        """Set a part of an account's credit aside."""
        party = account_party(account)
        credit = self.credits[party, currency]
        if credit < amount:
            raise RefusedError(
                "PartyLedger_CreditTooSmall",
                account=account,
                currency=currency,
                credit=credit,
                due=amount,
            )
        self.credits[party, currency] -= amount

    def claw_back(self, party: int, currency: str, amount: int) -> int:
        """Take back what is there, and return it; the rest becomes debt."""
        taken = min(amount, self.credits[party, currency])
        self.credits[party, currency] -= taken
        self.debts[party, currency] += amount - taken
        return taken

    def collect(self, currency: str, amount: int, actor: str, value: int) -> None:
        """Take a payment from `actor`; `value` is the chain's coin sent along."""
        due = amount if currency == NATIVE else 0
        if value != due:
            raise RefusedError("PartyLedger_WrongValue", sent=value, due=due)
        self.held[currency] += amount
        self.moved[actor, currency] -= amount

    def _is_kept(self, party: int, currency: str) -> bool:
        """Tell whether there is a credit that only its account may ask for."""
        return (party, currency) in self.kept_credits

    def _check_may_withdraw(self, account: str, actor: str) -> None:
        if not self.may(account, "withdraw", actor):
            raise RefusedError("PartyLedger_NotAuthorized", account=account, actor=actor)

    def _offset(self, party: int, currency: str, amount: int) -> int:
        offset = min(amount, self.debts[party, currency])
        self.debts[party, currency] -= offset
        return offset

    def _withdraw(self, party: int, currency: str, to: str) -> int:
        if not self._is_recipient(to):
            raise RefusedError("PartyLedger_RecipientInvalid", to=to)
        amount = self.credits[party, currency]
        if not amount:
            raise RefusedError("PartyLedger_NothingToWithdraw", party=party, currency=currency)
        if not self._takes(to, currency):
            raise RefusedError(
                "PartyLedger_PaymentRefused", currency=currency, to=to, amount=amount
            )
        self._pay(party, currency, to)
        return amount

    def _pay(self, party: int, currency: str, to: str) -> None:
        amount = self.credits[party, currency]
        self.credits[party, currency] = 0
        self.held[currency] -= amount
        self.moved[to, currency] += amount

    def _takes(self, to: str, currency: str) -> bool:
        return self._is_recipient(to) and not (currency == NATIVE and to in self.refusing)

    def _is_recipient(self, to: str) -> bool:
        return to not in (ZERO_ADDRESS, self.site.escrow)
