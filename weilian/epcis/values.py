"""The kinds of values in events, for the models.

A validation context, which holds the prefixes in force, makes them strict.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from weilian.epcis import vocabulary
from weilian.epcis.context import Context
from weilian.epcis.normalise import EventTimeError, read_time
from weilian.epcis.rules import check_epc, check_event_id, check_uri, check_word


def _if_strict(check: Callable[[str, Context], None]) -> AfterValidator:
    def validate(value: str, info: ValidationInfo) -> str:
        if info.context is not None:
            check(value, info.context)
        return value

    return AfterValidator(validate)


def _word(words: vocabulary.Vocabulary) -> AfterValidator:
    return _if_strict(lambda value, context: check_word(value, words, context))


def _checked_time(value: str) -> str:
    try:
        read_time(value)
    except EventTimeError as error:
        raise ValueError(error.rule) from error
    return value


def _decimal(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError("must be a number")
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _distinct(values: list[str]) -> list[str]:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise ValueError(f"must hold {value!r:.80} only once")
        seen.add(value)
    return values


Uri = Annotated[str, _if_strict(check_uri)]
Epc = Annotated[str, _if_strict(check_epc)]
EventId = Annotated[str, _if_strict(check_event_id)]
Time = Annotated[str, AfterValidator(_checked_time)]
Offset = Annotated[str, Field(pattern=r"^[+-]((0\d|1[0-3]):[0-5]\d|14:00)$")]
Number = Annotated[Decimal, BeforeValidator(_decimal)]
Unit = Annotated[str, Field(pattern=r"^[A-Z0-9]{2,3}$")]
Hexadecimal = Annotated[str, Field(pattern=r"^[A-Fa-f0-9]+$")]
Uris = Annotated[list[Uri], BeforeValidator(_listed)]
Epcs = list[Epc]
DistinctEpcs = Annotated[list[Epc], AfterValidator(_distinct)]

BizStep = Annotated[str, _word(vocabulary.BIZ_STEP)]
Disposition = Annotated[str, _word(vocabulary.DISPOSITION)]
Dispositions = Annotated[list[Disposition], Field(min_length=1), AfterValidator(_distinct)]
TransactionType = Annotated[str, _word(vocabulary.TRANSACTION_TYPE)]
PartyType = Annotated[str, _word(vocabulary.PARTY_TYPE)]
ErrorReason = Annotated[str, _word(vocabulary.ERROR_REASON)]
Component = Annotated[str, _word(vocabulary.COMPONENT)]
Measurement = Annotated[str, _word(vocabulary.MEASUREMENT)]
SensorAlert = Annotated[str, _word(vocabulary.SENSOR_ALERT)]
