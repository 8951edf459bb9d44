"""Images of single labels, packed into ZIP archives: the same bytes for the same labels."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

from weilian.labels.codes import Level
from weilian.labels.image import png, svg
from weilian.labels.label import Label

ImageKind: TypeAlias = Literal["svg", "png"]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_DRAW: Mapping[ImageKind, Callable[[Label, Level], str | bytes]] = MappingProxyType(
    {"svg": svg, "png": png}
)


def image_archive(labels: Sequence[Label], kind: ImageKind, level: Level = "M") -> bytes:
    """Draw each label and return a ZIP of the images, named by the items' indexes.

    Raises QrTextError.
    """
    stream = io.BytesIO()
    # NOTE: a PNG is compressed already.
    method = zipfile.ZIP_STORED if kind == "png" else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream, "w", method, compresslevel=1) as archive:
        for label in labels:
            entry = zipfile.ZipInfo(f"{label.index:08d}.{kind}", _EPOCH)
            entry.compress_type = method
            entry.external_attr = _MODE
            archive.writestr(entry, _DRAW[kind](label, level))
    return stream.getvalue()
