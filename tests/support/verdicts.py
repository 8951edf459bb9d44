"""Verdicts and reasons by the numbers that ProvenanceTypes.sol gives them."""

from enum import IntEnum, IntFlag


class Verdict(IntEnum):
    UNKNOWN = 0
    REGISTERED = 1
    IN_TRADE = 2
    CLAIMED_BY_YOU = 4
    ALREADY_CLAIMED = 5
    RECALLED = 6
    EXPIRED = 7
    SUSPENDED = 8
    LOST_OR_STOLEN = 9
    ISSUER_REVOKED = 10


class Reason(IntFlag):
    NONE = 0
    BATCH_UNKNOWN = 1 << 0
    INDEX_OUT_OF_RANGE = 1 << 1
    PROOF_LENGTH = 1 << 2
    PROOF_INVALID = 1 << 3
    ISSUER_DEACTIVATED = 1 << 4
    RECALLED = 1 << 5
    EXPIRED = 1 << 6
    CLAIMED_BY_VIEWER = 1 << 7
    CLAIMED_BY_OTHER = 1 << 8
    SUSPENDED = 1 << 9
    GTIN_NOTICE = 1 << 10
    KEY_REVOKED = 1 << 11
    NOT_ACTIVATED = 1 << 12
    LOST = 1 << 13
    STOLEN = 1 << 14
    DESTROYED = 1 << 15
    LEFT_ISSUER = 1 << 16
    IN_TRANSIT = 1 << 17
    DISCREPANCY = 1 << 18
    SELLER_AUTHORIZED = 1 << 19
    SELLER_LAPSED = 1 << 20
    SELLER_UNKNOWN = 1 << 21
    LOT_WRONG = 1 << 22


class NoticeKind(IntEnum):
    SUSPENSION = 0
    RECALL = 1


class OwnerAct(IntEnum):
    TRANSFER = 0
    REPORT_LOST = 1
    REPORT_STOLEN = 2
    REPORT_FOUND = 3
    DESTROY = 4
