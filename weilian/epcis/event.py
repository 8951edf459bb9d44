"""One event of a document: its typed fields, and the JSON that it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from weilian.epcis.context import Context
from weilian.epcis.models import Event

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class EpcisEvent:
    """One event: its fields as written, the same as a model, and what its prefixes stand for."""

    type: str
    event_time: datetime
    """In UTC, rounded to milliseconds."""

    fields: Mapping[str, Any]
    model: Event
    context: Context
    position: int
    """Place in the document's eventList, from 1."""

    steps: Steps
    """The way to the event from the root of the document."""

    @property
    def event_id(self) -> str | None:
        """The eventID, if the event has one."""
        return self.model.eventID

    @property
    def namespaces(self) -> dict[str, str]:
        """The prefixes and terms that the document itself defines, each as a full URI."""
        return dict(self.context.defined)
