"""JSON text in and out, without loss: numbers keep their digits, and what is doubtful is refused.

Refused beside what RFC 8259 forbids: names that occur twice in an object, NaN and infinities,
numbers beyond the range of a double, surrogates without their other half, and texts so large or so
deeply nested that reading them would be an attack.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from weilian.epcis.problems import EpcisError, EpcisProblem, path, shown

MAX_BYTES = 64 << 20
MAX_DEPTH = 64
_MAX_EXPONENT = 308
_MAX_DIGITS = 400
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRUCTURE = re.compile(rf"{_STRING}|([\[{{])|([\]}}])", re.DOTALL)
_NUMBER_RULE = f"must be a number with at most {_MAX_EXPONENT} places before or after its point"
_SIZE_RULE = f"must not be larger than {MAX_BYTES >> 20} MiB; divide the events among documents"
_DEPTH_RULE = f"must not be nested deeper than {MAX_DEPTH} levels"


class _NumberError(ValueError):
    def __init__(self, literal: str) -> None:
        super().__init__(literal)
        self.literal = literal


def check_size(size: int, name: str) -> None:
    """Raise EpcisError for a text of more than 64 MiB."""
    if size > MAX_BYTES:
        raise EpcisError(name, [EpcisProblem("document", _SIZE_RULE, f"of {size:,} bytes")])


def parse(data: str | bytes, name: str) -> Any:
    """Read JSON text in UTF-8, numbers with a fraction as Decimal.

    Raise EpcisError with the line and column of broken syntax, or the place of what is refused.
    """
    check_size(len(data), name)
    text = _decoded(data, name)
    _check_depth(text, name)
    objects = _Objects()
    try:
        value = json.loads(
            text,
            object_pairs_hook=objects,
            parse_float=_decimal,
            parse_int=_integer,
            parse_constant=_refused,
        )
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise EpcisError(name, [EpcisProblem(place, f"not JSON ({error.msg})")]) from error
    except _NumberError as error:
        place = _position(text, error.literal)
        raise EpcisError(name, [EpcisProblem(place, _NUMBER_RULE, error.literal[:80])]) from error
    if problems := list(_problems(value, (), objects.repeated)):
        raise EpcisError(name, problems)
    return value


def write(value: Any, *, indent: int | None = 2) -> str:
    """Write JSON text with the digits of every number as they were read."""
    return "".join(_written(value, "\n", " " * indent if indent else ""))


class _Objects:
    """Builds the objects of a text and remembers those with a repeated name."""

    def __init__(self) -> None:
        self.repeated: dict[int, tuple[dict[str, Any], list[str]]] = {}

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) < len(pairs):
            counts = Counter(name for name, _ in pairs)
            names = [name for name, count in counts.items() if count > 1]
            # NOTE: the object is kept, so that no other one gets its identity.
            self.repeated[id(members)] = members, names
        return members


def _decoded(data: str | bytes, name: str) -> str:
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"line {line}, byte {error.start + 1}"
        rule = "not UTF-8; save the document as UTF-8"
        raise EpcisError(name, [EpcisProblem(place, rule, f"0x{data[error.start]:02x}")]) from error


def _check_depth(text: str, name: str) -> None:
    """Refuse deep nesting before it is parsed, which a stack overflow would end."""
    depth = 0
    for match in _STRUCTURE.finditer(text):
        depth += (match[1] is not None) - (match[2] is not None)
        if depth > MAX_DEPTH:
            place = _place_at(text, match.start())
            raise EpcisError(name, [EpcisProblem(place, _DEPTH_RULE)])


def _place_at(text: str, offset: int) -> str:
    line = text.count("\n", 0, offset) + 1
    return f"line {line}, column {offset - text.rfind(chr(10), 0, offset)}"


def _decimal(literal: str) -> Decimal:
    try:
        value = Decimal(literal)
    except ArithmeticError as error:
        raise _NumberError(literal) from error
    exponent = value.as_tuple().exponent
    if max(abs(int(exponent)), abs(value.adjusted())) > _MAX_EXPONENT:
        raise _NumberError(literal)
    return value


def _integer(literal: str) -> int:
    if len(literal) > _MAX_DIGITS:
        raise _NumberError(literal)
    return int(literal)


def _refused(literal: str) -> Any:
    raise _NumberError(literal)


def _position(text: str, literal: str) -> str:
    """Find a literal outside of strings, which may hold the same characters."""
    matches = re.finditer(rf"{_STRING}|(?<![\w.+-]){re.escape(literal)}", text, re.DOTALL)
    return _place_at(text, next((m.start() for m in matches if m[0][0] != '"'), 0))


def _problems(
    value: Any,
    steps: tuple[str | int, ...],
    repeated: dict[int, tuple[dict[str, Any], list[str]]],
) -> Iterator[EpcisProblem]:
    if isinstance(value, str):
        yield from _text_problems(value, steps)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems(item, (*steps, index), repeated)
    elif isinstance(value, dict):
        for name in repeated.get(id(value), ({}, []))[1]:
            yield EpcisProblem(path((*steps, name)), "occurs twice in the same object")
        for name, item in value.items():
            yield from _text_problems(name, steps)
            yield from _problems(item, (*steps, name), repeated)


def _text_problems(text: str, steps: tuple[str | int, ...]) -> Iterator[EpcisProblem]:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        rule = "holds half of a surrogate pair, which is no character"
        yield EpcisProblem(ascii(path(steps))[1:-1], rule, ascii(shown(text))[1:-1])


def _written(value: Any, line: str, indent: str) -> Iterator[str]:
    if isinstance(value, dict):
        names = (json.dumps(name, ensure_ascii=False) + ": " for name in value)
        yield from _enclosed("{}", zip(names, value.values(), strict=True), line, indent)
    elif isinstance(value, list):
        yield from _enclosed("[]", (("", item) for item in value), line, indent)
    elif isinstance(value, Decimal):
        yield str(value)
    else:
        yield json.dumps(value, ensure_ascii=False)


def _enclosed(
    brackets: str, members: Iterator[tuple[str, Any]], line: str, indent: str
) -> Iterator[str]:
    inner = line + indent if indent else ""
    before = brackets[0] + inner
    for name, item in members:
        yield before + name
        yield from _written(item, inner, indent)
        before = "," + inner if indent else ", "
    if before[0] == ",":
        yield line if indent else ""
    else:
        yield brackets[0]
    yield brackets[1]
