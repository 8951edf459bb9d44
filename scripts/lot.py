"""Lots of a batch: show, split, merge, pack on a pallet, unpack, follow an item's way."""

from typing import Any

import click
from rich.table import Table

from scripts._session import Session, script
from scripts._types import ADDRESS, BATCH_ID, SSCC, UsageRuleError, batch_id_option
from weilian.chain.values import to_hex
from weilian.custody import Custody, CustodyError, LotNotFoundError
from weilian.gs1.identifiers import Sscc
from weilian.pallet import Pallets


@click.group()
def cli() -> None:
    """Show, split, merge and pack the lots of a batch."""


@script(writes=False, group=cli, name="show")
@batch_id_option
def show(session: Session, batch_id: bytes) -> None:
    """Show who has which items of a batch: 查看批次的各段由谁持有."""
    lots = Custody(session.suite()).lots(batch_id)
    table = Table("items", "holder", "offered to", "pallet", "remark")
    for lot in lots:
        remark = "discrepancy · 数量不符" if lot.has_discrepancy else ""
        names = [lot.holder, lot.offered_to or "", lot.pallet or "", remark]
        table.add_row(f"{lot.first}-{lot.last}", *names)
    session.out.show(table)
    described = [
        {
            "first": lot.first,
            "last": lot.last,
            "holder": lot.holder,
            "offeredTo": lot.offered_to,
            "pallet": lot.pallet,
            "hasDiscrepancy": lot.has_discrepancy,
        }
        for lot in lots
    ]
    session.finish({"batchId": to_hex(batch_id), "lots": described})


@script(writes=False, group=cli, name="history")
@batch_id_option
@click.option("--item", "index", type=click.IntRange(0), required=True, help="Index of the item.")
def history(session: Session, batch_id: bytes, index: int) -> None:
    """Show the way of an item through the trade: 查看商品的流转记录."""
    steps = Custody(session.suite()).history(batch_id, index)
    for step in steps:
        parties = f"{step.sender} → {step.to}" if step.to else ""
        session.out.say(f"{step.at:%Y-%m-%d %H:%M:%S} UTC  {step.step:<12} {parties}")
    described = [
        {"step": str(step.step), "at": step.at, "from": step.sender, "to": step.to}
        | {"transaction": step.transaction}
        for step in steps
    ]
    session.finish({"batchId": to_hex(batch_id), "item": index, "steps": described})


@script(writes=True, group=cli, name="split")
@batch_id_option
@click.option("--at", "places", type=click.IntRange(1), multiple=True, required=True)
def split(session: Session, batch_id: bytes, places: tuple[int, ...]) -> None:
    """Let lots begin at items, as --at 100 --at 200; each is split off the lot that holds it."""
    custody = Custody(session.suite())
    for place in sorted(set(places)):
        lot = custody.lot_of(batch_id, place)
        if lot.first == place:
            session.out.say(f"A lot begins at item {place} already · 已拆分，无需重复")
            continue

        def step(first: int = lot.first, second: int = place) -> Any:
            return custody.split(batch_id, first, second, session.signer())

        question = f"Split items {lot.first} to {lot.last} at item {place}?"
        session.attempt(question, f"split at item {place} · 已拆分", step)
    session.finish({"batchId": to_hex(batch_id), "at": sorted(set(places))})


@script(writes=True, group=cli, name="merge")
@batch_id_option
@click.option("--first", type=click.IntRange(0), default=0, help="First item of the lot.  [0]")
@click.option("--second", type=click.IntRange(1), required=True, help="First item of the next.")
def merge(session: Session, batch_id: bytes, first: int, second: int) -> None:
    """Merge two neighbouring lots: the one that begins at --first takes the one at --second."""
    custody = Custody(session.suite())
    lot = custody.lot(batch_id, first)
    try:
        custody.lot(batch_id, second)
    except LotNotFoundError:
        if second > lot.last:
            raise
        session.out.say(f"Items {first} to {lot.last} are one lot already · 已合并，无需重复")
    else:
        session.attempt(
            f"Merge the lots at {first} and {second}?",
            "merged · 已合并",
            lambda: custody.merge(batch_id, first, second, session.signer()),
        )
    session.finish({"batchId": to_hex(batch_id), "first": first, "second": second})


def _lot_names(values: tuple[str, ...]) -> list[tuple[bytes, int]]:
    names = []
    for value in values:
        batch, _, first = value.rpartition(":")
        if not first.isdecimal():
            raise UsageRuleError(f"{value!r} names no lot; write BATCH:FIRST, as tea:200")
        names.append((BATCH_ID.convert(batch, None, None), int(first)))
    return names


@script(writes=True, group=cli, name="pack")
@click.argument("lots", metavar="BATCH:FIRST...", nargs=-1, required=True)
@click.option("--sscc", type=SSCC, required=True, help="The pallet's SSCC, 18 digits.")
def pack(session: Session, lots: tuple[str, ...], sscc: Sscc) -> None:
    """Pack lots on a pallet, each by its batch's folder or id and its first item, as tea:200."""
    pallets, names, signer = Pallets(session.suite()), _lot_names(lots), session.signer()
    packed = [each for each in pallets.find(sscc) if each.lots == tuple(names)]
    if packed:
        session.out.say(f"Pallet {sscc} is packed already · 已装托盘，无需重复")
    else:
        session.attempt(
            f"Pack {len(names)} lots on pallet {sscc}?",
            f"packed pallet {sscc} · 已装托盘",
            lambda: pallets.pack(sscc, names, signer),
        )
    session.finish({"sscc": sscc.value, "lots": len(names)})


@script(writes=True, group=cli, name="unpack")
@click.option("--sscc", type=SSCC, required=True, help="The pallet's SSCC, 18 digits.")
@click.option("--packer", type=ADDRESS, help="Who packed it.  [default: the account]")
def unpack(session: Session, sscc: Sscc, packer: str | None) -> None:
    """Set the lots of a pallet free again."""
    pallets, signer = Pallets(session.suite()), session.signer()
    try:
        pallet = pallets.get(packer or signer.address, sscc)
    except CustodyError as error:
        session.out.say(f"{error} · 没有该托盘，无需拆卸")
    else:
        session.attempt(
            f"Unpack pallet {sscc} with {len(pallet.lots)} lots?",
            f"unpacked pallet {sscc} · 已拆托盘",
            lambda: pallets.unpack(pallet, signer),
        )
    session.finish({"sscc": sscc.value})
