"""What the coverage tool says was reached is what the chain ran, branch by branch."""

from contextlib import suppress

import pytest
from eth.vm.forks.prague.computation import PragueComputation
from eth_abi import encode
from eth_tester import EthereumTester, PyEVMBackend
from eth_tester.exceptions import TransactionFailed
from eth_utils import function_signature_to_4byte_selector, to_hex

from tools.compiler import SOLC_VERSION
from tools.coverage import Report, find_faults
from tools.coverage_map import Goal, is_ours, read_goals, read_marks
from tools.coverage_trace import Recorder

PATH = "contracts/probe/Probe.sol"
GAS = 2_000_000
LARGE, SMALL = 10, 1  # on either side of the 5 that every branch of the probe asks for
FORMS = {
    "byIf": "if (x > 5) y = 1;",
    "byElse": "if (x > 5) { y = 1; } else { y = 2; }",
    "byFor": "for (; x > 5; ) return 1;",
    "byWhile": "while (x > 5) return 1;",
    "byDo": "do { if (++y == 2) return y; } while (x > 5);",
    "byChoice": "return x > 5 ? 1 : 2;",
    "byAnd": "if (x > 5 && x < 99) y = 1;",
    "byOr": "if (x > 5 || x == 0) y = 1;",
    "byBreak": "for (; y < 1; ++y) { if (x > 5) break; }",
    "byForAnd": "for (; x > 5 && y == 0; ) ++y;",
    "byWhileOr": "while (x > 5 || x == 3) return 1;",
    "byRevert": "if (x > 5) return 1;\n revert Probe_Small(x);",
}
FUNCTIONS = "\n".join(
    f"function {name}(uint256 x) external pure returns (uint256 y) {{ {body} }}"
    for name, body in FORMS.items()
)
SOURCE = f"""// SPDX-License-Identifier: MIT
pragma solidity {SOLC_VERSION};
library ProbeLib {{
    function isSmall(uint256 x) internal pure returns (bool) {{ return x <= 5; }}
}}
contract Probe {{
    error Probe_Zero(); // 零
    error Probe_Small(uint256 x);
    uint256 public immutable LIMIT;
    modifier onlyLarge(uint256 x) {{ if (x > 5) _; }}
    constructor(uint256 limit) {{
        if (limit == 0) revert Probe_Zero();
        LIMIT = limit;
    }}
    function guarded(uint256 x) external view onlyLarge(x) returns (uint256) {{
        return LIMIT;
    }}
    function byLibrary(uint256 x) external pure returns (bool) {{
        return ProbeLib.isSmall(x) || x == 7;
    }}
    function byAssembly(uint256 x) external pure returns (uint256 y) {{
        assembly {{
            if gt(x, 5) {{ y := 1 }}
        }}
    }}
    {FUNCTIONS}
}}
"""


class Lab:
    """The probe on a chain of its own, watched."""

    def __init__(self, output, recorder):
        self.output, self.recorder = output, recorder
        tester = EthereumTester(PyEVMBackend())
        self.receipt_of = tester.get_transaction_receipt
        self.sender = tester.get_accounts()[0]
        self.send = recorder.recorded(tester.send_transaction)
        self.call = recorder.recorded(lambda call, **_: tester.call(call))

    def deploy(self, limit):
        evm = self.output["contracts"][PATH]["Probe"]["evm"]
        data = f"0x{evm['bytecode']['object']}{encode(['uint256'], [limit]).hex()}"
        sent = self.send({"from": self.sender, "to": "", "data": data, "gas": GAS})
        return self.receipt_of(sent)["contract_address"]

    def ask(self, probe, function, x, **options):
        data = function_signature_to_4byte_selector(f"{function}(uint256)") + encode(
            ["uint256"], [x]
        )
        with suppress(TransactionFailed):
            self.call({"from": self.sender, "to": probe, "data": to_hex(data)}, **options)

    def report(self):
        runs = [{"code": code.hex(), **vars(run)} for code, run in self.recorder.runs.items()]
        return Report(read_goals([self.output]), read_marks([self.output], runs))

    def missed(self, text):
        misses = [goal.miss for _, goal in self.report().missed("branch", "error")]
        return [miss for miss in misses if text in miss]


@pytest.fixture(scope="module")
def output():
    recorder = Recorder()
    selection = {PATH: {"*": ["evm.bytecode.object", "evm.bytecode.sourceMap"], "": ["ast"]}}
    request = {
        "language": "Solidity",
        "sources": {PATH: {"content": SOURCE}},
        "settings": {"evmVersion": "prague", "outputSelection": selection},
    }
    recorder.compile_plainly(request, solc_version=SOLC_VERSION)
    return recorder.outputs[0]


@pytest.fixture
def lab(output, monkeypatch):
    recorder = Recorder()
    for opcode, watched in recorder.watched(PragueComputation.opcodes).items():
        monkeypatch.setitem(PragueComputation.opcodes, opcode, watched)
    return Lab(output, recorder)


@pytest.mark.parametrize("function", FORMS)
@pytest.mark.parametrize(
    ("arguments", "outcomes"),
    [((), ["false", "true"]), ((LARGE,), ["false"]), ((SMALL,), ["true"]), ((LARGE, SMALL), [])],
)
def test_coverage__branch_of_any_form__is_missed_where_it_was_not_taken(
    lab, function, arguments, outcomes
):
    probe = lab.deploy(LARGE)

    for argument in arguments:
        lab.ask(probe, function, argument)

    asked = f"Probe.{function}: x > 5 is"
    assert lab.missed(asked) == [f"{asked} never {outcome}" for outcome in outcomes]


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ([LARGE], ["limit == 0 is never true", "Probe_Zero is never raised"]),
        ([0], ["limit == 0 is never false"]),
        ([0, LARGE], []),
    ],
)
def test_coverage__constructor__is_followed_like_any_function(lab, limits, left):
    for limit in limits:
        lab.deploy(limit)

    missed = lab.missed("limit == 0") + lab.missed("Probe_Zero")

    assert [miss.removeprefix("Probe.constructor: ") for miss in missed] == left


def test_coverage__modifier_and_immutable__are_recognised(lab):
    probe = lab.deploy(LARGE)

    lab.ask(probe, "guarded", SMALL)

    assert lab.missed("Probe.onlyLarge") == ["Probe.onlyLarge: x > 5 is never true"]


def test_coverage__library_is_named__code_is_linked(lab):
    probe = lab.deploy(LARGE)

    for argument in (LARGE, SMALL):
        lab.ask(probe, "byLibrary", argument)

    assert lab.missed("Probe.byLibrary") == []


def test_coverage__error_raised__is_reached_where_its_code_reverts(lab):
    probe = lab.deploy(LARGE)

    before = lab.missed("Probe_Small")
    lab.ask(probe, "byRevert", SMALL)

    assert before == ["Probe_Small is never raised"]
    assert lab.missed("Probe_Small") == []


def test_coverage__lines__count_only_statements_that_ran(lab):
    probe = lab.deploy(LARGE)
    line = SOURCE[: SOURCE.index("return LIMIT")].count("\n") + 1

    lab.ask(probe, "guarded", SMALL)
    before = (PATH, line) in lab.report().marks
    lab.ask(probe, "guarded", LARGE)

    assert not before
    assert (PATH, line) in lab.report().marks


def test_coverage__assembly__is_not_counted(lab):
    first = SOURCE[: SOURCE.index("if gt")].count("\n") + 1

    lines = [goal.line for goals in lab.report().goals.values() for goal in goals]

    assert lab.missed("byAssembly") == []
    assert first not in lines


def test_recorded__call_to_a_past_block__is_not_counted(lab):
    probe = lab.deploy(LARGE)

    lab.ask(probe, "byIf", LARGE, block_id=1)

    assert len(lab.missed("Probe.byIf")) == 2


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("contracts/commerce/Ledger.sol", True),
        ("contracts/mocks/Actor.sol", False),
        ("contracts/.cache/openzeppelin/5.7.0/token/ERC20.sol", False),
        ("node_modules/@openzeppelin/contracts/token/ERC20.sol", False),
    ],
)
def test_is_ours__path__is_judged_by_its_folder(path, expected):
    assert is_ours(path) == expected


def report_with(branches_reached, error_reached=True):
    """A report of a hundred branches and an error."""
    branches = [Goal("branch", n, f"branch {n}", (PATH, n)) for n in range(100)]
    marks = {branch.mark for branch in branches[:branches_reached]}
    error = Goal("error", 1, "Probe_Zero is never raised", ("aa",))
    return Report({PATH: [*branches, error]}, marks | ({error.mark} if error_reached else set()))


@pytest.mark.parametrize(
    ("report", "exceptions", "faults"),
    [
        (report_with(95), {}, []),
        (report_with(94), {}, ["6 of 100 branches are missed, 95 % should be reached"]),
        (report_with(94), {"branch 99": "unreachable"}, []),
        (report_with(99, error_reached=False), {}, ["Probe_Zero is never raised"]),
        (report_with(99, error_reached=False), {"Probe_Zero is never raised": "why"}, []),
        (
            report_with(100),
            {"branch 7": "was hard"},
            ["not so, remove it from coverage_exceptions.yaml: branch 7"],
        ),
    ],
)
def test_find_faults__report__is_held_to_threshold_errors_and_exceptions(
    report, exceptions, faults
):
    found = list(find_faults(report, exceptions))

    assert found == faults
