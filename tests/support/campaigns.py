"""Reward campaigns and their ids."""

from eth_abi import encode
from eth_utils import keccak

CLAIM, ORDER = 0, 1


def campaign_id_of(kind: int, subject: bytes) -> bytes:
    """Compute the id of a campaign."""
    return keccak(encode(("uint8", "bytes32"), (kind, subject)))


def open_campaign(rewards, manager, kind: int, subject: bytes, rate=10, budget=1000) -> bytes:
    """Open a campaign as `manager` and return its id."""
    rewards.openCampaign(kind, subject, rate, budget, sender=manager)
    return campaign_id_of(kind, subject)
