"""The labels of a batch that was built, from its folder."""

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np

from weilian.batch_folder import BatchFolder
from weilian.keys import BrandSeed
from weilian.labels.errors import LabelError
from weilian.labels.label import Label, LabelRun, inner_label, outer_label
from weilian.serials import Serials, bytes_of

LabelKind: TypeAlias = Literal["outer", "inner"]

_BLOCK = 1 << 16
_SAMPLE_CHARACTER = "Z"
_TENTHS_OF_BITS = np.full(256, 165)
"""What a character takes in a code: as the link percent-encodes it, in the densest mode."""

_TENTHS_OF_BITS[list(b"abcdefghijklmnopqrstuvwxyz_")] = 80
_TENTHS_OF_BITS[list(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ-.")] = 55
_TENTHS_OF_BITS[list(b"0123456789")] = 33
_TENTHS_OF_BITS[0] = 0


class ItemRangeError(LabelError):
    """Items that a batch does not have."""

    def __init__(self, first: int, last: int, count: int) -> None:
        super().__init__(
            f"items {first}-{last}: the batch has the items 0-{count - 1}, and the first must not "
            "be behind the last"
        )


def outer_run(batch: BatchFolder, first: int = 0, last: int | None = None) -> LabelRun:
    """Return the outer labels of the items from index `first` to `last`, itself included.

    Raises ItemRangeError, BatchFolderError or TreeFileError at once; the latter two also while they
    are drawn.
    """
    end = _checked_end(batch, first, last)
    labels = (
        outer_label(index, link) for index, link in enumerate(batch.links(first, end), start=first)
    )
    largest = largest_labels(batch, "outer", first, end)
    return LabelRun(
        labels, end - first + 1, _name(batch, "outer", first), is_secret=False, largest=largest
    )


def inner_run(
    batch: BatchFolder, seed: BrandSeed, first: int = 0, last: int | None = None
) -> LabelRun:
    """Return the hidden labels of the items from index `first` to `last`, itself included.

    Raises ItemRangeError, and BatchFolderError for another brand's seed, at once; TreeFileError
    while they are drawn.
    """
    end = _checked_end(batch, first, last)
    labels = _inner_labels(batch, batch.secret(seed), first, end)
    largest = largest_labels(batch, "inner", first, end)
    return LabelRun(
        labels, end - first + 1, _name(batch, "inner", first), is_secret=True, largest=largest
    )


def largest_labels(
    batch: BatchFolder, kind: LabelKind, first: int = 0, last: int | None = None
) -> tuple[Label, ...]:
    """Return labels that need the most room among the items `first` to `last`, itself included.

    That is the first item's, the one with the longest serial, and the one whose serial takes the
    most bits in a code. Hidden ones have a code of the right length that is no item's, so this
    needs no seed. Raises ItemRangeError and BatchFolderError.
    """
    end = _checked_end(batch, first, last)
    code = _SAMPLE_CHARACTER * batch.record.code_length
    found = []
    for index in sorted({first, *_extremes(batch.tree().serials, first, end)}):
        (link,) = batch.links(index, index)
        found.append(
            outer_label(index, link) if kind == "outer" else inner_label(index, link, code)
        )
    return tuple(found)


def _extremes(serials: Serials, first: int, last: int) -> tuple[int, int]:
    """Return the indexes of the longest serial and of the one of the most bits."""
    longest, widest = (0, first), (0, first)
    for start in range(first, last + 1, _BLOCK):
        rows = bytes_of(serials.column[start : min(start + _BLOCK, last + 1)])
        lengths, bits = np.count_nonzero(rows, axis=1), _TENTHS_OF_BITS[rows].sum(axis=1)
        long, wide = int(lengths.argmax()), int(bits.argmax())
        longest = max(longest, (int(lengths[long]), start + long), key=lambda pair: pair[0])
        widest = max(widest, (int(bits[wide]), start + wide), key=lambda pair: pair[0])
    return longest[1], widest[1]


def _inner_labels(batch: BatchFolder, secret: bytes, first: int, last: int) -> Iterator[Label]:
    pairs = zip(batch.links(first, last), batch.codes(secret, first, last), strict=True)
    for index, (link, code) in enumerate(pairs, start=first):
        yield inner_label(index, link, code)


def _checked_end(batch: BatchFolder, first: int, last: int | None) -> int:
    end = batch.record.count - 1 if last is None else last
    if not 0 <= first <= end < batch.record.count:
        raise ItemRangeError(first, end, batch.record.count)
    return end


def _name(batch: BatchFolder, kind: LabelKind, first: int) -> str:
    # NOTE: the root stands for all items and codes of the batch, and is public.
    record = batch.record
    return f"{record.root.hex()} {record.domain} {kind} {first}"
