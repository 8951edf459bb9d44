"""What stands on a label: a code to scan and lines to read."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from weilian.gs1 import DigitalLink

_CODE_LINE = 13
"""Characters of a hidden code in one line: a code of 26 makes two lines."""


@dataclass(frozen=True, slots=True)
class Label:
    """One label. `repr` shows neither link nor lines, as those of a hidden label are secret.

    `index` is the item's place in its batch, from 0; `lines` are ASCII.
    """

    index: int
    text: str = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class LabelRun:
    """Labels to be written: a stream of them and how many it has.

    `name` says whose labels they are, and decides whether files that are there are kept: equal
    names must mean equal labels. It is stored as a digest, and must not hold a secret. Labels that
    are `is_secret` are never written unsealed. `largest` are labels that need the most room, to be
    tried before anything is written; they hold no secret.
    """

    labels: Iterable[Label]
    count: int
    name: str
    is_secret: bool
    largest: tuple[Label, ...] = ()


def outer_label(index: int, link: DigitalLink) -> Label:
    """Make the label that anyone may read: the Digital Link, and its elements as GS1's HRI."""
    return Label(index, str(link), tuple(link.human_readable))


def inner_label(index: int, link: DigitalLink, code: str) -> Label:
    """Make the hidden label: the link with the code, and below the HRI the code for typing."""
    halves = tuple(code[start : start + _CODE_LINE] for start in range(0, len(code), _CODE_LINE))
    return Label(index, link.with_code(code), (*link.human_readable, *halves))
