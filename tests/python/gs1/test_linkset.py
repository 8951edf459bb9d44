import json

import pytest
from jsonschema import Draft7Validator

from tests.python.examples import PUBLIC_DATA, TEA
from weilian.gs1 import DigitalLink
from weilian.gs1.linkset import (
    DEFAULT_LINK,
    DEFAULT_LINK_MULTI,
    LinkTarget,
    LinkTargetError,
    LinkType,
    file_name,
    linkset,
    to_json,
)
from weilian.linkfile import LinkFileError, load_links

SCHEMA = PUBLIC_DATA / "linkset" / "gs1-linkset-schema.json"
ITEM = DigitalLink.parse("https://tea.example/01/09521234001010/10/L%2F1/21/S%2F1#CODE")
TITLES = "titles: {en: A}"
PAGE = LinkTarget(
    LinkType.PRODUCT_PAGE,
    "https://tea.example/{lang}/{gtin}/{lot}/{serial}",
    (("en", "Tea"), ("zh", "茶")),
)


def test_linkset__item__has_anchor_default_link_and_titles_in_both_languages():
    [context] = linkset(ITEM, "Tea · 茶", [PAGE])["linkset"]

    assert context["anchor"] == "https://tea.example/01/09521234001010/10/L%2F1/21/S%2F1"
    assert context["itemDescription"] == "Tea · 茶"
    assert context[DEFAULT_LINK] == context[DEFAULT_LINK_MULTI][:1]
    assert context["https://ref.gs1.org/voc/pip"] == [
        {
            "href": f"https://tea.example/{lang}/09521234001010/L%2F1/S%2F1",
            "title": title,
            "type": "text/html",
            "hreflang": [lang],
        }
        for lang, title in (("en", "Tea"), ("zh", "茶"))
    ]


def test_linkset__hidden_code__is_nowhere_in_it():
    assert "CODE" not in to_json(linkset(ITEM, "Tea", [PAGE]))


def test_linkset__two_links_of_a_type__are_listed_together():
    other = LinkTarget(LinkType.PRODUCT_PAGE, "https://shop.example/", (("en", "Shop"),))

    [context] = linkset(ITEM, "Tea", [PAGE, other])["linkset"]

    assert [link["title"] for link in context[LinkType.PRODUCT_PAGE.relation]] == [
        "Tea",
        "茶",
        "Shop",
    ]


@pytest.mark.parametrize("level", [3, 2, 1], ids=["item", "lot", "product"])
def test_linkset__each_level_with_the_example_links__fits_the_schema_of_gs1(level):
    if not SCHEMA.exists():
        pytest.skip("needs GS1's linkset schema in ../shared/data/linkset")
    said = load_links(TEA / "links.yaml")
    parts = (ITEM.gtin, ITEM.lot, ITEM.serial)[:level]

    document = json.loads(to_json(linkset(DigitalLink(*parts), said.description, said.targets)))

    Draft7Validator(json.loads(SCHEMA.read_text())).validate(document)
    assert len(document["linkset"][0]) == 2 + 2 + len(said.links)


def test_linkset__schema_of_gs1__refuses_a_link_without_title():
    if not SCHEMA.exists():
        pytest.skip("needs GS1's linkset schema in ../shared/data/linkset")
    document = linkset(ITEM, "Tea", [PAGE])
    del document["linkset"][0][DEFAULT_LINK][0]["title"]

    assert not Draft7Validator(json.loads(SCHEMA.read_text())).is_valid(document)


@pytest.mark.parametrize(
    ("href", "rule"),
    [
        ("javascript:alert(1)", "http"),
        ("https://", "http"),
        ("https://[x", "http"),
        ("https://tea.example/ x", "http"),
        ("https://茶.example/", "ASCII"),
        ("https://tea.example/{code}", "only {gtin}"),
        ("", "http"),
    ],
)
def test_link_target__wrong_href__is_refused(href, rule):
    with pytest.raises(LinkTargetError, match=rule):
        LinkTarget(LinkType.PRODUCT_PAGE, href, (("en", "Tea"),))


@pytest.mark.parametrize(
    ("titles", "media_type", "rule"),
    [
        ((), "text/html", "needs a title"),
        ((("en", " "),), "text/html", "needs a title"),
        ((("english", "Tea"),), "text/html", "two letters"),
        ((("en", "Tea"),), "html", "media type"),
    ],
)
def test_link_target__wrong_title_or_media_type__is_refused(titles, media_type, rule):
    with pytest.raises(LinkTargetError, match=rule):
        LinkTarget(LinkType.PRODUCT_PAGE, "https://tea.example", titles, media_type)


@pytest.mark.parametrize(
    ("description", "targets", "rule"), [("Tea", [], "one link"), (" ", [PAGE], "description")]
)
def test_linkset__nothing_to_say__is_refused(description, targets, rule):
    with pytest.raises(LinkTargetError, match=rule):
        linkset(ITEM, description, targets)


def test_file_name__lot_and_serial_with_slashes__stays_one_name():
    assert file_name(ITEM) == "09521234001010_L%2F1_S%2F1.linkset.json"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("description: x\nlinks: []", "links"),
        (f"description: x\nlinks:\n- {{type: dpp2, href: 'https://a.example', {TITLES}}}", "type"),
        (f"description: x\nlinks:\n- {{type: pip, href: 'ftp://a.example', {TITLES}}}", "http"),
        ("description: x", "links"),
        ("- 1", "LinkFile"),
    ],
)
def test_load_links__malformed__names_what_is_wrong(tmp_path, text, rule):
    path = tmp_path / "links.yaml"
    path.write_text(text)

    with pytest.raises(LinkFileError, match=rule):
        load_links(path)
