"""What verdicts and reasons mean for a shopper, in English and Chinese, from `verdicts.yaml`."""

from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml

from weilian.provenance.terms import Reason, Verdict

__all__ = ["Reason", "Text", "Verdict", "text_of"]


class Text(NamedTuple):
    """The same sentence in English and in Chinese."""

    en: str
    zh: str


def text_of(meaning: Verdict | Reason) -> Text:
    """Say what a verdict or a reason means."""
    section = "verdicts" if isinstance(meaning, Verdict) else "reasons"
    return Text(**_texts()[section][meaning.name])


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    text = resources.files("weilian").joinpath("verdicts.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))
