"""EPCIS 2.0 documents in JSON-LD: read, checked, written again.

Lenient reading asks for what the JSON Schema of EPCIS 2.0 asks for, where `format` is only a
remark: names and words that nobody defined are kept. Strict reading also refuses words outside the
standard vocabularies (own words are URIs outside GS1's namespaces), names and prefixes that no
`@context` in the document defines, values that are no URIs, fields of other types of events,
malformed and repeated event ids, and a missing context of EPCIS.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from weilian.epcis import json_text
from weilian.epcis.canonical import canonical_bytes
from weilian.epcis.context import STANDARD_CONTEXT
from weilian.epcis.event import EpcisEvent
from weilian.epcis.event_hash import event_hash_uri
from weilian.epcis.models import Event
from weilian.epcis.problems import EpcisError, EpcisProblem, path
from weilian.epcis.reader import Reader


@dataclass(frozen=True, slots=True)
class EpcisDocument:
    """An EPCISDocument, an EPCISQueryDocument, or one event that stands alone."""

    name: str
    """What messages call it: the file's name."""

    content: Mapping[str, Any]
    """The JSON as it was read, numbers with a fraction as Decimal."""

    events: tuple[EpcisEvent, ...]
    """In the order of the eventList."""

    @classmethod
    def read(cls, file: Path, *, strict: bool = False) -> Self:
        """Read a file; raise EpcisError with everything that is wrong, and where."""
        try:
            json_text.check_size(file.stat().st_size, file.name)
            data = file.read_bytes()
        except OSError as error:
            reason = error.strerror or str(error)
            raise EpcisError(str(file), [EpcisProblem("file", reason)]) from error
        return cls.from_json(data, where=file.name, strict=strict)

    @classmethod
    def from_json(cls, data: str | bytes, *, where: str = "document", strict: bool = False) -> Self:
        """Read JSON text, at most 64 MiB; raise EpcisError with everything that is wrong."""
        content = json_text.parse(data, where)
        reader = Reader(strict)
        events = tuple(reader.read(content))
        if reader.problems:
            raise EpcisError(where, reader.problems)
        return cls(where, content, events)

    @classmethod
    def of(
        cls, events: Iterable[Event], *, created: datetime, context: Sequence[object] = ()
    ) -> Self:
        """Make an EPCISDocument of typed events; `created` has an offset.

        `context` holds what their names need beside EPCIS's own: objects or addresses. Raise
        EpcisError where the document would not be read strictly.
        """
        content = {
            "@context": [STANDARD_CONTEXT, *context],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": created.isoformat(),
            "epcisBody": {
                "eventList": [event.model_dump(exclude_unset=True) for event in events],
            },
        }
        return cls.from_json(json_text.write(content), strict=True)

    @property
    def type(self) -> str:
        """EPCISDocument, EPCISQueryDocument, or the type of the event that stands alone."""
        return str(self.content["type"])

    @property
    def query_name(self) -> str | None:
        """The query that an EPCISQueryDocument answers."""
        name: str | None = self._results().get("queryName")
        return name

    @property
    def subscription_id(self) -> str | None:
        """The subscription for which an EPCISQueryDocument was sent."""
        subscription: str | None = self._results().get("subscriptionID")
        return subscription

    @property
    def header(self) -> Mapping[str, Any]:
        """The epcisHeader, which holds the master data; empty if there is none."""
        header: Mapping[str, Any] = self.content.get("epcisHeader", {})
        return header

    def to_json(self, *, indent: int | None = 2) -> str:
        """Write the document as it was read: every field, every digit."""
        return json_text.write(self.content, indent=indent)

    def canonical_bytes(self) -> bytes:
        """Write the bytes to store (RFC 8785); raise CanonicalJsonError."""
        return canonical_bytes(self.content)

    def verify_event_ids(self) -> None:
        """Check the event ids that are CBV 2.0 hashes against the events.

        Raise EpcisError with each id that is another event's. Reading does not ask for this, also
        not strict reading: GS1's own examples carry ids from a draft of the algorithm.
        """
        problems = list(self._wrong_ids())
        if problems:
            raise EpcisError(self.name, problems)

    def _wrong_ids(self) -> Iterator[EpcisProblem]:
        for event in self.events:
            written = event.event_id or ""
            if not (written.startswith("ni:///sha-256;") and written.endswith("?ver=CBV2.0")):
                continue
            computed = event_hash_uri(event)
            if written != computed:
                rule = f"must be the hash of the event, {computed}"
                place = f"event {event.position}, {path((*event.steps, 'eventID'))}"
                yield EpcisProblem(place, rule, repr(written))

    def _results(self) -> Mapping[str, Any]:
        body = self.content.get("epcisBody", {})
        results: Mapping[str, Any] = body.get("queryResults", {})
        return results
