"""Take out what the ledger owes."""

from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import click

from scripts._keeper import check_gas, keeper_of, keeper_options, least_option, pay
from scripts._session import Session, script
from scripts._types import ADDRESS, UsageRuleError, member_number
from weilian.chain import ZERO_ADDRESS, Signer
from weilian.commission.parties import (
    PLATFORM_NUMBER,
    account_of,
    account_party,
    brand_of,
    is_platform,
)
from weilian.currency import currency_at
from weilian.distributor import Distributors
from weilian.keeper import owed
from weilian.ledger import Ledger, Withdrawal


@script(writes=True)
@click.option("--brand", type=ADDRESS, help="As a distributor of this brand.")
@click.option("--number", type=member_number(1), help="Your number; 1: the platform's fees.")
@click.option("--currency", type=ADDRESS, help="Token to withdraw.  [default: the chain's coin]")
@click.option("--identity", type=ADDRESS, help="Whose credit.  [default: the account's own]")
@click.option("--to", type=ADDRESS, help="Pay an account's credit, or number 1's, elsewhere.")
@click.option("--all", "is_all", is_flag=True, help="Pay everyone of --brand who has a credit.")
@least_option
@keeper_options
def cli(
    session: Session,
    brand: str | None,
    number: int | None,
    currency: str | None,
    identity: str | None,
    to: str | None,
    is_all: bool,
    least: Decimal,
    **limits: Any,
) -> None:
    """Withdraw the whole credit in one currency, to where its party wants it; anyone may.

    Only with --to, or if the credit is kept (see `fund --keep`), the account must own the identity,
    or be its delegate for weilian/withdraw.
    Least credit, journal, and limits of gas and fees are those of --all.
    """
    address = currency or ZERO_ADDRESS
    if is_all:
        _withdraw_all(session, brand, address, least, **limits)
        return
    if number is not None and brand is None:
        raise UsageRuleError("a --number is one in the programme of a --brand")
    if to is not None and brand is not None and number != PLATFORM_NUMBER:
        raise UsageRuleError("a distributor is paid to its payout address; leave out --to")
    ledger, signer = Ledger(session.suite()), session.signer()
    account = identity or signer.address
    party = account_party(account)
    if brand is not None:
        party = _member(session, brand, number, account)
    elif ledger.is_credit_kept(account, address):
        to = to or account
    money = currency_at(session.chain, address)
    credit = ledger.credit(party, address)
    session.out.say(
        f"余额 The credit is {money.text(credit)}, paid to {to or ledger.payout(party)}"
    )
    if credit:
        session.attempt(
            f"提现？ Pay {money.text(credit)}?",
            f"已提现 paid {money.text(credit)}",
            lambda: _withdraw(ledger, party, address, to, signer),
        )
    document: dict[str, Any] = {"party": hex(party), "currency": address, "amount": str(credit)}
    session.finish(document | {"to": to or ledger.payout(party)})


def _withdraw(
    ledger: Ledger, party: int, currency: str, to: str | None, signer: Signer
) -> Withdrawal:
    if to is None:
        return ledger.withdraw(party, currency, signer)
    if is_platform(party):
        return ledger.withdraw_fees_to(brand_of(party), currency, to, signer)
    return ledger.withdraw_to(account_of(party), currency, to, signer)


def _member(session: Session, brand: str, number: int | None, account: str) -> int:
    distributors = Distributors(session.suite())
    if number is not None:
        return distributors.party(brand, number)
    return distributors.of_account(brand, account).party


def _withdraw_all(
    session: Session, brand: str | None, currency: str, least: Decimal, **limits: Any
) -> None:
    if brand is None:
        raise UsageRuleError("--all pays everyone of a --brand; name it")
    with ExitStack() as stack:
        keeper = None
        if not session.dry_run:
            keeper = stack.enter_context(keeper_of(session, **limits))
        due = _owed(session, brand, currency)
        credits_ = {(party, currency): credit for party, credit in due.items()}
        document = pay(session, keeper, credits_, least)
    owed_ = {hex(party): str(credit) for party, credit in due.items()}
    session.finish({"owed": owed_} | document)
    check_gas(keeper)


def _owed(session: Session, brand: str, currency: str) -> dict[int, int]:
    due, ledger = owed(session.suite(), brand, currency), Ledger(session.suite())
    credit = ledger.credit(brand, currency)
    if credit and not ledger.is_credit_kept(brand, currency):
        due[account_party(brand)] = credit
    total = currency_at(session.chain, currency).text(sum(due.values()))
    session.out.say(f"待付 {len(due)} parties have {total} together")
    return due
