"""Is what a batch refers to still there, unchanged, and at more than one place?

A manifest lists documents and where they are kept. What they must hash to is on chain, not in the
manifest, so whoever publishes a manifest cannot vouch for other documents with it.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from weilian.epcis import EpcisDocument, cid_v1, event_hash
from weilian.errors import WeilianError, describe_validation
from weilian.hashing import keccak256
from weilian.merkle import ItemProof
from weilian.merkle.proof_file import Node
from weilian.merkle.tiles import MANIFEST, TileError, TileManifest, TileReader
from weilian.progress import Progress
from weilian.verification.fetching import Fetcher, FetchError, host_of

MIN_PLACES = 2
"""Independent places that must hold each thing: one that ends must not take it along."""

_TILE_SAMPLES = 32


class AvailabilityManifestError(WeilianError, ValueError):
    """A manifest that cannot be read."""

    def __init__(self, name: str, rule: str) -> None:
        super().__init__(f"manifest {name}: {rule}")


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


Places = Annotated[list[Annotated[str, Field(min_length=1, max_length=2048)]], Field(max_length=32)]


class Thing(_Part):
    """Something that a batch refers to, and where it is kept: URLs, or paths from the manifest on.

    `{cid}` in a place stands for the document's CID, as in the URL of an IPFS gateway. Of a notice
    `number` is the notice's, None for one on the GTIN.
    """

    kind: Literal["batchDocument", "epcis", "notice", "itemProof", "tiles"]
    places: Places
    cid: Annotated[str, Field(pattern=r"\A[a-zA-Z0-9]{8,128}\z")] | None = None
    number: Annotated[int, Field(ge=0, le=255)] | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        if self.kind == "notice":
            return "notice on the GTIN" if self.number is None else f"notice {self.number}"
        return f"{self.kind} {self.cid}" if self.cid else self.kind

    def addresses(self, folder: Path) -> Iterator[str]:
        """Yield its places, paths made absolute from `folder` on."""
        for place in self.places:
            filled = place.replace("{cid}", self.cid or "")
            yield filled if "://" in filled else str(folder / filled)


class AvailabilityManifest(_Part):
    """What a batch refers to."""

    format: Literal["weilian-availability-v1"]
    batch_id: Annotated[Node, Field(alias="batchId")]
    things: Annotated[list[Thing], Field(min_length=1, max_length=10_000)]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a manifest; raises AvailabilityManifestError."""
        try:
            return cls.model_validate_json(path.read_bytes())
        except OSError as error:
            raise AvailabilityManifestError(path.name, error.strerror or str(error)) from error
        except ValidationError as error:
            raise AvailabilityManifestError(path.name, describe_validation(error)) from error


@dataclass(frozen=True, slots=True)
class BatchReferences:
    """What the chain says of a batch's documents. Hashes of notices by number, None for the GTIN's.

    Each notice has the hash with which it was issued, and one more if it was lifted.
    """

    batch_id: bytes
    root: bytes
    item_count: int
    document_hash: bytes
    event_hashes: frozenset[bytes]
    notice_hashes: Mapping[int | None, frozenset[bytes]] = field(default_factory=dict)


class State(Enum):
    """What was found at a place."""

    OK = "ok"
    MISSING = "missing"
    CHANGED = "changed"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class PlaceReport:
    """What one place holds, and if not what it should, why."""

    place: str
    state: State
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ThingReport:
    """What the places of one thing hold. `holders` are the independent ones that hold it."""

    name: str
    kind: str
    places: tuple[PlaceReport, ...]

    @property
    def holders(self) -> frozenset[str]:
        """The hosts of the places where it is."""
        return frozenset(host_of(p.place) for p in self.places if p.state is State.OK)

    @property
    def is_available(self) -> bool:
        """Whether it is somewhere."""
        return bool(self.holders)

    @property
    def is_backed_up(self) -> bool:
        """Whether it is at two independent places."""
        return len(self.holders) >= MIN_PLACES


@dataclass(frozen=True, slots=True)
class AvailabilityReport:
    """All of a manifest. `unlisted` names what the chain refers to and was found nowhere."""

    things: tuple[ThingReport, ...]
    unlisted: tuple[str, ...]

    @property
    def is_available(self) -> bool:
        """Whether everything that the chain refers to is somewhere."""
        return not self.unlisted and all(thing.is_available for thing in self.things)

    @property
    def is_backed_up(self) -> bool:
        """Whether everything is at two independent places."""
        return not self.unlisted and all(thing.is_backed_up for thing in self.things)


class _ChangedError(Exception):
    """Content that is not what the chain refers to."""


def check_availability(
    manifest: AvailabilityManifest,
    references: BatchReferences,
    fetcher: Fetcher,
    folder: Path,
    progress: Progress | None = None,
) -> AvailabilityReport:
    """Fetch everything that a manifest lists, and compare it with what the chain says.

    Local paths count from `folder` on. `progress` is called with (places done, places in all).
    """
    total = sum(len(thing.places) for thing in manifest.things)
    checker = _Checker(references, fetcher)
    done, reports = 0, []
    for thing in manifest.things:
        places = []
        for place in thing.addresses(folder):
            places.append(checker.look(thing, place))
            done += 1
            if progress:
                progress(done, total)
        reports.append(ThingReport(thing.name, thing.kind, tuple(places)))
    return AvailabilityReport(tuple(reports), tuple(checker.unlisted()))


class _Checker:
    """Looks at places, and remembers which of the chain's references were found somewhere."""

    def __init__(self, references: BatchReferences, fetcher: Fetcher) -> None:
        self._chain = references
        self._fetcher = fetcher
        self._found: set[bytes] = set()

    def look(self, thing: Thing, place: str) -> PlaceReport:
        try:
            if thing.kind == "tiles":
                self._check_tiles(place)
            else:
                self._check(thing, self._fetcher.get(place))
        except FetchError as error:
            state = State.MISSING if error.is_missing else State.UNREACHABLE
            return PlaceReport(place, state, str(error))
        except (_ChangedError, WeilianError) as error:
            return PlaceReport(place, State.CHANGED, str(error))
        return PlaceReport(place, State.OK)

    def unlisted(self) -> Iterator[str]:
        """Name what the chain refers to and was found nowhere."""
        if self._chain.document_hash not in self._found | {bytes(32)}:
            yield f"batch document 0x{self._chain.document_hash.hex()}"
        for digest in sorted(self._chain.event_hashes - self._found):
            yield f"event 0x{digest.hex()}"
        for digests in self._chain.notice_hashes.values():
            for digest in sorted(digests - self._found):
                yield f"notice 0x{digest.hex()}"

    def _check(self, thing: Thing, data: bytes) -> None:
        if thing.cid is not None and thing.kind != "epcis" and cid_v1(data) != thing.cid:
            raise _ChangedError(f"its CID is {cid_v1(data)}")
        if thing.kind == "epcis":
            self._check_epcis(thing, data)
        elif thing.kind == "itemProof":
            self._check_proof(data)
        elif thing.kind == "batchDocument":
            self._check_hash(data, frozenset({self._chain.document_hash}))
        else:
            self._check_hash(data, self._chain.notice_hashes.get(thing.number, frozenset()))

    def _check_hash(self, data: bytes, expected: frozenset[bytes]) -> None:
        digest = keccak256(data)
        if digest not in expected:
            raise _ChangedError(f"its hash 0x{digest.hex()} is not on chain")
        self._found.add(digest)

    def _check_epcis(self, thing: Thing, data: bytes) -> None:
        document = EpcisDocument.from_json(data)
        if thing.cid is not None and thing.cid not in (
            cid_v1(data),
            cid_v1(document.canonical_bytes()),
        ):
            raise _ChangedError(f"its CID is {cid_v1(data)}")
        digests = {event_hash(event) for event in document.events}
        foreign = digests - self._chain.event_hashes
        if foreign or not digests:
            raise _ChangedError(f"{len(foreign)} of its {len(digests)} events are not on chain")
        self._found |= digests

    def _check_proof(self, data: bytes) -> None:
        proof = ItemProof.from_json(data)
        proof.check()
        if (proof.batch_id, proof.root) != (self._chain.batch_id, self._chain.root):
            raise _ChangedError("it is the proof of an item of another batch or root")

    def _check_tiles(self, place: str) -> None:
        """Look at a sample of the tree's paths: each is checked up to the root on chain."""
        base = place.rstrip("/")
        manifest = TileManifest.from_json(self._fetcher.get(f"{base}/{MANIFEST}"))
        count, root = self._chain.item_count, self._chain.root
        depth = (count - 1).bit_length()
        if (manifest.root, manifest.depth) != (f"0x{root.hex()}", depth):
            raise _ChangedError(f"{MANIFEST} is of another tree than the one on chain")
        fetch = cache(lambda path: self._fetcher.get(f"{base}/{path}"))
        reader = TileReader(fetch, root, depth)
        try:
            for index in _samples(count):
                reader.path(index)
        except TileError as error:
            if isinstance(error.__cause__, FetchError):
                raise error.__cause__ from error
            raise


def _samples(count: int) -> Sequence[int]:
    if count <= _TILE_SAMPLES:
        return range(count)
    return [0, count - 1, *random.SystemRandom().sample(range(count), _TILE_SAMPLES - 2)]
