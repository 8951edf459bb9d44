"""The CBV 2.0 event hash: the same event gives the same 32 bytes, however it was written down."""

from hashlib import sha256

from weilian.epcis.event import EpcisEvent
from weilian.epcis.prehash import prehash_string


def event_hash(event: EpcisEvent) -> bytes:
    """Return the SHA-256 (32 bytes) of the event's pre-hash string, which is anchored on chain.

    Raise EpcisFieldError for a field that nobody can read, EventTimeError for such a time.
    """
    return sha256(prehash_string(event).encode()).digest()


def event_hash_uri(event: EpcisEvent) -> str:
    """Return the hash as CBV writes it into eventID: `ni:///sha-256;<hex>?ver=CBV2.0`."""
    return f"ni:///sha-256;{event_hash(event).hex()}?ver=CBV2.0"
