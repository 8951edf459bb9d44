"""From a label to a proof, and from a verdict to what a person sees."""

from pathlib import Path

from rich.panel import Panel
from rich.text import Text

from scripts._session import Output
from scripts._types import LabelError, check_batch, read_seed
from weilian.batch_folder import BatchFolder
from weilian.chain import Verdict
from weilian.gs1 import DigitalLink
from weilian.merkle import ItemProof
from weilian.verify import VerdictReport

GOOD = {Verdict.GENUINE_FIRST_CLAIM, Verdict.CLAIMED_BY_YOU}
NEUTRAL = {Verdict.REGISTERED, Verdict.IN_TRADE}


def read_proof(
    link: DigitalLink, folder: Path | None, proof_path: Path | None, seed_path: Path
) -> ItemProof:
    """Take the proof of a link's item from its file, or make it from the batch's folder."""
    if proof_path is not None:
        try:
            proof = ItemProof.from_json(proof_path.read_bytes())
        except OSError as error:
            raise LabelError(f"cannot read {proof_path}: {error.strerror}") from error
        if (link.gtin.value, str(link.serial)) != (proof.gtin, proof.serial):
            raise LabelError(f"{proof_path} is the proof of another item than {link}")
        return proof
    if folder is None:
        raise LabelError("a proof is needed: name the item's --proof or the --batch folder")
    batch = BatchFolder.load(folder)
    serial = check_batch(link, batch)
    keys = batch.proof_keys(read_seed(seed_path))
    return batch.tree(keys).item_proof(serial, batch.record.gtin, batch.record.lot)


def show_report(out: Output, report: VerdictReport) -> None:
    """Show a verdict with its reasons, in Chinese and English."""
    color = "red"
    if report.verdict in GOOD:
        color = "green"
    elif report.verdict in NEUTRAL:
        color = "yellow"
    lines = [report.text.zh, report.text.en]
    for reason in report.reason_texts:
        lines += ["", f"· {reason.zh}", f"  {reason.en}"]
    lines += ["", f"block {report.block_number}, {report.block_time:%Y-%m-%d %H:%M:%S} UTC"]
    out.show(Panel(Text("\n".join(lines)), title=report.verdict.name, border_style=color, width=92))
