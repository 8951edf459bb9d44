"""Run the contract tests on the in-process chain and tell what of the Solidity they never reach.

`python -m tools.coverage`, or with pytest arguments in place of the test folders.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from tools.coverage_map import Goal, Json, Mark, read_goals, read_marks
from tools.steps import NODE_MODULES, ROOT

TESTS = ("tests/unit", "tests/stateful")
PARALLEL = ("-n", "logical", "--maxprocesses", "8", "--dist", "loadfile")
LEAST_BRANCHES = 95  # percent
EXCEPTIONS = ROOT / "tools" / "coverage_exceptions.yaml"
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "out")
KINDS = ("line", "branch", "error")


@dataclass(frozen=True)
class Report:
    """What there is to reach, by file, and the marks of what was reached."""

    goals: dict[str, list[Goal]]
    marks: set[Mark]

    def row(self, name: str, paths: Iterable[str]) -> str:
        """Return a row of the table: for each kind, how many of how many were reached."""
        goals = [goal for path in paths for goal in self.goals[path]]
        ratios = []
        for kind in KINDS:
            marks = [goal.mark for goal in goals if goal.kind == kind]
            reached = sum(mark in self.marks for mark in marks)
            ratios.append(f"{reached}/{len(marks)}" if marks else "")
        return f"| {' | '.join([name, *ratios])} |"

    def missed(self, *kinds: str) -> Iterator[tuple[str, Goal]]:
        """Yield the goals of these kinds that were not reached, with their files."""
        for path, goals in self.goals.items():
            for goal in goals:
                if goal.kind in kinds and goal.mark not in self.marks:
                    yield path, goal


def main() -> int:
    """Run, report, and return 1 if a test fails or the tests reach too little."""
    tests = sys.argv[1:] or [path for path in TESTS if (ROOT / path).is_dir()]
    with tempfile.TemporaryDirectory(prefix="coverage-") as folder:
        project, traces = Path(folder, "project"), Path(folder, "traces")
        traces.mkdir()
        copy_project(project)
        print(f"coverage: compiling without optimizer, then {' '.join(tests)}", flush=True)
        exit_code = run_tests(project, traces, tests)
        outputs, runs = read_traces(traces)
    if not runs:
        print("coverage: the tests did not start", file=sys.stderr)
        return 1
    report = Report(read_goals(outputs), read_marks(outputs, runs))
    exceptions = yaml.safe_load(EXCEPTIONS.read_text())
    print("\n".join(render(report, exceptions)))
    faults = list(find_faults(report, exceptions))
    if exit_code != 0:
        faults.append(f"the tests ended with exit code {exit_code}")
    for fault in faults:
        print(f"coverage: {fault}", file=sys.stderr)
    return 1 if faults else 0


def copy_project(target: Path) -> None:
    """Copy the checkout, so that its own build cache never holds code without optimizer."""
    shutil.copytree(ROOT, target, ignore=NOT_COPIED)
    (target / "node_modules").symlink_to(NODE_MODULES)


def run_tests(project: Path, traces: Path, tests: list[str]) -> int:
    """Run pytest in the project with the recording plugin; return its exit code."""
    plugin = ["-p", "tools.coverage_trace", f"--evm-traces={traces}"]
    command = [sys.executable, "-m", "pytest", *plugin, *PARALLEL, *tests]
    # What ape keeps of npm packages in the home folder can be of another project, and larger.
    environment = {**os.environ, "APE_DATA_FOLDER": str(traces.with_name("ape"))}
    return subprocess.run(command, cwd=project, env=environment).returncode


def read_traces(traces: Path) -> tuple[list[Json], list[Json]]:
    """Return what solc made and what the chains ran of it, of all processes together."""
    outputs, runs = [], []
    for path in sorted(traces.iterdir()):
        seen = json.loads(path.read_text())
        outputs += seen["outputs"]
        runs += seen["runs"]
    return outputs, runs


def find_faults(report: Report, exceptions: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong, a sentence each; `exceptions` are reasons by what was missed."""
    total = sum(goal.kind == "branch" for goals in report.goals.values() for goal in goals)
    missed = sum(goal.miss not in exceptions for _, goal in report.missed("branch"))
    if 100 * (total - missed) < LEAST_BRANCHES * total:
        yield f"{missed} of {total} branches are missed, {LEAST_BRANCHES} % should be reached"
    yield from (goal.miss for _, goal in report.missed("error") if goal.miss not in exceptions)
    causes = {goal.miss for _, goal in report.missed("branch", "error")}
    for miss in exceptions.keys() - causes:
        yield f"not so, remove it from {EXCEPTIONS.name}: {miss}"


def render(report: Report, exceptions: dict[str, str]) -> Iterator[str]:
    """Yield the lines of the report: a Markdown table, then every miss."""
    yield "\n| file | lines | branches | errors |\n|---|--:|--:|--:|"
    for path in report.goals:
        yield report.row(path.removeprefix("contracts/"), [path])
    yield report.row("**all**", report.goals)
    for path, goal in report.missed("branch", "error"):
        reason = f" ({exceptions[goal.miss]})" if goal.miss in exceptions else ""
        yield f"{path}:{goal.line} {goal.miss}{reason}"


if __name__ == "__main__":
    sys.exit(main())
