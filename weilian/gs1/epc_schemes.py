"""EPC schemes: how the parts of an EPC URN make up GS1 keys (EPC Tag Data Standard 2.0, 6.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from weilian.gs1.check_digits import with_check_digit

PREFIX_LENGTHS = range(6, 13)
ANY = "*"
"""What stands for every serial in a pattern."""

IN_KEY = ""
PIECE_LENGTH = 2


@dataclass(frozen=True, slots=True)
class Scheme:
    """One scheme: `urn:epc:<kind>:<name>:<prefix>.<reference>[.<piece>.<total>][.<serial>]`.

    `digits` counts company prefix and reference together, None where the reference is text.
    `serial` is the application identifier of the serial, IN_KEY where it ends the key, or None.
    In the key, `leads` puts the reference's first digit before the prefix, `lead` stands before
    all. `absent` is what the serial is where there is none.
    """

    name: str
    key: str
    digits: int | None
    serial: str | None = None
    leads: bool = False
    lead: str = ""
    pieces: int = 0
    absent: str | None = None
    kind: str = "id"

    @property
    def part_count(self) -> int:
        """How many parts the URN has after the scheme's name."""
        return 2 + self.pieces + (self.serial is not None)

    def elements(self, parts: Sequence[str], serial: str | None) -> list[tuple[str, str]]:
        """Put unescaped parts, and the serial if there is one, together to key and qualifier.

        Where `digits` says so, prefix and reference must be digits.
        """
        prefix, reference, *pieces = parts
        key = self._key(prefix, reference) + "".join(pieces)
        if serial is None or serial == self.absent:
            return [(self.key, key)]
        if self.serial:
            return [(self.key, key), (self.serial, serial)]
        return [(self.key, key + serial)]

    def parts(self, key: str, prefix_length: int) -> tuple[list[str], str]:
        """Take a key apart, the opposite of `elements`: its parts, and the serial that ends it."""
        body = key.removeprefix(self.lead)
        front = body[:1] if self.leads else ""
        rest = body[len(front) :]
        prefix, reference = rest[:prefix_length], front + rest[prefix_length:]
        if self.digits is None:
            return [prefix, reference], ""
        parts = [prefix, reference[: self.digits - prefix_length]]
        tail = body[self.digits + 1 :]
        if self.pieces:
            return [*parts, tail[:PIECE_LENGTH], tail[PIECE_LENGTH:]], ""
        return parts, tail

    def _key(self, prefix: str, reference: str) -> str:
        if self.digits is None:
            return prefix + reference
        front = reference[:1] if self.leads else ""
        return self.lead + with_check_digit(front + prefix + reference[len(front) :])


_ALL = (
    Scheme("sgtin", "01", 13, "21", leads=True),
    Scheme("lgtin", "01", 13, "10", leads=True, kind="class"),
    Scheme("upui", "01", 13, "235", leads=True),
    Scheme("sscc", "00", 17, leads=True),
    Scheme("sgln", "414", 12, "254", absent="0"),
    Scheme("pgln", "417", 12),
    Scheme("grai", "8003", 12, IN_KEY, lead="0"),
    Scheme("giai", "8004", None),
    Scheme("gsrn", "8018", 17),
    Scheme("gsrnp", "8017", 17),
    Scheme("gdti", "253", 12, IN_KEY),
    Scheme("sgcn", "255", 12, IN_KEY),
    Scheme("cpi", "8010", None, "8011"),
    Scheme("ginc", "401", None),
    Scheme("gsin", "402", 16),
    Scheme("itip", "8006", 13, "21", leads=True, pieces=2),
)

SCHEMES = {scheme.name: scheme for scheme in _ALL}
"""By the names in URNs."""

FINEST_QUALIFIERS = {
    "01": ("21", "235", "10"),
    "414": ("254",),
    "8006": ("21", "10"),
    "8010": ("8011",),
}
"""The qualifiers that tell things apart, by key, the finest first."""
