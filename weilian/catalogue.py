"""Products with rates of their own: a file, the Merkle root that a plan commits to, the proofs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from weilian.commission.allocation import packed_rates
from weilian.commission.plan import MAX_LEVELS
from weilian.csvfile import CsvFile
from weilian.errors import WeilianError
from weilian.gs1 import Gtin
from weilian.merkle.standard import StandardMerkleTree
from weilian.yamlfile import MAX_BYTES, load_yaml

BPS_PER_PERCENT = 100
LEAF_TYPES = ("uint64", "uint256")
RATE_COLUMNS = tuple(f"rate_{level}" for level in range(1, MAX_LEVELS + 1))


class CatalogueError(WeilianError, ValueError):
    """A catalogue that cannot be read or lists no such product."""


@dataclass(frozen=True)
class Catalogue:
    """Rates in basis points by level, by the number of the product's GTIN."""

    products: Mapping[int, tuple[int, ...]]

    @cached_property
    def tree(self) -> StandardMerkleTree:
        """The tree of all products, as OpenZeppelin's library builds it over (gtin, rates)."""
        leaves = [(gtin, packed_rates(rates)) for gtin, rates in self.products.items()]
        return StandardMerkleTree.of(leaves, LEAF_TYPES)

    @property
    def root(self) -> bytes:
        """What a plan commits to."""
        return self.tree.root

    @property
    def ceiling_bps(self) -> int:
        """The most that the levels of any product get together."""
        return max(sum(rates) for rates in self.products.values())

    def rates(self, gtin: int) -> tuple[int, ...]:
        """Return a product's rates; raise CatalogueError for one that is not listed."""
        if gtin not in self.products:
            raise CatalogueError(f"the catalogue has no product {gtin:014d}; check its GTIN")
        return self.products[gtin]

    def proof(self, gtin: int) -> list[bytes]:
        """Return what shows the plan book that a product is listed; raises CatalogueError."""
        self.rates(gtin)
        return self.tree.proof(list(self.products).index(gtin))


def basis_points(text: object) -> int:
    """Read a percentage such as '2.5%' in steps of 0.01%; raise ValueError for anything else."""
    if not isinstance(text, str) or not text.endswith("%"):
        raise ValueError("must be a percentage in quotes, like '2.5%'")
    try:
        bps = Decimal(text[:-1].strip()) * BPS_PER_PERCENT
    except ArithmeticError as error:
        raise ValueError("must be a percentage in quotes, like '2.5%'") from error
    if bps != bps.to_integral_value() or not 0 <= bps <= 100 * BPS_PER_PERCENT:
        raise ValueError("must be between 0% and 100%, in steps of 0.01%")
    return int(bps)


def read_catalogue(path: Path) -> Catalogue:
    """Read a catalogue, CSV with the columns gtin,rate_1,… or YAML `gtin: [rate, …]`.

    Raises CatalogueError, CsvFileError.
    """
    products = _read_yaml(path) if path.suffix in (".yaml", ".yml") else _read_csv(path)
    if not products:
        raise CatalogueError(f"{path}: lists no product; leave the catalogue out of the plan")
    return Catalogue(products)


def _read_csv(path: Path) -> dict[int, tuple[int, ...]]:
    with CsvFile(path, ("gtin", RATE_COLUMNS[0]), RATE_COLUMNS[1:]) as file:
        products: dict[int, tuple[int, ...]] = {}
        columns = [column for column in RATE_COLUMNS if column in file.columns]
        for line, row in file.rows():
            gtin = file.read(line, "gtin", row["gtin"], lambda text: int(Gtin(text)))
            rates = [
                file.read(line, column, row[column] or "0%", basis_points) for column in columns
            ]
            if gtin in products:
                file.problem(line, "gtin", row["gtin"], "is listed already")
            if gtin is not None and None not in rates:
                products[gtin] = _trimmed([rate or 0 for rate in rates])
                if not products[gtin]:
                    file.problem(line, "rate_1", row["rate_1"], "some rate must be above 0%")
        file.finish()
        return products


def _read_yaml(path: Path) -> dict[int, tuple[int, ...]]:
    try:
        with path.open("rb") as stream:
            kept = load_yaml(stream.read(MAX_BYTES + 1))
        if not isinstance(kept, dict):
            raise ValueError("must map GTINs in quotes to lists of rates")
        return dict(_product(gtin, rates) for gtin, rates in kept.items())
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise CatalogueError(f"{path}: {error}") from error


def _product(gtin: str, rates: object) -> tuple[int, tuple[int, ...]]:
    if not isinstance(rates, list) or not 1 <= len(rates) <= MAX_LEVELS:
        raise ValueError(f"{gtin}: must be a list of 1 to {MAX_LEVELS} rates")
    trimmed = _trimmed([basis_points(rate) for rate in rates])
    if not trimmed:
        raise ValueError(f"{gtin}: some rate must be above 0%")
    return int(Gtin(gtin)), trimmed


def _trimmed(rates: list[int]) -> tuple[int, ...]:
    while rates and not rates[-1]:
        rates.pop()
    return tuple(rates)
