"""Reading a person's YAML file: plain values only, and each mistake is named with its line.

Plain words mean what the core schema of YAML 1.2.2 says (section 10.3.2): a date stays text, and so
do `yes`, `1:30` and `1_000`. Whatever lets a short file become a large or another thing is refused:
anchors, aliases, tags, keys that occur twice, depth.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from weilian.errors import WeilianError, describe_validation, shown

MAX_BYTES = 1 << 20
MAX_DEPTH = 32
"""Lists and mappings inside each other."""

MAX_NUMBER_LENGTH = 100
"""Characters of a number; 256 bits have 78 digits."""

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"
)
_STANDARD_TAGS = "tag:yaml.org,2002:"
_Model = TypeVar("_Model", bound=BaseModel)


class YamlError(WeilianError, ValueError):
    """A text that is no YAML, or YAML that a file of ours does not need; lines count from 1."""

    def __init__(self, rule: str, line: int | None = None) -> None:
        super().__init__(rule if line is None else f"line {line}: {rule}")


def read_yaml(
    path: Path, model: type[_Model], error: Callable[[Path, str], WeilianError]
) -> _Model:
    """Read a file of 1 MiB at most into `model`; raise `error(path, rule)` if it does not fit."""
    try:
        with path.open("rb") as stream:
            return model.model_validate(load_yaml(stream.read(MAX_BYTES + 1)))
    except OSError as problem:
        raise error(path, f"cannot be read: {problem.strerror or problem}") from problem
    except YamlError as problem:
        raise error(path, str(problem)) from problem
    except ValidationError as problem:
        raise error(path, describe_validation(problem)) from problem


def load_yaml(data: bytes) -> object:
    """Read one document: text, int, float, bool, None, and lists and mappings of them.

    Keys are text. An empty document is None. Raises YamlError.
    """
    if len(data) > MAX_BYTES:
        raise YamlError(f"it has more than {MAX_BYTES} bytes, it must have at most {MAX_BYTES}")
    text = _decoded(data)
    try:
        return _Document(yaml.parse(text, Loader=yaml.SafeLoader)).read()
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        rule = f"character U+{error.character:04X} is not allowed"
        raise YamlError(rule, line) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" (line {mark.line + 1})" if mark else ""
        what = " ".join(f"{error.problem:.200}".split())
        raise YamlError(f"is not YAML{place}: {what}") from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # NOTE: without the mark in front, the places in the error are those behind it.
        place = error.start + len(data) - len(error.object)
        rule = (
            f"byte {place + 1} of the file, 0x{data[place]:02x}, is not UTF-8; "
            "save the file as UTF-8"
        )
        raise YamlError(rule, data.count(b"\n", 0, place) + 1) from error


class _Document:
    """Makes values of the parser's events, of which it takes no more than it allows."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self.events = events

    def read(self) -> object:
        """Return the value of the only document."""
        next(self.events)
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return None
        value = self._value(next(self.events), 1)
        next(self.events)
        following = next(self.events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise YamlError("a second document begins, there must be one", _line(following))
        return value

    def _value(self, event: yaml.Event, depth: int) -> object:
        _require_plain(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if depth > MAX_DEPTH:
            rule = f"it is nested deeper than {MAX_DEPTH} levels"
            raise YamlError(rule, _line(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._value(part, depth + 1) for part in self._parts(yaml.SequenceEndEvent)]
        return self._mapping(depth)

    def _mapping(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        lines: dict[str, int] = {}
        for event in self._parts(yaml.MappingEndEvent):
            key, line = _key(event), _line(event)
            if key in lines:
                raise YamlError(f"key {shown(key)} occurs already in line {lines[key]}", line)
            lines[key] = line
            found[key] = self._value(next(self.events), depth + 1)
        return found

    def _parts(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        while not isinstance(event := next(self.events), end):
            yield event


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1  # type: ignore[union-attr]  # the parser sets it always


def _require_plain(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent):
        rule = f"alias '*{event.anchor:.40}' is not allowed; write the value out"
        raise YamlError(rule, _line(event))
    if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent):
        if event.anchor is not None:
            raise YamlError(f"anchor '&{event.anchor:.40}' is not allowed", _line(event))
        if event.tag is not None:
            raise YamlError(_tag_rule(event.tag), _line(event))


def _tag_rule(tag: str) -> str:
    if tag.startswith(_STANDARD_TAGS):
        tag = "!!" + tag.removeprefix(_STANDARD_TAGS)
    return f"tag '{tag:.80}' is not allowed; write the value alone, text in quotes"


def _key(event: yaml.Event) -> str:
    _require_plain(event)
    if not isinstance(event, yaml.ScalarEvent):
        raise YamlError("a key must be text, not a list or a mapping", _line(event))
    key = _scalar(event)
    if not isinstance(key, str):
        raise YamlError(f"key {shown(key)} is not text; put it in quotes", _line(event))
    return key


def _scalar(event: yaml.ScalarEvent) -> object:
    text = str(event.value)
    # NOTE: only the first flag is set where a word stands plainly, without quotes.
    if not event.implicit[0]:
        return text
    if _NULL.fullmatch(text):
        return None
    if found := _BOOL.fullmatch(text):
        return bool(found[1])
    is_integer = _INTEGER.fullmatch(text)
    if not is_integer and not _FLOAT.fullmatch(text):
        return text
    if len(text) > MAX_NUMBER_LENGTH:
        raise YamlError(
            f"number {text[:20]!r}… has {len(text)} characters, it must have at most "
            f"{MAX_NUMBER_LENGTH}",
            _line(event),
        )
    return _integer(text) if is_integer else _float(text)


def _integer(text: str) -> int:
    bases = {"0o": 8, "0x": 16}
    return int(text, bases.get(text[:2], 10))


def _float(text: str) -> float:
    # NOTE: Python writes infinity and NaN without the dot in front.
    return float(text if text[-1] in "0123456789." else text.replace(".", ""))
