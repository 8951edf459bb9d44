"""The enumerations of the contracts, in their order."""

from enum import IntEnum

from weilian.commission.disputes import DisputeStatus
from weilian.commission.order import OrderStatus
from weilian.provenance.terms import NoticeKind, OwnerAct, Verdict

__all__ = [
    "CampaignKind",
    "DisputeStatus",
    "FundingKind",
    "NoticeKind",
    "OrderStatus",
    "OwnerAct",
    "Verdict",
]


class CampaignKind(IntEnum):
    """What a campaign rewards."""

    CLAIM = 0
    ORDER = 1


class FundingKind(IntEnum):
    """How the checkout gets a payer's money."""

    ALLOWANCE = 0
    PERMIT = 1
    AUTHORIZATION = 2
    PERMIT2 = 3
    KEY_AUTHORIZATION = 4
