"""The acts of the story that are about money: plans, distributors, orders, shares, points."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from rich.table import Table

from scripts._story import SEASON, Season, order_rows, points
from weilian.chain import CampaignKind, TxResult
from weilian.chain.values import to_hex
from weilian.commission.order import Line, Order, Part
from weilian.commission.parties import account_party, member_party, platform_party
from weilian.commission.plan import DAY
from weilian.distributor import Distributors
from weilian.hashing import keccak256
from weilian.ledger import Ledger
from weilian.order import Orders
from weilian.order_book import OrderBook
from weilian.plan import Plans
from weilian.planfile import read_plan_file
from weilian.reporting import salt_of
from weilian.reward import Rewards
from weilian.seasonfile import OrderRow, read_distributors
from weilian.settling import Settling
from weilian.statement import Statements

CLAIM_REWARD = 5 * 10**18
"""Points for a claimed item."""

BUDGET = 10_000 * 10**18
POINTS_PER_FEE = {"USD": 10**12, "ETH": 3_000}
"""Points for the smallest unit of platform fee: one for a dollar, 3,000 for an ether."""

REFUNDS_OVER = 180 * DAY


def build_network(season: Season) -> None:
    """Publish the plans and let the distributors join by invitation."""
    season.act(3, "分销 · Two plans, seven distributors on three levels, each invited")
    suite, brand = season.session.suite(), season.signer("brand")
    plans, distributors = Plans(suite), Distributors(suite)
    for name, file in (("USD", "plan-usd.yaml"), ("ETH", "plan-eth.yaml")):
        terms = read_plan_file(SEASON / file)
        agreement = keccak256((SEASON / terms.document).read_bytes())
        plan = terms.to_plan(brand.address, season.currencies[name].address, agreement)
        season.plans[name] = plans.get(plans.publish(plan, brand).plan_id)
        season.sent(f"published the plan for {name}")
    expiry = _now(season) + timedelta(days=1)
    for place, row in enumerate(read_distributors(SEASON / "distributors.csv"), start=1):
        season.names[row.distributor] = f"distributor {place}"
        sponsor = season.numbers[row.sponsor] if row.sponsor else 0
        inviter = season.signer(row.sponsor) if row.sponsor else brand
        invitation = distributors.invite(
            brand.address, sponsor, expiry, inviter, invitee=row.distributor
        )
        joined = distributors.join(invitation, season.signer(row.distributor))
        season.numbers[row.distributor] = joined.number
        under = season.names[inviter.address]
        season.sent(f"distributor {place} joined under {under}")


def open_campaigns(season: Season) -> None:
    """Let the platform promise rewards."""
    season.act(4, "活动 · Reward campaigns within a budget")
    rewards, platform = Rewards(season.session.suite()), season.signer("platform")
    tea = season.batches["items"].record.batch_id
    rewards.open_campaign(CampaignKind.CLAIM, tea, CLAIM_REWARD, BUDGET, platform)
    season.sent("5 points for every claimed item")
    for name, rate in POINTS_PER_FEE.items():
        plan = season.plans[name].plan_id
        rewards.open_campaign(CampaignKind.ORDER, plan, rate, BUDGET, platform)
        season.sent(f"points for orders in {name}")


def take_orders(season: Season) -> None:
    """Thirty orders: paid into escrow, captured, two of them refunded."""
    season.act(5, "订单 · Thirty orders into escrow, captured, two refunded")
    session, brand = season.session, season.signer("brand")
    orders = Orders(session.suite())
    table = Table("order", "buyer", "sold by", "amount", "refund", "authorize", "capture", "gas")
    for column in (3, 4, 7):
        table.columns[column].justify = "right"
    rows = order_rows(season)
    with session.out.progress("Orders") as progress:
        for number, row in enumerate(rows, start=1):
            order = _order(season, row)
            season.orders.append((row, order))
            changes = [orders.authorize(order, season.signer(row.buyer))]
            changes.append(orders.capture(order, brand))
            if row.refund:
                refund = season.currencies[row.currency].units(row.refund)
                changes.append(orders.refund(order, [Part(0, refund)], brand))
            gas = sum(tx.gas_used for tx in session.chain.untold)
            session.chain.untold.clear()
            table.add_row(*_order_line(season, row, [change.tx for change in changes], gas))
            progress(number, len(rows))
    session.out.show(table)


def settle(season: Season) -> None:
    """Let window and maturity pass and settle everything."""
    season.act(6, "结算 · Fifteen days later: every order is shared by its plan")
    _pass_time(season, 15 * DAY)
    suite = season.session.suite()
    due = OrderBook(suite).due()
    done = Settling(suite).settle([booked.order for booked in due], season.signer("relayer"))
    season.sent(f"settled {len(done.settlements)} orders")


def pay_out(season: Season) -> dict[str, Any]:
    """Pay everyone; show that the payouts equal the captured sales to the last unit."""
    season.act(7, "提现 · Everyone is paid; the table adds up to the last unit")
    suite = season.session.suite()
    ledger, names = Ledger(suite), _parties(season)
    paid: dict[str, dict[str, int]] = defaultdict(dict)
    for symbol, currency in season.currencies.items():
        payees = [
            (party, currency.address) for party in names if ledger.credit(party, currency.address)
        ]
        for each in ledger.withdraw_batch(payees, season.signer("relayer")).paid:
            paid[names[each.party]][symbol] = each.amount
        season.sent(f"paid {len(payees)} parties in {symbol}")
    result = _payout_table(season, paid)
    result["statements"] = _check_statements(season)
    return result


def reward_orders(season: Season) -> None:
    """Half a year later no order can be refunded: its buyer gets points for the platform's fee."""
    season.act(12, "积分 · Half a year later: points for orders that can no longer be refunded")
    suite, relayer = season.session.suite(), season.signer("relayer")
    _pass_time(season, REFUNDS_OVER)
    rewards, orders, book = Rewards(suite), Orders(suite), OrderBook(suite)
    seen: set[str] = set()
    for row, order in season.orders:
        if row.refund != row.amount and row.buyer not in seen:
            seen.add(row.buyer)
            lines = book.settled_lines(orders.id_of(order))
            reward = rewards.reward_order(order, lines, relayer)
            season.sent(f"{points(reward.amount)} for {season.names[row.buyer]}")


def _order(season: Season, row: OrderRow) -> Order:
    plan, currency = season.plans[row.currency], season.currencies[row.currency]
    return Order(
        plan_id=plan.plan_id,
        payer=row.buyer,
        receiver=plan.plan.brand,
        currency=currency.address,
        lines=(Line(currency.units(row.amount)),),
        authorization_expiry=int(_now(season).timestamp()) + 15 * DAY,
        seller=season.numbers[row.distributor] if row.distributor else 0,
        salt=salt_of(row.order_no),
    )


def _now(season: Season) -> datetime:
    return datetime.fromtimestamp(season.session.chain.block()[1], UTC)


def _pass_time(season: Season, seconds: int) -> None:
    provider = season.session.provider
    provider.set_timestamp(season.session.chain.block()[1] + seconds)
    provider.mine()


def _parties(season: Season) -> dict[int, str]:
    """Name everyone whom the ledger may owe something."""
    brand = season.signer("brand").address
    parties = {platform_party(brand): "platform", account_party(brand): "brand"}
    for account, name in season.names.items():
        if account in season.numbers:
            parties[member_party(brand, season.numbers[account])] = name
        elif name.startswith("buyer"):
            parties[account_party(account)] = name
    return parties


def _check_statements(season: Season) -> bool:
    """Recompute every distributor's credit from the chain's log."""
    statements, brand = Statements(season.session.suite()), season.signer("brand").address
    parties = [member_party(brand, number) for number in season.numbers.values()]
    add_up = all(
        statement.adds_up
        for currency in season.currencies.values()
        for statement in statements.of_many(parties, currency.address)
    )
    season.session.out.say("对账 · all statements add up" if add_up else "不相等 · NOT EQUAL")
    return add_up


def _order_line(season: Season, row: OrderRow, sent: list[TxResult], gas: int) -> list[str]:
    hashes = [f"{tx.hash[:8]}…" for tx in sent[:2]]
    refund = str(row.refund) if row.refund else ""
    seller = season.names[row.distributor] if row.distributor else "brand"
    who = [name.replace("istributor ", "") for name in (season.names[row.buyer], seller)]
    amount = f"{row.amount} {row.currency}"
    return [row.order_no, *who, amount, refund, *hashes, f"{gas:,}"]


def _payout_table(season: Season, paid: dict[str, dict[str, int]]) -> dict[str, Any]:
    symbols = list(season.currencies)
    table = Table("who", *symbols, title="分账 · Payouts")
    for column in table.columns[1:]:
        column.justify = "right"

    def line(name: str, amounts: dict[str, int]) -> list[str]:
        texts = [season.currencies[s].text(amounts[s]) if s in amounts else "" for s in symbols]
        return [name, *texts]

    for name, amounts in paid.items():
        table.add_row(*line(name, amounts))
    totals = {s: sum(amounts.get(s, 0) for amounts in paid.values()) for s in symbols}
    captured: dict[str, int] = dict.fromkeys(symbols, 0)
    for row, order in season.orders:
        captured[row.currency] += order.amount
    table.add_section()
    table.add_row(*line("合计 · sum of payouts", totals), style="bold")
    table.add_row(*line("实收 · captured sales", captured), style="bold")
    season.session.out.show(table)
    equal = totals == captured
    season.session.out.say("分毫不差 · equal to the last unit" if equal else "不相等 · NOT EQUAL")
    return {
        "payouts": paid,
        "sum": totals,
        "captured": captured,
        "equal": equal,
        "plans": {name: to_hex(plan.plan_id) for name, plan in season.plans.items()},
    }
