"""EPCIS 2.0 events: reading them, and the CBV 2.0 hash by which they are anchored on chain."""

from weilian.epcis.document import EpcisDocument, EpcisError, EpcisEvent
from weilian.epcis.event_hash import event_hash, event_hash_uri
from weilian.epcis.normalise import EventTimeError
from weilian.epcis.prehash import EpcisFieldError, prehash_string

__all__ = [
    "EpcisDocument",
    "EpcisError",
    "EpcisEvent",
    "EpcisFieldError",
    "EventTimeError",
    "event_hash",
    "event_hash_uri",
    "prehash_string",
]
