"""Reading one document: its envelope, its events, and everything that is wrong with them."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from weilian.epcis.context import Context
from weilian.epcis.envelope import ENVELOPES
from weilian.epcis.event import EpcisEvent, Steps
from weilian.epcis.models import EVENT_TYPES, FIELDS, Event, ExtendedEvent
from weilian.epcis.normalise import EventTimeError, read_time
from weilian.epcis.prehash import EpcisFieldError, prehash_string
from weilian.epcis.problems import KEPT_PROBLEMS, EpcisProblem, from_validation, path, shown
from weilian.epcis.strict import document_problems, event_problems

_SINGLE: Steps = ("epcisBody", "event")
_LISTS: dict[str, Steps] = {
    "EPCISDocument": ("epcisBody", "eventList"),
    "EPCISQueryDocument": ("epcisBody", "queryResults", "resultsBody", "eventList"),
}
_TYPE_RULE = f"must be {', '.join(EVENT_TYPES)}, or the URI of another type"


class Reader:
    """Reads one document; `problems` holds what is wrong in it."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.problems: list[EpcisProblem] = []

    def read(self, content: Any) -> list[EpcisEvent]:
        """Return the events of a document; without meaning if there are problems."""
        places = list(self._places(content))
        if self.problems:
            return []
        context = self._context(Context(), content.get("@context", []), "@context")
        events = []
        for position, (steps, fields) in enumerate(places, start=1):
            if event := self._event(fields, context, steps, position):
                events.append(event)
            if len(self.problems) >= KEPT_PROBLEMS:
                return []
        if self.strict:
            self.problems += document_problems(content, events, context)
        return events

    def _places(self, content: Any) -> Iterator[tuple[Steps, Any]]:
        """Check what stands around the events; yield each event and the way to it."""
        kind = content.get("type") if isinstance(content, Mapping) else None
        if kind == "EPCISDocument" and self._has_single_event(content):
            body = {"eventList": [content["epcisBody"]["event"]]}
            self._check(kind, {**content, "epcisBody": body})
            yield _SINGLE, body["eventList"][0]
        elif isinstance(kind, str) and kind in ENVELOPES:
            self._check(kind, content)
            yield from self._listed(content, _LISTS[kind])
        elif isinstance(kind, str) and "@context" in content:
            yield (), content
        else:
            rule = "must be an EPCISDocument, an EPCISQueryDocument or an event with @context"
            self._problem("document", rule, content)

    def _has_single_event(self, content: Any) -> bool:
        """Whether a document has `event` for eventList, as early ones do."""
        body = content.get("epcisBody")
        return (
            not self.strict
            and isinstance(body, Mapping)
            and "event" in body
            and "eventList" not in body
        )

    def _listed(self, content: Any, way: Steps) -> Iterator[tuple[Steps, Any]]:
        if self.problems:
            return
        for step in way:
            content = content[step]
        for index, fields in enumerate(content):
            yield (*way, index), fields

    def _check(self, kind: str, value: Any) -> None:
        try:
            ENVELOPES[kind].model_validate(value)
        except ValidationError as error:
            self.problems += from_validation(error)

    def _event(
        self, fields: Any, context: Context, steps: Steps, position: int
    ) -> EpcisEvent | None:
        place = f"event {position}, {path(steps)}"
        if not isinstance(fields, Mapping):
            self._problem(place, "must be an object", fields)
            return None
        if steps and "@context" in fields:
            own = f"event {position}, {path((*steps, '@context'))}"
            context = self._context(context, fields["@context"], own)
        kind = self._type(fields.get("type"), context)
        if kind is None:
            place = f"event {position}, {path((*steps, 'type'))}"
            self._problem(place, _TYPE_RULE, fields.get("type"))
            return None
        try:
            model = kind.model_validate(fields, context=context if self.strict else None)
        except ValidationError as error:
            self.problems += from_validation(error, steps, position)
            return None
        moment = read_time(model.eventTime)
        event = EpcisEvent(model.type, moment, fields, model, context, position, steps)
        if self.strict:
            self.problems += event_problems(event)
        elif FIELDS & (model.model_extra or {}).keys():
            self._try_hash(event)
        return event

    def _try_hash(self, event: EpcisEvent) -> None:
        """Refuse a field that another type of event has, where it has another shape than there."""
        try:
            prehash_string(event)
        except EpcisFieldError as error:
            place = f"event {event.position}, {path((*event.steps, error.name))}"
            self.problems.append(EpcisProblem(place, error.rule))
        except EventTimeError as error:
            place = f"event {event.position}, {path(event.steps)}"
            self.problems.append(EpcisProblem(place, str(error)))

    def _type(self, name: object, context: Context) -> type[Event] | None:
        if not isinstance(name, str):
            return None
        is_own = ":" in name or name in context.defined
        return EVENT_TYPES.get(name, ExtendedEvent if is_own else None)

    def _context(self, before: Context, written: Any, place: str) -> Context:
        try:
            return before.extend(written)
        except ValueError as error:
            self._problem(place, str(error), written)
            return before

    def _problem(self, place: str, rule: str, value: object) -> None:
        text = "" if isinstance(value, Mapping | list) else shown(value)
        self.problems.append(EpcisProblem(place, rule, text))
