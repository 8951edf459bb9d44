"""An item's story out of EPCIS documents, as a person sees it."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from scripts._session import Output
from scripts._types import LabelError
from weilian.chain.values import to_hex
from weilian.verification.documents import Story, StoryEvent

SUFFIXES = (".json", ".jsonld")


def document_paths(given: Iterable[Path]) -> Iterator[Path]:
    """Yield the documents named, of a folder those in it by name; raises LabelError for none."""
    for path in given:
        if not path.is_dir():
            yield path
            continue
        found = sorted(child for child in path.iterdir() if child.suffix in SUFFIXES)
        if not found:
            raise LabelError(f"there is no EPCIS document (*.json, *.jsonld) in {path}")
        yield from found


def show_story(out: Output, story: Story) -> None:
    """Show the events that the chain confirms, and name what is missing, foreign or misplaced."""
    table = Table("#", "时间 time", "环节 step", "文件 document", "", title="经历 · Story")
    for event in story.events:
        table.add_row(*map(Text, _row(event)))
    out.show(table)
    for anchored in story.missing:
        digest = to_hex(anchored.event_hash)
        out.say(f"✗ 缺少 missing: event {anchored.sequence}, {digest}")
    for told in story.foreign:
        out.say(
            f"✗ 链上没有 not on chain: event {told.event.position} of {told.document}, "
            f"{to_hex(told.event_hash)}"
        )
    if not story.is_ordered:
        out.say("! 文件顺序与链上不同 the documents have another order than the chain")
    if story.is_whole:
        out.say(f"✓ 完整 whole: {len(story.events)} events, as anchored on chain")


def story_document(story: Story) -> dict[str, Any]:
    """Return a story for programs."""
    return {
        "isWhole": story.is_whole,
        "isOrdered": story.is_ordered,
        "events": [
            {
                "sequence": event.anchored.sequence,
                "eventHash": to_hex(event.anchored.event_hash),
                "document": event.told.document,
                "position": event.told.event.position,
                "corrects": event.anchored.corrected,
                "correctedBy": event.corrected_by,
            }
            for event in story.events
        ],
        "missing": [
            {"sequence": each.sequence, "eventHash": to_hex(each.event_hash)}
            for each in story.missing
        ],
        "foreign": [
            {
                "document": each.document,
                "position": each.event.position,
                "eventHash": to_hex(each.event_hash),
            }
            for each in story.foreign
        ],
    }


def _row(event: StoryEvent) -> tuple[str, ...]:
    told = event.told.event
    step = str(told.fields.get("bizStep", told.type)).rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    note = ""
    if event.corrected_by is not None:
        note = f"已更正 corrected by {event.corrected_by}"
    elif event.anchored.corrected is not None:
        note = f"更正 corrects {event.anchored.corrected}"
    moment = f"{told.event_time:%Y-%m-%d %H:%M}"
    return str(event.anchored.sequence), moment, step, event.told.document, note
