"""Verdicts and reasons by the numbers that ProvenanceTypes.sol gives them."""

from enum import IntEnum, IntFlag


class Verdict(IntEnum):
    UNKNOWN = 0
    REGISTERED = 1
    CLAIMED_BY_YOU = 4
    ALREADY_CLAIMED = 5
    RECALLED = 6
    EXPIRED = 7
    ISSUER_REVOKED = 10


class Reason(IntFlag):
    NONE = 0
    BATCH_UNKNOWN = 1
    INDEX_OUT_OF_RANGE = 2
    PROOF_LENGTH = 4
    PROOF_INVALID = 8
    ISSUER_DEACTIVATED = 16
    RECALLED = 32
    EXPIRED = 64
    CLAIMED_BY_VIEWER = 128
    CLAIMED_BY_OTHER = 256
