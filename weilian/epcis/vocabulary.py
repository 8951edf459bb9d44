"""Where the words of the Core Business Vocabulary 2.0 live, and the prefixes that stand for it."""

from enum import StrEnum

CBV = "https://ref.gs1.org/cbv/"
GS1 = "https://gs1.org/voc/"

NAMESPACES = {
    "cbv": CBV,
    "cbvmda": "urn:epcglobal:cbv:mda:",
    "epcis": "https://ref.gs1.org/epcis/",
    "gs1": GS1,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}
"""The prefixes that an EPCIS 2.0 document may use without defining them."""


class Vocabulary(StrEnum):
    """The kinds of words by the URI prefix of each."""

    BIZ_STEP = f"{CBV}BizStep-"
    DISPOSITION = f"{CBV}Disp-"
    TRANSACTION_TYPE = f"{CBV}BTT-"
    PARTY_TYPE = f"{CBV}SDT-"
    COMPONENT = f"{CBV}Comp-"
    SENSOR = GS1
    """Measurement types and exceptions of sensor reports."""


URN_PREFIXES = {
    "urn:epcglobal:cbv:bizstep:": Vocabulary.BIZ_STEP,
    "urn:epcglobal:cbv:disp:": Vocabulary.DISPOSITION,
    "urn:epcglobal:cbv:btt:": Vocabulary.TRANSACTION_TYPE,
    "urn:epcglobal:cbv:sdt:": Vocabulary.PARTY_TYPE,
}
"""CBV 1.x URN prefixes and the Web URI prefixes that stand for them in CBV 2.0."""
