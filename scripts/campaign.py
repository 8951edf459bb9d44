"""Open and close reward campaigns."""

import click

from scripts._session import Session, script
from scripts._types import ID
from weilian.chain import CampaignKind
from weilian.chain.values import to_hex
from weilian.money import NATIVE_DECIMALS, format_units, to_units
from weilian.reward import Rewards, campaign_id


@click.group()
def cli() -> None:
    """Open, close and show reward campaigns, as the reward manager."""


kind_option = click.option(
    "--kind",
    type=click.Choice(["claim", "order"]),
    required=True,
    help="claim: items of a batch; order: orders of a plan.",
)
subject_option = click.option(
    "--subject", type=ID, required=True, help="The batch's or the plan's id."
)


@script(writes=True, group=cli, name="open")
@kind_option
@subject_option
@click.option(
    "--rate",
    required=True,
    help="claim: tokens for an item; order: smallest units per smallest unit of platform fee.",
)
@click.option("--budget", required=True, help="Most tokens that the campaign may mint.")
def open_(session: Session, kind: str, subject: bytes, rate: str, budget: str) -> None:
    """Open a campaign, or open it again when its budget is used up."""
    rewards = Rewards(session.suite())
    choice = CampaignKind[kind.upper()]
    units = to_units(rate, NATIVE_DECIMALS if choice is CampaignKind.CLAIM else 0)
    total = to_units(budget, NATIVE_DECIMALS)
    identifier = to_hex(campaign_id(choice, subject))
    session.out.say(f"Campaign {identifier}: budget {format_units(total, NATIVE_DECIMALS)} tokens")
    if session.dry_run:
        session.finish({"campaignId": identifier})
        return
    session.confirm("Open it?")
    rewards.open_campaign(choice, subject, units, total, session.signer())
    session.finish({"campaignId": identifier}, "opened the campaign")


@script(writes=True, group=cli, name="close")
@kind_option
@subject_option
def close(session: Session, kind: str, subject: bytes) -> None:
    """Close a campaign and free what is left of its budget."""
    rewards = Rewards(session.suite())
    identifier = campaign_id(CampaignKind[kind.upper()], subject)
    left = rewards.get(identifier).remaining
    session.out.say(f"{format_units(left, NATIVE_DECIMALS)} tokens are left")
    if session.dry_run:
        session.finish({"campaignId": to_hex(identifier)})
        return
    session.confirm("Close it?")
    rewards.close_campaign(identifier, session.signer())
    session.finish({"campaignId": to_hex(identifier)}, "closed the campaign")


@script(writes=False, group=cli, name="show")
@kind_option
@subject_option
def show(session: Session, kind: str, subject: bytes) -> None:
    """Show what is left of a campaign's budget."""
    kept = Rewards(session.suite()).get(campaign_id(CampaignKind[kind.upper()], subject))
    session.out.say(f"{format_units(kept.remaining, NATIVE_DECIMALS)} tokens are left")
    session.out.result(
        {
            "campaignId": to_hex(kept.campaign_id),
            "rate": str(kept.rate),
            "remaining": str(kept.remaining),
        }
    )
