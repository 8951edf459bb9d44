"""Pay into a brand's credit, for the commissions of orders that are paid elsewhere."""

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, UsageRuleError
from weilian.chain import ZERO_ADDRESS
from weilian.currency import currency_at
from weilian.ledger import Ledger


@script(writes=True, is_repeatable=False)
@click.option("--brand", type=ADDRESS, help="Whose credit.  [default: the account's own]")
@click.option("--currency", type=ADDRESS, help="Token to pay in.  [default: the chain's coin]")
@click.option("--amount", help="How much, such as 5000.")
@click.option(
    "--keep/--release",
    "is_kept",
    default=None,
    help="Let only the account and its delegates withdraw the credit, or anyone again.",
)
def cli(
    session: Session,
    brand: str | None,
    currency: str | None,
    amount: str | None,
    is_kept: bool | None,
) -> None:
    """Pay into a credit; anyone may. Reports of orders set their commissions aside from it.

    Anyone may also have a credit paid out to its account: keep what is there for reports.
    """
    if amount is None and is_kept is None:
        raise UsageRuleError("say how much, with --amount, or whether to --keep the credit")
    ledger, signer = Ledger(session.suite()), session.signer()
    account, address = brand or signer.address, currency or ZERO_ADDRESS
    money = currency_at(session.chain, address)
    units = money.units(amount) if amount is not None else 0
    if amount is not None and not units:
        raise UsageRuleError(f"--amount {amount} pays nothing in; it must be above zero")
    session.out.say(f"余额 {account} has a credit of {money.text(ledger.credit(account, address))}")
    if is_kept is not None and is_kept != ledger.is_credit_kept(account, address):
        session.attempt(
            f"{'保留？ Keep it for' if is_kept else '放开？ Let anyone pay it to'} {account}?",
            "已保留 kept" if is_kept else "已放开 released",
            lambda: ledger.set_credit_kept(account, address, is_kept, signer),
        )
    if units:
        session.attempt(
            f"存入？ Pay {money.text(units)} into it?",
            f"已存入 paid {money.text(units)} in",
            lambda: ledger.deposit(account, address, units, signer),
        )
    document = {"account": account, "currency": address, "amount": str(units)}
    session.finish(
        document
        | {
            "credit": str(ledger.credit(account, address)),
            "isKept": ledger.is_credit_kept(account, address),
        }
    )
