"""The character sets of GS1 application identifiers (General Specifications, 7.11)."""

import re
from dataclasses import dataclass, field

from weilian.gs1.errors import Flaw


@dataclass(frozen=True, slots=True)
class CharacterSet:
    """Characters that a value may have; `name` is what people call them."""

    name: str
    characters: str
    _stranger: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_stranger", re.compile(f"[^{re.escape(self.characters)}]"))

    def flaw(self, text: str) -> Flaw | None:
        """Return the first character that is not in the set."""
        found = self._stranger.search(text)
        return (
            Flaw(found.start(), f"character {found[0]!r} is not in {self.name}") if found else None
        )


_DIGITS = "0123456789"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LETTERS = _CAPITALS + _CAPITALS.lower()

NUMERIC = CharacterSet("the digits 0 to 9", _DIGITS)
SET_82 = CharacterSet("GS1 set 82", f"!\"%&'()*+,-./{_DIGITS}:;<=>?{_CAPITALS}_{_CAPITALS.lower()}")
"""In the order of their values in check character pairs (7.9.5)."""

SET_39 = CharacterSet("GS1 set 39", f"#-/{_DIGITS}{_CAPITALS}")
SET_64 = CharacterSet("GS1 set 64", f"{_LETTERS}{_DIGITS}-_=")
"""With the sign that pads base64 at the end."""

IMPORTER_INDEX = CharacterSet("the importer index characters", f"-{_DIGITS}{_LETTERS}_")

CHARACTER_SETS = {"N": NUMERIC, "X": SET_82, "Y": SET_39, "Z": SET_64}
"""By the letter that formats of application identifiers use."""
