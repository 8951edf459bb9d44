"""What is wrong in a document: the place, the value, the rule that it breaks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from weilian.errors import WeilianError

SHOWN_PROBLEMS = 20
KEPT_PROBLEMS = 10_000
"""A document with more is not read to its end: it is another kind of file."""

_PLAIN_NAME = re.compile(r"[\w@:-]+")
_RULES = {
    "missing": "is missing",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "extra_forbidden": "is no field of the standard here, nor may others be added",
}
"""What the models find wrong in any field, in the words of this library."""


@dataclass(frozen=True, slots=True)
class EpcisProblem:
    """One broken rule.

    `place` is the path from the root of the JSON text, list places counted from 0 as in JSON
    Pointer; inside an event it begins with the event's number, counted from 1.
    """

    place: str
    rule: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.place}{self.value and f' {self.value}'}: {self.rule}"


class EpcisError(WeilianError, ValueError):
    """A document that is not EPCIS 2.0; `problems` holds what is wrong, 10,000 places at most."""

    def __init__(self, name: str, problems: Sequence[EpcisProblem]) -> None:
        self.problems = tuple(problems[:KEPT_PROBLEMS])
        shown = "".join(f"\n  {problem}" for problem in self.problems[:SHOWN_PROBLEMS])
        rest = len(self.problems) - SHOWN_PROBLEMS
        count = f"{len(self.problems)}{' or more' * (len(problems) >= KEPT_PROBLEMS)}"
        super().__init__(
            f"{name} has {count} problem{'s'[: len(self.problems) > 1]}:{shown}"
            + (f"\n  and {rest} more" if rest > 0 else "")
        )


def shown(value: object) -> str:
    """Write a value for a message, cut to 80 characters."""
    return f"{value!r:.80}"


def path(steps: Iterable[str | int]) -> str:
    """Write the way to a value: `epcisBody.eventList[2].bizStep`."""
    found = ""
    for step in steps:
        if isinstance(step, int):
            found += f"[{step}]"
        elif _PLAIN_NAME.fullmatch(step):
            found += f".{step}" if found else step
        else:
            found += f"[{step!r}]"
    return found or "document"


def from_validation(
    error: ValidationError, steps: tuple[str | int, ...] = (), event: int = 0
) -> list[EpcisProblem]:
    """List what a model found wrong in the value at `steps`, in the event of that number."""
    before = f"event {event}, " if event else ""
    return [
        EpcisProblem(
            before + path((*steps, *item["loc"])),
            _RULES.get(item["type"], item["msg"].removeprefix("Value error, ")),
            "" if isinstance(item["input"], dict) else shown(item["input"]),
        )
        for item in error.errors(include_url=False)
    ]
