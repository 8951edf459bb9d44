"""Who gets what of a sample sale under a plan, as a table for people and as data."""

from typing import Any

from rich.table import Table

from weilian.commission.allocation import Upline, allocate, split
from weilian.commission.plan import Plan
from weilian.currency import Currency

SAMPLE = "100"
FIRST_NUMBER = 2
"""Number 1 is the platform in every programme."""


def sample_shares(plan: Plan, net: int) -> list[dict[str, Any]]:
    """Return the shares of a sale of `net` units, by rank and by how many stand above each other.

    All of a line have the same rank; the breakage of missing levels is within the brand's part.
    """
    rows = []
    for rank in range(len(plan.rates)):
        for length in range(plan.depth + 1):
            if rank and not length:
                continue
            line = [Upline(FIRST_NUMBER + place, rank) for place in range(length)]
            shares = split(net, plan.platform_fee_bps, allocate(plan, line))
            rows.append(
                {
                    "rank": rank,
                    "distributors": length,
                    "platform": str(shares.fee),
                    "levels": [str(amount) for amount in shares.amounts[:length]],
                    "brand": str(shares.brand),
                    "breakage": str(shares.breakage),
                }
            )
    return rows


def preview(plan: Plan, currency: Currency) -> Table:
    """Show the shares of a sale of 100."""
    levels = [f"第 {number} 级 level {number}" for number in range(1, plan.depth + 1)]
    title = f"每 {SAMPLE} {currency.symbol} 的分配 · of a sale of {SAMPLE}"
    table = Table(
        "等级 rank", "人数 distributors", "平台 platform", *levels, "品牌 brand", title=title
    )
    for column in table.columns[1:]:
        column.justify = "right"
    for row in sample_shares(plan, currency.units(SAMPLE)):
        paid = [currency.text(int(amount)) for amount in row["levels"]]
        table.add_row(
            str(row["rank"]),
            str(row["distributors"]),
            currency.text(int(row["platform"])),
            *paid,
            *[""] * (plan.depth - len(paid)),
            currency.text(int(row["brand"])),
        )
    return table
