"""Claim an item with its hidden code."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, PATH, read_hidden_label, seed_option
from scripts._verdict import read_proof, show_report
from weilian.chain import CampaignKind, Signer, Verdict
from weilian.item import Items
from weilian.merkle import ItemProof
from weilian.reward import Rewards, campaign_id
from weilian.verdicts import Reason
from weilian.verify import VerdictReport, verify


@script(writes=True)
@click.option("--batch", "folder", type=PATH, help="The batch's folder, to make the proof from.")
@seed_option
@click.option("--proof", "proof_path", type=PATH, help="The item's proof file.")
@click.option("--label", type=PATH, help="File with the hidden label's link.  [default: a prompt]")
@click.option("--issuer", type=ADDRESS, required=True, help="The brand's identity.")
@click.option("--claimer", type=ADDRESS, help="Who becomes the owner.  [default: the account]")
def cli(
    session: Session,
    folder: Path | None,
    seed_path: Path,
    proof_path: Path | None,
    label: Path | None,
    issuer: str,
    claimer: str | None,
) -> None:
    """Claim an item: the hidden code signs the claimer's name, the account pays the gas.

    The code is read from a file or from a prompt that does not show it, and never leaves this
    machine.
    """
    link = read_hidden_label(label)
    proof = read_proof(link, folder, proof_path, seed_path)
    suite = session.suite()
    signer = session.signer()
    owner = claimer or signer.address
    report = verify(suite, proof, hidden_code=link.hidden_code, viewer=owner, issuer=issuer)
    show_report(session.out, report)
    if not _is_claimable(report) or not link.hidden_code:
        session.finish({"verdict": report.verdict.name})
        if not session.dry_run and report.verdict is not Verdict.CLAIMED_BY_YOU:
            raise click.ClickException("this item cannot be claimed: nothing was sent")
        return
    items = Items(suite)
    deadline = datetime.fromtimestamp(session.chain.block()[1], UTC) + timedelta(hours=1)
    signed = items.sign_claim(proof, link.hidden_code, owner, deadline)
    claimed = session.attempt(
        f"Claim it for {owner}?", "claimed · 已认领", lambda: items.claim(signed, signer)
    )
    if claimed is None:
        session.finish({"verdict": report.verdict.name})
        return
    earned = _collect(Rewards(suite), proof, signer)
    session.finish({"owner": claimed.owner, "reward": str(earned)}, "reward collected")


def _is_claimable(report: VerdictReport) -> bool:
    """Whether the hidden code is right and the item nobody's; it may be in trade."""
    if report.verdict is Verdict.IN_TRADE:
        return Reason.HIDDEN_CODE_RIGHT in report.reasons
    return report.verdict is Verdict.GENUINE_FIRST_CLAIM


def _collect(rewards: Rewards, proof: ItemProof, signer: Signer) -> int:
    """Collect the claim's reward if the batch has a campaign that can pay it."""
    campaign = rewards.get(campaign_id(CampaignKind.CLAIM, proof.batch_id))
    if not 0 < campaign.rate <= campaign.remaining:
        return 0
    return rewards.reward_claim(proof.batch_id, proof.index, signer).amount
