"""Goods sold where they should not be (窜货): sign scans, put evidence together, anchor it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from scripts._session import Session, script
from scripts._types import ADDRESS, MOMENT, PATH, UsageRuleError, read_note
from weilian.chain.values import to_hex
from weilian.diversion import DiversionReport, Diversions, Evidence
from weilian.merkle import ItemProof
from weilian.merkle.items import item_id
from weilian.scan import SignedScan
from weilian.seller import Territory

file_argument = click.argument("path", metavar="EVIDENCE", type=PATH)


@click.group()
def cli() -> None:
    """Sign scans, build evidence of a diversion, check and anchor it."""


@script(writes=True, group=cli, name="scan")
@click.option("--proof", "proof_path", type=PATH, required=True, help="The item's proof file.")
@click.option("--seller", type=ADDRESS, required=True, help="Who offered it.")
@click.option("--place", required=True, help="Where; a city is enough, and no buyer's data.")
@click.option("--seen", type=MOMENT, help="When.  [default: now, by the chain's clock]")
@click.option("--out", "target", type=PATH, required=True, help="The file.")
def scan(
    session: Session,
    proof_path: Path,
    seller: str,
    place: str,
    seen: datetime | None,
    target: Path,
) -> None:
    """Sign what you saw as an inspector; nothing is sent: 巡查签名."""
    proof = _read_proof(proof_path)
    suite, signer = session.suite(), session.signer()
    if session.dry_run:
        session.out.say(f"Would sign: item {proof.serial} on sale by {seller}, {place}.")
    else:
        moment = seen or datetime.fromtimestamp(session.chain.block()[1], UTC)
        identifier = item_id(proof.batch_id, proof.index)
        signed = SignedScan.sign(
            session.chain.chain_id,
            suite.custody.address,
            identifier,
            seller,
            place,
            moment,
            signer,
        )
        signed.save(target)
        session.out.say(f"✓ signed by {signer.address} · 已签名: {target}")
    session.finish({"file": str(target), "inspector": signer.address})


@script(writes=True, group=cli, name="build")
@click.argument("scans", metavar="SCAN...", nargs=-1, required=True, type=PATH)
@click.option("--proof", "proof_path", type=PATH, required=True, help="The item's proof file.")
@click.option("--territory-file", type=PATH, help="The seller's territory file, if it is known.")
@click.option("--note", type=PATH, help="A note or photo that stays with you; its hash goes in.")
@click.option("--out", "target", type=PATH, required=True, help="The file.")
def build(
    session: Session,
    scans: tuple[Path, ...],
    proof_path: Path,
    territory_file: Path | None,
    note: Path | None,
    target: Path,
) -> None:
    """Put signed scans of one item together with what the chain says; nothing is sent: 生成证据."""
    evidence = Diversions(session.suite()).build(
        _read_proof(proof_path),
        [SignedScan.load(path) for path in scans],
        territory=Territory.load(territory_file) if territory_file else None,
        note_hash=read_note(note) if note else None,
    )
    if not session.dry_run:
        evidence.save(target)
        session.out.say(f"✓ {target}")
    _show(session, evidence)
    session.finish(_described(evidence) | {"file": str(target)})


@script(writes=False, group=cli, name="check")
@file_argument
def check(session: Session, path: Path) -> None:
    """Check every signature in a bundle, and the rest against the chain: 核验证据."""
    diversions, evidence = Diversions(session.suite()), Evidence.load(path)
    diversions.check(evidence)
    _show(session, evidence)
    anchors = _anchors(diversions, evidence)
    for anchor in anchors:
        session.out.say(f"anchored in block {anchor.block_number} by {anchor.actor} · 已上链")
    if not anchors:
        session.out.say("not anchored · 尚未上链")
    session.finish(_described(evidence) | {"anchored": [each.block_number for each in anchors]})


@script(writes=True, group=cli, name="anchor")
@file_argument
def anchor(session: Session, path: Path) -> None:
    """Check a bundle and anchor its hash, for the brand: 证据上链."""
    diversions, evidence = Diversions(session.suite()), Evidence.load(path)
    _show(session, evidence)
    if _anchors(diversions, evidence):
        session.out.say("It is anchored already · 已上链，无需重复")
    else:
        session.attempt(
            "Anchor the hash of this evidence?",
            "anchored · 已上链",
            lambda: diversions.report(evidence, session.signer()),
        )
    session.finish(_described(evidence))


def _anchors(diversions: Diversions, evidence: Evidence) -> list[DiversionReport]:
    found = diversions.find(evidence.item.batch_id, evidence.item.index)
    return [each for each in found if each.evidence_hash == evidence.evidence_hash]


def _read_proof(path: Path) -> ItemProof:
    try:
        return ItemProof.from_json(path.read_bytes())
    except OSError as error:
        raise UsageRuleError(f"cannot read {path}: {error.strerror}") from error


def _show(session: Session, evidence: Evidence) -> None:
    item, say = evidence.item, session.out.say
    say(f"Item {item.serial} of {item.gtin} {item.lot}, sold by {evidence.seller}")
    for seen in evidence.scans:
        when = datetime.fromtimestamp(seen.seen_at, UTC)
        say(f"  {when:%Y-%m-%d %H:%M} UTC  {seen.place}  ({seen.inspector})")
    for step in evidence.custody:
        when = datetime.fromtimestamp(step.at, UTC)
        say(f"  {when:%Y-%m-%d %H:%M} UTC  {step.step} {step.to or ''}")
    end = evidence.authorization.valid_to
    until = f"until {datetime.fromtimestamp(end, UTC):%Y-%m-%d}" if end else "never authorised"
    where = evidence.opened_territory.territory if evidence.opened_territory else "not shown"
    say(f"Authorisation: {until}, territory: {where}")


def _described(evidence: Evidence) -> dict[str, Any]:
    return {
        "evidenceHash": to_hex(evidence.evidence_hash),
        "seller": evidence.seller,
        "scans": len(evidence.scans),
        "steps": len(evidence.custody),
        "block": evidence.block_number,
    }
