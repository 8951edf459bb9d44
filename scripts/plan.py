"""Publish and retire commission plans; ranks, products of their own rates, suspensions."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from scripts._plan_preview import SAMPLE, preview, sample_shares
from scripts._session import Session, script
from scripts._types import ADDRESS, GTIN, ID, MOMENT, PATH, UsageRuleError, member_number, read_note
from weilian.catalogue import Catalogue, read_catalogue
from weilian.chain import ZERO_ADDRESS
from weilian.chain.values import to_hex
from weilian.currency import Currency, currency_at
from weilian.distributor import Distributors, territory_code, territory_text
from weilian.gs1 import Gtin
from weilian.plan import PlanNotFoundError, Plans, PublishedPlan
from weilian.planfile import PlanFile, PlanFileError, read_ladder_file, read_plan_file

brand_option = click.option(
    "--brand", type=ADDRESS, help="The brand's identity.  [default: the account]"
)
number_option = click.option(
    "--number", type=member_number(2), required=True, help="The distributor's number."
)


@click.group()
def cli() -> None:
    """Publish, retire and show commission plans; what belongs to a brand's programme."""


@script(writes=True, group=cli, name="publish")
@click.argument("plan_path", metavar="FILE", type=PATH)
@brand_option
@click.option("--currency", type=ADDRESS, help="Use this token in place of the file's currency.")
def publish(session: Session, plan_path: Path, brand: str | None, currency: str | None) -> None:
    """Publish the plan in FILE (YAML) for ever, after a preview of who gets what.

    A plan that is published already is shown, not sent again.
    """
    file = read_plan_file(plan_path)
    terms_hash = read_note(plan_path.parent / file.document)
    catalogue = read_catalogue(plan_path.parent / file.catalogue) if file.catalogue else None
    plans, money = Plans(session.suite()), _money(session, plan_path, file, currency)
    plan = file.to_plan(brand or session.signer().address, money.address, terms_hash, catalogue)
    identifier = plans.id_of(plan)
    session.out.say(f"方案 Plan {to_hex(identifier)}\n品牌 of brand {plan.brand}")
    session.out.say(
        f"refunds {file.refund_window_days} days, settled {file.maturity_days} days after that"
    )
    session.out.show(preview(plan, money))
    document = {
        "planId": to_hex(identifier),
        "catalogueRoot": to_hex(plan.catalogue_root),
        "samples": sample_shares(plan, money.units(SAMPLE)),
    }
    if _is_published(plans, identifier):
        session.out.say("已发布 It is published already.")
    else:
        session.attempt(
            "发布？ Publish it?",
            "已发布 published the plan",
            lambda: plans.publish(plan, session.signer()),
        )
    session.finish(document)


@script(writes=True, group=cli, name="retire")
@click.argument("plan_id", type=ID)
def retire(session: Session, plan_id: bytes) -> None:
    """Take no new orders under PLAN_ID after the notice period; those there keep its terms."""
    plans = Plans(session.suite())
    published = plans.get(plan_id)
    session.out.say(f"方案 Plan {to_hex(plan_id)} of brand {published.plan.brand}")
    if published.active_until is not None:
        session.out.say(f"已公告停用 Its end is announced already: {published.active_until}")
    else:
        session.attempt(
            "公告停用？ Announce its end?",
            "已公告停用 announced its end",
            lambda: plans.retire(plan_id, session.signer()),
        )
    session.finish({"planId": to_hex(plan_id), "activeUntil": plans.get(plan_id).active_until})


@script(writes=False, group=cli, name="show")
@click.argument("plan_id", type=ID)
def show(session: Session, plan_id: bytes) -> None:
    """Show the terms of PLAN_ID and who gets what under it."""
    published = Plans(session.suite()).get(plan_id)
    money = currency_at(session.chain, published.plan.currency)
    ending = f", open until {published.active_until}" if published.active_until else ""
    session.out.say(f"方案 Plan {to_hex(plan_id)} of brand {published.plan.brand}{ending}")
    session.out.show(preview(published.plan, money))
    session.out.result(
        _described(published) | {"samples": sample_shares(published.plan, money.units(SAMPLE))}
    )


@script(writes=True, group=cli, name="lock")
@click.argument("plan_id", type=ID)
@number_option
@click.option("--until", type=MOMENT, required=True, help="First second it is not promised.")
def lock(session: Session, plan_id: bytes, number: int, until: datetime) -> None:
    """Promise a distributor that PLAN_ID stays open to it, even when retired."""
    plans = Plans(session.suite())
    kept = Distributors(session.suite()).get(plans.get(plan_id).plan.brand, number)
    session.attempt(
        f"锁定条款？ Keep the plan open to distributor {number} ({kept.account}) until "
        f"{until:%Y-%m-%d %H:%M:%S %Z}?",
        "已锁定 promised",
        lambda: plans.lock_terms(plan_id, number, until, session.signer()),
    )
    session.finish({"planId": to_hex(plan_id), "number": number, "until": until})


@script(writes=True, group=cli, name="list")
@click.argument("plan_id", type=ID)
@click.argument("catalogue_path", metavar="CATALOGUE", type=PATH)
@click.option("--gtin", "gtins", type=GTIN, multiple=True, help="Only these.  [default: all]")
def list_products(
    session: Session, plan_id: bytes, catalogue_path: Path, gtins: tuple[Gtin, ...]
) -> None:
    """Show the chain once which products of CATALOGUE (CSV or YAML) have rates of their own.

    Products that are listed already are passed over. Anyone may.
    """
    plans, catalogue = Plans(session.suite()), read_catalogue(catalogue_path)
    published = plans.get(plan_id)
    if published.plan.catalogue_root != catalogue.root:
        raise UsageRuleError(
            f"{catalogue_path} is not the plan's catalogue: its root is {to_hex(catalogue.root)}, "
            f"the plan has {to_hex(published.plan.catalogue_root)}"
        )
    wanted = [int(gtin) for gtin in gtins] or list(catalogue.products)
    todo = [gtin for gtin in wanted if not plans.is_listed(published, gtin, catalogue.rates(gtin))]
    session.out.say(f"{len(todo)} of {len(wanted)} products are to be listed 个商品待登记")
    if todo:
        session.attempt(
            "登记？ List them?",
            "已登记商品 listed products",
            lambda: _list(session, plan_id, catalogue, todo),
        )
    session.finish({"planId": to_hex(plan_id), "listed": [f"{gtin:014d}" for gtin in todo]})


@script(writes=True, group=cli, name="ladder")
@click.argument("ladder_path", metavar="FILE", type=PATH, required=False)
@brand_option
@click.option("--currency", type=ADDRESS, help="The token.  [default: the chain's coin]")
@click.option("--activate", is_flag=True, help="Put the announced ladder in force; anyone may.")
def ladder(
    session: Session,
    ladder_path: Path | None,
    brand: str | None,
    currency: str | None,
    activate: bool,
) -> None:
    """Announce what makes ranks and activity (FILE, YAML): sales of a period, nothing else."""
    if (ladder_path is None) != activate:
        raise UsageRuleError("name a FILE to announce, or --activate what was announced")
    plans = Plans(session.suite())
    owner, money = brand or session.signer().address, currency or ZERO_ADDRESS
    if ladder_path is None:
        session.attempt(
            "启用已公告的阶梯？ Put the announced ladder in force?",
            "阶梯已生效 put the ladder in force",
            lambda: plans.activate_ladder(owner, money, session.signer()),
        )
        session.finish({"brand": owner, "currency": money})
        return
    terms = read_ladder_file(ladder_path).to_ladder()
    announced = session.attempt(
        f"公告阶梯？ Announce the ladder of brand {owner}?",
        "已公告阶梯 announced the ladder",
        lambda: plans.announce_ladder(owner, money, terms, session.signer()),
    )
    start = announced.active_from if announced else None
    session.finish({"brand": owner, "currency": money, "activeFrom": start})


@script(writes=True, group=cli, name="suspend")
@number_option
@brand_option
@click.option("--reason", type=PATH, help="File with the reason; its hash goes on chain.")
def suspend(session: Session, number: int, brand: str | None, reason: Path | None) -> None:
    """Suspend a distributor for new orders; what it earned stays."""
    _suspend(session, brand, number, True, read_note(reason))


@script(writes=True, group=cli, name="reinstate")
@number_option
@brand_option
def reinstate(session: Session, number: int, brand: str | None) -> None:
    """Let a suspended distributor sell again."""
    _suspend(session, brand, number, False, bytes(32))


@script(writes=True, group=cli, name="territory")
@click.argument("code", required=False)
@number_option
@brand_option
@click.option("--list", "list_path", type=PATH, help="File that lists it; its hash goes on chain.")
def territory(
    session: Session, code: str | None, number: int, brand: str | None, list_path: Path | None
) -> None:
    """Say where a distributor may sell: by CODE, such as CN-31 (ISO 3166-2), or by a --list."""
    if (code is None) == (list_path is None):
        raise UsageRuleError("name the territory's CODE, or a file as --list")
    wanted = read_note(list_path) if code is None else territory_code(code)
    distributors = Distributors(session.suite())
    owner = brand or session.signer().address
    kept, shown = distributors.get(owner, number), territory_text(wanted)
    if kept.territory == wanted:
        session.out.say(f"区域未变 Distributor {number} has the territory {shown} already.")
    else:
        session.attempt(
            f"设定区域？ Let distributor {number} ({kept.account}) sell in {shown}?",
            "已设定区域 set the territory",
            lambda: distributors.set_territory(owner, number, wanted, session.signer()),
        )
    kept = distributors.get(owner, number)
    session.finish({"brand": owner, "number": number, "territory": territory_text(kept.territory)})


def _money(session: Session, path: Path, file: PlanFile, currency: str | None) -> Currency:
    """Return what the plan's orders are paid in, as the chain has it; raise PlanFileError.

    The file's amounts are worked out with its own decimals, and a plan is published for ever.
    """
    address = currency or (ZERO_ADDRESS if file.currency == "native" else file.currency)
    money = currency_at(session.chain, address)
    if money.decimals != file.decimals:
        raise PlanFileError(
            path,
            f"decimals: must be {money.decimals}, as {money.symbol} ({address}) has on this chain "
            f"(got {file.decimals})",
        )
    return money


def _suspend(
    session: Session, brand: str | None, number: int, is_suspended: bool, reason: bytes
) -> None:
    distributors = Distributors(session.suite())
    owner = brand or session.signer().address
    kept = distributors.get(owner, number)
    word = "suspended" if is_suspended else "reinstated"
    if kept.is_suspended == is_suspended:
        session.out.say(f"状态未变 Distributor {number} is {word} already.")
    elif is_suspended:
        session.attempt(
            f"暂停接单？ Suspend distributor {number} ({kept.account})?",
            word,
            lambda: distributors.suspend(owner, number, session.signer(), reason),
        )
    else:
        session.attempt(
            f"恢复接单？ Reinstate distributor {number} ({kept.account})?",
            word,
            lambda: distributors.reinstate(owner, number, session.signer()),
        )
    kept = distributors.get(owner, number)
    session.finish({"brand": owner, "number": number, "isSuspended": kept.is_suspended})


def _list(session: Session, plan_id: bytes, catalogue: Catalogue, gtins: list[int]) -> None:
    plans, signer = Plans(session.suite()), session.signer()
    for gtin in gtins:
        rates, proof = catalogue.rates(gtin), catalogue.proof(gtin)
        plans.list_product(plan_id, gtin, rates, proof, signer)


def _is_published(plans: Plans, identifier: bytes) -> bool:
    try:
        plans.get(identifier)
    except PlanNotFoundError:
        return False
    return True


def _described(published: PublishedPlan) -> dict[str, Any]:
    plan = published.plan
    return {
        "planId": to_hex(published.plan_id),
        "brand": plan.brand,
        "currency": plan.currency,
        "depth": plan.depth,
        "rates": [list(rates) for rates in plan.rates],
        "platformFeeBps": plan.platform_fee_bps,
        "discountBps": plan.discount_bps,
        "refundWindowSeconds": plan.refund_window,
        "maturitySeconds": plan.maturity,
        "isFinal": plan.is_final,
        "isDifferential": plan.is_differential,
        "compresses": plan.compresses,
        "isGated": plan.is_gated,
        "countsSales": plan.counts_sales,
        "selfPurchase": plan.self_purchase.name,
        "bond": plan.bond.name,
        "bondDays": plan.bond_days,
        "catalogueRoot": to_hex(plan.catalogue_root),
        "catalogueBps": plan.catalogue_bps,
        "dailyReportLimit": str(plan.daily_report_limit),
        "termsHash": to_hex(plan.terms_hash),
        "activeFrom": published.active_from,
        "activeUntil": published.active_until,
    }
