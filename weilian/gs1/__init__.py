"""GS1 identities: GTIN, lot, serial, and the Digital Link that carries them in a QR code.

Beyond items: `identifiers` (GLN, SSCC), `application_identifiers`, `element_string`, `link_uri`
(Digital Links with any key), `epc` (EPC URNs) and `dates`.
"""

from weilian.gs1.digital_link import CANONICAL_DOMAIN, DigitalLink, DigitalLinkError
from weilian.gs1.identifiers import Gs1Error, Gtin, GtinError, Lot, LotError, Serial, SerialError

__all__ = [
    "CANONICAL_DOMAIN",
    "DigitalLink",
    "DigitalLinkError",
    "Gs1Error",
    "Gtin",
    "GtinError",
    "Lot",
    "LotError",
    "Serial",
    "SerialError",
]
