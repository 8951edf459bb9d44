"""Pytest plugin: compile so that code maps to its source, and note what the in-process chain runs.

Loaded by tools/coverage.py with `-p tools.coverage_trace --evm-traces=FOLDER`. Each process writes
a file of its own there; the first one alone compiles, before pytest-xdist starts the others.
"""

import json
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import ape
import ape_solidity.compiler
import pytest
import solcx
from ape.logging import LogLevel, logger
from ape_test.provider import ApeEVMBackend, LocalProvider
from eth.abc import ComputationAPI, OpcodeAPI
from eth.exceptions import Revert
from eth.vm.forks.prague.computation import PragueComputation
from eth.vm.opcode_values import JUMPDEST, JUMPI, REVERT

# Optimizers, the peephole one too, merge and turn jumps; without them every jump keeps its source.
# Via-IR, as the old code generator runs out of stack, and with the one step that helps that.
KEEP_ORDER = dict.fromkeys(
    (
        *("peephole", "inliner", "jumpdestRemover", "orderLiterals"),
        *("deduplicate", "cse", "constantOptimizer"),
    ),
    False,
)
STACK_ONLY = {"yul": True, "yulDetails": {"stackAllocation": True, "optimizerSteps": ":"}}
PLAIN = {"viaIR": True, "optimizer": {"enabled": False, "details": KEEP_ORDER | STACK_ONLY}}
# Such code is up to twice as long as a chain takes.
SIZE_LIMITS = (
    "eth.vm.forks.spurious_dragon.computation.EIP170_CODE_SIZE_LIMIT",
    "eth.vm.forks.shanghai.computation.MAX_INITCODE_SIZE",
)
NO_LIMIT = 2**24  # bytes
OUTPUTS = ["object", "sourceMap", "immutableReferences"]
UNLINKED = re.compile(r"__\$[0-9a-f]{34}\$__")
SELECTOR_BYTES = 4


@dataclass
class CodeRun:
    """What was seen of one code: byte offsets, and the selectors of its reverts."""

    blocks: set[int] = field(default_factory=lambda: {0})  # where runs without a fork began
    jumped: set[int] = field(default_factory=set)  # conditional jumps that were taken
    passed: set[int] = field(default_factory=set)  # conditional jumps that were not
    errors: set[str] = field(default_factory=set)


def _link(evm: dict[str, Any]) -> None:
    """Fill in the addresses of libraries.

    Without optimizer code asks for the address of each library it names. It calls none there: they
    are all internal.
    """
    for name in ("bytecode", "deployedBytecode"):
        if name in evm:
            evm[name]["object"] = UNLINKED.sub("0" * 40, evm[name]["object"])


class Recorder:
    """Keep what solc made and what the chain ran of it."""

    def __init__(self) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.runs: defaultdict[bytes, CodeRun] = defaultdict(CodeRun)
        self._is_on = False
        self._ignored = CodeRun()

    def compile_plainly(self, request: dict[str, Any], **arguments: Any) -> dict[str, Any]:
        """Stand in for `solcx.compile_standard`: no optimizer, source maps wanted."""
        request["settings"] |= PLAIN
        for wanted in request["settings"]["outputSelection"].values():
            wanted["*"] = wanted["*"] + [f"evm.deployedBytecode.{name}" for name in OUTPUTS]
        output: dict[str, Any] = solcx.compile_standard(request, **arguments)
        for path, source in output["sources"].items():
            source |= request["sources"][path]
        for contracts in output["contracts"].values():
            for contract in contracts.values():
                _link(contract["evm"])
        self.outputs.append({key: output.get(key, {}) for key in ("contracts", "sources")})
        return output

    def recorded(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Record what runs within, unless it is a call to a past block.

        So ape repeats a transaction, upon its own result, to trace it: branches that no test asked
        for.
        """

        @wraps(function)
        def recorded(*arguments: Any, **options: Any) -> Any:
            self._is_on = options.get("block_id") is None
            try:
                return function(*arguments, **options)
            finally:
                self._is_on = False

        return recorded

    def watched(self, opcodes: dict[int, OpcodeAPI]) -> dict[int, Callable[..., None]]:
        """Return the opcodes that join, fork or revert a run of code, made to leave a note."""
        jumpdest, jumpi, revert = opcodes[JUMPDEST], opcodes[JUMPI], opcodes[REVERT]

        def watched_jumpdest(computation: ComputationAPI) -> None:
            jumpdest(computation=computation)
            self._run(computation).blocks.add(computation.code.program_counter - 1)

        def watched_jumpi(computation: ComputationAPI) -> None:
            following = computation.code.program_counter
            jumpi(computation=computation)
            run = self._run(computation)
            if computation.code.program_counter == following:
                run.passed.add(following - 1)
                run.blocks.add(following)
            else:
                run.jumped.add(following - 1)

        def watched_revert(computation: ComputationAPI) -> None:
            try:
                revert(computation=computation)
            except Revert:
                self._run(computation).errors.add(computation.output[:SELECTOR_BYTES].hex())
                raise

        return {JUMPDEST: watched_jumpdest, JUMPI: watched_jumpi, REVERT: watched_revert}

    def _run(self, computation: ComputationAPI) -> CodeRun:
        return self.runs[computation.msg.code] if self._is_on else self._ignored

    def write(self, path: Path) -> None:
        """Write everything as JSON, for `tools.coverage_map`."""
        runs = [
            {"code": code.hex(), **{name: sorted(found) for name, found in vars(run).items()}}
            for code, run in self.runs.items()
        ]
        path.write_text(json.dumps({"outputs": self.outputs, "runs": runs}))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the caller say where the trace goes."""
    parser.addoption("--evm-traces", type=Path, required=True, help="folder to write traces to")


def pytest_configure(config: pytest.Config) -> None:
    """Record from before the first compilation to the end of the session."""
    recorder, patch = Recorder(), pytest.MonkeyPatch()
    patch.setattr(ape_solidity.compiler, "compile_standard", recorder.compile_plainly)
    for owner, name in ((ApeEVMBackend, "send_raw_transaction"), (LocalProvider, "send_call")):
        patch.setattr(owner, name, recorder.recorded(getattr(owner, name)))
    for opcode, watched in recorder.watched(PragueComputation.opcodes).items():
        patch.setitem(PragueComputation.opcodes, opcode, watched)
    for limit in SIZE_LIMITS:
        patch.setattr(limit, NO_LIMIT)
    config.add_cleanup(patch.undo)
    process = getattr(config, "workerinput", {}).get("workerid", "first")
    config.add_cleanup(lambda: recorder.write(config.getoption("--evm-traces") / f"{process}.json"))


def pytest_sessionstart() -> None:
    """Compile all before the first test: ape forgets accounts it made when it compiles later."""
    with logger.at_level(LogLevel.WARNING):
        ape.project.load_contracts()
