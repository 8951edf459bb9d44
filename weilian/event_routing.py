"""Which batches an EPCIS event tells of: by the lots, classes and serials that it names."""

from collections.abc import Iterator, Mapping
from typing import Any

from weilian.batch_folder import BatchFolder
from weilian.epcis.event import EpcisEvent
from weilian.gs1 import Gs1Error
from weilian.gs1.epc import from_urn
from weilian.gs1.link_uri import LinkUri
from weilian.merkle.batch_tree import UnknownSerialError

_URN = "urn:epc:"
_EPC_FIELDS = frozenset(
    {"parentID", "epcList", "childEPCs", "inputEPCList", "outputEPCList", "epcClass"}
)
_QUANTITY_FIELDS = frozenset(
    {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
)


def is_about(event: EpcisEvent, folder: BatchFolder) -> bool:
    """Tell whether an event names a batch's lot, or one of its serials.

    EPC URNs and Digital Links are read alike. A serial without a lot is looked up in the batch's
    tree. Raises TreeFileError.
    """
    return any(_is_of(link, folder) for link in _links(event.fields))


def _links(fields: Mapping[str, Any]) -> Iterator[LinkUri]:
    for text in _names(fields):
        try:
            yield from_urn(text) if text.startswith(_URN) else LinkUri.parse(text)
        except Gs1Error:
            continue  # names of other kinds are of no batch


def _names(fields: Mapping[str, Any]) -> Iterator[str]:
    for key, value in fields.items():
        if key in _EPC_FIELDS:
            yield from [value] if isinstance(value, str) else value
        elif key in _QUANTITY_FIELDS:
            for element in value:
                yield from _names(element)


def _is_of(link: LinkUri, folder: BatchFolder) -> bool:
    if (link.key.code, link.key.value) != ("01", folder.record.gtin):
        return False
    told = {element.code: element.value for element in link.qualifiers}
    if "10" in told:
        return told["10"] == folder.record.lot
    if "21" not in told:
        return False
    try:
        folder.tree().index_of(told["21"])
    except UnknownSerialError:
        return False
    return True
