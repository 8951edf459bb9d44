"""Linksets (RFC 9264) as GS1-conformant resolvers serve them for a Digital Link.

A brand's resolver answers `?linkType=linkset` with such a document; any static web server can, as
`application/linkset+json`. It says where to read more of an item, never whether it is genuine.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any
from urllib.parse import quote, urlsplit

from weilian.gs1.digital_link import DigitalLink
from weilian.gs1.errors import Gs1Error

VOCABULARY = "https://ref.gs1.org/voc/"
MEDIA_TYPE = "application/linkset+json"

_PLACEHOLDER = re.compile(r"\{([a-z]*)\}")
_MEDIA_TYPE = re.compile(r"[a-z0-9]+/[a-z0-9][-+.a-z0-9]*")


class LinkType(Enum):
    """What is behind a link, by its term in GS1's web vocabulary."""

    PRODUCT_PAGE = "pip"
    TRACEABILITY = "traceability"
    EPCIS = "epcis"
    CERTIFICATION = "certificationInfo"
    VERIFICATION = "verificationService"
    RECALL = "recallStatus"
    INSTRUCTIONS = "instructions"

    @property
    def relation(self) -> str:
        """The relation in full, as linksets have it."""
        return VOCABULARY + self.value


DEFAULT_LINK = f"{VOCABULARY}defaultLink"
DEFAULT_LINK_MULTI = f"{VOCABULARY}defaultLinkMulti"


class LinkTargetError(Gs1Error):
    """A link that cannot stand in a linkset."""


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a kind of link leads, with its title in each language.

    `href` is an http(s) URL in which `{gtin}`, `{lot}`, `{serial}` and `{lang}` stand for the
    item's own and for the language of the title; `titles` maps languages, such as `en` and `zh`.
    """

    type: LinkType
    href: str
    titles: tuple[tuple[str, str], ...]
    media_type: str = "text/html"

    def __post_init__(self) -> None:
        unknown = {*_PLACEHOLDER.findall(self.href)} - {"gtin", "lot", "serial", "lang"}
        if unknown:
            raise _wrong(self.href, "a link has only {gtin}, {lot}, {serial} and {lang} in it")
        try:
            parts = urlsplit(_PLACEHOLDER.sub("x", self.href))
            is_url = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            is_url = False
        if not is_url or not self.href.isascii() or re.search(r"[\s<>\"]", self.href):
            raise _wrong(self.href, "a link is an http(s) URL in ASCII")
        if not self.titles or not all(title.strip() for _, title in self.titles):
            raise _wrong(self.href, "a link needs a title in each of its languages")
        if not all(re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", lang) for lang, _ in self.titles):
            raise _wrong(self.href, "a language is two letters, such as en or zh-CN")
        if not _MEDIA_TYPE.fullmatch(self.media_type):
            raise _wrong(self.media_type, "a media type is like text/html")

    def links(self, item: DigitalLink) -> list[dict[str, Any]]:
        """Return the link objects for an item, one for each language."""
        return [
            {
                "href": self._href(item, lang),
                "title": title,
                "type": self.media_type,
                "hreflang": [lang],
            }
            for lang, title in self.titles
        ]

    def _href(self, item: DigitalLink, lang: str) -> str:
        values = {
            "gtin": item.gtin.value,
            "lot": item.lot.value if item.lot else "",
            "serial": item.serial.value if item.serial else "",
            "lang": lang,
        }
        return _PLACEHOLDER.sub(lambda found: quote(values[found[1]], safe=""), self.href)


def linkset(item: DigitalLink, description: str, targets: Sequence[LinkTarget]) -> dict[str, Any]:
    """Return the linkset of an item, whose default link is the first target in its first language.

    The anchor is the item's Digital Link without its hidden code; `description` is for people.
    Raises LinkTargetError without a target or description.
    """
    if not targets:
        raise _wrong(str(item), "a linkset needs at least one link")
    if not description.strip():
        raise _wrong(str(item), "a linkset needs a description of the item")
    first = targets[0].links(item)
    context: dict[str, Any] = {"anchor": str(item), "itemDescription": description}
    context[DEFAULT_LINK] = first[:1]
    if len(first) > 1:
        context[DEFAULT_LINK_MULTI] = first
    for target in targets:
        context.setdefault(target.type.relation, []).extend(target.links(item))
    return {"linkset": [context]}


def to_json(document: dict[str, Any]) -> str:
    """Write a linkset, to be served as `application/linkset+json`."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def file_name(item: DigitalLink) -> str:
    """Return a name for the file of an item's linkset: lots and serials may hold slashes."""
    values: Iterable[str] = (part.value for part in (item.gtin, item.lot, item.serial) if part)
    return "_".join(quote(value, safe="") for value in values) + ".linkset.json"


def _wrong(value: str, rule: str) -> LinkTargetError:
    return LinkTargetError(value, rule, 1)
