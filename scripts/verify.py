"""Grade an item by its label."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from scripts._item_story import document_paths, show_story, story_document
from scripts._session import Session, script
from scripts._types import ADDRESS, ID, PATH, LabelError, read_hidden_label, seed_option
from scripts._verdict import read_proof, report_document, show_report, with_path_from_tiles
from weilian.deployments import DeploymentRecord, record_path
from weilian.epcis import EpcisDocument
from weilian.gs1 import DigitalLink
from weilian.merkle import ItemProof
from weilian.verification.documents import Story, read_documents, tell_by_head
from weilian.verification.domains import Bond, DomainReport, check_domain, lookup_of
from weilian.verification.nodes import MAX_AGE, second_suite
from weilian.verification.state_fetch import fetch_state_proof
from weilian.verification.state_proof import StateProof, verify_offline
from weilian.verification.trace_log import tell
from weilian.verify import VerdictReport, verify, verify_by_two

SECOND_RPC_VARIABLE = "WEILIAN_SECOND_RPC_URL"

BONDS = {
    Bond.BOUND: ("域名与发行方互相绑定", "the domain and the issuer are bound both ways"),
    Bond.ONLY_DNS: (
        "域名指明了合约与发行方，但发行方未在合约中绑定该域名",
        "the domain names contract and issuer, but the issuer has not bound the domain",
    ),
    Bond.ONLY_CHAIN: (
        "发行方声称该域名，但域名未同时指明合约与发行方",
        "the issuer claims the domain, but the domain does not name both contract and issuer",
    ),
    Bond.NONE: ("域名与发行方没有绑定", "the domain and the issuer are not bound"),
    Bond.UNKNOWN: ("无法查询域名记录", "the domain's records cannot be read"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The options as they were given."""

    folder: Path | None
    seed_path: Path
    proof_path: Path | None
    tiles: str | None
    save_proof: Path | None
    label: Path | None
    hidden: bool
    issuer: str | None
    viewer: str | None
    seller: str | None
    lot_first: int | None
    second_rpc: str | None
    max_age: float | None
    save_state: Path | None
    state: Path | None
    trusted_block: bytes | None
    documents: tuple[Path, ...]
    domain: str | None
    resolver: str | None

    def check(self) -> None:
        """Raise LabelError for options that do not go together."""
        if (self.state is None) != (self.trusted_block is None):
            raise LabelError(
                "--state and --trusted-block go together: the proof, and what to trust"
            )
        # NOTE: a second node may stand in the environment for good; here it is not asked either.
        given = (self.save_state, self.domain, self.lot_first)
        if self.state is not None and any(option is not None for option in given):
            raise LabelError("--state asks no node: leave out --save-state, --domain and --lot")


@script(writes=False)
@click.argument("link", required=False)
@click.option("--batch", "folder", type=PATH, help="The batch's folder, to make the proof from.")
@seed_option
@click.option("--proof", "proof_path", type=PATH, help="The item's proof file.")
@click.option("--tiles", help="Folder or URL of the batch's tiles, for the path in the proof.")
@click.option("--save-proof", type=PATH, help="Write the item's proof file, for the shopper.")
@click.option("--label", type=PATH, help="File with the hidden label's link.")
@click.option("--hidden", is_flag=True, help="Ask for the hidden label's link, not showing it.")
@click.option("--issuer", type=ADDRESS, help="The brand's identity; without it nothing is genuine.")
@click.option("--viewer", type=ADDRESS, help="The account that asks, to recognise its own items.")
@click.option("--seller", type=ADDRESS, help="Who offers it.  [default: the holder of its lot]")
@click.option(
    "--lot", "lot_first", type=click.IntRange(0, 2**32 - 1), help="First index of its lot."
)
@click.option(
    "--second-rpc",
    envvar=SECOND_RPC_VARIABLE,
    help=f"Ask a second node too; both must agree. Better by {SECOND_RPC_VARIABLE}.",
)
@click.option(
    "--max-age",
    type=click.FloatRange(0, min_open=True),
    help="Minutes that the block may be old.  [default: 10, on development chains any]",
)
@click.option("--save-state", type=PATH, help="Write a state proof, to verify without a node.")
@click.option("--state", type=PATH, help="Verify by this state proof; asks no node.")
@click.option("--trusted-block", type=ID, help="Hash of the block that you trust, for --state.")
@click.option(
    "--documents", multiple=True, type=PATH, help="EPCIS documents, files or folders, in order."
)
@click.option("--domain", help="The brand's domain: is it bound to the issuer, both ways?")
@click.option("--resolver", help="DNS resolver: IP[:PORT] or https URL.  [default: the system's]")
def cli(session: Session, link: str | None, **options: Any) -> None:
    """Grade an item by its label: LINK is what the outer code says.

    The hidden label is read by --label or --hidden, never from the command line. Needs the
    item's proof file, which will do alone, or the batch's folder. With --state and --trusted-block
    no node is asked, and no network need be named.
    """
    asked = Asked(**options)
    asked.check()
    scanned = _scan(link, asked)
    proof = read_proof(scanned, asked.folder, asked.proof_path, asked.seed_path)
    if asked.tiles is not None:
        proof = with_path_from_tiles(proof, asked.tiles)
    if asked.save_proof is not None:
        proof.save(asked.save_proof)
    code = scanned.hidden_code if scanned else None
    report = (
        _offline(session, asked, proof, code)
        if asked.state
        else _online(session, asked, proof, code)
    )
    show_report(session.out, report)
    session.out.result(report_document(report) | _further(session, asked, proof, report))


def _further(
    session: Session, asked: Asked, proof: ItemProof, report: VerdictReport
) -> dict[str, Any]:
    """Do what else was asked for, and return what it adds to the result."""
    result: dict[str, Any] = {}
    if asked.save_state is not None:
        suite, block = session.suite(), report.block_number
        state = fetch_state_proof(suite, proof, seller=asked.seller, block=block)
        state.save(asked.save_state)
        session.out.say(f"状态证明 state proof: {asked.save_state}\n区块 block: {state.block_hash}")
        result["stateBlock"] = state.block_hash
    if asked.documents:
        result["story"] = _tell_story(session, asked, proof, report)
    if asked.domain is not None:
        result["domain"] = _show_domain(session, asked, proof, asked.domain)
    return result


def _scan(link: str | None, asked: Asked) -> DigitalLink | None:
    if link is not None and "#" in link:
        raise LabelError("a hidden code must not stand on a command line: use --label or --hidden")
    if asked.label or asked.hidden:
        scanned = read_hidden_label(asked.label)
        outer = scanned if link is None else DigitalLink.parse(link)
        if (outer.gtin, outer.serial) != (scanned.gtin, scanned.serial):
            raise LabelError(f"the hidden label is of another item than {link}")
        return scanned
    if link is not None:
        return DigitalLink.parse(link)
    if asked.proof_path is None:
        raise LabelError(
            "name a LINK or the item's --proof, or read a hidden label with --label or --hidden"
        )
    return None


def _online(session: Session, asked: Asked, proof: ItemProof, code: str | None) -> VerdictReport:
    suite = session.suite()
    question = {
        "hidden_code": code,
        "viewer": asked.viewer,
        "issuer": asked.issuer,
        "seller": asked.seller,
        "lot_first": asked.lot_first,
        "max_age": _max_age(asked, None if session.provider.network.is_dev else MAX_AGE),
    }
    if asked.second_rpc is None:
        return verify(suite, proof, **question)
    return verify_by_two(suite, second_suite(suite, asked.second_rpc), proof, **question)


def _offline(session: Session, asked: Asked, proof: ItemProof, code: str | None) -> VerdictReport:
    if asked.state is None or asked.trusted_block is None:
        raise LabelError("--state and --trusted-block go together")
    return verify_offline(
        StateProof.load(asked.state),
        proof,
        DeploymentRecord.load(record_path(session.deployments, proof.chain_id)),
        asked.trusted_block,
        hidden_code=code,
        viewer=asked.viewer,
        issuer=asked.issuer,
        seller=asked.seller,
        max_age=_max_age(asked, MAX_AGE),
        now=datetime.now(UTC),
    )


def _max_age(asked: Asked, default: timedelta | None) -> timedelta | None:
    return default if asked.max_age is None else timedelta(minutes=asked.max_age)


def _tell_story(
    session: Session, asked: Asked, proof: ItemProof, report: VerdictReport
) -> dict[str, Any]:
    read = [EpcisDocument.read(path) for path in document_paths(asked.documents)]
    told = read_documents(read)
    trace = (report.trace_head, report.trace_count)
    story: Story
    if asked.state is not None:
        story = tell_by_head(proof.batch_id, trace, told)
    else:
        story = tell(session.suite(), proof.batch_id, trace, told, report.block_number)
    show_story(session.out, story)
    return story_document(story)


def _show_domain(session: Session, asked: Asked, proof: ItemProof, domain: str) -> dict[str, Any]:
    found: DomainReport = check_domain(
        session.suite(), proof.issuer, domain, lookup_of(asked.resolver)
    )
    zh, en = BONDS[found.bond]
    session.out.say(f"{found.domain} · {proof.issuer}\n  {zh}。\n  {en[0].upper()}{en[1:]}.")
    return {"domain": found.domain, "bond": found.bond.name, "contracts": list(found.named)}
