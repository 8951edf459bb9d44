"""Receive a lot or a pallet, or sign a receipt for a lot."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, BATCH_ID, PATH, SSCC, UsageRuleError, read_note
from weilian.chain.values import to_hex
from weilian.custody import Custody
from weilian.gs1.identifiers import Sscc
from weilian.pallet import Pallets


@script(writes=True)
@click.option("--batch", "batch_id", type=BATCH_ID, help="The batch's folder, or its id.")
@click.option("--first", type=click.IntRange(0), default=0, help="First item of the lot.  [0]")
@click.option("--for", "identity", type=ADDRESS, help="Who receives.  [default: the account]")
@click.option("--counted", type=click.IntRange(0), help="Items that came.  [default: all]")
@click.option("--note", type=PATH, help="Note on a discrepancy; its hash goes on chain.")
@click.option("--sign", "receipt_path", type=PATH, help="Send nothing: write a signed receipt.")
@click.option("--hours", type=click.IntRange(1), default=72, help="How long it is good.  [72]")
@click.option("--sscc", type=SSCC, help="Receive this pallet instead of a lot.")
@click.option("--packer", type=ADDRESS, help="Who packed the pallet.")
def cli(
    session: Session,
    batch_id: bytes | None,
    first: int,
    identity: str | None,
    counted: int | None,
    note: Path | None,
    receipt_path: Path | None,
    hours: int,
    sscc: Sscc | None,
    packer: str | None,
) -> None:
    """Receive a lot that was shipped to you: 收货.

    Another number than the lot has is recorded for ever as a discrepancy. With --sign nothing is
    sent: the holder hands the lot over with the signed file, `ape run ship --receipt FILE`.
    """
    me = identity or session.signer().address
    if sscc is not None:
        _receive_pallet(session, sscc, packer, me)
    elif batch_id is None:
        raise UsageRuleError("name what is received: a lot's --batch, or a pallet's --sscc")
    elif receipt_path is not None:
        _sign(session, batch_id, first, me, receipt_path, hours)
    else:
        _receive(session, batch_id, first, me, counted, note)


def _receive(
    session: Session, batch_id: bytes, first: int, me: str, counted: int | None, note: Path | None
) -> None:
    custody = Custody(session.suite())
    lot, note_hash = custody.lot(batch_id, first), read_note(note)
    name = f"items {lot.first} to {lot.last}"
    if lot.offered_to is None and lot.holder == me:
        session.out.say(f"{name}: received already · 已收货，无需重复")
    else:
        session.attempt(
            f"Receive {name} from {lot.holder}?",
            f"received {name} · 已收货",
            lambda: custody.receive(
                batch_id, first, session.signer(), counted=counted, note_hash=note_hash
            ),
        )
    if counted not in (None, lot.size):
        session.out.say(
            f"Discrepancy: {counted} of {lot.size} items counted · 数量不符：应收 {lot.size}，"
            f"实收 {counted}"
        )
    session.finish(
        {"batchId": to_hex(batch_id), "first": lot.first, "last": lot.last, "to": me}
        | {"counted": lot.size if counted is None else counted}
    )


def _sign(session: Session, batch_id: bytes, first: int, me: str, path: Path, hours: int) -> None:
    custody = Custody(session.suite())
    deadline = datetime.fromtimestamp(session.chain.block()[1], UTC) + timedelta(hours=hours)
    receipt = custody.receipt(batch_id, first, me, deadline)
    last = receipt.first + receipt.size - 1
    until = f"{deadline:%Y-%m-%d %H:%M:%S} UTC"
    if session.dry_run:
        session.out.say(f"Would sign a receipt of items {first} to {last}, good until {until}.")
    else:
        receipt.signed(session.signer()).save(path)
        session.out.say(f"✓ receipt of items {first} to {last}, good until {until}: {path}")
        session.out.say("收货回执已签署；请交给发货方，由其一次完成交付。")
    session.finish({"batchId": to_hex(batch_id), "first": first, "to": me, "file": str(path)})


def _receive_pallet(session: Session, sscc: Sscc, packer: str | None, me: str) -> None:
    pallets = Pallets(session.suite())
    found = [pallets.get(packer, sscc)] if packer else pallets.find(sscc)
    mine = [pallet for pallet in found if me in (pallet.holder, pallet.offered_to)]
    if len(mine) != 1:
        raise UsageRuleError(
            f"{len(mine)} pallets with SSCC {sscc} are on their way to {me}; name who packed it "
            "with --packer"
        )
    (pallet,) = mine
    if pallet.offered_to is None:
        session.out.say(f"Pallet {sscc}: received already · 已收货，无需重复")
    else:
        session.attempt(
            f"Receive pallet {sscc} with {len(pallet.lots)} lots from {pallet.holder}?",
            f"received pallet {sscc} · 已收货",
            lambda: pallets.receive(pallet, session.signer()),
        )
    lots = [{"batchId": to_hex(batch), "first": first} for batch, first in pallet.lots]
    session.finish({"pallet": pallet.address, "sscc": sscc.value, "to": me, "lots": lots})
