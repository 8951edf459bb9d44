import csv
import errno
import json
import logging
import stat
from pathlib import Path

import pytest
from pyrage import x25519

from tests.python.batch_build.conftest import (
    PART_LEAVES,
    PLACE,
    SEED,
    Interrupted,
    LostError,
    create_items,
)
from weilian.batch_build.build import BuildFolderError, OtherBatchError
from weilian.batch_build.part import BatchJob, cut
from weilian.batch_folder import BatchFolder, BatchFolderError, BuildRunningError
from weilian.files import FileWriteError, locked_folder
from weilian.gs1 import DigitalLink
from weilian.keys import (
    BrandSeed,
    CodeError,
    batch_secret,
    claim_address,
    item_code,
    label_key,
)
from weilian.merkle import batch_id, build_batch_tree
from weilian.merkle.batch_tree import TreeDamagedError, TreeHead
from weilian.merkle.nodes import EmptyTreeError
from weilian.merkle.tree_file import Layout, TreeFileError, TreeWriter
from weilian.sealed import (
    RecipientKeyError,
    SealError,
    open_sealed,
    recipient_of,
)
from weilian.serials import DuplicateSerialError, SerialRule, Serials

BATCH = batch_id(PLACE.issuer, 9521234001010, "L1")
SECRET = batch_secret(SEED, PLACE.chain_id, PLACE.registry, BATCH)


def inner_rows(folder, key=None):
    rows = []
    for path in sorted((folder.path / "inner-labels").iterdir()):
        rows += csv.DictReader(open_sealed(path, key or label_key(SECRET)).decode().splitlines())
    return rows


@pytest.mark.parametrize("count", [1, 2, 7, 8, 9, 16, 17, 31, 33, 40])
def test_write_batch_folder__any_count__is_the_tree_built_in_memory(build, count):
    folder = build(create_items(count))
    tree = folder.tree(folder.proof_keys(SEED))
    expected = build_batch_tree(PLACE.chain_id, PLACE.registry, BATCH, list(tree.serials), SECRET)

    assert folder.record.root == tree.root == expected.root
    assert [row.tobytes() for row in tree.levels] == [row.tobytes() for row in expected.levels]
    assert list(tree.items()) == list(expected.items())


def test_write_batch_folder__done__holds_these_files_and_no_others(build):
    folder = build()

    names = {str(path.relative_to(folder.path)) for path in folder.path.rglob("*")}
    assert names == {
        "batch.json",
        "job.json",
        "tree.weilian",
        "outer-labels.csv",
        "inner-labels",
        *(f"inner-labels/0000{number}.csv.age" for number in (1, 2, 3)),
    }
    assert stat.S_IMODE((folder.path / "tree.weilian").stat().st_mode) == 0o600
    assert BatchFolder.load(folder.path) == folder


def test_write_batch_folder__labels__name_every_item_and_its_code(build):
    folder = build()
    serials = list(folder.tree().serials)

    with (folder.path / "outer-labels.csv").open() as stream:
        outer = list(csv.DictReader(stream))
    inner = inner_rows(folder)

    assert [row["serial"] for row in outer] == [row["serial"] for row in inner] == serials
    assert [row["link"] for row in outer] == [str(link) for link in folder.links()]
    assert [row["code"] for row in inner] == [item_code(SECRET, serial) for serial in serials]
    assert [int(row["index"]) for row in inner] == list(range(20))
    for row in inner:
        scanned = DigitalLink.parse(row["link"])
        assert (str(scanned.serial), scanned.hidden_code) == (row["serial"], row["code"])


def test_write_batch_folder__serials_with_signs__are_quoted_in_links_and_rows(build):
    serials = Serials.of(['A,"B', "A/B", "50%", "plain"])
    items = create_items()
    folder = build(type(items)(items.gtin, items.lot, None, None, serials))

    rows = inner_rows(folder)

    assert [row["serial"] for row in rows] == list(serials)
    assert [str(DigitalLink.parse(row["link"]).serial) for row in rows] == list(serials)


def test_write_batch_folder__recipient__opens_the_codes_with_its_own_key(build):
    printer = str(x25519.Identity.generate())

    folder = build(recipients=(recipient_of(printer),))

    assert inner_rows(folder, printer) == inner_rows(folder)


def test_inner_labels__foreign_key__does_not_open_them(build):
    with pytest.raises(SealError, match="cannot be opened with this key"):
        inner_rows(build(), str(x25519.Identity.generate()))


def test_write_batch_folder__short_codes__are_those_of_the_claim_keys(build):
    folder = build(create_items(2), code_length=10)
    item = folder.tree(folder.proof_keys(SEED)).item_at(1)

    code = inner_rows(folder)[1]["code"]

    assert len(code) == 10
    assert claim_address(code, item.salt) == item.claim_key


@pytest.mark.parametrize("after", [0, 1, 2])
def test_write_batch_folder__interrupted__goes_on_with_what_is_missing(build, tmp_path, after):
    with pytest.raises(LostError):
        build(builder=Interrupted(after))
    rest = Interrupted(99)

    folder = build(builder=rest)

    assert rest.asked == [0, 1, 2, 3][after:]
    assert len(inner_rows(folder)) == 20
    whole = build_batch_tree(
        PLACE.chain_id, PLACE.registry, BATCH, list(folder.tree().serials), SECRET
    )
    assert folder.record.root == whole.root
    assert [path.name for path in tmp_path.iterdir()] == [folder.path.name]


def damage(path):
    path.write_bytes(path.read_bytes()[:-1] + b"!")


@pytest.mark.parametrize(
    ("name", "harm"), [("parts/00001", damage), ("inner-labels/00002.csv.age", Path.unlink)]
)
def test_write_batch_folder__part_damaged_or_labels_gone__is_built_again(
    build, tmp_path, name, harm
):
    with pytest.raises(LostError):
        build(builder=Interrupted(2))
    [path] = tmp_path.glob(f".*.building/{name}")
    harm(path)
    rest = Interrupted(99)

    build(builder=rest)

    assert rest.asked == [1, 2, 3]


@pytest.mark.parametrize(
    "change",
    [
        {"items": create_items(21)},
        {"items": create_items(expiry=None)},
        {"seed": BrandSeed(b"s" * 32)},
        {"domain": "tea.example"},
        {"code_length": 16},
        {"document_hash": b"d" * 32},
    ],
)
def test_write_batch_folder__other_input__starts_clean_and_never_over_a_finished_one(build, change):
    with pytest.raises(LostError):
        build(builder=Interrupted(2))
    rest = Interrupted(99)

    folder = build(builder=rest, **change)

    assert rest.asked == [0, 1, 2, 3]
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    with pytest.raises(
        OtherBatchError, match="holds a batch of this GTIN and lot from other items"
    ):
        build()
    assert before == {path: path.read_bytes() for path in before}


def test_write_batch_folder__again__builds_nothing_and_changes_nothing(build):
    first = build()
    before = {path: path.read_bytes() for path in first.path.rglob("*") if path.is_file()}
    idle = Interrupted(0)

    assert build(builder=idle) == first

    assert before == {path: path.read_bytes() for path in before}


@pytest.mark.parametrize(
    "change",
    [
        {"root": f"0x{'11' * 32}"},
        {"count": 19},
        {"expires_at": 1},
        {"document_hash": f"0x{'11' * 32}"},
        {"domain": "tea.example"},
        {"code_length": 16},
        {"issuer": PLACE.registry},
        {"gtin": "00000095212340"},
    ],
)
def test_write_batch_folder__record_of_a_finished_one_changed__is_refused(build, change):
    """What batch.json says is sent to the chain for ever."""
    path = build().path / "batch.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    with pytest.raises(BatchFolderError):
        build()


@pytest.mark.parametrize("name", ["tree.weilian", "inner-labels/00002.csv.age", "outer-labels.csv"])
def test_write_batch_folder__file_of_a_finished_one_missing__is_refused(build, name):
    (build().path / name).unlink()

    with pytest.raises((BatchFolderError, TreeFileError), match=name):
        build()


def test_write_batch_folder__finished_tree_changed_with_its_record__is_refused(build):
    other, ours = build(create_items(21)), None
    files = {name: (other.path / name).read_bytes() for name in ("batch.json", "tree.weilian")}
    other.path.rename(other.path.with_name("other"))
    ours = build()
    for name, content in files.items():
        (ours.path / name).write_bytes(content)

    with pytest.raises(BatchFolderError, match="it was changed"):
        build()


def test_write_batch_folder__killed_before_the_parts_were_removed__removes_them(build):
    path = build().path
    (path / "parts").mkdir()

    build()

    assert not (path / "parts").exists()


def test_write_batch_folder__no_folder_where_it_builds__is_said(build, tmp_path):
    (tmp_path / ".09521234001010-L1.building").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(BuildFolderError, match="it is no folder; move it away"):
        build()


def test_codes__serial_in_the_tree_was_changed__no_code_is_given(build):
    """Such a label could never be claimed."""
    folder = build()
    layout = Layout(folder.tree().head)
    data = bytearray((folder.path / "tree.weilian").read_bytes())
    data[layout.serials + 20 * 7] ^= 1
    (folder.path / "tree.weilian").write_bytes(data)

    with pytest.raises(TreeDamagedError, match="item 7 was changed"):
        list(folder.codes(folder.secret(SEED)))


def test_secret__of_another_seed__is_refused(build):
    with pytest.raises(BatchFolderError, match="it was built from another seed than this one"):
        build().proof_keys(BrandSeed(b"s" * 32))


def test_proof_keys__sealed_codes_are_gone__are_there_all_the_same(build):
    folder = build()
    for path in (folder.path / "inner-labels").iterdir():
        path.unlink()

    assert folder.tree(folder.proof_keys(SEED)).item_at(0).index == 0


def test_cut__short_codes__parts_are_small_as_each_code_takes_long():
    head = TreeHead(1, PLACE.registry, BATCH, 1_000)
    serials = SerialRule(1_000).draw(SECRET)

    short = [part.leaves for part in cut(BatchJob(head, SECRET, 10, "", ()), serials)]

    assert set(short) == {min(64, PART_LEAVES)}


def test_codes__some_items__are_those_of_their_serials(build):
    folder = build()
    serials = list(folder.tree().serials)

    codes = list(folder.codes(folder.secret(SEED), 3, 12))

    assert codes == [item_code(SECRET, serial) for serial in serials[3:13]]


def test_write_batch_folder__two_at_once__the_second_is_told(build, tmp_path):
    with (
        locked_folder(tmp_path, RuntimeError()),
        pytest.raises(BuildRunningError, match="another process builds a batch in"),
    ):
        build()


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"code_length": 9}, CodeError, "has 9 characters"),
        ({"recipients": ("age1x",)}, RecipientKeyError, "'age1x' is no age recipient"),
        ({"recipients": ("AGE-SECRET-KEY-1X",)}, RecipientKeyError, "^a secret key is no age"),
    ],
)
def test_write_batch_folder__bad_option__is_named_and_no_batch_is_left(
    build, tmp_path, change, error, message
):
    with pytest.raises(error, match=message):
        build(**change)

    assert not [path for path in tmp_path.iterdir() if not path.name.startswith(".")]


def test_write_batch_folder__serials_of_a_caller__are_checked(build):
    items = create_items()
    repeated = type(items)(items.gtin, items.lot, None, None, Serials.of(["A", "B", "A"]))
    empty = type(items)(items.gtin, items.lot, None, None, Serials.of([]))

    with pytest.raises(DuplicateSerialError):
        build(repeated)
    with pytest.raises(EmptyTreeError):
        build(empty)


def test_write_batch_folder__secrets__are_in_no_file_log_or_repr(build, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(LostError):
        build(builder=Interrupted(2))
    folder = build()

    serials = list(folder.tree().serials)
    codes = [item_code(SECRET, serial) for serial in serials]
    salts = [item.salt for item in folder.tree(folder.proof_keys(SEED)).items()]
    raw = [SECRET, SEED.value, *salts]
    hidden = [*raw, *(secret.hex().encode() for secret in raw), *(code.encode() for code in codes)]
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not [
            secret for secret in hidden if secret in content or secret.hex().encode() in content
        ]
    assert not [code for code in codes if code in caplog.text]
    assert SECRET.hex() not in caplog.text


def test_tree__of_another_batch__is_refused(build):
    first, other = build(), build(create_items(lot="L2"))
    (first.path / "tree.weilian").write_bytes((other.path / "tree.weilian").read_bytes())

    with pytest.raises(BatchFolderError, match=r"tree\.weilian is not the tree of batch\.json"):
        first.tree()


def test_write_batch_folder__disk_is_full__one_sentence_and_goes_on_later(build, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(TreeWriter, "put_claim_keys", full)
        with pytest.raises(FileWriteError, match=r"cannot write .*tree\.weilian: No space left"):
            build()
    rest = Interrupted(99)

    build(builder=rest)

    assert rest.asked == []


def test_links__some_items__first_and_last_are_among_them(build):
    folder = build()
    serials = list(folder.tree().serials)

    assert [str(link.serial) for link in folder.links(3, 5)] == serials[3:6]


def test_cut__parts__are_powers_of_two_and_cover_all_leaves(build):
    tree = build(create_items(20)).tree()

    assert len(tree.levels[0]) == 4 * PART_LEAVES
