"""What verdicts and reasons mean for a shopper, in English and Chinese, from `verdicts.yaml`."""

from enum import Enum
from functools import cache
from importlib import resources
from typing import NamedTuple

import yaml

from weilian.chain import Verdict


class Reason(Enum):
    """Why a verdict is what it is. Values below 9 are the bits of the contracts' `REASON_`."""

    BATCH_UNKNOWN = 0
    INDEX_OUT_OF_RANGE = 1
    PROOF_LENGTH = 2
    PROOF_INVALID = 3
    ISSUER_DEACTIVATED = 4
    RECALLED = 5
    EXPIRED = 6
    CLAIMED_BY_VIEWER = 7
    CLAIMED_BY_OTHER = 8
    HIDDEN_CODE_RIGHT = 100
    HIDDEN_CODE_WRONG = 101
    PROOF_DAMAGED = 102
    OTHER_CHAIN = 103
    OTHER_REGISTRY = 104
    OTHER_ISSUER = 105
    ISSUER_NOT_CHECKED = 106


class Text(NamedTuple):
    """The same sentence in English and in Chinese."""

    en: str
    zh: str


def text_of(meaning: Verdict | Reason) -> Text:
    """Say what a verdict or a reason means."""
    section = "verdicts" if isinstance(meaning, Verdict) else "reasons"
    return Text(**_texts()[section][meaning.name])


def reasons_of(bits: int) -> tuple[Reason, ...]:
    """Read the reasons that a contract answers, a bit each."""
    return tuple(Reason(place) for place in range(bits.bit_length()) if bits >> place & 1)


@cache
def _texts() -> dict[str, dict[str, dict[str, str]]]:
    text = resources.files("weilian").joinpath("verdicts.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))
