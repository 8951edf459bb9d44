"""What is wrong with GS1 data: the rule that is broken and the place where."""

from typing import NamedTuple, Self

from weilian.errors import WeilianError

_SHOWN_CHARACTERS = 200


class Flaw(NamedTuple):
    """A broken rule inside a text; `offset` is how many characters stand before the place."""

    offset: int
    rule: str

    def after(self, count: int) -> "Flaw":
        """Return the same flaw of a text that has `count` more characters in front."""
        return Flaw(self.offset + count, self.rule)


class Gs1Error(WeilianError, ValueError):
    """An identity that GS1 does not allow.

    `rule` says what is wrong without the value, `position` where in the text given, from 1.
    """

    name = "value"

    def __init__(self, value: str, rule: str, position: int = 1) -> None:
        super().__init__(f"{self.name} {value[:_SHOWN_CHARACTERS]!r}: {rule}")
        self.value = value
        self.rule = rule
        self.position = position

    @classmethod
    def of(cls, value: str, flaw: Flaw) -> Self:
        """Make the error of a flaw, whose place goes into the rule."""
        position = flaw.offset + 1
        return cls(value, f"{flaw.rule}, at place {position}", position)


class GtinError(Gs1Error):
    """A GTIN that cannot exist."""

    name = "GTIN"


class GlnError(Gs1Error):
    """A GLN that cannot exist."""

    name = "GLN"


class SsccError(Gs1Error):
    """An SSCC that cannot exist."""

    name = "SSCC"


class LotError(Gs1Error):
    """A lot (AI 10) that GS1 does not allow."""

    name = "lot"


class SerialError(Gs1Error):
    """A serial (AI 21) that GS1 does not allow."""

    name = "serial"


class DateError(Gs1Error):
    """A date that does not exist, or that six digits cannot say."""

    name = "date"


class ApplicationIdentifierError(Gs1Error):
    """A code that is no application identifier of GS1."""

    name = "application identifier"


class ElementValueError(Gs1Error):
    """A value that its application identifier does not allow."""

    name = "value"


class ElementStringError(Gs1Error):
    """A text that is no GS1 element string, or whose elements do not go together."""

    name = "element string"


class DigitalLinkError(Gs1Error):
    """A text that is no GS1 Digital Link; the fragment is never repeated."""

    name = "Digital Link"

    def __init__(self, value: str, rule: str, position: int = 1) -> None:
        super().__init__(value.partition("#")[0], rule, position)


class EpcError(Gs1Error):
    """A text that is no EPC URN, or an identity that has none."""

    name = "EPC"
