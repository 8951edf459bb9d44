"""Is what a batch refers to still there?"""

from pathlib import Path
from typing import Any

import click
from rich.table import Table
from rich.text import Text

from scripts._session import Session, script
from scripts._types import PATH
from weilian.verification.availability import (
    MIN_PLACES,
    AvailabilityManifest,
    AvailabilityReport,
    State,
    check_availability,
)
from weilian.verification.fetching import Fetcher
from weilian.verification.references import references_of

WORDS = {
    State.OK: "正常 ok",
    State.MISSING: "缺失 missing",
    State.CHANGED: "被改动 changed",
    State.UNREACHABLE: "无法访问 unreachable",
}


@script(writes=False)
@click.argument("manifest", metavar="MANIFEST.json", type=PATH)
@click.option("--allow-http", is_flag=True, help="Fetch unencrypted places too.")
@click.option("--allow-private", is_flag=True, help="Fetch from this machine's networks too.")
@click.option("--max-bytes", type=click.IntRange(1), default=64 << 20, show_default=True)
@click.option("--timeout", type=click.FloatRange(0.1), default=30, help="Seconds for each place.")
def cli(
    session: Session,
    manifest: Path,
    allow_http: bool,
    allow_private: bool,
    max_bytes: int,
    timeout: float,
) -> None:
    """Fetch what MANIFEST.json lists, hash it again, and compare it with what the chain says.

    Ends with exit code 1 if something that the chain refers to is nowhere.
    """
    listed = AvailabilityManifest.load(manifest)
    references = references_of(session.suite(), listed.batch_id)
    fetcher = Fetcher(allow_http, allow_private, max_bytes, timeout)
    with session.out.progress("Fetching") as progress:
        report = check_availability(listed, references, fetcher, manifest.parent, progress)
    _show(session, report)
    session.out.result(_document(report))
    if not report.is_available:
        raise SystemExit(1)


def _show(session: Session, report: AvailabilityReport) -> None:
    table = Table("内容 what", "地点 place", "状态 state", "说明 detail")
    for thing in report.things:
        for place in thing.places:
            row = (thing.name, place.place, WORDS[place.state], place.detail)
            table.add_row(*map(Text, row))
    session.out.show(table)
    for name in report.unlisted:
        session.out.say(f"✗ 找不到 found nowhere: {name}")
    for thing in report.things:
        if not thing.is_available:
            session.out.say(f"✗ 不可用 at no place: {thing.name}")
        elif not thing.is_backed_up:
            session.out.say(f"! 不足 {MIN_PLACES} 处 at one place only: {thing.name}")
    if report.is_backed_up:
        session.out.say(f"✓ 齐全 everything is at {MIN_PLACES} independent places at least")


def _document(report: AvailabilityReport) -> dict[str, Any]:
    return {
        "isAvailable": report.is_available,
        "isBackedUp": report.is_backed_up,
        "unlisted": list(report.unlisted),
        "things": [
            {
                "name": thing.name,
                "kind": thing.kind,
                "holders": sorted(thing.holders),
                "places": [
                    {"place": each.place, "state": each.state.value, "detail": each.detail}
                    for each in thing.places
                ],
            }
            for thing in report.things
        ],
    }
