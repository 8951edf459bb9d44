"""Take out what the ledger owes."""

import click

from scripts._session import Session, script
from scripts._types import ADDRESS
from weilian.chain import ZERO_ADDRESS
from weilian.currency import currency_at
from weilian.ledger import Ledger


@script(writes=True)
@click.option("--identity", type=ADDRESS, help="Whose credit.  [default: the account's own]")
@click.option("--currency", type=ADDRESS, help="Token to withdraw.  [default: the chain's coin]")
@click.option("--to", type=ADDRESS, help="Who is paid.  [default: the identity]")
def cli(session: Session, identity: str | None, currency: str | None, to: str | None) -> None:
    """Withdraw the whole credit in one currency.

    The account must own the identity, or be its delegate for weilian/withdraw.
    """
    ledger = Ledger(session.suite())
    signer = session.signer()
    account, address = identity or signer.address, currency or ZERO_ADDRESS
    money = currency_at(session.chain, address)
    credit = ledger.credit(account, address)
    session.out.say(f"{account} has a credit of {money.text(credit)}")
    result = {"account": account, "currency": address, "amount": str(credit)}
    if session.dry_run or not credit:
        session.finish(result)
        return
    session.confirm(f"Pay {money.text(credit)} to {to or account}?")
    done = ledger.withdraw(account, address, signer, to)
    session.finish(result | {"to": done.to}, f"paid {money.text(done.amount)}")
