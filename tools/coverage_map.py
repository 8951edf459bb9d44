"""Find what there is to reach in the sources, and what of it a trace of the chain has reached."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from typing import Any, NamedTuple

LEFT_OUT = (".cache", "demo", "mocks")  # folders of contracts/ that are not the suite
PUSH1, PUSH32, JUMPI, JUMPDEST = 0x60, 0x7F, 0x57, 0x5B
BLOCK_ENDS = {0x00, 0x56, 0x57, 0xF3, 0xFD, 0xFE, 0xFF}  # stop, jump, jumpi, return, revert, ...

# The branches people write, by when solc's jump is taken. An `if` with `else` becomes a switch, and
# so does a `?:`: it jumps for case 0.
LOOPS = {"ForStatement", "WhileStatement", "DoWhileStatement"}
JUMPS_IF_TRUE = {"IfStatement", "&&"}
JUMPS_IF_FALSE = {"IfElseStatement", "Conditional", "||", *LOOPS}

Json = dict[str, Any]
# What a run leaves: path and line; path, place and whether it jumped; or the selector of an error.
Mark = tuple[str | int, ...]


class Goal(NamedTuple):
    """Something that tests should reach."""

    kind: str  # "line", "branch" or "error"
    line: int
    miss: str  # what is to be said if it is not reached
    mark: Mark


class Step(NamedTuple):
    """One instruction: where it is in the code, and what it was made from."""

    offset: int
    opcode: int
    place: Mark  # path, start and length, in bytes; the fork of a loop also says so
    line: int

    @property
    def end(self) -> int:
        """Offset behind it."""
        pushed = self.opcode - PUSH1 + 1 if PUSH1 <= self.opcode <= PUSH32 else 0
        return self.offset + 1 + pushed


class Code(NamedTuple):
    """Creation or runtime code as compiled: its steps; its bytes between the immutables."""

    steps: list[Step]
    fixed: list[tuple[int, bytes]]

    def is_of(self, code: bytes) -> bool:
        """Tell whether code on the chain is this one; what follows (data, arguments) may differ."""
        return all(code.startswith(part, offset) for offset, part in self.fixed)


def read_goals(outputs: list[Json]) -> dict[str, list[Goal]]:
    """Return all goals by path; `outputs` are solc's, with the content of each source added.

    Lines without code of their own are none: solc counts a call without arguments to the function
    around it.
    """
    units = {path: unit for output in outputs for path, unit in output["sources"].items()}
    codes = (code for output in outputs for code in read_codes(output))
    coded: set[Mark] = {(step.place[0], step.line) for code in codes for step in code.steps}
    goals = {
        path: sorted(
            goal
            for goal in set(_goals(path, unit["content"].encode(), unit["ast"]))
            if goal.kind != "line" or goal.mark in coded
        )
        for path, unit in sorted(units.items())
        if is_ours(path)
    }
    return {path: found for path, found in goals.items() if found}


def is_ours(path: str) -> bool:
    """Tell whether a source belongs to the suite."""
    root, folder, *_ = path.split("/")
    return root == "contracts" and folder not in LEFT_OUT


def _goals(path: str, content: bytes, ast: Json) -> Iterator[Goal]:
    for node, owner in _walk(ast, ""):
        start, length = _place(node)
        line, kind = _line(content, start), node["nodeType"]
        if kind == "ErrorDefinition":
            miss = f"{node['name']} is never raised"
            yield Goal("error", line, miss, (node["errorSelector"],))
        elif kind in ("Return", "Break", "Continue") or kind.endswith("Statement"):
            yield Goal("line", line, "", (path, line))
        condition, jumps = _condition(node)
        if condition is not None:
            begin, size = _place(condition)
            text = " ".join(content[begin : begin + size].decode().split())
            line = _line(content, begin)
            mark = _loop(path, condition) if kind in LOOPS else (path, start, length)
            yield Goal("branch", line, f"{owner}: {text} is never true", (*mark, jumps))
            yield Goal("branch", line, f"{owner}: {text} is never false", (*mark, not jumps))


def _walk(node: Any, owner: str) -> Iterator[tuple[Json, str]]:
    """Yield every node below with the `Contract.function` it stands in."""
    if isinstance(node, list):
        for child in node:
            yield from _walk(child, owner)
    elif isinstance(node, dict):
        kind = node.get("nodeType", "")
        if kind.endswith("Definition"):
            owner = f"{owner}.{node['name'] or node['kind']}".lstrip(".")  # constructors: no name
        if kind not in ("", "PlaceholderStatement"):
            yield node, owner
        # What is written in assembly has no place of its own in via-IR's source map.
        for child in node.values() if kind != "InlineAssembly" else ():
            yield from _walk(child, owner)


def _condition(node: Json) -> tuple[Json | None, bool]:
    """Return what a branch depends on, if the node is one, and whether it jumps if that holds.

    Of `&&` and `||` that is the left side: the right one decides nothing there.
    """
    kind, condition = node["nodeType"], node.get("condition")
    if kind == "BinaryOperation":
        kind, condition = node["operator"], node["leftExpression"]
    elif kind == "IfStatement" and node.get("falseBody"):
        kind = "IfElseStatement"
    is_branch = kind in JUMPS_IF_TRUE | JUMPS_IF_FALSE
    return (condition if is_branch else None), kind in JUMPS_IF_TRUE


def _place(node: Json) -> tuple[int, int]:
    start, length, _ = map(int, node["src"].split(":"))
    return start, length


def _loop(path: str, condition: Json) -> Mark:
    """Return the place of a loop's own fork.

    Solc puts it at the condition; `&&` and `||` there fork as well, and before it.
    """
    return (path, *_place(condition), "loop")


def _loops(output: Json) -> dict[Mark, int]:
    """Return how many forks come before the loop's own at each place of a loop's condition."""
    return {
        (path, *_place(node["condition"])): int(node["condition"].get("operator") in ("&&", "||"))
        for path, unit in output["sources"].items()
        for node, _ in _walk(unit["ast"], "")
        if node["nodeType"] in LOOPS and node["condition"]
    }


def _line(content: bytes, offset: int) -> int:
    return content.count(b"\n", 0, offset) + 1


def read_marks(outputs: list[Json], runs: list[Json]) -> set[Mark]:
    """Return what was reached; `runs` are as `tools.coverage_trace` writes them."""
    codes = [code for output in outputs for code in read_codes(output)]
    marks: set[Mark] = set()
    for run in runs:
        on_chain = bytes.fromhex(run["code"])
        code = next((code for code in codes if code.is_of(on_chain)), None)
        if code is not None:
            marks |= set(_marks(code.steps, run))
    return marks


def _marks(steps: list[Step], run: Json) -> Iterator[Mark]:
    blocks, jumped, passed = (set(run[key]) for key in ("blocks", "jumped", "passed"))
    is_running = False
    for step in steps:
        # Whoever runs into a join is noted there, so a join that was not noted ends what ran.
        is_running = step.offset in blocks or (is_running and step.opcode != JUMPDEST)
        if is_running:
            yield step.place[0], step.line
        if step.offset in jumped:
            yield *step.place, True
        if step.offset in passed:
            yield *step.place, False
        is_running = is_running and step.opcode not in BLOCK_ENDS
    yield from ((selector,) for selector in run["errors"])


def read_codes(output: Json) -> Iterator[Code]:
    """Yield creation and runtime code of every contract of the suite."""
    sources = {
        unit["id"]: (path, unit["content"].encode()) for path, unit in output["sources"].items()
    }
    loops = _loops(output)
    for path, contracts in output["contracts"].items():
        for contract in contracts.values() if is_ours(path) else ():
            for compiled in (contract["evm"]["bytecode"], contract["evm"]["deployedBytecode"]):
                if compiled["object"]:  # interfaces and abstract contracts have none
                    yield _code(compiled, sources, loops)


def _code(compiled: Json, sources: dict[int, tuple[str, bytes]], loops: dict[Mark, int]) -> Code:
    code = bytes.fromhex(compiled["object"])
    steps = list(_forked(_steps(code, compiled["sourceMap"], sources), loops))
    references = compiled.get("immutableReferences", {}).values()
    holes = sorted((hole["start"], hole["length"]) for holes in references for hole in holes)
    bounds = [(0, 0), *holes, (steps[-1].end, 0)]
    fixed = [
        (start + length, code[start + length : end])
        for (start, length), (end, _) in pairwise(bounds)
    ]
    return Code(steps, fixed)


def _forked(steps: Iterator[Step], loops: dict[Mark, int]) -> Iterator[Step]:
    """Tell the forks of loops from those of their conditions."""
    before: Counter[Mark] = Counter()
    for step in steps:
        if step.opcode != JUMPI or step.place not in loops:
            yield step
        elif before[step.place] < loops[step.place]:
            before[step.place] += 1
            yield step
        else:
            before[step.place] = 0
            yield step._replace(place=(*step.place, "loop"))


def _steps(code: bytes, source_map: str, sources: dict[int, tuple[str, bytes]]) -> Iterator[Step]:
    """Walk the code along solc's source map, where an empty field repeats the one before."""
    offset, fields = 0, ["", "", ""]
    for entry in source_map.split(";"):
        given = entry.split(":")[:3]
        fields = [new or old for new, old in zip_longest(given, fields)]
        start, length, file = map(int, fields)
        path, content = sources.get(file, ("", b""))
        step = Step(offset, code[offset], (path, start, length), _line(content, start))
        yield step
        offset = step.end
