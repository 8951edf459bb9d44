"""QR codes (ISO/IEC 18004) as matrices of modules, with the mask of the least penalty."""

from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

import numpy as np
import numpy.typing as npt
import zxingcpp

from weilian.labels.errors import LabelError
from weilian.labels.masks import MASKS, WORD_BITS, penalties, rows_of

Level: TypeAlias = Literal["L", "M", "Q", "H"]
"""How much of a code may be damaged: about 7, 15, 25, 30 percent."""

Matrix: TypeAlias = npt.NDArray[np.bool_]
"""The modules of a code, (n, n), True for a dark one, without the quiet zone."""

Runs: TypeAlias = npt.NDArray[np.intp]
"""Dark modules side by side in rows (x, y, length), (runs, 3)."""

QUIET_ZONE = 4
"""Modules that stay light on each side of a code (ISO/IEC 18004, 9.1)."""

_QR = zxingcpp.BarcodeFormat.QRCode
_TOGETHER = 64
"""Codes masked at once: their words stay in the processor's cache."""

_CHANGES: dict[tuple[int, Level], Matrix] = {}
"""By size and level, what each mask changes in a code with mask 0: (8, n, n)."""


class QrTextError(LabelError):
    """A text that no QR code holds; what follows a # is never repeated."""

    def __init__(self, text: str, rule: str) -> None:
        super().__init__(f"QR code of {text.partition('#')[0]!r:.120}: {rule}")


def qr_matrix(text: str, level: Level = "M") -> Matrix:
    """Encode one link in the smallest QR code that holds it; see `qr_matrices`."""
    return qr_matrices([text], level)[0]


def qr_matrices(texts: Sequence[str], level: Level = "M") -> list[Matrix]:
    """Encode each link in the smallest QR code that holds it.

    Returns (n, n) bools, n from 21 to 177. Raises QrTextError for a text that is empty, too long,
    or not ASCII, which a link is (RFC 3986, section 2).
    """
    plain = [_encoded(text, level, mask=0) for text in texts]
    sizes: dict[int, list[int]] = {}
    for place, matrix in enumerate(plain):
        sizes.setdefault(len(matrix), []).append(place)
    for size, places in sizes.items():
        for start in range(0, len(places), _TOGETHER):
            some = places[start : start + _TOGETHER]
            first = texts[some[0]]
            if size > WORD_BITS:
                masked = [_encoded(texts[place], level) for place in some]
            else:
                masked = _masked(np.stack([plain[place] for place in some]), first, level)
            for place, matrix in zip(some, masked, strict=True):
                plain[place] = matrix
    return plain


def dark_runs(matrix: Matrix) -> Runs:
    """Return the runs of dark modules, row by row: together they cover each module once."""
    # NOTE: a light column before each row keeps apart what ends one row and begins the next.
    side = len(matrix)
    flat = np.zeros(side * (side + 1) + 1, np.bool_)
    flat[:-1].reshape(side, side + 1)[:, 1:] = matrix
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    starts, ends = edges[::2], edges[1::2]
    rows, columns = np.divmod(starts, side + 1)
    return np.stack((columns, rows, ends - starts), axis=1)


def _encoded(text: str, level: Level, mask: int | None = None) -> Matrix:
    """Encode with the mask given, or with the one that the encoder prefers."""
    _check(text, level)
    chosen = {} if mask is None else {"data_mask": mask}
    try:
        code = zxingcpp.create_barcode(text, _QR, ec_level=level, **chosen)
    except ValueError as error:
        rule = f"{len(text)} characters are too many at level {level}; shorten the link"
        raise QrTextError(text, rule) from error
    return np.equal(np.asarray(code.to_image(scale=1, add_quiet_zones=False), np.uint8), 0)


def _masked(plain: Matrix, text: str, level: Level) -> list[Matrix]:
    """Give each code (codes, n, n), masked with 0, the mask of the least penalty."""
    changes = _CHANGES.get((plain.shape[1], level))
    if changes is None:
        # NOTE: what one mask changes in another is the same in all codes of a size and level.
        masked = [_encoded(text, level, mask) for mask in range(MASKS)]
        changes = _CHANGES[plain.shape[1], level] = np.stack(masked) ^ masked[0]
    rows = rows_of(plain)[:, None] ^ rows_of(changes)
    columns = rows_of(plain.transpose(0, 2, 1))[:, None] ^ rows_of(changes.transpose(0, 2, 1))
    best = penalties(rows, columns).argmin(axis=1)
    return list(plain ^ changes[best])


def _check(text: str, level: Level) -> None:
    if level not in get_args(Level):
        raise QrTextError(text, f"the level is {level!r}; it must be one of L, M, Q, H")
    if not text:
        raise QrTextError(text, "there is nothing to encode; give a link")
    _check_ascii(text)


def _check_ascii(text: str) -> None:
    if text.isascii():
        return
    place = next(place for place, character in enumerate(text, 1) if not character.isascii())
    # NOTE: behind the # stands the secret, so the character itself is not shown.
    raise QrTextError(text, f"character {place} is not ASCII; percent-encode it")
