"""The enumerations of the contracts, in their order."""

from enum import IntEnum

from weilian.commission.terms import OrderStatus

__all__ = ["CampaignKind", "OrderStatus", "Verdict"]


class Verdict(IntEnum):
    """The graded answer to "is this the real thing?"; never "fake"."""

    UNKNOWN = 0
    REGISTERED = 1
    IN_TRADE = 2
    GENUINE_FIRST_CLAIM = 3
    CLAIMED_BY_YOU = 4
    ALREADY_CLAIMED = 5
    RECALLED = 6
    EXPIRED = 7
    SUSPENDED = 8
    LOST_OR_STOLEN = 9
    ISSUER_REVOKED = 10


class CampaignKind(IntEnum):
    """What a campaign rewards."""

    CLAIM = 0
    ORDER = 1
