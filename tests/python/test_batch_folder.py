import stat
from dataclasses import replace

import pytest

from tests.python.examples import TEA
from weilian.batch_folder import (
    BatchFolder,
    BatchFolderError,
    BatchPlace,
    write_batch_folder,
)
from weilian.batchfile import read_batch_file
from weilian.keys import BrandSeed, claim_address
from weilian.merkle import batch_id
from weilian.sealed import read_sealed

ISSUER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"
PLACE = BatchPlace(31337, "0x5FbDB2315678afecb367f032d93F642f64180aa3", ISSUER)
SEED = BrandSeed(bytes(range(32)))
ITEMS = read_batch_file(TEA / "recalled.csv")


def create_folder(parent, **changes):
    options = {"sheets": 1} | changes
    return write_batch_folder(parent, ITEMS, PLACE, SEED, "tea for two", **options)


def test_write_batch_folder__example__holds_record_tree_and_labels(tmp_path):
    folder = create_folder(tmp_path)

    assert folder.path.name == "09521234001010-WYYC-20260425-B"
    assert {path.name for path in folder.path.iterdir()} == {
        "batch.json",
        "tree.json",
        "outer-labels.csv",
        "outer-sheets",
        "inner-labels.csv.age",
    }
    assert folder.record.count == 40
    assert folder.record.batch_id == batch_id(ISSUER, 9521234001010, "WYYC-20260425-B")
    assert BatchFolder.load(folder.path) == folder
    assert folder.tree().root == folder.record.root


def test_write_batch_folder__again__changes_nothing_public(tmp_path):
    first = create_folder(tmp_path)
    before = {name: (first.path / name).read_bytes() for name in ("batch.json", "tree.json")}

    again = create_folder(tmp_path)

    assert again == first
    assert before == {name: (again.path / name).read_bytes() for name in before}


def test_write_batch_folder__secrets__are_private_or_encrypted(tmp_path):
    path = create_folder(tmp_path).path

    inner = read_sealed(path / "inner-labels.csv.age", "tea for two").decode().splitlines()
    code = inner[1].split(",")[2]

    assert claim_address(code) == BatchFolder.load(path).tree().items[0].claim_key
    assert stat.S_IMODE((path / "tree.json").stat().st_mode) == 0o600
    for file in path.rglob("*"):
        assert file.is_dir() or code.encode() not in file.read_bytes()


def test_load__no_batch__is_said(tmp_path):
    with pytest.raises(BatchFolderError, match=r"no batch\.json"):
        BatchFolder.load(tmp_path)


def test_tree__of_another_batch__is_refused(tmp_path):
    folder = create_folder(tmp_path)
    other = replace(folder.record, root=bytes(32))

    with pytest.raises(BatchFolderError, match=r"not the tree of batch\.json"):
        BatchFolder(folder.path, other).tree()
