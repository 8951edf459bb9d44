"""Facts for people: a label in both languages, and what it is."""

from rich.text import Text

_LABEL_WIDTH = 28
"""Columns of `标签 label` before a fact; a Chinese character takes two."""


def padded(label: str) -> str:
    """Return a label that is as wide as the others."""
    return label + " " * max(1, _LABEL_WIDTH - Text(label).cell_len)
