"""What stands around the events: EPCISDocument, EPCISQueryDocument, their headers and bodies."""

# ruff: noqa: N815 -- the names in the documents

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from weilian.epcis.context import MAX_PARTS
from weilian.epcis.parts import Part
from weilian.epcis.values import Time

Version = Annotated[str, Field(pattern=r"^2(\.\d+)*$")]


def _is_distinct(context: Any) -> Any:
    parts = context if isinstance(context, list) else [context]
    if not all(isinstance(part, str | dict) for part in parts):
        raise ValueError("must be an address, an object, or a list of addresses and objects")
    if len(parts) <= MAX_PARTS and any(part in parts[:at] for at, part in enumerate(parts)):
        raise ValueError("must hold each part only once")
    return context


def _is_attribute(value: Any) -> Any:
    if isinstance(value, bool | list):
        raise ValueError("must be a number, text or an object")
    return value


JsonLdContext = Annotated[Any, AfterValidator(_is_distinct)]


class Attribute(Part):
    """One attribute of a master data element."""

    id: str
    attribute: Annotated[Any, AfterValidator(_is_attribute)] = None


class VocabularyElement(Part):
    """A master data element: a place, a product, a party."""

    id: str
    attributes: list[Attribute] | None = None
    children: list[str] | None = None


class MasterDataVocabulary(Part):
    """Master data elements of one type."""

    type: str
    vocabularyElementList: list[VocabularyElement] | None = None


class MasterData(Part):
    """Master data that a document brings with it."""

    vocabularyList: list[MasterDataVocabulary] | None = None


class Header(Part):
    """What a document says about its events as a whole."""

    epcisMasterData: MasterData | None = None


class Body(Part):
    """The events of a document."""

    eventList: list[Any]


class ResultsBody(Part):
    """The events that a query found."""

    eventList: list[Any]
    vocabularyList: list[MasterDataVocabulary] | None = None


class QueryResults(Part):
    """The answer to a query."""

    queryName: str
    subscriptionID: str | None = None
    resultsBody: ResultsBody


class QueryBody(Part):
    """The body of an answer to a query."""

    queryResults: QueryResults


class DocumentEnvelope(Part):
    """An EPCISDocument without its events."""

    context: JsonLdContext = Field(alias="@context")
    type: Literal["EPCISDocument"]
    schemaVersion: Version
    creationDate: Time
    id: str | None = None
    instanceIdentifier: str | None = None
    sender: str | None = None
    receiver: str | None = None
    epcisHeader: Header | None = None
    epcisBody: Body


class QueryDocumentEnvelope(Part):
    """An EPCISQueryDocument without its events."""

    context: JsonLdContext = Field(alias="@context")
    type: Literal["EPCISQueryDocument"]
    schemaVersion: Version | None = None
    creationDate: Time | None = None
    id: str | None = None
    epcisBody: QueryBody


ENVELOPES: dict[str, type[DocumentEnvelope | QueryDocumentEnvelope]] = {
    "EPCISDocument": DocumentEnvelope,
    "EPCISQueryDocument": QueryDocumentEnvelope,
}
"""The models by the `type` that a document writes."""
