"""The base of all errors, and the one place where validation reports become sentences."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError


class WeilianError(Exception):
    """Base of every error this library raises on purpose."""


def describe_validation(error: "ValidationError") -> str:
    """Put a pydantic report into one line: `field: what is wrong (value)`, joined by semicolons."""
    return "; ".join(
        f"{'.'.join(map(str, item['loc'])) or 'document'}: "
        f"{item['msg'].removeprefix('Value error, ')} (got {item['input']!r:.80})"
        for item in error.errors(include_url=False)
    )
