"""Digital Links with any GS1 key (GS1 Digital Link Standard: URI Syntax 1.6, ISO/IEC 18975).

The path holds the key and its qualifiers in the standard's order, the query data attributes by
their application identifiers: `https://id.gs1.org/01/09521234001010/10/LOT-1?17=290519`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Self
from urllib.parse import unquote_plus

from weilian.gs1.application_identifiers import ApplicationIdentifier, table
from weilian.gs1.element_string import ElementString
from weilian.gs1.elements import Element, find_misfit
from weilian.gs1.errors import DigitalLinkError, Flaw
from weilian.gs1.link_text import CANONICAL_DOMAIN, DOMAIN_RULE, LinkText, Pair, is_domain
from weilian.gs1.percent_encoding import encode

_GTIN = "01"
_GTIN_LENGTH = 14
_SHORT_GTIN_LENGTHS = (8, 12, 13)


@dataclass(frozen=True, slots=True)
class LinkUri:
    """A key, its qualifiers and its data attributes under a domain; made by `parse` and `of`.

    `parameters` are what else is in the query, as it stands there. `fragment` is what follows `#`;
    it may be a secret, so neither `str()` nor `repr()` has it.
    """

    key: Element
    qualifiers: tuple[Element, ...] = ()
    attributes: tuple[Element, ...] = ()
    domain: str = CANONICAL_DOMAIN
    parameters: tuple[str, ...] = ()
    fragment: str = field(default="", repr=False, compare=False)

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        allow_aliases: bool = False,
        allow_short_gtin: bool = False,
        check_pairs: bool = True,
    ) -> Self:
        """Read a Digital Link; its right-most key counts, what stands before is a stem.

        `allow_aliases` takes the deprecated names, as `/gtin/`; `allow_short_gtin` takes GTINs of
        8, 12 and 13 digits in the path, as before version 1.2; `check_pairs` asks that required
        elements are there and excluded ones are not. Raises DigitalLinkError.
        """
        link = LinkText.parse(text, allow_aliases=allow_aliases)
        key, *qualifiers = [
            _judged(link, pair, table()[pair.code], pad=allow_short_gtin) for pair in link.path
        ]
        _check_chain(link, key, qualifiers)
        attributes = _attributes(link, [key, *qualifiers])
        if check_pairs:
            _check_pairs(link, [key, *qualifiers], attributes)
        return cls(
            key=key,
            qualifiers=tuple(qualifiers),
            attributes=tuple(each.element for each in attributes),
            domain=link.domain,
            parameters=tuple(_other_parameters(link)),
            fragment=link.fragment,
        )

    @classmethod
    def of(
        cls,
        pairs: Iterable[tuple[str, str]],
        *,
        domain: str = CANONICAL_DOMAIN,
        check_pairs: bool = True,
    ) -> Self:
        """Build a link of codes and values in any order; the first that can be the key is it.

        Raises DigitalLinkError, whose position counts in the text that the error names: the
        elements, as `(01)...(10)...`, or the link built.
        """
        if not is_domain(domain):
            raise DigitalLinkError(domain, f"{DOMAIN_RULE}, at place 1")
        values = list(pairs)
        _check_values(values)
        key = _key_of(values)
        chain = _longest_chain(key, [code for code, _ in values])
        path = [pair for code in (key, *chain) for pair in values if pair[0] == code]
        query = [pair for pair in values if pair[0] not in (key, *chain)]
        return cls.parse(_text(domain, path, query), check_pairs=check_pairs)

    def __str__(self) -> str:
        return self._with_query(self.domain, self.attributes, self.parameters)

    @property
    def path(self) -> str:
        """The path below the domain, percent-encoded, with the keys in the standard's order."""
        return _path((each.code, each.value) for each in (self.key, *self.qualifiers))

    @property
    def canonical(self) -> str:
        """The same under https://id.gs1.org, attributes sorted by code, no other parameters."""
        attributes = sorted(self.attributes, key=lambda each: each.code)
        return self._with_query(CANONICAL_DOMAIN, attributes, ())

    @property
    def element_string(self) -> ElementString:
        """Key, qualifiers and attributes as an element string."""
        return ElementString((self.key, *self.qualifiers, *self.attributes))

    def parameter(self, name: str) -> str | None:
        """Return a parameter of the query that is no application identifier, as `linkType`."""
        for parameter in self.parameters:
            found, _, value = parameter.partition("=")
            if unquote_plus(found) == name:
                return unquote_plus(value)
        return None

    def _with_query(
        self, domain: str, attributes: Sequence[Element], parameters: Sequence[str]
    ) -> str:
        query = "&".join(
            [*(f"{each.code}={encode(each.value)}" for each in attributes), *parameters]
        )
        return f"https://{domain}{self.path}{'?' if query else ''}{query}"


class _Attribute(NamedTuple):
    element: Element
    place: int


def _text(domain: str, path: list[tuple[str, str]], query: list[tuple[str, str]]) -> str:
    attributes = "&".join(f"{code}={encode(value)}" for code, value in query)
    return f"https://{domain}{_path(path)}{'?' if attributes else ''}{attributes}"


def _path(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f"/{code}/{encode(value)}" for code, value in pairs)


def _key_of(pairs: Sequence[tuple[str, str]]) -> str:
    key = next((code for code, _ in pairs if _chains(code) is not None), None)
    if key is None:
        raise DigitalLinkError(_shown(pairs), "no element of it can be the key, at place 1")
    return key


def _check_values(pairs: Sequence[tuple[str, str]]) -> None:
    for index, (code, value) in enumerate(pairs):
        known = table().get(code)
        found = known.flaw(value) if known else Flaw(0, "GS1 has not assigned it")
        if found:
            before = len(_shown(pairs[:index])) + (len(f"({code})") if known else 1)
            flaw = Flaw(before + found.offset, f"AI ({code}): {found.rule}")
            raise DigitalLinkError.of(_shown(pairs), flaw)


def _shown(pairs: Sequence[tuple[str, str]]) -> str:
    return "".join(f"({code}){value}" for code, value in pairs)


def _chains(code: str) -> tuple[tuple[str, ...], ...] | None:
    known = table().get(code)
    return known.qualifiers if known else None


def _longest_chain(key: str, codes: Sequence[str]) -> tuple[str, ...]:
    present = [tuple(c for c in chain if c in codes) for chain in _chains(key) or ((),)]
    return max(present, key=len)


def _judged(link: LinkText, pair: Pair, known: ApplicationIdentifier, *, pad: bool) -> Element:
    value = pair.value
    missing = 0
    if pad and known.code == _GTIN and len(value) in _SHORT_GTIN_LENGTHS:
        missing = _GTIN_LENGTH - len(value)
    found = known.flaw("0" * missing + value)
    if found:
        place = pair.place_of(max(found.offset - missing, 0))
        link.refuse(place, f"AI ({known.code}): {found.rule}")
    return Element(known, "0" * missing + value)


def _check_chain(link: LinkText, key: Element, qualifiers: Sequence[Element]) -> None:
    codes = [each.code for each in qualifiers]
    chains = key.identifier.qualifiers or ((),)
    for count in range(1, len(codes) + 1):
        if not any(_is_part(codes[:count], chain) for chain in chains):
            allowed = " or ".join("".join(f"/{c}/…" for c in chain) for chain in chains)
            rule = f"key '{codes[count - 1]}' cannot stand there; after /{key.code}/ may follow "
            link.refuse(link.path[count].place, rule + (allowed or "nothing"))


def _is_part(codes: Sequence[str], chain: Sequence[str]) -> bool:
    """Tell whether the codes stand in the chain in this order, some perhaps left out."""
    return [code for code in chain if code in codes] == list(codes)


def _attributes(link: LinkText, in_path: Sequence[Element]) -> list[_Attribute]:
    found: list[_Attribute] = []
    seen = [each.code for each in in_path]
    for pair in link.parameters():
        if not pair.code.isdecimal():
            continue
        known = table().get(pair.code)
        if known is None:
            link.refuse(pair.place, f"query key '{pair.code}' is no application identifier")
        rule = _misplaced(known, seen, in_path)
        if rule:
            link.refuse(pair.place, rule)
        # NOTE: unlike in the path, a GTIN in the query may leave out its zeros in front.
        found.append(_Attribute(_judged(link, pair, known, pad=True), pair.place))
        seen.append(known.code)
    return found


def _misplaced(
    known: ApplicationIdentifier, seen: Sequence[str], in_path: Sequence[Element]
) -> str | None:
    if known.code in seen:
        return f"AI ({known.code}) occurs twice"
    key, *qualifiers = in_path
    path = {known.code, *(each.code for each in qualifiers)}
    if any(path <= set(chain) for chain in key.identifier.qualifiers or ()):
        return f"AI ({known.code}) must stand in the path, not in the query"
    if not known.is_attribute:
        return f"AI ({known.code}) cannot be a data attribute"
    return None


def _other_parameters(link: LinkText) -> Iterable[str]:
    for pair in link.parameters():
        if not pair.code.isdecimal():
            yield f"{pair.code}={pair.raw.replace(' ', '+')}" if pair.code else pair.raw


def _check_pairs(
    link: LinkText, in_path: Sequence[Element], attributes: Sequence[_Attribute]
) -> None:
    misfit = find_misfit([*in_path, *(each.element for each in attributes)])
    if misfit:
        places = [pair.place for pair in link.path] + [each.place for each in attributes]
        link.refuse(places[misfit.index], misfit.rule)
