"""Pay into a brand's credit, for the commissions of orders that are paid elsewhere."""

import click

from scripts._session import Session, script
from scripts._types import ADDRESS
from weilian.chain import ZERO_ADDRESS
from weilian.currency import currency_at
from weilian.ledger import Ledger


@script(writes=True)
@click.option("--brand", type=ADDRESS, help="Whose credit.  [default: the account's own]")
@click.option("--currency", type=ADDRESS, help="Token to pay in.  [default: the chain's coin]")
@click.option("--amount", required=True, help="How much, such as 5000.")
def cli(session: Session, brand: str | None, currency: str | None, amount: str) -> None:
    """Pay into a credit; anyone may. Reports of orders set their commissions aside from it."""
    ledger, signer = Ledger(session.suite()), session.signer()
    account, address = brand or signer.address, currency or ZERO_ADDRESS
    money = currency_at(session.chain, address)
    units = money.units(amount)
    session.out.say(f"{account} has a credit of {money.text(ledger.credit(account, address))}")
    session.attempt(
        f"Pay {money.text(units)} into it?",
        f"paid {money.text(units)} in",
        lambda: ledger.deposit(account, address, units, signer),
    )
    credit = ledger.credit(account, address)
    session.finish(
        {"account": account, "currency": address, "amount": str(units), "credit": str(credit)}
    )
