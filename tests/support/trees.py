"""Trees of branches: each test file has one beside it, and both must tell the same.

    claim                                   the function
    ├── when the deadline is over           a condition: "when" (input) or "given" (state)
    │   └── it reverts (DeadlinePassed)     an outcome; the words in parentheses are a remark

An outcome is tested by `test_claim__deadline_is_over__reverts`: function, innermost condition,
outcome, without articles and apostrophes.
"""

import ast
import re
from pathlib import Path

INDENT = 4
CONDITIONS = ("when ", "given ")


def expected_tests(tree: str) -> list[str]:
    """Name the test of each outcome, in the tree's order."""
    title, *lines = tree.rstrip().splitlines()
    path: list[str] = []
    names = []
    for line in lines:
        branch = re.fullmatch(r"((?:│   |    )*)[├└]── (\S.*)", line)
        assert branch, f"{line!r} is not a branch"
        depth, text = len(branch[1]) // INDENT, branch[2]
        assert depth <= len(path), f"{line!r} is deeper than its condition"
        del path[depth:]
        if text.startswith("it "):
            assert path, f"{line!r} has no condition"
            names.append(f"test_{title}__{_slug(path[-1])}__{_slug(text.removeprefix('it '))}")
        else:
            assert text.startswith(CONDITIONS), f"{line!r} begins with no when, given or it"
            path.append(text.partition(" ")[2])
    return names


def actual_tests(source: Path) -> list[str]:
    """List the test functions of a file, in its order."""
    module = ast.parse(source.read_text(encoding="utf-8"))
    functions = [node.name for node in module.body if isinstance(node, ast.FunctionDef)]
    return [name for name in functions if name.startswith("test_")]


def _slug(text: str) -> str:
    bare = re.sub(r"\(.*?\)|'", "", text.lower())
    words = re.findall(r"[a-z0-9]+", bare)
    return "_".join(word for word in words if word not in ("the", "a", "an"))
