"""What is to be sent, within which limits, and what became of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from weilian.hashing import keccak256
from weilian.sending.envelope import canonical
from weilian.sending.errors import PolicyError, TaskError

_TRANSACTION_GAS = 21_000
_CREATION_GAS = 32_000
_ZERO_BYTE, _OTHER_BYTE = 4, 16
_FLOOR = 10
"""Gas for each token of calldata at least: a zero byte has one token, another four (EIP-7623)."""

_INIT_WORD_GAS = 2
_WORD = 32
_MAX_ID_CHARACTERS = 200
_MAX_UINT256 = 2**256 - 1


class Status(StrEnum):
    """How far a task has come."""

    PREPARED = "prepared"
    """Signed and on disk; perhaps sent."""
    BROADCAST = "broadcast"
    """A node has taken it."""
    MINED = "mined"
    REVERTED = "reverted"
    """Mined, and the contract refused."""
    FAILED = "failed"
    """No node took it, and its nonce was spent on nothing."""
    REPLACED = "replaced"
    """Its nonce was spent by somebody else."""


@dataclass(frozen=True, slots=True)
class Task:
    """One transaction to be mined once, known by an id that the caller gives it.

    `to` is an address, empty to create a contract; `value` is in wei, `gas` the limit.
    """

    task_id: str
    to: str
    data: bytes
    value: int
    gas: int

    def check(self, gas_ceiling: int) -> bytes:
        """Return the recipient's 20 bytes; raise TaskError or AddressError."""
        if not 0 < len(self.task_id) <= _MAX_ID_CHARACTERS:
            raise TaskError(self.task_id, f"its id must have 1 to {_MAX_ID_CHARACTERS} characters")
        if not 0 <= self.value <= _MAX_UINT256:
            raise TaskError(self.task_id, "its value must be 0 to 2^256 - 1 wei")
        least = intrinsic_gas(self.data, creates=not self.to)
        if not least <= self.gas <= gas_ceiling:
            rule = f"its gas is {self.gas}; it must be {least}, which any node asks, to the limit"
            raise TaskError(self.task_id, f"{rule} of {gas_ceiling}")
        return canonical(self.to) if self.to else b""


TaskSource = Task | Callable[[], Task]
"""A task, or what makes it when its turn comes."""


def fingerprint(to: bytes, value: int, data: bytes) -> bytes:
    """Return 32 bytes that tell whether a task is still the one that was sent under its id."""
    return keccak256(to.rjust(_WORD, b"\0") + value.to_bytes(_WORD) + data)


def intrinsic_gas(data: bytes, *, creates: bool) -> int:
    """Return the gas that a transaction takes before it runs (EIP-2028, EIP-3860, EIP-7623)."""
    zeros = data.count(0)
    others = len(data) - zeros
    standard = _TRANSACTION_GAS + _ZERO_BYTE * zeros + _OTHER_BYTE * others
    if creates:
        standard += _CREATION_GAS + _INIT_WORD_GAS * -(-len(data) // _WORD)
    return max(standard, _TRANSACTION_GAS + _FLOOR * (zeros + 4 * others))


@dataclass(frozen=True, slots=True)
class Policy:
    """How to send. Fees are in wei for one unit of gas, times in seconds.

    `max_fee_per_gas` is what is never exceeded, also by raises. `gas_total` limits the gas of all
    tasks that one call sends. A task is done when `confirmations` blocks lie on top of its own.
    Without progress for `stall_seconds` everything waiting is sent again, after as many seconds
    more fees are raised, and after `timeout_seconds` StalledError ends the call.

    `resign_displaced` gives a new nonce to a task whose own was spent by somebody else's
    transaction, once that one has its confirmations: ask for as many as make a block final.
    `retry_reverted` sends again what reverted in an earlier call.
    """

    max_fee_per_gas: int
    gas_per_transaction: int = 16_777_216
    gas_total: int | None = None
    confirmations: int = 0
    window: int = 2_000
    batch: int = 500
    poll_seconds: float = 0.25
    stall_seconds: float = 30
    timeout_seconds: float = 600
    resign_displaced: bool = False
    retry_reverted: bool = False

    def __post_init__(self) -> None:
        """Raise PolicyError for a number out of its range."""
        for name in ("max_fee_per_gas", "window", "batch"):
            if getattr(self, name) < 1:
                raise PolicyError(name, getattr(self, name), "at least 1")
        if self.confirmations < 0:
            raise PolicyError("confirmations", self.confirmations, "at least 0")
        for name in ("poll_seconds", "stall_seconds", "timeout_seconds"):
            if not getattr(self, name) > 0:
                raise PolicyError(name, getattr(self, name), "above 0")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task. `fee` is what it cost, in wei; `reason` is why it failed."""

    task_id: str
    status: Status
    nonce: int
    hash: str
    block_number: int | None = None
    block_hash: str | None = None
    gas_used: int = 0
    fee: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a call would do. `gas` and `cost`, in wei, are the most that the new tasks may take."""

    new: int
    waiting: int
    done: int
    gas: int
    cost: int
    balance: int


@dataclass(slots=True)
class Report:
    """What a call did; `failures` are the tasks that did not do what they should."""

    mined: int = 0
    skipped: int = 0
    """Tasks that an earlier call had done."""
    failures: list[Outcome] = field(default_factory=list)
    gas_used: int = 0
    fee: int = 0
    rebroadcasts: int = 0
    raises: int = 0
    resigned: int = 0
