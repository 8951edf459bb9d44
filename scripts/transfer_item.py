"""What an owner does with an item: give it away, report it lost, stolen or found, destroy it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, BATCH_ID, PATH, UsageRuleError
from weilian.chain import OwnerAct
from weilian.chain.values import to_hex
from weilian.item import ItemFlag, Items, ItemState, item_id
from weilian.merkle import ItemProof
from weilian.owner_act import SignedAct

REPORTS = {
    "lost": OwnerAct.REPORT_LOST,
    "stolen": OwnerAct.REPORT_STOLEN,
    "found": OwnerAct.REPORT_FOUND,
    "destroyed": OwnerAct.DESTROY,
}
DONE = {
    OwnerAct.TRANSFER: "given away · 已转让",
    OwnerAct.REPORT_LOST: "reported lost · 已挂失",
    OwnerAct.REPORT_STOLEN: "reported stolen · 已报失窃",
    OwnerAct.REPORT_FOUND: "reported found · 已取消挂失",
    OwnerAct.DESTROY: "destroyed · 已销毁",
}


@script(writes=True)
@click.option("--proof", "proof_path", type=PATH, help="The item's proof file.")
@click.option("--batch", "batch_id", type=BATCH_ID, help="Or its batch's folder or id.")
@click.option("--index", type=click.IntRange(0), help="And its index there.")
@click.option("--to", type=ADDRESS, help="Who gets it.")
@click.option("--report", type=click.Choice([*REPORTS]), help="Report it instead.")
@click.option(
    "--sign", "sign_path", type=PATH, help="Send nothing: write it signed, for a relayer."
)
@click.option("--send", "send_path", type=PATH, help="Send what an owner signed; pay the gas.")
@click.option("--hours", type=click.IntRange(1), default=72, help="How long it is good.  [72]")
def cli(
    session: Session,
    proof_path: Path | None,
    batch_id: bytes | None,
    index: int | None,
    to: str | None,
    report: str | None,
    sign_path: Path | None,
    send_path: Path | None,
    hours: int,
) -> None:
    """Give an item of yours to somebody else, or report it lost, stolen, found or destroyed.

    把自己的商品转让给他人，或挂失、报失窃、取消挂失、销毁。With --sign the owner needs no gas:
    whoever has the file sends it with --send.
    """
    items = Items(session.suite())
    if send_path is not None:
        _send(session, items, SignedAct.load(send_path))
        return
    if (to is None) is (report is None):
        raise UsageRuleError("say what is done: either --to ADDRESS or --report")
    identifier = _identifier(proof_path, batch_id, index)
    act = REPORTS[report] if report else OwnerAct.TRANSFER
    if sign_path is not None:
        _sign(session, items, identifier, act, to, sign_path, hours)
        return
    state = items.state_of(identifier)
    if _is_done(state, act, to):
        session.out.say(f"It is {DONE[act]} already")
    else:
        session.attempt(
            f"The item will be {DONE[act]}. Go on?",
            DONE[act],
            lambda: items.act(identifier, act, session.signer(), to),
        )
    session.finish(_described(items.state_of(identifier)))


def _send(session: Session, items: Items, signed: SignedAct) -> None:
    act = OwnerAct[signed.act]
    state = items.state_of(signed.item_id)
    if state.nonce == signed.nonce + 1 and _is_done(state, act, signed.to):
        session.out.say(f"It is {DONE[act]} already")
    else:
        session.attempt(
            f"The item will be {DONE[act]} for {signed.owner}. Go on?",
            DONE[act],
            lambda: items.send_act(signed, session.signer()),
        )
    session.finish(_described(items.state_of(signed.item_id)))


def _sign(
    session: Session,
    items: Items,
    identifier: bytes,
    act: OwnerAct,
    to: str | None,
    path: Path,
    hours: int,
) -> None:
    deadline = datetime.fromtimestamp(session.chain.block()[1], UTC) + timedelta(hours=hours)
    if session.dry_run:
        session.out.say(f"Would sign: {act.name}, good until {deadline:%Y-%m-%d %H:%M:%S} UTC.")
    else:
        items.sign_act(identifier, act, deadline, session.signer(), to).save(path)
        session.out.say(f"✓ {act.name} signed, good until {deadline:%Y-%m-%d %H:%M:%S} UTC: {path}")
        session.out.say("已签署；任何人都可代为发送。")
    session.finish({"itemId": to_hex(identifier), "act": act.name, "file": str(path)})


def _identifier(proof_path: Path | None, batch_id: bytes | None, index: int | None) -> bytes:
    if proof_path is not None:
        proof = ItemProof.from_json(proof_path.read_bytes())
        proof.check()
        return item_id(proof.batch_id, proof.index)
    if batch_id is None or index is None:
        raise UsageRuleError("name the item: its --proof file, or its --batch and --index")
    return item_id(batch_id, index)


def _is_done(state: ItemState, act: OwnerAct, to: str | None) -> bool:
    flags = state.flags
    if act is OwnerAct.TRANSFER:
        return state.owner is not None and state.owner == to
    return {
        OwnerAct.REPORT_LOST: bool(flags & ItemFlag.LOST),
        OwnerAct.REPORT_STOLEN: bool(flags & ItemFlag.STOLEN),
        OwnerAct.DESTROY: bool(flags & ItemFlag.DESTROYED),
    }.get(act, False)


def _described(state: ItemState) -> dict[str, Any]:
    flags = [flag.name for flag in ItemFlag if flag in state.flags]
    return {"itemId": to_hex(state.item_id), "owner": state.owner, "flags": flags}
