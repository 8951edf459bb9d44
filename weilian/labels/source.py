"""The labels of a batch that was built, from its folder."""

from collections.abc import Iterator

from weilian.batch_folder import BatchFolder
from weilian.keys import BrandSeed
from weilian.labels.errors import LabelError
from weilian.labels.label import Label, LabelRun, inner_label, outer_label


class ItemRangeError(LabelError):
    """Items that a batch does not have."""

    def __init__(self, first: int, last: int, count: int) -> None:
        super().__init__(
            f"items {first}-{last}: the batch has the items 0-{count - 1}, and the first must not "
            "be behind the last"
        )


def outer_run(batch: BatchFolder, first: int = 0, last: int | None = None) -> LabelRun:
    """Return the outer labels of the items from index `first` to `last`, itself included.

    Raises ItemRangeError at once; BatchFolderError or TreeFileError while they are drawn.
    """
    end = _checked_end(batch, first, last)
    labels = (
        outer_label(index, link) for index, link in enumerate(batch.links(first, end), start=first)
    )
    return LabelRun(labels, end - first + 1, _name(batch, "outer", first), is_secret=False)


def inner_run(
    batch: BatchFolder, seed: BrandSeed, first: int = 0, last: int | None = None
) -> LabelRun:
    """Return the hidden labels of the items from index `first` to `last`, itself included.

    Raises ItemRangeError, and BatchFolderError for another brand's seed, at once; TreeFileError
    while they are drawn.
    """
    end = _checked_end(batch, first, last)
    labels = _inner_labels(batch, batch.secret(seed), first, end)
    return LabelRun(labels, end - first + 1, _name(batch, "inner", first), is_secret=True)


def _inner_labels(batch: BatchFolder, secret: bytes, first: int, last: int) -> Iterator[Label]:
    pairs = zip(batch.links(first, last), batch.codes(secret, first, last), strict=True)
    for index, (link, code) in enumerate(pairs, start=first):
        yield inner_label(index, link, code)


def _checked_end(batch: BatchFolder, first: int, last: int | None) -> int:
    end = batch.record.count - 1 if last is None else last
    if not 0 <= first <= end < batch.record.count:
        raise ItemRangeError(first, end, batch.record.count)
    return end


def _name(batch: BatchFolder, kind: str, first: int) -> str:
    # NOTE: the root stands for all items and codes of the batch, and is public.
    record = batch.record
    return f"{record.root.hex()} {record.domain} {kind} {first}"
