from dataclasses import dataclass, field
from datetime import date

import pytest

from weilian.batch_build.workers import here
from weilian.batch_folder import BatchOptions, BatchPlace, write_batch_folder
from weilian.batchfile import BatchFile
from weilian.gs1 import Gtin, Lot
from weilian.keys import BrandSeed
from weilian.serials import SerialRule

PLACE = BatchPlace(
    31337,
    "0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
)
SEED = BrandSeed(bytes(range(32)))
PART_LEAVES = 8


class LostError(Exception):
    """The run is interrupted."""


@dataclass
class Interrupted:
    """Builds some parts and then breaks off; notes which it was asked for and which it built."""

    after: int
    asked: list[int] = field(default_factory=list)

    def __call__(self, job, parts):
        for built, part in enumerate(parts):
            if built == self.after:
                raise LostError
            self.asked.append(part.number)
            yield from here(job, [part])


def create_items(count=20, lot="L1", expiry=date(2029, 1, 1)):
    return BatchFile(Gtin("9521234001010"), Lot(lot), None, expiry, SerialRule(count))


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr("weilian.batch_build.part.PART_LEAVES", PART_LEAVES)
    monkeypatch.setattr("weilian.batch_build.part.SHORT_CODE_PART_LEAVES", PART_LEAVES)


@pytest.fixture
def build(tmp_path):
    def _build(items=None, builder=here, *, seed=SEED, **options):
        return write_batch_folder(
            tmp_path,
            items or create_items(),
            PLACE,
            seed,
            options=BatchOptions(**options),
            build=builder,
        )

    return _build
