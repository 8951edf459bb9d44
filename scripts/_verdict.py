"""From a label to a proof, and from a verdict to what a person sees."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.panel import Panel
from rich.text import Text

from scripts._facts import padded
from scripts._session import Output
from scripts._types import LabelError, check_batch, read_seed
from weilian.batch_folder import BatchFolder
from weilian.chain import Verdict
from weilian.gs1 import DigitalLink
from weilian.merkle import ItemProof
from weilian.merkle.tiles import Fetch, TileReader, folder_fetch
from weilian.verification.fetching import Fetcher
from weilian.verify import BatchFacts, CustodyFacts, VerdictReport

GOOD = {Verdict.GENUINE_FIRST_CLAIM, Verdict.CLAIMED_BY_YOU}
NEUTRAL = {Verdict.REGISTERED, Verdict.IN_TRADE}


def read_proof(
    link: DigitalLink | None, folder: Path | None, proof_path: Path | None, seed_path: Path
) -> ItemProof:
    """Take the proof of a link's item from its file, or make it from the batch's folder.

    Without a link it is the file's own item.
    """
    if proof_path is not None:
        try:
            proof = ItemProof.from_json(proof_path.read_bytes())
        except OSError as error:
            raise LabelError(f"cannot read {proof_path}: {error.strerror}") from error
        if link is not None and not _is_of(proof, link):
            raise LabelError(f"{proof_path} is the proof of another item than {link}")
        return proof
    if folder is None or link is None:
        raise LabelError(
            "a proof is needed: name the item's --proof, or its link and the --batch folder"
        )
    batch = BatchFolder.load(folder)
    serial = check_batch(link, batch)
    keys = batch.proof_keys(read_seed(seed_path))
    return batch.tree(keys).item_proof(serial, batch.record.gtin, batch.record.lot)


def _is_of(proof: ItemProof, link: DigitalLink) -> bool:
    lot = proof.lot if link.lot is None else link.lot.value
    found = (link.gtin.value, lot, link.serial.value if link.serial else None)
    return found == (proof.gtin, proof.lot, proof.serial)


def with_path_from_tiles(proof: ItemProof, place: str) -> ItemProof:
    """Take an item's path to the root from static tiles, at a URL or in a folder.

    No tile is trusted: each must lead to the proof's root, and the chain says whether that is the
    registered one. Raises TileError, and LabelError where the tree has another leaf there.
    """
    reader = TileReader(_tiles(place), proof.root, (proof.count - 1).bit_length())
    leaf, path = reader.path(proof.index)
    if leaf != proof.leaf:
        raise LabelError(f"the tiles at {place} have another item at index {proof.index}")
    return replace(proof, proof=tuple(path))


def _tiles(place: str) -> Fetch:
    if "://" not in place:
        return folder_fetch(Path(place))
    # NOTE: the person named the address, and every tile is checked by its hash.
    fetcher = Fetcher(allow_http=True, allow_private=True)
    return lambda path: fetcher.get(f"{place.rstrip('/')}/{path}")


def show_report(out: Output, report: VerdictReport) -> None:
    """Show a verdict with its reasons and what the chain knows, in Chinese and English."""
    color = "red"
    if report.verdict in GOOD:
        color = "green"
    elif report.verdict in NEUTRAL:
        color = "yellow"
    text = Text("\n".join([report.text.zh, report.text.en]))
    for reason in report.reason_texts:
        text.append(f"\n\n· {reason.zh}\n  {reason.en}")
    text.append("\n")
    for label, value in _facts(report):
        text.append(f"\n{padded(label)}", style="dim").append(value)
    out.show(Panel(text, title=report.verdict.name, border_style=color, width=92))


def report_document(report: VerdictReport) -> dict[str, Any]:
    """Return a verdict for programs; times in ISO 8601, None for what the chain does not say."""
    seller = report.seller
    return {
        "verdict": report.verdict.name,
        "reasons": [reason.name for reason in report.reasons],
        "textEn": report.text.en,
        "textZh": report.text.zh,
        "issuer": report.issuer,
        "owner": report.owner,
        "claimedAt": _iso(report.claimed_at),
        "traceCount": report.trace_count,
        "batch": report.batch and _batch_document(report.batch),
        "custody": report.custody and _custody_document(report.custody),
        "seller": seller and {"since": _iso(seller.since), "until": _iso(seller.until)},
        "blockNumber": report.block_number,
        "blockTime": _iso(report.block_time),
    }


def _batch_document(batch: BatchFacts) -> dict[str, Any]:
    return {
        "gtin": batch.gtin,
        "lot": batch.lot,
        "itemCount": batch.item_count,
        "registeredAt": _iso(batch.registered_at),
        "expiresAt": _iso(batch.expires_at),
    }


def _custody_document(custody: CustodyFacts) -> dict[str, Any]:
    return {
        "holder": custody.holder,
        "first": custody.first,
        "size": custody.size,
        "pallet": custody.pallet,
        "offeredTo": custody.offered_to,
        "offeredAt": _iso(custody.offered_at),
        "hasDiscrepancy": custody.has_discrepancy,
    }


def _facts(report: VerdictReport) -> Iterator[tuple[str, str]]:
    """Yield what the chain knows of an item, label and value."""
    if report.issuer:
        yield "发行方 issuer", report.issuer
    if report.batch:
        batch = report.batch
        yield "商品 product", f"(01) {batch.gtin} (10) {batch.lot}"
        yield "批次 batch", f"{batch.item_count:,} 件 items"
        yield "登记 registered", _date(batch.registered_at)
    if report.batch and report.batch.expires_at:
        yield "有效期 expires", _date(report.batch.expires_at)
    yield from _custody_facts(report)
    if report.owner and report.claimed_at:
        yield "所有者 owner", report.owner
        yield "认领 claimed", _date(report.claimed_at)
    if report.trace_count:
        yield "追溯 trace", f"{report.trace_count:,} 个事件 events"
    yield "区块 block", f"{report.block_number:,}, {_date(report.block_time)}"


def _custody_facts(report: VerdictReport) -> Iterator[tuple[str, str]]:
    custody, seller = report.custody, report.seller
    if custody:
        role = "  (发行方 the issuer)" if custody.holder == report.issuer else ""
        yield "持有方 holder", f"{custody.holder}{role}"
        last = custody.first + custody.size - 1
        yield "货批 lot", f"{custody.first:,}–{last:,} ({custody.size:,} 件 items)"
    if custody and custody.pallet:
        yield "托盘 pallet", custody.pallet
    if custody and custody.offered_to and custody.offered_at:
        yield "运往 on its way to", custody.offered_to
        yield "发货 shipped", _date(custody.offered_at)
    if seller:
        yield "授权 authorised", f"{_date(seller.since)} – {_date(seller.until)}"


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
