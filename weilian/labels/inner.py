"""The hidden labels: whoever reads one can claim the item, so they are only written encrypted."""

from collections.abc import Sequence
from pathlib import Path

from weilian.gs1 import DigitalLink
from weilian.keys import item_code
from weilian.labels.table import table
from weilian.progress import Progress, counted
from weilian.sealed import write_sealed


def write_inner_labels(
    path: Path,
    links: Sequence[DigitalLink],
    batch_secret: bytes,
    passphrase: str,
    progress: Progress | None = None,
) -> None:
    """Write a CSV (index, serial, code, link), encrypted with a passphrase (age), mode 0600.

    Raises SealError for an empty passphrase.
    """
    rows = []
    for index, link in enumerate(counted(links, progress)):
        code = item_code(batch_secret, str(link.serial))
        rows.append((index, link.serial, code, link.with_code(code)))
    content = table(("index", "serial", "code", "link"), rows)
    write_sealed(path, content, passphrase)
