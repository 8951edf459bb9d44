"""Take out what the ledger owes."""

from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, UsageRuleError
from weilian.chain import ZERO_ADDRESS
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.currency import currency_at
from weilian.distributor import Distributors
from weilian.ledger import Ledger, Withdrawal


@script(writes=True)
@click.option("--brand", type=ADDRESS, help="As a distributor of this brand.")
@click.option("--number", type=click.IntRange(1), help="Your number; 1: the platform's fees.")
@click.option("--currency", type=ADDRESS, help="Token to withdraw.  [default: the chain's coin]")
@click.option("--identity", type=ADDRESS, help="Whose credit.  [default: the account's own]")
@click.option("--to", type=ADDRESS, help="Pay an account's credit elsewhere.")
@click.option("--all", "is_all", is_flag=True, help="Pay everyone of --brand who has a credit.")
def cli(
    session: Session,
    brand: str | None,
    number: int | None,
    currency: str | None,
    identity: str | None,
    to: str | None,
    is_all: bool,
) -> None:
    """Withdraw the whole credit in one currency, to where its party wants it; anyone may.

    Only with --to the account must own the identity, or be its delegate for weilian/withdraw.
    """
    address = currency or ZERO_ADDRESS
    if is_all:
        _withdraw_all(session, brand, address)
        return
    if number is not None and brand is None:
        raise UsageRuleError("a --number is one in the programme of a --brand")
    if to is not None and brand is not None:
        raise UsageRuleError("a distributor is paid to its payout address; leave out --to")
    ledger, signer = Ledger(session.suite()), session.signer()
    account = identity or signer.address
    party = account_party(account)
    if brand is not None:
        party = _member(session, brand, number, account)
    money = currency_at(session.chain, address)
    credit = ledger.credit(party, address)
    session.out.say(f"The credit is {money.text(credit)}, paid to {to or ledger.payout(party)}")
    if credit:
        session.attempt(
            f"Pay {money.text(credit)}?",
            f"paid {money.text(credit)}",
            lambda: (
                ledger.withdraw_to(account, address, to, signer)
                if to
                else ledger.withdraw(party, address, signer)
            ),
        )
    document: dict[str, Any] = {"party": hex(party), "currency": address, "amount": str(credit)}
    session.finish(document | {"to": to or ledger.payout(party)})


def _member(session: Session, brand: str, number: int | None, account: str) -> int:
    if number is not None:
        return member_party(brand, number)
    return Distributors(session.suite()).of_account(brand, account).party


def _withdraw_all(session: Session, brand: str | None, currency: str) -> None:
    if brand is None:
        raise UsageRuleError("--all pays everyone of a --brand; name it")
    ledger, money = Ledger(session.suite()), currency_at(session.chain, currency)
    members = [each.party for each in Distributors(session.suite()).all(brand)]
    parties = [platform_party(brand), account_party(brand), *members]
    owed = {party: ledger.credit(party, currency) for party in parties}
    owed = {party: credit for party, credit in owed.items() if credit}
    session.out.say(f"{len(owed)} parties have {money.text(sum(owed.values()))} together")
    payouts = None
    if owed:
        payees = [(party, currency) for party in owed]
        payouts = session.attempt(
            "Pay them?", "paid", lambda: ledger.withdraw_batch(payees, session.signer())
        )
    for each in payouts.failed if payouts else ():
        session.out.say(f"✗ {each.to} did not take {money.text(each.amount)}; it stays its credit")
    session.finish(
        {
            "owed": {hex(party): str(credit) for party, credit in owed.items()},
            "paid": [_shown(each) for each in payouts.paid] if payouts else [],
            "failed": [_shown(each) for each in payouts.failed] if payouts else [],
        }
    )


def _shown(each: Withdrawal) -> dict[str, str]:
    return {"party": hex(each.party), "to": each.to, "amount": str(each.amount)}
