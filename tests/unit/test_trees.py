"""Every test file tells the same as the tree of branches beside it."""

from pathlib import Path

import pytest

from tests.support.trees import actual_tests, expected_tests

HERE = Path(__file__).parent
TEST_FILES = sorted(HERE.glob("*/test_*.py"))
TREES = sorted(HERE.glob("*/*.tree"))


@pytest.mark.parametrize("source", TEST_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_tree__beside_each_test_file__names_its_tests(source):
    tree = source.with_suffix(".tree").read_text(encoding="utf-8")

    names = expected_tests(tree)

    assert actual_tests(source) == names
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("tree", TREES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_tree__without_test_file__does_not_exist(tree):
    assert tree.with_suffix(".py").exists()


@pytest.mark.parametrize(
    ("tree", "complaint"),
    [
        ("f\n├── it works", "has no condition"),
        ("f\n└── when a\n        └── it works", "is deeper than its condition"),
        ("f\nwhen a", "is not a branch"),
        ("f\n└── if a", "begins with no when, given or it"),
    ],
)
def test_expected_tests__malformed_tree__fails(tree, complaint):
    with pytest.raises(AssertionError, match=complaint):
        expected_tests(tree)
