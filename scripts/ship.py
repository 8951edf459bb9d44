"""Ship a lot or a pallet, or hand a lot over at once."""

from pathlib import Path
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, BATCH_ID, PATH, SSCC, UsageRuleError
from weilian.chain.values import to_hex
from weilian.custody import Custody
from weilian.gs1.identifiers import Sscc
from weilian.pallet import Pallets
from weilian.receipt import Receipt


@script(writes=True)
@click.option("--batch", "batch_id", type=BATCH_ID, help="The batch's folder, or its id.")
@click.option("--first", type=click.IntRange(0), default=0, help="First item of the lot.  [0]")
@click.option("--to", type=ADDRESS, help="The identity that receives.")
@click.option("--receipt", "receipt_path", type=PATH, help="The receiver's signed receipt.")
@click.option("--sscc", type=SSCC, help="Ship this pallet instead of a lot.")
@click.option("--packer", type=ADDRESS, help="Who packed the pallet.  [default: the account]")
@click.option("--cancel", is_flag=True, help="Take the offer back, or refuse it.")
def cli(
    session: Session,
    batch_id: bytes | None,
    first: int,
    to: str | None,
    receipt_path: Path | None,
    sscc: Sscc | None,
    packer: str | None,
    cancel: bool,
) -> None:
    """Offer a lot to a receiver, who then receives it: 发货.

    With the receiver's signed --receipt (see `ape run receive --sign`) the lot changes hands at
    once. Lots begin where `ape run lot show` says; a pallet moves with all it holds. What is done
    already is found and not sent again.
    """
    if receipt_path is not None:
        _hand_over(session, Receipt.load(receipt_path))
    elif to is None and not cancel:
        raise UsageRuleError("name who receives with --to, or give the receiver's --receipt")
    elif sscc is not None:
        _ship_pallet(session, sscc, packer, None if cancel else to)
    elif batch_id is None:
        raise UsageRuleError("name what is shipped: a lot's --batch, or a pallet's --sscc")
    else:
        _ship_lot(session, batch_id, first, None if cancel else to)


def _ship_lot(session: Session, batch_id: bytes, first: int, to: str | None) -> None:
    custody = Custody(session.suite())
    lot = custody.lot(batch_id, first)
    name = f"items {lot.first} to {lot.last}"
    result: dict[str, Any] = {
        "batchId": to_hex(batch_id),
        "first": lot.first,
        "last": lot.last,
        "holder": lot.holder,
        "to": to,
    }
    if to is None:
        if lot.offered_to:
            session.attempt(
                f"Cancel the offer of {name}?",
                "cancelled · 已撤回",
                lambda: custody.cancel(batch_id, first, session.signer()),
            )
        else:
            session.out.say(f"No offer of {name} stands · 没有待收货的发货")
    elif to in (lot.holder, lot.offered_to):
        session.out.say(f"{name}: shipped already to {to} · 已发货，无需重复")
    else:
        session.attempt(
            f"Ship {name} to {to}?",
            f"shipped {name} · 已发货",
            lambda: custody.ship(batch_id, first, to, session.signer()),
        )
    session.finish(result)


def _hand_over(session: Session, receipt: Receipt) -> None:
    custody = Custody(session.suite())
    lot = custody.lot(receipt.batch_id, receipt.first)
    name = f"items {receipt.first} to {receipt.first + receipt.size - 1}"
    if (lot.holder, lot.size) == (receipt.to, receipt.size):
        session.out.say(f"{name}: {receipt.to} has them already · 收货方已持有")
    else:
        session.attempt(
            f"Hand {name} over to {receipt.to}?",
            f"handed {name} over · 已交付",
            lambda: custody.hand_over(receipt, session.signer()),
        )
    session.finish({"batchId": to_hex(receipt.batch_id), "first": receipt.first, "to": receipt.to})


def _ship_pallet(session: Session, sscc: Sscc, packer: str | None, to: str | None) -> None:
    pallets, signer = Pallets(session.suite()), session.signer()
    pallet = pallets.get(packer or signer.address, sscc)
    result = {"pallet": pallet.address, "sscc": sscc.value, "lots": len(pallet.lots), "to": to}
    if to is None:
        if pallet.offered_to:
            session.attempt(
                f"Cancel the offer of pallet {sscc}?",
                "cancelled · 已撤回",
                lambda: pallets.cancel(pallet, signer),
            )
        else:
            session.out.say(f"No offer of pallet {sscc} stands · 没有待收货的发货")
    elif to in (pallet.holder, pallet.offered_to):
        session.out.say(f"Pallet {sscc}: shipped already to {to} · 已发货，无需重复")
    else:
        session.attempt(
            f"Ship pallet {sscc} with {len(pallet.lots)} lots to {to}?",
            f"shipped pallet {sscc} · 已发货",
            lambda: pallets.ship(pallet, to, signer),
        )
    session.finish(result)
