"""EPCIS 2.0 documents in JSON-LD: the envelope, and the events with their namespaces."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from weilian.epcis.normalise import read_time
from weilian.errors import WeilianError, describe_validation

EventType = Literal[
    "ObjectEvent",
    "AggregationEvent",
    "TransactionEvent",
    "TransformationEvent",
    "AssociationEvent",
]


class EpcisError(WeilianError, ValueError):
    """A document or an event that is not EPCIS 2.0."""

    def __init__(self, where: str, rule: str) -> None:
        super().__init__(f"{where}: {rule}")


@dataclass(frozen=True, slots=True)
class EpcisEvent:
    """One event: its fields as written, and the namespaces that its prefixes stand for."""

    type: str
    event_time: datetime
    fields: Mapping[str, Any]
    namespaces: dict[str, str]
    position: int
    """Place in the document's eventList, from 1."""


@dataclass(frozen=True, slots=True)
class EpcisDocument:
    """The events of an EPCISDocument in the order of its eventList."""

    events: tuple[EpcisEvent, ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a file; raise EpcisError."""
        try:
            return cls.from_json(path.read_bytes(), where=path.name)
        except OSError as error:
            raise EpcisError(str(path), error.strerror or str(error)) from error

    @classmethod
    def from_json(cls, data: str | bytes, *, where: str = "document") -> Self:
        """Read JSON text; raise EpcisError with the position of the event that is wrong."""
        try:
            # NOTE: Decimal, as the hash depends on every digit of a quantity.
            content = json.loads(data, parse_float=Decimal)
            envelope = _Envelope.model_validate(content)
        except ValidationError as error:
            raise EpcisError(where, describe_validation(error)) from error
        except ValueError as error:
            raise EpcisError(where, f"not JSON in UTF-8 ({error})") from error
        shared = _namespaces(envelope.context, where, {})
        return cls(
            tuple(
                _read_event(fields, shared, f"{where}, event {position}", position)
                for position, fields in enumerate(envelope.epcisBody.eventList, start=1)
            )
        )


class _Body(BaseModel):
    eventList: list[dict[str, Any]]  # noqa: N815 -- the name in the file


class _Envelope(BaseModel):
    model_config = ConfigDict(strict=True)
    context: str | list[str | dict[str, Any]] = Field(alias="@context")
    type: Literal["EPCISDocument"]
    schemaVersion: Annotated[str, Field(pattern=r"^2\.\d+(\.\d+)?$")]  # noqa: N815
    creationDate: Annotated[str, AfterValidator(read_time)]  # noqa: N815
    epcisBody: _Body  # noqa: N815


class _EventHead(BaseModel):
    type: EventType
    eventTime: Annotated[str, AfterValidator(read_time)]  # noqa: N815 -- the names in the file
    eventTimeZoneOffset: Annotated[str, Field(pattern=r"^[+-]\d{2}:\d{2}$")]  # noqa: N815


def _read_event(
    fields: dict[str, Any], shared: dict[str, str], where: str, position: int
) -> EpcisEvent:
    try:
        head = _EventHead.model_validate(fields)
    except ValidationError as error:
        raise EpcisError(where, describe_validation(error)) from error
    action = fields.get("action")
    if head.type != "TransformationEvent" and action not in ("ADD", "OBSERVE", "DELETE"):
        raise EpcisError(where, f"action must be ADD, OBSERVE or DELETE (got {action!r:.40})")
    namespaces = _namespaces(fields.get("@context", []), where, shared)
    moment = read_time(fields["eventTime"])
    return EpcisEvent(head.type, moment, fields, namespaces, position)


def _namespaces(context: Any, where: str, known: dict[str, str]) -> dict[str, str]:
    """Add the prefixes that a @context defines in the document itself to the known ones.

    Addresses of other contexts are not fetched: a field that needs one is refused when hashed.
    """
    found = dict(known)
    for part in context if isinstance(context, list) else [context]:
        if isinstance(part, str):
            continue
        if not isinstance(part, dict):
            raise EpcisError(where, f"@context holds {part!r:.40}, not a URL or an object")
        for name, target in part.items():
            uri = target.get("@id") if isinstance(target, dict) else target
            if isinstance(uri, str) and not name.startswith("@"):
                found[name] = _expanded(uri, found)
    return found


def _expanded(uri: str, known: dict[str, str]) -> str:
    prefix, _, local = uri.partition(":")
    return known[prefix] + local if prefix in known and not local.startswith("//") else uri
