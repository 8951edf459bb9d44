"""Recall a batch."""

from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import PATH, batch_option
from weilian.batch import Batches
from weilian.batch_folder import BatchFolder
from weilian.chain.values import to_hex
from weilian.hashing import keccak256


@script(writes=True)
@batch_option
@click.option("--notice", type=PATH, required=True, help="The public notice; its hash is anchored.")
def cli(session: Session, folder: Path, notice: Path) -> None:
    """Recall a batch, of any size, in one transaction. There is no way back."""
    batch = BatchFolder.load(folder).record
    digest = keccak256(notice.read_bytes())
    batches = Batches(session.suite())
    kept = batches.get(batch.batch_id)
    result = {"batchId": to_hex(batch.batch_id), "noticeHash": to_hex(digest)}
    session.out.say(f"{kept.item_count:,} items of {batch.gtin} {batch.lot}, notice {notice.name}")
    if session.dry_run or kept.recalled_at:
        if kept.recalled_at:
            session.out.say(f"Recalled already, at {kept.recalled_at:%Y-%m-%d %H:%M:%S} UTC.")
        session.finish(result)
        return
    session.confirm("Recall them all, for ever?")
    batches.recall(batch.batch_id, digest, session.signer())
    session.finish(result, "recalled")
