"""Make proofs out of a batch's tree: for an item, a carton, a web server, an npm program."""

import json
from pathlib import Path

import click

from scripts._session import Output, offline_script
from scripts._types import PATH, read_seed, seed_option
from weilian.batch_folder import BatchFolder
from weilian.chain.values import to_hex
from weilian.errors import WeilianError
from weilian.files import create_folder, write_atomic, writing_to
from weilian.gs1.linkset import file_name, to_json
from weilian.gs1.linkset import linkset as make_linkset
from weilian.linkfile import load_links
from weilian.merkle.carton_proof import CartonProof
from weilian.merkle.tiles import write_tiles

MAX_DUMP = 1 << 17


class DumpTooLargeError(WeilianError, ValueError):
    """A tree too large for JSON."""

    def __init__(self, leaves: int) -> None:
        super().__init__(
            f"a dump of {leaves:,} leaves is too large for JSON (at most {MAX_DUMP:,}): use "
            "`prove tiles`, or the tree file itself"
        )


@click.group()
def cli() -> None:
    """Make proofs out of the tree in a batch's folder; no chain is needed."""


folder_argument = click.argument("folder", type=PATH)


@folder_argument
@click.argument("serials", metavar="SERIAL...", nargs=-1, required=True)
@seed_option
@click.option("--out", "target", type=PATH, default=".", help="Folder for the files.")
def items(
    out: Output, folder: Path, serials: tuple[str, ...], seed_path: Path, target: Path
) -> None:
    """Write the proof file of each item, for the shopper: <index>.proof.json."""
    batch = BatchFolder.load(folder)
    tree = batch.tree(batch.proof_keys(read_seed(seed_path)))
    proofs = [tree.item_proof(name, batch.record.gtin, batch.record.lot) for name in serials]
    create_folder(target)
    written = []
    for proof in proofs:
        path = target / f"{proof.index}.proof.json"
        proof.save(path)
        written.append({"serial": proof.serial, "index": proof.index, "file": str(path)})
        out.say(f"✓ {proof.serial:<20} {path}")
    out.result({"root": to_hex(tree.root), "proofs": written})


@folder_argument
@click.argument("first", type=click.IntRange(0))
@click.argument("last", type=click.IntRange(0))
@seed_option
@click.option("--out", "target", type=PATH, help="The file.  [default: FIRST-LAST.carton.json]")
def carton(
    out: Output, folder: Path, first: int, last: int, seed_path: Path, target: Path | None
) -> None:
    """Write one proof file for the items with the indexes FIRST to LAST."""
    batch = BatchFolder.load(folder)
    tree = batch.tree(batch.proof_keys(read_seed(seed_path)))
    proof = CartonProof.of(tree, first, last, batch.record.gtin, batch.record.lot)
    path = target or Path(f"{first}-{last}.carton.json")
    proof.save(path)
    out.say(f"✓ {len(proof.items)} items, {len(proof.proof)} nodes: {path}")
    out.result({"root": to_hex(tree.root), "items": len(proof.items), "file": str(path)})


@folder_argument
@click.argument("target", metavar="DIRECTORY", type=PATH)
def tiles(out: Output, folder: Path, target: Path) -> None:
    """Write the tree as static tiles, from which any web server can serve proofs.

    They hold hashes only: no serial, no salt, no code.
    """
    tree = BatchFolder.load(folder).tree()
    with out.progress("Writing tiles") as progress:
        root = write_tiles(target, tree.levels.__getitem__, tree.depth, tree.count, progress)
    out.say(f"✓ tiles of {tree.count:,} items in {target}, root {to_hex(root)}")
    out.result({"root": to_hex(root), "depth": tree.depth, "folder": str(target)})


@folder_argument
@click.argument("target", metavar="FILE", type=PATH)
@seed_option
def dump(out: Output, folder: Path, target: Path, seed_path: Path) -> None:
    """Write the tree in the `standard-v1` form that npm's @openzeppelin/merkle-tree loads."""
    batch = BatchFolder.load(folder)
    leaves = 1 << batch.tree().depth
    if leaves > MAX_DUMP:
        raise DumpTooLargeError(leaves)
    tree = batch.tree(batch.proof_keys(read_seed(seed_path)))
    write_atomic(target, json.dumps(tree.standard_tree().dump()).encode())
    out.say(f"✓ {leaves:,} leaves in {target}, root {to_hex(tree.root)}")
    out.result({"root": to_hex(tree.root), "leaves": leaves, "file": str(target)})


@folder_argument
@seed_option
@click.option("--nodes-only", is_flag=True, help="Do not compare the leaves; needs no seed.")
def check(out: Output, folder: Path, seed_path: Path, nodes_only: bool) -> None:
    """Hash every leaf and node of the tree again and compare."""
    batch = BatchFolder.load(folder)
    keys = None if nodes_only else batch.proof_keys(read_seed(seed_path))
    tree = batch.tree(keys)
    tree.check()
    what = "node" if nodes_only else "leaf is that of its item, every node"
    out.say(f"✓ {tree.count:,} items, every {what} is the hash of its children")
    out.result({"root": to_hex(tree.root), "items": tree.count, "leavesChecked": not nodes_only})


@folder_argument
@click.argument("links", metavar="LINKS.yaml", type=PATH)
@click.argument("serials", metavar="[SERIAL]...", nargs=-1)
@click.option("--out", "target", type=PATH, default="linksets", help="Folder for the files.")
def linkset(out: Output, folder: Path, links: Path, serials: tuple[str, ...], target: Path) -> None:
    """Write the linkset (RFC 9264) of each item, for the brand's resolver; of all without SERIAL.

    LINKS.yaml says where each kind of link leads. A web server serves the files as
    application/linkset+json at the items' Digital Links.
    """
    batch, said = BatchFolder.load(folder), load_links(links)
    tree = batch.tree()
    indexes = [tree.index_of(serial) for serial in serials] or range(tree.count)
    create_folder(target)
    with out.progress("Writing linksets") as progress, writing_to(target):
        for done, index in enumerate(indexes, start=1):
            [item] = batch.links(index, index)
            text = to_json(make_linkset(item, said.description, said.targets))
            (target / file_name(item)).write_text(text, encoding="utf-8")
            progress(done, len(indexes))
    out.say(f"✓ {len(indexes):,} linksets in {target}")
    out.result({"linksets": len(indexes), "folder": str(target)})


for function in (items, carton, tiles, dump, check, linkset):
    cli.add_command(offline_script(function), function.__name__)
