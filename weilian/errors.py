"""The base of all errors, and the one place where validation reports become sentences."""

import reprlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import ValidationError

SHOWN_CHARACTERS = 80
"""The most characters of a value that a message repeats."""

_SHOWN_PARTS = 4
_SHOWN_LEVELS = 3
_SHOWN_BITS = 256
_SHOWN_ERRORS = 20
_SHOWN_RULE = 400


class WeilianError(Exception):
    """Base of every error this library raises on purpose; it passes between processes unchanged."""

    def __reduce__(self) -> tuple[object, ...]:
        # NOTE: pickle would call the class with the finished message instead of its parts.
        return _again, (type(self), self.args, self.__dict__)


def _again(
    kind: type[WeilianError], args: tuple[object, ...], state: dict[str, Any]
) -> WeilianError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class _Front(reprlib.Repr):
    """The repr of the front parts of a value; the rest of it is never looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = _SHOWN_LEVELS
        self.maxlist = self.maxtuple = self.maxdict = _SHOWN_PARTS
        self.maxstring = self.maxother = SHOWN_CHARACTERS

    def repr_int(self, value: int, level: int) -> str:  # noqa: ARG002 -- as the base has it
        # NOTE: Python refuses to write integers of more than 4,300 digits.
        bits = value.bit_length()
        return f"an integer of {bits} bits" if bits > _SHOWN_BITS else repr(value)

    def repr_bytes(self, value: bytes, level: int) -> str:  # noqa: ARG002 -- as above
        return repr(value[:SHOWN_CHARACTERS])

    def repr_dict(self, value: dict[Any, Any], level: int) -> str:
        # NOTE: the base class sorts all keys before it takes the first.
        if level <= 0 and value:
            return "{...}"
        pairs = list(zip(range(_SHOWN_PARTS), value.items(), strict=False))
        shown = [f"{self.repr1(k, level - 1)}: {self.repr1(v, level - 1)}" for _, (k, v) in pairs]
        return "{" + ", ".join(shown + ["..."] * (len(value) > _SHOWN_PARTS)) + "}"


_FRONT = _Front()


def shown(value: object) -> str:
    """Return the repr of a value, at most 80 characters, without making more of it than that."""
    return _FRONT.repr(value)[:SHOWN_CHARACTERS]


def describe_validation(error: "ValidationError") -> str:
    """Put a pydantic report into one line: `field: what is wrong (value)`, joined by semicolons.

    Of more than 20 errors the rest is counted.
    """
    items = error.errors(include_url=False, include_context=False)
    sentences = [
        f"{_place(item['loc'])}: {item['msg'].removeprefix('Value error, '):.{_SHOWN_RULE}} "
        f"(got {shown(item['input'])})"
        for item in items[:_SHOWN_ERRORS]
    ]
    more = len(items) - _SHOWN_ERRORS
    return "; ".join(sentences + [f"and {more} more"] * (more > 0))


def _place(location: tuple[int | str, ...]) -> str:
    return (
        ".".join(
            f"{part:.{SHOWN_CHARACTERS}}" if isinstance(part, str) else str(part)
            for part in location
        )
        or "document"
    )
