"""EPCIS 2.0 events: reading and checking them, and the CBV 2.0 hash that is anchored on chain."""

from weilian.epcis.canonical import canonical_bytes, cid_v1
from weilian.epcis.document import EpcisDocument
from weilian.epcis.event import EpcisEvent
from weilian.epcis.event_hash import event_hash, event_hash_uri
from weilian.epcis.normalise import EventTimeError
from weilian.epcis.prehash import EpcisFieldError, prehash_string
from weilian.epcis.problems import EpcisError

__all__ = [
    "EpcisDocument",
    "EpcisError",
    "EpcisEvent",
    "EpcisFieldError",
    "EventTimeError",
    "canonical_bytes",
    "cid_v1",
    "event_hash",
    "event_hash_uri",
    "prehash_string",
]
