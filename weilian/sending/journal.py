"""What is to be sent and was signed, on disk before any node sees it: one SQLite file.

One row of `tasks` for each task; one row of `transactions` for each signed transaction, of which a
task has more than one when its fees were raised or its nonce was lost. Signed bytes are no secret;
keys are not in here.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

from weilian.sending.envelope import Fees
from weilian.sending.errors import JournalError, JournalMismatchError
from weilian.sending.task import Outcome, Status

_VERSION = 1
_PRIVATE = 0o600
_AT_ONCE = 500
_SCHEMA = """
CREATE TABLE binding (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    chain_id INTEGER NOT NULL, first_block TEXT NOT NULL, sender TEXT NOT NULL
) STRICT;
CREATE TABLE tasks (
    task_id TEXT PRIMARY KEY, nonce INTEGER NOT NULL UNIQUE, status TEXT NOT NULL,
    fingerprint BLOB NOT NULL, recipient BLOB NOT NULL, data BLOB NOT NULL, value TEXT NOT NULL,
    gas INTEGER NOT NULL, hash TEXT NOT NULL, block_number INTEGER, block_hash TEXT,
    gas_used INTEGER NOT NULL DEFAULT 0, fee TEXT NOT NULL DEFAULT '0', reason TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX waiting ON tasks (nonce) WHERE status IN ('prepared', 'broadcast');
CREATE TABLE transactions (
    hash TEXT PRIMARY KEY, nonce INTEGER NOT NULL, task_id TEXT NOT NULL, raw BLOB NOT NULL,
    max_fee TEXT NOT NULL, priority_fee TEXT NOT NULL, is_void INTEGER NOT NULL,
    head INTEGER NOT NULL, status TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX by_nonce ON transactions (nonce);
PRAGMA user_version = 1;
"""
_COLUMNS = "task_id, status, nonce, hash, block_number, block_hash, gas_used, fee, reason"
_ADD_TASK = """
INSERT INTO tasks (task_id, nonce, status, fingerprint, recipient, data, value, gas, hash)
VALUES (?, ?, 'prepared', ?, ?, ?, ?, ?, ?)
ON CONFLICT (task_id) DO UPDATE SET nonce = excluded.nonce, status = 'prepared',
    fingerprint = excluded.fingerprint, recipient = excluded.recipient, data = excluded.data,
    value = excluded.value, gas = excluded.gas, hash = excluded.hash, block_number = NULL,
    block_hash = NULL, gas_used = 0, fee = '0', reason = NULL
"""
_SETTLE = """
UPDATE tasks SET status = ?, hash = ?, block_number = ?, block_hash = ?, gas_used = ?, fee = ?,
    reason = ? WHERE task_id = ? AND nonce = ?
"""


@dataclass(frozen=True, slots=True)
class Content:
    """What a task sends: recipient (20 bytes or none), data, value in wei, gas limit."""

    task_id: str
    to: bytes
    data: bytes
    value: int
    gas: int
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class Attempt:
    """One signed transaction. `is_void` does nothing but spend the nonce; `head` was the newest
    block when it was signed."""

    hash: str
    raw: bytes
    fees: Fees
    is_void: bool
    head: int


@dataclass(slots=True)
class Flight:
    """A task under way: all that was signed for its nonce, oldest first, and where it is mined."""

    task_id: str
    nonce: int
    gas: int
    attempts: list[Attempt]
    block: int | None = None
    needs_raise: bool = False
    refusal: str | None = None
    """What a node says that will never take it."""

    @property
    def newest(self) -> Attempt:
        """The attempt that offers most."""
        return self.attempts[-1]


@dataclass(frozen=True, slots=True)
class Known:
    """What the journal says of a task id."""

    status: Status
    fingerprint: bytes


class Journal:
    """An open journal. Each writing method is one transaction of the database, synced to disk."""

    def __init__(self, path: Path) -> None:
        """Open or create the file, readable by its owner only; raises JournalError."""
        self.path = path
        self._lock = RLock()
        with self._errors():
            path.touch(_PRIVATE)
            # NOTE: signing writes from a thread of its own; the lock keeps transactions apart.
            self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._base.execute("PRAGMA journal_mode = WAL")
            self._base.execute("PRAGMA synchronous = FULL")
            self._create()

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self._base.close()

    def bind(self, chain_id: int, first_block: str, sender: str) -> None:
        """Keep whose journal this is; raise JournalMismatchError if it is another's."""
        found = (chain_id, first_block, sender)
        with self._writing():
            insert = "INSERT OR IGNORE INTO binding VALUES (1, ?, ?, ?)"
            self._base.execute(insert, found)
            kept = self._row("SELECT chain_id, first_block, sender FROM binding")
        for what, old, new in zip(("chain", "first block", "account"), kept, found, strict=True):
            if old != new:
                raise JournalMismatchError(self.path, what, str(old), str(new))

    @property
    def next_nonce(self) -> int:
        """The nonce after the last that was ever signed for, 0 for none."""
        return int(self._row("SELECT coalesce(max(nonce) + 1, 0) FROM transactions")[0])

    @property
    def newest_block(self) -> int:
        """The newest block in which a task was mined, 0 for none."""
        return int(self._row("SELECT coalesce(max(block_number), 0) FROM tasks")[0])

    def known(self, task_ids: Sequence[str]) -> dict[str, Known]:
        """Return what there is of the given tasks."""
        query = "SELECT task_id, status, fingerprint FROM tasks WHERE task_id IN ({})"
        return {row[0]: Known(Status(row[1]), row[2]) for row in self._of(query, task_ids)}

    def outcomes(self, task_ids: Sequence[str]) -> dict[str, Outcome]:
        """Return how far the given tasks have come."""
        query = f"SELECT {_COLUMNS} FROM tasks WHERE task_id IN ({{}})"  # noqa: S608 -- no input
        return {row[0]: _outcome(row) for row in self._of(query, task_ids)}

    def flights(self) -> list[Flight]:
        """Return all tasks under way with what was signed for them, by nonce."""
        query = """
            SELECT t.task_id, t.nonce, t.gas, x.hash, x.raw, x.max_fee, x.priority_fee, x.is_void,
                x.head FROM tasks t JOIN transactions x ON x.nonce = t.nonce
            WHERE t.status IN ('prepared', 'broadcast') ORDER BY t.nonce, length(x.max_fee),
                x.max_fee, x.is_void"""
        flights: dict[int, Flight] = {}
        for task_id, nonce, gas, *signed in self._rows(query):
            flight = flights.setdefault(nonce, Flight(task_id, nonce, gas, []))
            hash_, raw, max_fee, priority_fee, is_void, head = signed
            fees = Fees(int(max_fee), int(priority_fee))
            flight.attempts.append(Attempt(hash_, raw, fees, bool(is_void), head))
        return list(flights.values())

    def content(self, task_id: str) -> Content:
        """Return what a task sends."""
        query = "SELECT recipient, data, value, gas, fingerprint FROM tasks WHERE task_id = ?"
        to, data, value, gas, fingerprint = self._row(query, task_id)
        return Content(task_id, to, data, int(value), gas, fingerprint)

    def displaced(self) -> list[tuple[str, int]]:
        """Return the tasks whose nonces were spent by somebody else: (id, nonce)."""
        return self._rows("SELECT task_id, nonce FROM tasks WHERE status = 'replaced' ORDER BY 2")

    def add(self, signed: Iterable[tuple[Content, int, Attempt]]) -> None:
        """Keep tasks under their (new) nonces, with what was signed."""
        tasks, transactions = [], []
        for content, nonce, attempt in signed:
            body = (content.fingerprint, content.to, content.data, str(content.value), content.gas)
            tasks.append((content.task_id, nonce, *body, attempt.hash))
            transactions.append(_transaction(content.task_id, nonce, attempt))
        with self._writing():
            self._base.executemany(_ADD_TASK, tasks)
            self._add_transactions(transactions)

    def add_attempts(self, signed: Iterable[tuple[Flight, Attempt]]) -> None:
        """Keep what was signed again for the nonces of tasks under way."""
        rows = [_transaction(flight.task_id, flight.nonce, new) for flight, new in signed]
        with self._writing():
            self._add_transactions(rows)

    def mark_broadcast(self, hashes: Iterable[str]) -> None:
        """Keep that a node has taken transactions, and so their tasks."""
        rows = [(taken,) for taken in hashes]
        with self._writing():
            self._base.executemany(
                "UPDATE transactions SET status = 'broadcast' WHERE hash = ? AND status = "
                "'prepared'",
                rows,
            )
            self._base.executemany(
                "UPDATE tasks SET status = 'broadcast' WHERE status = 'prepared' AND nonce = "
                "(SELECT nonce FROM transactions WHERE hash = ?)",
                rows,
            )

    def settle(self, outcomes: Iterable[Outcome]) -> None:
        """Keep what became of tasks; all else that was signed for their nonces is replaced."""
        done = list(outcomes)
        with self._writing():
            self._base.executemany(_SETTLE, [_settled(outcome) for outcome in done])
            self._base.executemany(
                "UPDATE transactions SET status = CASE hash WHEN ? THEN ? ELSE 'replaced' END "
                "WHERE nonce = ?",
                [(outcome.hash, outcome.status, outcome.nonce) for outcome in done],
            )

    def reopen(self, nonce: int) -> int:
        """Take as under way again what was done from `nonce` on; return how many tasks.

        For a chain that forgot blocks which were taken as final.
        """
        mined = "status NOT IN ('prepared', 'broadcast') AND nonce >= ?"
        with self._writing():
            update = f"UPDATE tasks SET status = 'broadcast' WHERE {mined}"  # noqa: S608 -- no input
            return self._base.execute(update, (nonce,)).rowcount

    def _add_transactions(self, rows: Sequence[tuple[object, ...]]) -> None:
        insert = "INSERT INTO transactions VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'prepared')"
        self._base.executemany(insert, rows)

    def _create(self) -> None:
        version = self._row("PRAGMA user_version")[0]
        if version == 0:
            self._base.executescript(f"BEGIN IMMEDIATE;{_SCHEMA}COMMIT;")
        elif version != _VERSION:
            raise JournalError(self.path, f"its version is {version}, this library's {_VERSION}")

    def _of(self, query: str, task_ids: Sequence[str]) -> Iterator[Any]:
        for start in range(0, len(task_ids), _AT_ONCE):
            part = task_ids[start : start + _AT_ONCE]
            yield from self._rows(query.format(", ".join("?" * len(part))), *part)

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._lock, self._errors():
            return self._base.execute(query, values).fetchall()

    def _row(self, query: str, *values: object) -> Any:
        return self._rows(query, *values)[0]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        with self._lock, self._errors():
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._base.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if isinstance(error, JournalError):
                raise
            raise JournalError(self.path, f"{error}; check the file and the room left") from error


def _transaction(task_id: str, nonce: int, attempt: Attempt) -> tuple[object, ...]:
    fees = (str(attempt.fees.max_fee), str(attempt.fees.priority_fee))
    return attempt.hash, nonce, task_id, attempt.raw, *fees, int(attempt.is_void), attempt.head


def _settled(outcome: Outcome) -> tuple[object, ...]:
    place = (outcome.block_number, outcome.block_hash, outcome.gas_used, str(outcome.fee))
    return outcome.status, outcome.hash, *place, outcome.reason, outcome.task_id, outcome.nonce


def _outcome(row: Sequence[Any]) -> Outcome:
    task_id, status, nonce, hash_, block, block_hash, gas_used, fee, reason = row
    settled = (block, block_hash, gas_used, int(fee), reason)
    return Outcome(task_id, Status(status), nonce, hash_, *settled)
