"""The words of provenance: verdicts, reasons, and what the chain keeps of batches and items."""

from dataclasses import dataclass
from enum import Enum, IntEnum

from weilian.address import ZERO_ADDRESS


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


class NoticeKind(IntEnum):
    """A suspension holds goods back until more is known; a recall calls them back."""

    SUSPENSION = 0
    RECALL = 1


class OwnerAct(IntEnum):
    """What an owner can do with an item."""

    TRANSFER = 0
    REPORT_LOST = 1
    REPORT_STOLEN = 2
    REPORT_FOUND = 3
    DESTROY = 4


class Reason(Enum):
    """Why a verdict is what it is. Values below 100 are the bits of the contracts' `REASON_`."""

    BATCH_UNKNOWN = 0
    INDEX_OUT_OF_RANGE = 1
    PROOF_LENGTH = 2
    PROOF_INVALID = 3
    ISSUER_DEACTIVATED = 4
    RECALLED = 5
    EXPIRED = 6
    CLAIMED_BY_VIEWER = 7
    CLAIMED_BY_OTHER = 8
    SUSPENDED = 9
    GTIN_NOTICE = 10
    KEY_REVOKED = 11
    NOT_ACTIVATED = 12
    LOST = 13
    STOLEN = 14
    DESTROYED = 15
    LEFT_ISSUER = 16
    IN_TRANSIT = 17
    DISCREPANCY = 18
    SELLER_AUTHORIZED = 19
    SELLER_LAPSED = 20
    SELLER_UNKNOWN = 21
    LOT_WRONG = 22
    HIDDEN_CODE_RIGHT = 100
    HIDDEN_CODE_WRONG = 101
    PROOF_DAMAGED = 102
    OTHER_CHAIN = 103
    OTHER_REGISTRY = 104
    OTHER_ISSUER = 105
    ISSUER_NOT_CHECKED = 106
    STATE_OLD = 107
    OTHER_PRODUCT = 108


# What the chain keeps, as ProvenanceTypes.sol has it; times in seconds since 1970, 0 for never.


NEVER = 2**48 - 1
"""The last second that the chain can name."""


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch. `operator_tag` is the last 7 bytes of the account that registered it."""

    root: bytes
    item_count: int
    gtin: int
    registered_at: int
    expires_at: int = 0
    carton_size: int = 0
    notice_count: int = 0
    operator_tag: int = 0


@dataclass(frozen=True, slots=True)
class NoticeState:
    """A recall or suspension of the items `first` to `last`, itself included."""

    first: int
    last: int
    issued_at: int
    lifted_at: int
    kind: NoticeKind

    @property
    def stands(self) -> bool:
        """Whether it is not lifted."""
        return self.issued_at != 0 and self.lifted_at == 0

    def touches(self, first: int, last: int, since: int = NEVER) -> bool:
        """Whether it touches the items `first` to `last`, and stands or was issued from `since`."""
        counts = self.stands or self.issued_at >= since
        return counts and first <= self.last and self.first <= last


@dataclass(frozen=True, slots=True)
class GtinNoticeState:
    """A recall or suspension of every batch of a GTIN that was registered up to `issued_at`."""

    issued_at: int = 0
    lifted_at: int = 0
    kind: NoticeKind = NoticeKind.SUSPENSION

    @property
    def stands(self) -> bool:
        """Whether it is not lifted."""
        return self.issued_at != 0 and self.lifted_at == 0

    def reaches(self, batch: BatchState, since: int = NEVER) -> bool:
        """Whether the batch was there when it was issued, and it stands or is from `since` on."""
        counts = self.stands or self.issued_at >= since
        return counts and batch.registered_at <= self.issued_at


@dataclass(frozen=True, slots=True)
class ItemState:
    """A claimed item; all zero if it is not claimed. `flags` are the `ITEM_` bits."""

    owner: str = ZERO_ADDRESS
    claimed_at: int = 0
    nonce: int = 0
    flags: int = 0


ITEM_LOST, ITEM_STOLEN, ITEM_FLAGGED, ITEM_DESTROYED, ITEM_CHIP = (1 << bit for bit in range(5))
"""Flags of an item."""

LOT_PACKED, LOT_DISCREPANCY = 1 << 0, 1 << 1
"""Flags of a lot."""


@dataclass(frozen=True, slots=True)
class CustodyState:
    """Who has a lot, pallets looked through; all zero where there is no such lot."""

    holder: str = ZERO_ADDRESS
    first: int = 0
    size: int = 0
    version: int = 0
    flags: int = 0
    pallet: str = ZERO_ADDRESS
    offered_to: str = ZERO_ADDRESS
    offered_at: int = 0


@dataclass(frozen=True, slots=True)
class SellerState:
    """A seller's authorisation by a brand; `territory` is a commitment of 20 bytes."""

    since: int = 0
    valid_to: int = 0
    territory: bytes = bytes(20)
