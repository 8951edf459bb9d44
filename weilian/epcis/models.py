"""The five types of events (EPCIS 2.0, section 7.4), and what each asks for.

A field that the type does not have is kept as an extra here; strict reading refuses it.
"""

# ruff: noqa: N815 -- the names in the documents

from typing import Any, Literal, Self

from pydantic import Field, ValidationInfo, model_validator

from weilian.epcis.parts import (
    BizTransaction,
    Destination,
    ErrorDeclaration,
    Part,
    PersistentDisposition,
    Place,
    QuantityElement,
    SensorElement,
    Source,
)
from weilian.epcis.values import (
    BizStep,
    Disposition,
    DistinctEpcs,
    Epc,
    Epcs,
    EventId,
    Offset,
    Time,
    Uri,
    Uris,
)

Action = Literal["ADD", "OBSERVE", "DELETE"]


class Event(Part):
    """What events of all types have: what, when, where, why and how are optional."""

    type: str
    eventTime: Time
    eventTimeZoneOffset: Offset
    recordTime: Time | None = None
    eventID: EventId | None = None
    errorDeclaration: ErrorDeclaration | None = None
    certificationInfo: Uris | None = None


class CommonEvent(Event):
    """What all five types of the standard have."""

    bizStep: BizStep | None = None
    disposition: Disposition | None = None
    readPoint: Place | None = None
    bizLocation: Place | None = None
    bizTransactionList: list[BizTransaction] | None = None
    sourceList: list[Source] | None = None
    destinationList: list[Destination] | None = None
    sensorElementList: list[SensorElement] | None = None


class ObjectEvent(CommonEvent):
    """Something happened to objects (section 7.4.2)."""

    type: Literal["ObjectEvent"]
    action: Action
    epcList: DistinctEpcs | None = None
    quantityList: list[QuantityElement] | None = None
    persistentDisposition: PersistentDisposition | None = None
    ilmd: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _has_objects(self) -> Self:
        sensed = self.sensorElementList and self.readPoint
        if self.epcList is None and not self.quantityList and not sensed:
            raise ValueError("must have epcList, quantityList, or readPoint with sensorElementList")
        if self.ilmd is not None and self.action != "ADD":
            raise ValueError(f"may have ilmd only with action ADD (action is {self.action})")
        return self


class TransactionEvent(CommonEvent):
    """Objects were bound to business transactions or released from them (section 7.4.4)."""

    type: Literal["TransactionEvent"]
    action: Action
    bizTransactionList: list[BizTransaction] = Field(min_length=1)
    parentID: Epc | None = None
    epcList: Epcs | None = None
    quantityList: list[QuantityElement] | None = None

    @model_validator(mode="after")
    def _has_objects(self) -> Self:
        if self.action != "DELETE" and self.epcList is None and not self.quantityList:
            raise ValueError(f"must have epcList or quantityList with action {self.action}")
        return self


class _ParentEvent(CommonEvent):
    """What aggregation and association share: a parent, its children, an action."""

    action: Action
    childEPCs: Epcs | None = None
    childQuantityList: list[QuantityElement] | None = None

    @model_validator(mode="after")
    def _has_children(self) -> Self:
        if self.action != "DELETE" and not self.childEPCs and not self.childQuantityList:
            raise ValueError(f"must have childEPCs or childQuantityList with action {self.action}")
        return self


class AggregationEvent(_ParentEvent):
    """Objects were packed into a parent or taken out of it (section 7.4.3)."""

    type: Literal["AggregationEvent"]
    parentID: Epc | None = None

    @model_validator(mode="after")
    def _has_parent(self, info: ValidationInfo) -> Self:
        if info.context is not None and self.parentID is None and self.action != "OBSERVE":
            raise ValueError(f"must have parentID with action {self.action}")
        return self


class AssociationEvent(_ParentEvent):
    """Objects were joined to a parent that stays itself, such as a place (section 7.4.6)."""

    type: Literal["AssociationEvent"]
    parentID: Epc


class TransformationEvent(CommonEvent):
    """Inputs were used up and outputs made from them (section 7.4.5)."""

    type: Literal["TransformationEvent"]
    inputEPCList: DistinctEpcs | None = None
    inputQuantityList: list[QuantityElement] | None = None
    outputEPCList: DistinctEpcs | None = None
    outputQuantityList: list[QuantityElement] | None = None
    transformationID: Uri | None = None
    persistentDisposition: PersistentDisposition | None = None
    ilmd: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _has_inputs_and_outputs(self) -> Self:
        ends = [
            self.inputEPCList or self.inputQuantityList,
            self.outputEPCList or self.outputQuantityList,
        ]
        if not all(ends) and (self.transformationID is None or not any(ends)):
            raise ValueError("must have inputs and outputs, or one of both with transformationID")
        return self


class ExtendedEvent(Event):
    """An event of a type outside the standard, named by a URI."""

    type: Uri


EVENT_TYPES: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        ObjectEvent,
        AggregationEvent,
        TransactionEvent,
        TransformationEvent,
        AssociationEvent,
    )
}
"""The models by the `type` that a document writes."""

FIELDS = frozenset(name for kind in EVENT_TYPES.values() for name in kind.model_fields)
"""Every field of every type."""
