"""Orders that are paid and not shared, kept in a file so that only new blocks are read.

The file has what the log says up to a block that lies well below the newest, with the block's
hash: the log is read anew where the chain has another block there, as after a deep reorganisation
or on another chain. Blocks above it are read each time and not kept.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eth_abi.abi import decode
from eth_utils.abi import collapse_if_tuple
from web3.types import LogReceipt

from weilian.chain.chain import LogPage
from weilian.chain.errors import NodeRefusedError
from weilian.commission.order import Order
from weilian.errors import WeilianError
from weilian.files import writing_to
from weilian.order import order_from
from weilian.progress import Progress
from weilian.suite import Suite

MARGIN = 64
"""Blocks on top of the newest that is kept: two epochs, after which Ethereum calls one final."""

_VERSION = 1
_KIND = 0x774F7264
"""By which SQLite knows our files from those of other programs, such as journals."""

_TRIES = 5
_LOG_INDEX_BITS = 32
_ENTRIES = ("OrderAuthorized", "OrderReported")
_ENDS = ("OrderSettled", "OrderVoided", "OrderReclaimed")
_SCHEMA = f"""
BEGIN IMMEDIATE;
DROP TABLE IF EXISTS mark;
DROP TABLE IF EXISTS orders;
CREATE TABLE mark (
    only INTEGER PRIMARY KEY CHECK (only = 1), chain_id INTEGER NOT NULL,
    first_block TEXT NOT NULL, escrow TEXT NOT NULL, block INTEGER NOT NULL, hash BLOB NOT NULL
) STRICT;
CREATE TABLE orders (
    place INTEGER PRIMARY KEY, order_id BLOB NOT NULL UNIQUE, plan_id BLOB NOT NULL,
    terms BLOB NOT NULL
) STRICT;
PRAGMA application_id = {_KIND};
PRAGMA user_version = {_VERSION};
COMMIT;
"""


class OpenOrdersError(WeilianError, OSError):
    """A file of open orders that cannot be read or written."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}; check the file and the room left, or delete it: it is made anew "
            "from the chain's log"
        )


class OtherFileError(WeilianError, ValueError):
    """A file that keeps something else."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is no file of open orders; move it away")


class _MovedError(Exception):
    """The chain, or another process, changed what was being read."""


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that is paid and not shared."""

    order_id: bytes
    order: Order


@dataclass(frozen=True, slots=True)
class _Mark:
    """The newest block that is kept; before the first of the escrow there is no hash."""

    block: int
    hash: bytes | None = None


class OpenOrders:
    """The open orders of a deployment; see `open_orders`."""

    def __init__(self, suite: Suite, base: sqlite3.Connection, path: Path) -> None:
        self._suite, self._base, self._path = suite, base, path
        events = suite.escrow.events
        self._kinds = [events[name]() for name in (*_ENTRIES, *_ENDS)]
        self._names = {bytes.fromhex(kind.topic[2:]): kind.event_name for kind in self._kinds}
        self._terms = collapse_if_tuple(events.OrderAuthorized().abi["inputs"][-1])

    def read(
        self, plan_id: bytes | None = None, progress: Progress | None = None
    ) -> list[OpenOrder]:
        """Read the blocks that are new; list the open orders, of a plan or all, as they came in.

        `progress` is called with (blocks read, blocks in all). Raises OpenOrdersError,
        NodeRefusedError, ChainUnreachableError.
        """
        tries = 0
        while tries < _TRIES:
            before = self._mark().block
            with suppress(_MovedError):
                return self._read(plan_id, progress)
            # Another process that reads on is no reason to end; a chain that changes is.
            tries += self._mark().block <= before
        raise NodeRefusedError("its blocks change while they are read")

    def _read(self, plan_id: bytes | None, progress: Progress | None) -> list[OpenOrder]:
        chain = self._suite.chain
        head = chain.head
        final = head - max(chain.confirmations, MARGIN)
        mark = first = self._mark()
        self._check(mark, head)
        for page in self._pages(mark, final):
            with self._writing(mark):
                self._apply(page.logs)
                mark = self._move(page)
            if progress:
                progress(mark.block - first.block, head - first.block)
        newest = [log for page in self._pages(mark, head) for log in page.logs]
        # NOTE: a page's hash is older than its logs, so a change meanwhile shows here.
        self._check(mark, head)
        with self._writing(mark, keeps=False):
            self._apply(newest)
            found = self._open(plan_id)
        if progress:
            progress(head - first.block, head - first.block)
        return found

    def _pages(self, mark: _Mark, until: int) -> Iterator[LogPage]:
        return self._suite.chain.log_pages(self._kinds, from_block=mark.block + 1, to_block=until)

    def _mark(self) -> _Mark:
        row = self._row("SELECT chain_id, first_block, escrow, block, hash FROM mark")
        if row and row[:3] == self._origin():
            return _Mark(*row[3:])
        return _Mark(self._suite.record.first_block - 1)

    def _origin(self) -> tuple[int, str, str]:
        chain = self._suite.chain
        return chain.chain_id, chain.first_block_hash, self._suite.escrow.address

    def _check(self, mark: _Mark, head: int) -> None:
        """Forget all if the chain has another block where the mark is."""
        if mark.hash is None:
            return
        if mark.block > head or self._suite.chain.block_hash(mark.block)[1] != mark.hash:
            with self._writing(mark):
                self._base.execute("DELETE FROM mark")
            raise _MovedError

    def _move(self, page: LogPage) -> _Mark:
        place = (*self._origin(), page.until, page.hash)
        self._base.execute("INSERT OR REPLACE INTO mark VALUES (1, ?, ?, ?, ?, ?)", place)
        return _Mark(page.until, page.hash)

    def _apply(self, logs: Iterable[LogReceipt]) -> None:
        for log in logs:
            name, identifier = self._names[bytes(log["topics"][0])], bytes(log["topics"][1])
            if name in _ENTRIES:
                place = log["blockNumber"] << _LOG_INDEX_BITS | log["logIndex"]
                row = (place, identifier, bytes(log["topics"][2]), bytes(log["data"]))
                self._base.execute("INSERT OR REPLACE INTO orders VALUES (?, ?, ?, ?)", row)
            elif name == "OrderSettled" or self._is_whole(identifier, bytes(log["data"])):
                self._base.execute("DELETE FROM orders WHERE order_id = ?", (identifier,))

    def _is_whole(self, identifier: bytes, released: bytes) -> bool:
        """Whether all of an order was given back; what was captured before is still shared."""
        row = self._row("SELECT terms FROM orders WHERE order_id = ?", identifier)
        return row is not None and int.from_bytes(released) == self._order(row[0]).amount

    def _open(self, plan_id: bytes | None) -> list[OpenOrder]:
        rows = self._base.execute("SELECT order_id, plan_id, terms FROM orders ORDER BY place")
        return [
            OpenOrder(order_id, self._order(terms))
            for order_id, plan, terms in rows
            if plan_id in (None, plan)
        ]

    def _order(self, terms: bytes) -> Order:
        # NOTE: by eth_abi alone, ten times as fast as web3's way through names.
        [fields] = decode([self._terms], terms)
        return order_from(fields)

    def _row(self, query: str, *values: object) -> Any:
        with _errors(self._path):
            return self._base.execute(query, values).fetchone()

    @contextmanager
    def _writing(self, mark: _Mark, *, keeps: bool = True) -> Iterator[None]:
        """Change the file at once, if it stands where `mark` is; undone at the end unless kept."""
        with _errors(self._path):
            self._base.execute("BEGIN IMMEDIATE")
            try:
                if self._mark() != mark:
                    raise _MovedError
                if mark.hash is None:
                    self._base.execute("DELETE FROM orders")
                yield
                self._base.execute("COMMIT" if keeps else "ROLLBACK")
            except BaseException:
                with suppress(sqlite3.Error):
                    self._base.execute("ROLLBACK")
                raise


@contextmanager
def open_orders(
    suite: Suite, path: Path | None = None, *, keeps: bool = True
) -> Iterator[OpenOrders]:
    """Open a file of open orders, which several processes may share; without one, in memory.

    Unless it keeps, the file is read and not changed. Raises OpenOrdersError, OtherFileError,
    FileWriteError.
    """
    place = path or Path(":memory:")
    if path is not None and keeps:
        with writing_to(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
    with _errors(place):
        base = sqlite3.connect(place if keeps else ":memory:", isolation_level=None)
        try:
            if path is not None and path.exists() and not keeps:
                _copy(path, base)
            _prepare(base, place)
            yield OpenOrders(suite, base, place)
        finally:
            base.close()


def _prepare(base: sqlite3.Connection, path: Path) -> None:
    [kind], [version] = (
        base.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
    )
    [tables] = base.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if tables and kind != _KIND:
        raise OtherFileError(path)
    if not tables or version != _VERSION:
        base.executescript(_SCHEMA)


def _copy(path: Path, base: sqlite3.Connection) -> None:
    source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        source.backup(base)
    finally:
        source.close()


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise OpenOrdersError(path, str(error)) from error
