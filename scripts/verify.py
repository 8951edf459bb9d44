"""Grade an item by its label."""

from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH, LabelError, read_hidden_label, seed_option
from scripts._verdict import read_proof, show_report
from weilian.gs1 import DigitalLink
from weilian.verify import verify


@script(writes=False)
@click.argument("link", required=False)
@click.option("--batch", "folder", type=PATH, help="The batch's folder, to make the proof from.")
@seed_option
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
    seed_path: Path,
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
    proof = read_proof(scanned, folder, proof_path, seed_path)
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
