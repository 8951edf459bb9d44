"""The whole story on a local chain."""

import time
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from scripts import _story as story
from scripts import _trade_story as trade
from scripts._session import Session, script
from weilian.errors import WeilianError


class DemoError(WeilianError, RuntimeError):
    """The demo cannot run, or did not add up."""


@script(writes=False)
@click.option("--keep", type=click.Path(path_type=Path), help="Keep batch folders and labels here.")
def cli(session: Session, keep: Path | None) -> None:
    """Tell a season of tea from the files in examples/, on a chain of its own.

    Goods are registered, traced, ordered, paid, settled, handed on, claimed, rewarded and
    recalled; four labels are scanned. Runs on eth-tester, or with --network
    ethereum:local:foundry on Anvil.
    """
    if not session.is_ephemeral:
        raise DemoError("the demo moves the clock and spends test money: run it on a local network")
    started = time.monotonic()
    with TemporaryDirectory() as folder:
        season = story.cast(session, keep or Path(folder))
        story.open_shop(season)
        story.register_goods(season)
        trade.build_network(season)
        trade.open_campaigns(season)
        trade.take_orders(season)
        trade.settle(season)
        result = trade.pay_out(season)
        result["lots"] = story.move_goods(season)
        proof, code = story.claim_item(season)
        story.recall(season)
        reports = story.scan_all(season, proof, code)
        trade.reward_orders(season)
        result["points"] = story.show_points(season)
    result["verdicts"] = {name: report.verdict.name for name, report in reports.items()}
    session.out.say(f"完成 · Done in {time.monotonic() - started:.0f} seconds.")
    session.out.result(result)
    if not (result["equal"] and result["statements"]):
        raise DemoError("payouts and captured sales differ")
