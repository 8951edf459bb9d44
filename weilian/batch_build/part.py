"""One part of a batch: a range of its items, built by whoever is free, the same every time.

A part is a sub-tree of the batch's tree. All it needs travels in its arguments and all it makes in
its result, so that it can be built in this process, in another, or on another machine.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import numpy as np

from weilian.hashing import Rows
from weilian.keys import MIN_CODE_LENGTH, padding_label
from weilian.merkle.batch_tree import TreeHead, derive_items, padding_leaves
from weilian.merkle.items import ADDRESS_LENGTH
from weilian.merkle.nodes import NODE_LENGTH
from weilian.sealed import seal_to
from weilian.serials import SerialColumn, Serials

PART_LEAVES = 1 << 16
"""Leaves of a part: 2 MiB of them, and some seconds of work."""

SHORT_CODE_PART_LEAVES = 1 << 6
"""The same where codes are short and each takes a third of a second."""

INNER_COLUMNS = ("index", "serial", "code", "link")
_CSV_SIGNS = re.compile(r'[",\r\n]')
_NEEDS_NO_QUOTES = re.compile(r"[A-Za-z0-9_.\-~]*")


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What all parts of a batch share. `repr` shows no secret, as engines log arguments."""

    head: TreeHead
    secret: bytes = field(repr=False)
    code_length: int
    link_stem: str
    """The Digital Link of an item up to its serial."""

    recipients: tuple[str, ...]
    """Who may read the hidden codes: age recipients."""


@dataclass(frozen=True, slots=True)
class PartInput:
    """The leaves from index `first` on: those of the serials, then padding up to `leaves`."""

    number: int
    first: int
    leaves: int
    serials: SerialColumn


@dataclass(frozen=True, slots=True)
class Part:
    """A part that was built; the hidden codes in it are sealed."""

    number: int
    items: int
    leaves: bytes
    claim_keys: bytes
    inner_labels: bytes


def cut(job: BatchJob, serials: Serials) -> Iterator[PartInput]:
    """Cut a batch into its parts, each some seconds of work."""
    most = SHORT_CODE_PART_LEAVES if job.code_length < MIN_CODE_LENGTH else PART_LEAVES
    leaves = min(most, 1 << job.head.depth)
    for number, first in enumerate(range(0, 1 << job.head.depth, leaves)):
        yield PartInput(number, first, leaves, serials.column[first : first + leaves])


def build_part(job: BatchJob, part: PartInput) -> Part:
    """Derive keys and codes, hash leaves and padding, seal the codes to the recipients."""
    serials, items = Serials(part.serials), len(part.serials)
    made = derive_items(job.head, part.first, serials, job.secret, job.code_length)
    missing = part.leaves - items
    padding = padding_leaves(job.head, padding_label(job.secret), part.first + items, missing)
    return Part(
        number=part.number,
        items=items,
        leaves=made.leaves.tobytes() + padding.tobytes(),
        claim_keys=made.claim_keys.tobytes(),
        inner_labels=_inner_labels(job, part.first, serials, made.codes) if items else b"",
    )


def item_links(stem: str, serials: Sequence[str]) -> list[str]:
    """Return the Digital Link of each item."""
    if _NEEDS_NO_QUOTES.fullmatch("".join(serials)):
        return [stem + serial for serial in serials]
    return [stem + quote(serial, safe="") for serial in serials]


def csv_rows(columns: Sequence[Sequence[str]]) -> bytes:
    """Write columns side by side as rows of CSV (RFC 4180)."""
    if not any(_CSV_SIGNS.search("".join(column)) for column in columns):
        return "".join(f"{','.join(row)}\r\n" for row in zip(*columns, strict=True)).encode()
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(zip(*columns, strict=True))
    return stream.getvalue().encode()


def numbers(first: int, count: int) -> list[str]:
    """Return the indexes from `first` on as text."""
    return [str(index) for index in range(first, first + count)]


def _inner_labels(job: BatchJob, first: int, serials: Serials, codes: list[str]) -> bytes:
    texts = list(serials)
    links = item_links(job.link_stem, texts)
    hidden = [f"{link}#{code}" for link, code in zip(links, codes, strict=True)]
    rows = csv_rows((numbers(first, len(codes)), texts, codes, hidden))
    return seal_to(csv_rows([[name] for name in INNER_COLUMNS]) + rows, job.recipients)


def rows_of(part: Part) -> tuple[Rows, Rows]:
    """Return leaves (n, 32) and claim keys (n, 20) of a part."""
    leaves = np.frombuffer(part.leaves, np.uint8).reshape(-1, NODE_LENGTH)
    return leaves, np.frombuffer(part.claim_keys, np.uint8).reshape(-1, ADDRESS_LENGTH)
