"""Pages in both languages: each leads to the other, and says as much."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHINESE = sorted([*ROOT.glob("docs/*.zh-CN.md"), ROOT / "README.zh-CN.md"])
ENGLISH = [page.with_name(page.name.replace(".zh-CN", "")) for page in CHINESE]
PAIRS = list(zip(ENGLISH, CHINESE, strict=True))
NAMES = [english.stem for english in ENGLISH]
# Rows that both languages name alike: numbers such as M1, and what is typed.
ROW_NAME = re.compile(r"^\| ([A-Z]?\d+|`[^|]*`) \|", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
HEADING = re.compile(r"^#+ ", re.MULTILINE)


def prose_of(page):
    """The text of a page without its code."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=NAMES)
def test_pages__in_both_languages__lead_to_each_other(english, chinese):
    assert f"\n\n[中文]({chinese.name})\n\n" in english.read_text()
    assert f"\n\n[English]({english.name})\n\n" in chinese.read_text()


@pytest.mark.parametrize(("english", "chinese"), PAIRS, ids=NAMES)
def test_pages__in_both_languages__have_same_headings_and_rows(english, chinese):
    texts = [prose_of(page) for page in (english, chinese)]

    levels = [HEADING.findall(text) for text in texts]
    rows = [ROW_NAME.findall(text.replace("`、`", "`, `")) for text in texts]

    assert levels[0] == levels[1]
    assert rows[0] == rows[1]


@pytest.mark.parametrize(
    "page", sorted({*ROOT.glob("docs/*.md"), *ROOT.glob("*.md")}), ids=lambda page: page.name
)
def test_pages__link_to_file__is_there(page):
    missing = [link for link in LINK.findall(prose_of(page)) if not (page.parent / link).exists()]

    assert missing == []
