"""What can go wrong while many transactions are sent."""

from collections.abc import Sequence
from pathlib import Path

from weilian.errors import WeilianError, shown

_SHOWN_NONCES = 5


class SigningKeyError(WeilianError, ValueError):
    """Bytes that are no key; the message never repeats them."""

    def __init__(self) -> None:
        super().__init__("the signing key must be 32 bytes, above zero and below secp256k1's order")


class TransactionFieldError(WeilianError, ValueError):
    """A number that does not fit its field of a transaction."""

    def __init__(self, name: str, value: int, rule: str) -> None:
        super().__init__(f"the transaction's {name} is {shown(value)}; it must be {rule}")


class PolicyError(WeilianError, ValueError):
    """A setting that nothing could be sent with."""

    def __init__(self, name: str, value: float, rule: str) -> None:
        super().__init__(f"{name} is {shown(value)}; it must be {rule}")


class TaskError(WeilianError, ValueError):
    """A task that cannot be sent as it is."""

    def __init__(self, task_id: str, rule: str) -> None:
        self.task_id = task_id
        super().__init__(f"task {shown(task_id)}: {rule}")


class JournalError(WeilianError, OSError):
    """A journal that cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"journal {path}: {reason}")


class JournalMismatchError(WeilianError, ValueError):
    """A journal of another chain or another account."""

    def __init__(self, path: Path, what: str, kept: str, found: str) -> None:
        super().__init__(
            f"journal {path} belongs to the {what} {kept}, not {found}; use a journal of its own "
            "for each account of each chain"
        )


class JournalBusyError(WeilianError, RuntimeError):
    """Another process sends from the same journal."""

    def __init__(self, path: Path, pid: str) -> None:
        self.pid = pid
        super().__init__(
            f"process {pid} sends from journal {path}; wait until it has ended, or end it: what it "
            "had begun is finished by the next that opens the journal"
        )


class GasBudgetError(WeilianError, ValueError):
    """More gas than the caller allows for all tasks together."""

    def __init__(self, task_id: str, total: int, limit: int) -> None:
        super().__init__(
            f"task {shown(task_id)} would bring the gas of all tasks to {total}, above the limit "
            f"of {limit}; what was sent before it is mined, it and the rest were not sent"
        )


class ForeignTransactionError(WeilianError, RuntimeError):
    """Somebody else sent from the account, under nonces that were given to tasks."""

    def __init__(self, account: str, nonces: Sequence[int]) -> None:
        self.nonces = tuple(nonces)
        front = ", ".join(map(str, self.nonces[:_SHOWN_NONCES]))
        more = ", ..." if len(self.nonces) > _SHOWN_NONCES else ""
        super().__init__(
            f"account {account} was used by somebody else: {len(self.nonces)} task(s) lost their "
            f"nonces ({front}{more}) to transactions that are not in the journal and can no "
            "longer be mined under them; stop the other user of the account, then send again with "
            "`resign_displaced`, which gives them new nonces"
        )


class StalledError(WeilianError, TimeoutError):
    """Transactions that were sent and are not mined in time."""

    def __init__(self, account: str, nonce: int, waiting: int, seconds: float, why: str) -> None:
        super().__init__(
            f"nothing of account {account} was mined for {seconds:g} seconds; {waiting} "
            f"transaction(s) wait from nonce {nonce} on ({why}); the journal keeps them: send "
            "again later, or with a higher `max_fee_per_gas`"
        )
