"""What settling, paying out and reporting share: files, limits, opening a keeper."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from scripts._session import Session
from scripts._types import AMOUNT, PATH, UsageRuleError
from weilian.batching import GAS_CEILING
from weilian.chain import TxResult
from weilian.currency import currency_at
from weilian.keeper import Keeper, Kept, Payee, open_keeper
from weilian.ledger import Ledger, Payouts, Withdrawal
from weilian.money import from_units
from weilian.open_orders import OpenOrders, open_orders
from weilian.sending import Policy, WalletSigner

JOURNALS = "journals"
_GWEI = 10**9
_MAX_GAS = 16_777_216
_MOST_TOLD = 20
"""Parties left unpaid that a person is told of one by one; --json has all."""

least_option = click.option(
    "--least",
    type=AMOUNT,
    default="0",
    help="Least credit worth a payment, in whole units of its currency.  [default: any]",
)
_OPTIONS = (
    click.option(
        "--gas-ceiling",
        type=click.IntRange(500_000, _MAX_GAS),
        default=GAS_CEILING,
        show_default=True,
        help="Most gas of a transaction.",
    ),
    click.option(
        "--gas-total",
        type=click.IntRange(500_000),
        help="Most gas of all transactions of this run, which then ends with 1.  "
        "[default: no limit]",
    ),
    click.option(
        "--max-fee",
        type=click.IntRange(1, 1_000_000),
        default=100,
        show_default=True,
        help="Most that a unit of gas may cost, in gwei.",
    ),
    click.option(
        "--journal",
        type=PATH,
        help="What was signed, so that a run that broke off is taken up again.  "
        "[default: journals/CHAIN-ACCOUNT.db beside the deployment records]",
    ),
)


class NodeAddressError(UsageRuleError):
    """A chain inside of this process."""

    def __init__(self) -> None:
        super().__init__("this needs a node with an address, like --network ethereum:local:URL")


def keeper_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that `keeper_of` takes."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


@contextmanager
def keeper_of(
    session: Session, *, gas_ceiling: int, gas_total: int | None, max_fee: int, journal: Path | None
) -> Iterator[Keeper]:
    """Open the keeper of the session's account and tell what an earlier run had left."""
    url = session.provider.http_uri
    if not url:
        raise NodeAddressError
    suite, signer = session.suite(), session.signer()
    policy = Policy(
        max_fee_per_gas=max_fee * _GWEI,
        gas_per_transaction=gas_ceiling,
        gas_total=gas_total,
        confirmations=session.chain.confirmations,
    )
    name = f"{session.chain.chain_id}-{signer.address}.db"
    path = journal or session.deployments / JOURNALS / name
    with open_keeper(suite, url, path, WalletSigner(signer), policy) as keeper:
        tell_recovered(session, keeper)
        yield keeper


def tell_recovered(session: Session, keeper: Keeper) -> None:
    """Tell what was brought to an end that a run, or a look of a loop, had left under way."""
    done = keeper.recovered
    if done.mined or done.failures:
        session.out.say(
            f"此前在途 Of what was under way, {done.mined} transactions were brought into blocks "
            f"and {len(done.failures)} failed"
        )


def check_gas(keeper: Keeper | None) -> None:
    """Raise GasSpentError if something was left for --gas-total; to be called when all is told."""
    if keeper and keeper.over:
        raise keeper.over


@contextmanager
def orders_of(session: Session, journal: Path | None) -> Iterator[OpenOrders]:
    """Open what is known of the orders that are not settled; a dry run does not change it."""
    path = journal or session.deployments / JOURNALS / str(session.chain.chain_id)
    place = None if session.is_ephemeral else Path(f"{path}.orders")
    with open_orders(session.suite(), place, keeps=not session.dry_run) as orders:
        yield orders


def tell(session: Session, kept: Kept, what: str) -> list[TxResult]:
    """Tell of what a keeper did; return its transactions."""
    session.chain.untold += kept.transactions
    session.sent(what)
    for failure in kept.failures:
        session.out.say(f"✗ {failure.hash}: {failure.reason}")
    return kept.transactions


def pay(
    session: Session, keeper: Keeper | None, credits_: Mapping[Payee, int], least: Decimal
) -> dict[str, Any]:
    """Pay the credits that are worth it; tell who was left out and why.

    Returns the same as data for programs. Without a keeper nothing is sent.
    """
    unpaid = _too_small(session, credits_, least)
    due = {payee: credit for payee, credit in credits_.items() if payee not in unpaid}
    payouts = Payouts((), ())
    if keeper and due:
        session.confirm(f"付 {len(due)} 笔余额？ Pay them?")
        kept = keeper.pay(due)
        unpaid |= kept.unpaid
        payouts = Ledger(session.suite()).payouts(tell(session, kept, "已付款 paid"))
    for each in payouts.failed:
        session.out.say(f"✗ {each.to} 拒收，余额保留 did not take its credit, which stays")
    _tell_unpaid(session, credits_, unpaid)
    return {
        "paid": [paid(each) for each in payouts.paid],
        "failed": [paid(each) for each in payouts.failed],
        "unpaid": [
            {
                "party": hex(payee[0]),
                "currency": payee[1],
                "amount": str(credits_[payee]),
                "reason": reason,
            }
            for payee, reason in unpaid.items()
        ],
    }


def _too_small(session: Session, credits_: Mapping[Payee, int], least: Decimal) -> dict[Payee, str]:
    """Return the credits below the least that is worth a payment."""
    known = {address: currency_at(session.chain, address) for _, address in credits_}
    return {
        (party, address): f"it is less than {least:,f} {known[address].symbol}"
        for (party, address), credit in credits_.items()
        if from_units(credit, known[address].decimals) < least
    }


def _tell_unpaid(
    session: Session, credits_: Mapping[Payee, int], unpaid: Mapping[Payee, str]
) -> None:
    for party, currency in list(unpaid)[:_MOST_TOLD]:
        amount = currency_at(session.chain, currency).text(credits_[party, currency])
        session.out.say(f"✗ {party:#x} 余额保留 keeps {amount}: {unpaid[party, currency]}")
    if len(unpaid) > _MOST_TOLD:
        session.out.say(f"✗ and {len(unpaid) - _MOST_TOLD} more; --json lists all")


def paid(each: Withdrawal) -> dict[str, str]:
    """Return a payment as data for programs."""
    return {
        "party": hex(each.party),
        "currency": each.currency,
        "to": each.to,
        "amount": str(each.amount),
    }
