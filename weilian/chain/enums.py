"""The enumerations of the contracts, in their order."""

from enum import IntEnum

from weilian.commission.terms import OrderStatus
from weilian.provenance.terms import NoticeKind, OwnerAct, Verdict

__all__ = ["CampaignKind", "EscrowStatus", "NoticeKind", "OrderStatus", "OwnerAct", "Verdict"]


class CampaignKind(IntEnum):
    """What a campaign rewards."""

    CLAIM = 0
    ORDER = 1


class EscrowStatus(IntEnum):
    """Where an order in the commission escrow stands."""

    NONE = 0
    AUTHORIZED = 1
    CAPTURED = 2
    SETTLED = 3
    VOIDED = 4
    RECLAIMED = 5
