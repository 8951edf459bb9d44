"""The enumerations of the contracts, in their order."""

from enum import IntEnum

from weilian.commission.terms import OrderStatus
from weilian.provenance.terms import NoticeKind, OwnerAct, Verdict

__all__ = ["CampaignKind", "NoticeKind", "OrderStatus", "OwnerAct", "Verdict"]


class CampaignKind(IntEnum):
    """What a campaign rewards."""

    CLAIM = 0
    ORDER = 1
