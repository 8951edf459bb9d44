"""What strict reading asks of a document as a whole: names that have a namespace, distinct ids."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import BaseModel

from weilian.epcis.context import STANDARD_CONTEXT, Context
from weilian.epcis.envelope import ENVELOPES
from weilian.epcis.event import EpcisEvent, Steps
from weilian.epcis.models import FIELDS
from weilian.epcis.problems import EpcisProblem, path, shown

_ALIASES = frozenset({"id", "type"})
"""Names that EPCIS's context gives to the keywords @id and @type."""


def event_problems(event: EpcisEvent) -> Iterator[EpcisProblem]:
    """Find the names in an event that nothing defines or that belong to another type of event."""
    for place, rule in _names(event.model, event.context, event.steps):
        yield EpcisProblem(f"event {event.position}, {path(place)}", rule)


def document_problems(
    content: Mapping[str, Any], events: Sequence[EpcisEvent], context: Context
) -> Iterator[EpcisProblem]:
    """Find a missing context of EPCIS, undefined names, and event ids that occur twice.

    A correction may repeat the id of the event that it corrects (EPCIS 2.0, section 7.4.1.2).
    """
    if not context.is_standard:
        rule = f"must name the context of EPCIS, {STANDARD_CONTEXT}"
        yield EpcisProblem("@context", rule)
    if envelope := ENVELOPES.get(content["type"]):
        for name in content:
            if name not in envelope.model_fields and not context.defines(name):
                yield EpcisProblem(path((name,)), f"is no field of {content['type']}")
    yield from _repeated_ids(events)


def _repeated_ids(events: Sequence[EpcisEvent]) -> Iterator[EpcisProblem]:
    seen: dict[tuple[str, bool], int] = {}
    for event in events:
        if event.event_id is None:
            continue
        first = seen.setdefault(
            (event.event_id, event.model.errorDeclaration is not None), event.position
        )
        if first != event.position:
            place = f"event {event.position}, {path((*event.steps, 'eventID'))}"
            rule = f"must be unique in the document, and event {first} has it too"
            yield EpcisProblem(place, rule, shown(event.event_id))


def _names(value: Any, context: Context, steps: Steps) -> Iterator[tuple[Steps, str]]:
    if isinstance(value, BaseModel):
        yield from _part(value, context, steps)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            yield from _extension(name, item, context, steps)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _names(item, context, (*steps, index))


def _part(part: BaseModel, context: Context, steps: Steps) -> Iterator[tuple[Steps, str]]:
    extras = part.model_extra or {}
    for name in type(part).model_fields:
        yield from _names(getattr(part, name), context, (*steps, name))
    for name, item in extras.items():
        if name in FIELDS and not context.defines(name):
            yield (*steps, name), f"is no field of {type(part).__name__}"
        elif name != "@context":
            yield from _extension(name, item, context, steps)


def _extension(name: str, item: Any, context: Context, steps: Steps) -> Iterator[tuple[Steps, str]]:
    place = (*steps, name)
    if not context.defines(name) and name not in _ALIASES:
        prefix, colon, _ = name.partition(":")
        what = f"prefix {prefix!r} is" if colon else "the name is no field of EPCIS here and is"
        yield place, f"{what} not defined in @context (contexts elsewhere are not fetched)"
    yield from _names(item, context, place)
