"""The pre-hash string of an EPCIS event (CBV 2.0, EPCIS event hash ID).

The tables below are the standard's canonical property order, written as data. Where the standard's
text and its published worked examples differ, the examples are followed: `type` stands before the
value it belongs to, and destinations stand before sources.

Not part of the hash: eventID, recordTime, errorDeclaration, comments.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from weilian.epcis import normalise
from weilian.epcis.document import EpcisEvent
from weilian.epcis.vocabulary import NAMESPACES, Vocabulary
from weilian.errors import WeilianError

Members = Mapping[str, Any]
_IGNORED = frozenset({"@context", "errorDeclaration", "eventID", "recordTime", "type"})
_COMMENT = f"{{{NAMESPACES['rdfs']}}}comment"


class EpcisFieldError(WeilianError, ValueError):
    """A field that cannot be hashed, as nobody can tell what it means."""

    def __init__(self, position: int, name: str, rule: str) -> None:
        super().__init__(f"event {position}, field {name!r}: {rule}")


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the parts of one event; each handler below gets it with a field's name and value."""

    event: EpcisEvent

    def members(self, fields: "_Fields", value: Any, name: str = "") -> str:
        """Write known fields in their order, then all others as extensions."""
        members = self.mapping(value, name)
        known = "".join(
            handler(self, field, members[field]) for field, handler in fields if field in members
        )
        named = {field for field, _ in fields}
        return known + self.extensions({k: v for k, v in members.items() if k not in named})

    def extensions(self, members: Members) -> str:
        """Write fields of other namespaces, sorted, each with its namespace in braces."""
        return "".join(
            sorted(
                self.extension(self.expand(name), name, item)
                for name, value in members.items()
                for item in _as_list(value)
            )
        )

    def extension(self, expanded: str, name: str, value: Any) -> str:
        if expanded == _COMMENT:
            return ""
        if isinstance(value, Mapping):
            return expanded + self.extensions(value)
        self.scalar(name, value)
        content = normalise.text(value)
        return f"{expanded}={content}" if content else expanded

    def expand(self, name: str) -> str:
        """Return `{namespace}local` for a prefixed name, a defined term or a full URI."""
        known = NAMESPACES | self.event.namespaces
        prefix, colon, local = name.partition(":")
        if name in self.event.namespaces:
            return _braced(known[name])
        if colon and prefix in known:
            return f"{{{known[prefix]}}}{local}"
        if local.startswith("//"):
            return _braced(name)
        reason = f"prefix {prefix!r} is" if colon else "it is no EPCIS 2.0 field here and is"
        raise EpcisFieldError(self.event.position, name, f"{reason} not defined in @context")

    def mapping(self, value: Any, name: str) -> Members:
        if not isinstance(value, Mapping):
            raise EpcisFieldError(self.event.position, name, f"{value!r:.60} must be an object")
        return value

    def scalar(self, name: str, value: Any) -> None:
        if value is None or isinstance(value, Mapping | list):
            raise EpcisFieldError(self.event.position, name, f"{value!r:.60} must be one value")


_Handler = Callable[[_Writer, str, Any], str]
_Fields = tuple[tuple[str, _Handler], ...]


def _scalars(write: Callable[[_Writer, Any], str]) -> _Handler:
    """Write `name=value` for each value."""

    def handler(writer: _Writer, name: str, value: Any) -> str:
        items = _as_list(value)
        for item in items:
            writer.scalar(name, item)
        return "".join(sorted(f"{name}={write(writer, item)}" for item in items))

    return handler


_text = _scalars(lambda _, value: normalise.text(value))
_time = _scalars(lambda _, value: normalise.time(value))


def _term(kind: Vocabulary) -> _Handler:
    return _scalars(lambda writer, value: normalise.term(kind, value, writer.event.namespaces))


def _epcs(writer: _Writer, name: str, value: Any) -> str:
    """Write the name of a list of EPCs, then `epc=` for each."""
    return name + _text(writer, "epc", value) if value else ""


def _object(fields: _Fields, writer: _Writer, name: str, value: Any) -> str:
    return name + writer.members(fields, value, name)


def _elements(fields: _Fields, element: str, writer: _Writer, name: str, value: Any) -> str:
    """Write the name of a list of objects, then each object, sorted."""
    parts = sorted(element + writer.members(fields, item, name) for item in _as_list(value))
    return name + "".join(parts) if parts else ""


def _reports(fields: _Fields, writer: _Writer, name: str, value: Any) -> str:
    return "".join(sorted(_object(fields, writer, name, item) for item in _as_list(value)))


def _ilmd(writer: _Writer, name: str, value: Any) -> str:
    return name + writer.extensions(writer.mapping(value, name))


def _all(handler: _Handler, names: str) -> _Fields:
    return tuple((name, handler) for name in names.split())


_QUANTITY = partial(_elements, _all(_text, "epcClass quantity uom"), "quantityElement")
_PLACE = partial(_object, (("id", _text),))
_METADATA: _Fields = (
    *_all(_time, "time startTime endTime"),
    *_all(_text, "deviceID deviceMetadata rawData dataProcessingMethod bizRules"),
)
_REPORT: _Fields = (
    ("type", _term(Vocabulary.SENSOR)),
    ("exception", _term(Vocabulary.SENSOR)),
    *_all(_text, "deviceID deviceMetadata rawData dataProcessingMethod"),
    ("time", _time),
    *_all(_text, "microorganism chemicalSubstance value"),
    ("component", _term(Vocabulary.COMPONENT)),
    *_all(_text, "stringValue booleanValue hexBinaryValue uriValue minValue maxValue meanValue"),
    *_all(_text, "sDev percRank percValue uom coordinateReferenceSystem"),
)
_SENSOR: _Fields = (
    ("sensorMetadata", partial(_object, _METADATA)),
    ("sensorReport", partial(_reports, _REPORT)),
)


def _typed(kind: Vocabulary, member: str) -> _Handler:
    return partial(_elements, (("type", _term(kind)), (member, _text)), "")


_EVENT: _Fields = (
    ("eventTime", _time),
    ("eventTimeZoneOffset", _text),
    ("certificationInfo", _text),
    ("epcList", _epcs),
    ("parentID", _text),
    ("inputEPCList", _epcs),
    ("childEPCs", _epcs),
    ("quantityList", _QUANTITY),
    ("childQuantityList", _QUANTITY),
    ("inputQuantityList", _QUANTITY),
    ("outputEPCList", _epcs),
    ("outputQuantityList", _QUANTITY),
    ("action", _text),
    ("transformationID", _text),
    ("bizStep", _term(Vocabulary.BIZ_STEP)),
    ("disposition", _term(Vocabulary.DISPOSITION)),
    ("persistentDisposition", partial(_object, _all(_term(Vocabulary.DISPOSITION), "set unset"))),
    ("readPoint", _PLACE),
    ("bizLocation", _PLACE),
    ("bizTransactionList", _typed(Vocabulary.TRANSACTION_TYPE, "bizTransaction")),
    ("destinationList", _typed(Vocabulary.PARTY_TYPE, "destination")),
    ("sourceList", _typed(Vocabulary.PARTY_TYPE, "source")),
    ("sensorElementList", partial(_elements, _SENSOR, "sensorElement")),
    ("ilmd", _ilmd),
)


def prehash_string(event: EpcisEvent) -> str:
    """Build the text that is hashed; raise EpcisFieldError or EventTimeError."""
    fields = {name: value for name, value in event.fields.items() if name not in _IGNORED}
    return f"eventType={event.type}" + _Writer(event).members(_EVENT, fields)


def _as_list(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else [value]


def _braced(uri: str) -> str:
    cut = max(uri.rfind("/"), uri.rfind("#"), uri.rfind(":")) + 1
    return f"{{{uri[:cut]}}}{uri[cut:]}"
