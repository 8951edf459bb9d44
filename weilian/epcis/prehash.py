"""The pre-hash string of an EPCIS event (CBV 2.0, EPCIS event hash ID).

The tables below are the canonical property order, written as data. GS1's texts differ from each
other, and what is done here follows the published worked examples and the reference implementation
that made them:

- Every field with a type writes the type first: `type=…bizTransaction=…`.
- sensorElementList stands after bizLocation. What follows it, that is bizTransactionList,
  destinationList, ilmd, sourceList and the extensions, is sorted like any list of strings, so
  destinations stand before sources.
- parentID stands before epcList, certificationInfo before both.
- Extensions of a standard field stand at the end of that field.
- A name that no context defines is written as it is, a field with null as if it were absent.

CBV 2.1, and with it the reference implementation since 2026, orders the lists as the text's table
does. The worked examples of CBV 2.0 were not made that way.

Not part of the hash: eventID, recordTime, errorDeclaration, comments.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from weilian.epcis import normalise, vocabulary
from weilian.epcis.context import RDFS, Context
from weilian.epcis.event import EpcisEvent
from weilian.errors import WeilianError

Members = Mapping[str, Any]
_IGNORED = frozenset({"@context", "errorDeclaration", "eventID", "recordTime", "type"})
_COMMENTS = frozenset({f"{{{RDFS}}}comment", "comment", "rdfs:comment"})


class EpcisFieldError(WeilianError, ValueError):
    """A field that cannot be hashed, as it has another shape than the standard gives it."""

    def __init__(self, position: int, name: str, rule: str) -> None:
        super().__init__(f"event {position}, field {name!r}: {rule}")
        self.name, self.rule = name, rule


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of one event; each handler below gets it with a field's name and value."""

    position: int
    context: Context

    def members(self, fields: "_Fields", value: Any, name: str) -> str:
        """Write known fields in their order, then all others as extensions."""
        members = self.mapping(value, name)
        named = {field for field, _ in fields}
        others = {field: item for field, item in members.items() if field not in named}
        return self.known(fields, members) + "".join(sorted(self.extensions(others)))

    def known(self, fields: "_Fields", members: Members) -> str:
        """Write the known fields that are present."""
        return "".join(
            handler(self, field, members[field])
            for field, handler in fields
            if members.get(field) is not None
        )

    def extensions(self, members: Members) -> Iterable[str]:
        """Write each field of another namespace, that namespace in braces."""
        for name, value in members.items():
            if (expanded := self.context.expand_name(name)) not in _COMMENTS:
                yield from (self.extension(expanded, item) for item in _as_list(value))

    def extension(self, name: str, value: Any) -> str:
        if isinstance(value, Mapping):
            return name + "".join(sorted(self.extensions(value)))
        if isinstance(value, list):
            return name + "".join(sorted(self.extension("", item) for item in _as_list(value)))
        content = normalise.text(value, self.context)
        return f"{name}={content}" if content else name

    def mapping(self, value: Any, name: str) -> Members:
        if not isinstance(value, Mapping):
            raise EpcisFieldError(self.position, name, f"{value!r:.60} must be an object")
        return value

    def scalar(self, name: str, value: Any) -> None:
        if isinstance(value, Mapping | list):
            raise EpcisFieldError(self.position, name, f"{value!r:.60} must be one value")


_Handler = Callable[[_Writer, str, Any], str]
_Fields = tuple[tuple[str, _Handler], ...]


def _scalars(write: Callable[[Any, Context], str]) -> _Handler:
    """Write `name=value` for each value that is not empty."""

    def handler(writer: _Writer, name: str, value: Any) -> str:
        items = list(_as_list(value))
        for item in items:
            writer.scalar(name, item)
        contents = (write(item, writer.context) for item in items)
        return "".join(sorted(f"{name}={content}" for content in contents if content))

    return handler


_text = _scalars(normalise.text)
_time = _scalars(lambda value, _: normalise.time(value))


def _term(words: vocabulary.Vocabulary) -> _Handler:
    return _scalars(partial(normalise.term, words))


def _epcs(writer: _Writer, name: str, value: Any) -> str:
    """Write the name of a list of EPCs, then `epc=` for each."""
    for item in _as_list(value):
        writer.scalar(name, item)
    return _named(name, _text(writer, "epc", value))


def _object(fields: _Fields, writer: _Writer, name: str, value: Any) -> str:
    return _named(name, writer.members(fields, value, name))


def _elements(fields: _Fields, element: str, writer: _Writer, name: str, value: Any) -> str:
    """Write the name of a list of objects, then each object, sorted."""
    contents = (writer.members(fields, item, name) for item in _as_list(value))
    return _named(name, "".join(sorted(_named(element, content) for content in contents)))


def _objects(fields: _Fields, writer: _Writer, name: str, value: Any) -> str:
    """Write each object with the name before it, sorted."""
    return "".join(sorted(_object(fields, writer, name, item) for item in _as_list(value)))


def _ilmd(writer: _Writer, name: str, value: Any) -> str:
    return name + "".join(sorted(writer.extensions(writer.mapping(value, name))))


def _all(handler: _Handler, names: str) -> _Fields:
    return tuple((name, handler) for name in names.split())


_QUANTITY = partial(_elements, _all(_text, "epcClass quantity uom"), "quantityElement")
_PLACE = partial(_object, (("id", _text),))
_METADATA: _Fields = (
    *_all(_time, "time startTime endTime"),
    *_all(_text, "deviceID deviceMetadata rawData dataProcessingMethod bizRules"),
)
_REPORT: _Fields = (
    ("type", _term(vocabulary.MEASUREMENT)),
    ("exception", _term(vocabulary.SENSOR_ALERT)),
    *_all(_text, "deviceID deviceMetadata rawData dataProcessingMethod"),
    ("time", _time),
    *_all(_text, "microorganism chemicalSubstance value"),
    ("component", _term(vocabulary.COMPONENT)),
    *_all(_text, "stringValue booleanValue hexBinaryValue uriValue minValue maxValue meanValue"),
    *_all(_text, "sDev percRank percValue uom coordinateReferenceSystem"),
)
_SENSOR: _Fields = (
    ("sensorMetadata", partial(_object, _METADATA)),
    ("sensorReport", partial(_objects, _REPORT)),
)
_DISPOSITIONS = _all(_term(vocabulary.DISPOSITION), "set unset")
_EVENT: _Fields = (
    ("eventTime", _time),
    *_all(_text, "eventTimeZoneOffset certificationInfo parentID"),
    *_all(_epcs, "epcList inputEPCList childEPCs"),
    *_all(_QUANTITY, "quantityList childQuantityList inputQuantityList"),
    ("outputEPCList", _epcs),
    ("outputQuantityList", _QUANTITY),
    *_all(_text, "action transformationID"),
    ("bizStep", _term(vocabulary.BIZ_STEP)),
    ("disposition", _term(vocabulary.DISPOSITION)),
    ("persistentDisposition", partial(_object, _DISPOSITIONS)),
    *_all(_PLACE, "readPoint bizLocation"),
    ("sensorElementList", partial(_elements, _SENSOR, "sensorElement")),
)


def _typed(words: vocabulary.Vocabulary, member: str) -> _Handler:
    return partial(_elements, (("type", _term(words)), (member, _text)), "")


_SORTED: _Fields = (
    ("bizTransactionList", _typed(vocabulary.TRANSACTION_TYPE, "bizTransaction")),
    ("destinationList", _typed(vocabulary.PARTY_TYPE, "destination")),
    ("ilmd", _ilmd),
    ("sourceList", _typed(vocabulary.PARTY_TYPE, "source")),
)
_NAMED = frozenset(name for name, _ in (*_EVENT, *_SORTED))


def prehash_string(event: EpcisEvent) -> str:
    """Build the text that is hashed; raise EpcisFieldError or EventTimeError."""
    writer = _Writer(event.position, event.context)
    members = {name: item for name, item in event.fields.items() if name not in _IGNORED}
    others = {name: item for name, item in members.items() if name not in _NAMED}
    parts = [writer.known((field,), members) for field in _SORTED]
    tail = "".join(sorted((*parts, *writer.extensions(others))))
    kind = event.context.expand_value(event.type)
    return f"eventType={kind}{writer.known(_EVENT, members)}{tail}"


def _named(name: str, content: str) -> str:
    return name + content if content else ""


def _as_list(value: Any) -> Iterable[Any]:
    items = value if isinstance(value, list) else [value]
    return (item for item in items if item is not None)
