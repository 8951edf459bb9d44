"""A distributor's own number: whether it is authorised, who acts for it, where it is paid."""

from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, UsageRuleError, member_number
from weilian.distributor import Distributors, territory_text

brand_option = click.option("--brand", type=ADDRESS, required=True, help="Whose programme.")
number_option = click.option(
    "--number", type=member_number(2), help="The number.  [default: that of the account]"
)


@click.group()
def cli() -> None:
    """Show a distributor, hand its number to another account, change where it is paid."""


@script(writes=False, group=cli, name="show")
@click.argument("who", metavar="[ACCOUNT]", type=ADDRESS, required=False)
@brand_option
@click.option("--number", type=member_number(2), help="Ask about this number, not an ACCOUNT.")
def show(session: Session, who: str | None, brand: str, number: int | None) -> None:
    """Tell whether ACCOUNT is an authorised distributor of a brand, since when and where.

    A suspended distributor is not authorised. What is offered or announced is shown too.
    """
    if (who is None) == (number is None):
        raise UsageRuleError("name either an ACCOUNT or a --number")
    distributors = Distributors(session.suite())
    account = who if number is None else distributors.get(brand, number).account
    document = _described(distributors, brand, str(account))
    if document["isAuthorized"]:
        session.out.say("Authorised · 已授权")
    elif document["isSuspended"]:
        session.out.say("Suspended for new orders: not authorised · 已暂停接单：未授权")
    else:
        session.out.say("Not a distributor of this brand · 不是该品牌的分销商")
    for name, value in document.items():
        session.out.say(f"{name:<20} {value if value is not None else '–'}")
    session.finish(document)


@script(writes=True, group=cli, name="offer")
@click.argument("heir", metavar="ACCOUNT", type=ADDRESS)
@brand_option
@number_option
def offer(session: Session, heir: str, brand: str, number: int | None) -> None:
    """Offer the number to ACCOUNT, which can accept it two days later; until then nothing changes.

    Its line, credit and debts go with it. Another offer takes the place of this one, and its two
    days begin anew.
    """
    distributors, chosen = Distributors(session.suite()), _number(session, brand, number)
    if distributors.pending(brand, chosen).account == heir:
        session.out.say(f"已提出转让 Number {chosen} is offered to {heir} already.")
    else:
        session.attempt(
            f"转让？ Offer number {chosen} of {brand}, with its credit and debts, to {heir}?",
            "已提出转让 offered the number",
            lambda: distributors.offer_account(brand, chosen, heir, session.signer()),
        )
    pending = distributors.pending(brand, chosen)
    start = f"from {pending.account_from} on" if pending.account == heir else "two days later"
    session.out.say(
        f"接受方法 To take it over, {heir} runs {start}: "
        f"ape run distributor accept --brand {brand} --number {chosen}"
    )
    _finish(session, brand, chosen)


@script(writes=True, group=cli, name="revoke")
@brand_option
@number_option
def revoke(session: Session, brand: str, number: int | None) -> None:
    """Withdraw the offer of the number, while it is not accepted."""
    distributors, chosen = Distributors(session.suite()), _number(session, brand, number)
    account = distributors.pending(brand, chosen).account
    if account is None:
        session.out.say(f"没有待接受的转让 Number {chosen} is offered to nobody.")
    else:
        session.attempt(
            f"撤回转让？ Withdraw the offer to {account}?",
            "已撤回 withdrew the offer",
            lambda: distributors.offer_account(brand, chosen, None, session.signer()),
        )
    _finish(session, brand, chosen)


@script(writes=True, group=cli, name="accept")
@brand_option
@click.option("--number", type=member_number(2), required=True, help="What is offered to you.")
def accept(session: Session, brand: str, number: int) -> None:
    """Take over a number that was offered to the account two days ago.

    The number is paid to the account from then on.
    """
    distributors, signer = Distributors(session.suite()), session.signer()
    before = distributors.get(brand, number).account
    if before == signer.address:
        session.out.say(f"已持有 {signer.address} is number {number} of {brand} already.")
    else:
        session.attempt(
            f"接受编号？ Take over number {number} of {brand}, with its credit and debts, "
            f"from {before}?",
            "已接受编号 took over the number",
            lambda: distributors.accept_account(brand, number, signer),
        )
    _finish(session, brand, number)


@script(writes=True, group=cli, name="payout")
@click.argument("address", type=ADDRESS, required=False)
@brand_option
@number_option
@click.option("--activate", is_flag=True, help="Put the announced address in force; anyone may.")
def payout(
    session: Session, address: str | None, brand: str, number: int | None, activate: bool
) -> None:
    """Announce ADDRESS as where the number is paid: to be put in force two days later.

    Another announcement takes the place of this one.
    """
    if (address is None) != activate:
        raise UsageRuleError("name an ADDRESS to announce, or --activate what was announced")
    chosen = _number(session, brand, number)
    if address is None:
        _activate(session, brand, chosen)
    else:
        _announce(session, brand, chosen, address)
    _finish(session, brand, chosen)


def _announce(session: Session, brand: str, number: int, address: str) -> None:
    distributors = Distributors(session.suite())
    current, pending = distributors.get(brand, number).payout, distributors.pending(brand, number)
    if pending.payout == address:
        session.out.say(f"已公告 {address} is announced already.")
    elif pending.payout is None and current == address:
        session.out.say(f"无需更改 Number {number} is paid to {address} already.")
    else:
        session.attempt(
            f"更改收款地址？ Have number {number} of {brand} paid to {address}, not to {current}?",
            "已公告收款地址 announced the payout address",
            lambda: distributors.announce_payout(brand, number, address, session.signer()),
        )
    start = distributors.pending(brand, number).payout_from
    if start is not None:
        session.out.say(f"生效方法 --activate puts it in force from {start} on.")


def _activate(session: Session, brand: str, number: int) -> None:
    distributors = Distributors(session.suite())
    pending = distributors.pending(brand, number)
    if pending.payout is None:
        session.out.say("没有待生效的收款地址 No other payout address is announced.")
        return
    session.attempt(
        f"启用新收款地址？ Have number {number} of {brand} paid to {pending.payout} from now on?",
        "收款地址已更改 changed the payout address",
        lambda: distributors.activate_payout(brand, number, session.signer()),
    )


def _number(session: Session, brand: str, number: int | None) -> int:
    """Return the number that is named, else that of the account; it must exist."""
    distributors = Distributors(session.suite())
    if number is None:
        return distributors.of_account(brand, session.signer().address).number
    return distributors.get(brand, number).number


def _finish(session: Session, brand: str, number: int) -> None:
    distributors = Distributors(session.suite())
    session.finish(_described(distributors, brand, distributors.get(brand, number).account))


def _described(distributors: Distributors, brand: str, account: str) -> dict[str, Any]:
    authorization = distributors.authorization(brand, account)
    document: dict[str, Any] = {
        "brand": brand,
        "account": account,
        "isAuthorized": authorization.is_authorized,
        "number": authorization.number,
        "since": authorization.since,
        "territory": territory_text(authorization.territory),
        "isSuspended": False,
    }
    if authorization.number is None:
        return document
    kept = distributors.get(brand, authorization.number)
    pending = distributors.pending(brand, authorization.number)
    return document | {
        "isSuspended": kept.is_suspended,
        "sponsor": kept.sponsor,
        "depth": kept.depth,
        "payout": kept.payout,
        "offeredTo": pending.account,
        "acceptableFrom": pending.account_from,
        "nextPayout": pending.payout,
        "nextPayoutFrom": pending.payout_from,
    }
