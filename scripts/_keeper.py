"""What settling, paying out and reporting share: files, limits, opening a keeper."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from scripts._session import Session
from scripts._types import PATH, UsageRuleError
from weilian.batching import GAS_CEILING
from weilian.chain import TxResult
from weilian.keeper import Keeper, Kept, open_keeper
from weilian.ledger import Ledger, Payouts, Withdrawal
from weilian.open_orders import OpenOrders, open_orders
from weilian.sending import Policy, WalletSigner

JOURNALS = "journals"
_GWEI = 10**9
_MAX_GAS = 16_777_216
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
        help="Most gas of all transactions of this run.  [default: no limit]",
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
        done = keeper.recovered
        if done.mined or done.failures:
            session.out.say(
                f"上次运行 Of an earlier run, {done.mined} transactions were brought into blocks "
                f"and {len(done.failures)} failed"
            )
        yield keeper


@contextmanager
def orders_of(session: Session, journal: Path | None) -> Iterator[OpenOrders]:
    """Open what is known of the orders that are not settled; a dry run does not change it."""
    path = journal or session.deployments / JOURNALS / str(session.chain.chain_id)
    place = None if session.is_ephemeral else Path(f"{path}.orders")
    with open_orders(session.suite(), place, keeps=not session.dry_run) as orders:
        yield orders


def tell(session: Session, kept: Kept, what: str) -> list[TxResult]:
    """Tell of what a keeper did and what it left; return its transactions."""
    session.chain.untold += kept.transactions
    session.sent(what)
    for failure in kept.failures:
        session.out.say(f"✗ {failure.hash}: {failure.reason}")
    if kept.over:
        session.out.say(f"✗ 燃料限额用尽 out of gas for this run: {kept.over}")
    return kept.transactions


@dataclass(frozen=True, slots=True)
class Paid:
    """Who was paid and who refused; `unpaid` were not tried, `over` is the end of the gas."""

    payouts: Payouts = field(default_factory=lambda: Payouts((), ()))
    unpaid: tuple[tuple[int, str], ...] = ()
    over: str = ""


def pay(session: Session, keeper: Keeper, payees: list[tuple[int, str]]) -> Paid:
    """Pay everyone who is listed, and tell who did not take it."""
    ledger, kept = Ledger(session.suite()), keeper.pay(payees)
    payouts = ledger.payouts(tell(session, kept, "已付款 paid"))
    refused = [each.to for each in payouts.failed]
    for to in (*refused, *(ledger.payout(party) for party, _ in kept.unpaid)):
        session.out.say(f"✗ {to} 拒收，余额保留 does not take its credit, which stays")
    return Paid(payouts, tuple(kept.unpaid), kept.over)


def paid(each: Withdrawal) -> dict[str, str]:
    """Return a payment as data for programs."""
    return {
        "party": hex(each.party),
        "currency": each.currency,
        "to": each.to,
        "amount": str(each.amount),
    }
