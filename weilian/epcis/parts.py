"""The parts of events: quantities, places, transactions, parties, sensor data, corrections.

Fields carry the names of the standard (EPCIS 2.0, section 7.3). Those of other namespaces are kept
as extras where the standard has an extension point, and refused elsewhere.
"""

# ruff: noqa: N815 -- the names in the documents

from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from weilian.epcis.values import (
    Component,
    Dispositions,
    Epc,
    ErrorReason,
    EventId,
    Hexadecimal,
    Measurement,
    Number,
    PartyType,
    SensorAlert,
    Time,
    TransactionType,
    Unit,
    Uri,
)


class Part(BaseModel):
    """Anything with fields of the standard: absent ones are None, null is refused."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow", protected_namespaces=())

    @field_validator("*", mode="before")
    @classmethod
    def _is_not_null(cls, value: Any) -> Any:
        if value is None:
            raise ValueError("must not be null")
        return value


class ClosedPart(Part):
    """A part that may not be extended."""

    model_config = ConfigDict(extra="forbid")


class QuantityElement(ClosedPart):
    """So much of a class of goods; pieces where there is no unit (UN/CEFACT Recommendation 20)."""

    epcClass: Epc
    quantity: Number | None = None
    uom: Unit | None = None


class Place(Part):
    """A readPoint or a bizLocation."""

    id: Epc


class BizTransaction(ClosedPart):
    """A business transaction that an event belongs to."""

    type: TransactionType | None = None
    bizTransaction: Uri


class Source(ClosedPart):
    """Where a transfer begins."""

    type: PartyType
    source: Epc


class Destination(ClosedPart):
    """Where a transfer ends."""

    type: PartyType
    destination: Epc


class PersistentDisposition(ClosedPart):
    """Dispositions that hold until they are unset."""

    set: Dispositions | None = None
    unset: Dispositions | None = None

    @model_validator(mode="after")
    def _is_not_empty(self) -> Self:
        if self.set is None and self.unset is None:
            raise ValueError("must have set or unset")
        return self


class SensorMetadata(Part):
    """What holds for all reports of a sensor element."""

    time: Time | None = None
    startTime: Time | None = None
    endTime: Time | None = None
    deviceID: Uri | None = None
    deviceMetadata: Uri | None = None
    rawData: Uri | None = None
    dataProcessingMethod: Uri | None = None
    bizRules: Uri | None = None


class SensorReport(Part):
    """One measured or computed value."""

    type: Measurement
    exception: SensorAlert | None = None
    deviceID: Uri | None = None
    deviceMetadata: Uri | None = None
    rawData: Uri | None = None
    dataProcessingMethod: Uri | None = None
    bizRules: Uri | None = None
    time: Time | None = None
    microorganism: Uri | None = None
    chemicalSubstance: Uri | None = None
    coordinateReferenceSystem: Uri | None = None
    value: Number | None = None
    component: Component | None = None
    stringValue: str | None = None
    booleanValue: bool | None = None
    hexBinaryValue: Hexadecimal | None = None
    uriValue: Uri | None = None
    minValue: Number | None = None
    maxValue: Number | None = None
    meanValue: Number | None = None
    sDev: Number | None = None
    percRank: Number | None = None
    percValue: Number | None = None
    uom: str | None = None


class SensorElement(Part):
    """Reports of sensors."""

    sensorMetadata: SensorMetadata | None = None
    sensorReport: Annotated[list[SensorReport], Field(min_length=1)]


class ErrorDeclaration(Part):
    """Says that an earlier event was wrong, and which events take its place."""

    declarationTime: Time
    reason: ErrorReason | None = None
    correctiveEventIDs: list[EventId] | None = None
