"""Activate cartons, so that their items can be claimed."""

from itertools import groupby
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import batch_id_option
from weilian.batch import Batches, CartonError
from weilian.chain.values import to_hex


@script(writes=True)
@batch_id_option
@click.option("--first", type=click.IntRange(0), default=0, help="First carton.  [0]")
@click.option("--last", type=click.IntRange(0), help="Last carton, itself included.  [the last]")
def cli(session: Session, batch_id: bytes, first: int, last: int | None) -> None:
    """Activate cartons on their receipt, all that are not active yet: 激活箱.

    Hidden codes of cartons that are not activated claim nothing, whoever has seen them. One
    transaction for each range of neighbours; active cartons are passed over.
    """
    batches = Batches(session.suite())
    batch = batches.get(batch_id)
    end = batch.carton_count - 1 if last is None else last
    if not batch.carton_size or not 0 <= first <= end < batch.carton_count:
        raise CartonError(
            f"cartons {first} to {end} are no range of the batch, which has "
            f"{batch.carton_count} cartons to activate"
        )
    ranges = _ranges(batches.inactive_cartons(batch_id, first, end))
    session.out.say(f"{sum(b - a + 1 for a, b in ranges)} of {end - first + 1} cartons to activate")
    for start, until in ranges:

        def step(start: int = start, until: int = until) -> Any:
            return batches.activate(batch_id, start, until, session.signer())

        question = f"Activate cartons {start} to {until}, for ever?"
        session.attempt(question, f"activated cartons {start} to {until} · 已激活", step)
    if not ranges:
        session.out.say("All are active already · 均已激活，无需重复")
    session.finish({"batchId": to_hex(batch_id), "ranges": ranges})


def _ranges(cartons: list[int]) -> list[tuple[int, int]]:
    """Put neighbours together: (first, last) of each run."""
    runs = groupby(enumerate(cartons), key=lambda pair: pair[1] - pair[0])
    found = [[carton for _, carton in run] for _, run in runs]
    return [(run[0], run[-1]) for run in found]
