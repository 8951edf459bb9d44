"""Grade an item by its label."""

from pathlib import Path

import click
from rich.panel import Panel
from rich.text import Text

from scripts._session import Output, Session, script
from scripts._types import ADDRESS, PATH, LabelError, check_batch, read_hidden_label
from weilian.batch_folder import BatchFolder
from weilian.chain import Verdict
from weilian.gs1 import DigitalLink
from weilian.merkle import ItemProof
from weilian.verify import VerdictReport, verify

GOOD = {Verdict.GENUINE_FIRST_CLAIM, Verdict.CLAIMED_BY_YOU}
NEUTRAL = {Verdict.REGISTERED, Verdict.IN_TRADE}


@script(writes=False)
@click.argument("link", required=False)
@click.option("--batch", "folder", type=PATH, help="The batch's folder, to make the proof from.")
@click.option("--proof", "proof_path", type=PATH, help="The item's proof file.")
@click.option("--save-proof", type=PATH, help="Write the item's proof file, for the shopper.")
@click.option("--label", type=PATH, help="File with the hidden label's link.")
@click.option("--hidden", is_flag=True, help="Ask for the hidden label's link, not showing it.")
@click.option("--issuer", type=ADDRESS, help="The brand's identity; without it nothing is genuine.")
@click.option("--viewer", type=ADDRESS, help="The account that asks, to recognise its own items.")
def cli(
    session: Session,
    link: str | None,
    folder: Path | None,
    proof_path: Path | None,
    save_proof: Path | None,
    label: Path | None,
    hidden: bool,
    issuer: str | None,
    viewer: str | None,
) -> None:
    """Grade an item by its label: LINK is what the outer code says.

    The hidden label is read by --label or --hidden, never from the command line. Needs the
    batch's folder or the item's proof file.
    """
    if link is not None and "#" in link:
        raise LabelError("a hidden code must not stand on a command line: use --label or --hidden")
    if label or hidden:
        scanned = read_hidden_label(label)
    elif link is not None:
        scanned = DigitalLink.parse(link)
    else:
        raise LabelError("name a LINK, or read a hidden label with --label or --hidden")
    proof = read_proof(scanned, folder, proof_path)
    if save_proof is not None:
        proof.save(save_proof)
    report = verify(
        session.suite(), proof, hidden_code=scanned.hidden_code, viewer=viewer, issuer=issuer
    )
    show_report(session.out, report)
    session.out.result(
        {
            "verdict": report.verdict.name,
            "reasons": [reason.name for reason in report.reasons],
            "textEn": report.text.en,
            "textZh": report.text.zh,
            "issuer": report.issuer,
            "owner": report.owner,
            "claimedAt": report.claimed_at,
            "traceCount": report.trace_count,
            "blockNumber": report.block_number,
            "blockTime": report.block_time,
        }
    )


def read_proof(link: DigitalLink, folder: Path | None, proof_path: Path | None) -> ItemProof:
    """Take the proof of a link's item from its file or from the batch's folder."""
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
    return batch.tree().item_proof(serial, batch.record.gtin, batch.record.lot)


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
