"""The story that the demo tells: one season of tea, act by act, from the files in examples/."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ape
from rich.table import Table

from scripts._session import ROOT, ApeSigner, Session
from scripts._verdict import show_report
from weilian import abi
from weilian.batch import Batches, Registration
from weilian.batch_folder import BatchFolder, BatchPlace, write_batch_folder
from weilian.batchfile import read_batch_file
from weilian.chain import ZERO_ADDRESS
from weilian.commission.order import Order
from weilian.currency import Currency, currency_at
from weilian.custody import Custody
from weilian.epcis import EpcisDocument, event_hash
from weilian.hashing import keccak256
from weilian.item import Items
from weilian.keys import BrandSeed, item_code
from weilian.merkle import ItemProof
from weilian.money import NATIVE_DECIMALS, format_units
from weilian.notice import Notices
from weilian.plan import PublishedPlan
from weilian.reward import Rewards
from weilian.seasonfile import OrderRow, read_orders
from weilian.seller import Sellers, Territory
from weilian.trace import Traces
from weilian.verify import VerdictReport, verify

EXAMPLES = ROOT / "examples"
TEA, SEASON = EXAMPLES / "tea", EXAMPLES / "season"
PURSE = 10**12
"""A million of the stablecoin for each buyer, in its smallest unit."""


@dataclass
class Season:
    """What the acts hand on to each other."""

    session: Session
    folder: Path
    signers: dict[str, ApeSigner]
    seed: BrandSeed = field(default_factory=BrandSeed.generate)
    currencies: dict[str, Currency] = field(default_factory=dict)
    plans: dict[str, PublishedPlan] = field(default_factory=dict)
    batches: dict[str, BatchFolder] = field(default_factory=dict)
    orders: list[tuple[OrderRow, Order]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)

    def signer(self, name: str) -> ApeSigner:
        """Return the account of a role or of an address."""
        return self.signers[name]

    def act(self, number: int, title: str) -> None:
        """Print the heading of an act."""
        self.session.out.show(f"\n[bold cyan]{number}  {title}[/bold cyan]")

    def sent(self, what: str) -> None:
        """Print the transactions since the last time."""
        self.session.sent(what)


def cast(session: Session, folder: Path) -> Season:
    """Give the local chain's accounts their parts."""
    accounts = ape.accounts.test_accounts
    roles = ("platform", "treasury", "brand")
    parts = {role: accounts[index] for index, role in enumerate(roles)}
    parts |= {"shopper": accounts[15], "copycat": accounts[16], "relayer": accounts[17]}
    parts |= {account.address: account for account in accounts}
    signers = {name: session.signer(account) for name, account in parts.items()}
    season = Season(session, folder, signers)
    season.names = {signers[role].address: role for role in ("platform", "brand", "shopper")}
    return season


def open_shop(season: Season) -> None:
    """Deploy a stablecoin and fill the buyers' purses."""
    season.act(1, "开张 · The suite and a stablecoin")
    session = season.session
    for name, contract in session.suite().record.contracts.items():
        session.out.say(f"  {name:<20} {contract.address}")
    chain, platform = session.chain, season.signer("platform")
    created = chain.send(chain.creation(abi.load("TestStablecoin"), []), platform)
    season.sent("deployed a stablecoin")
    token = chain.contract(abi.load("TestStablecoin"), str(created.contract_address))
    season.currencies = {
        "USD": replace(currency_at(chain, token.address), symbol="USD"),
        "ETH": currency_at(chain, ZERO_ADDRESS),
    }
    buyers = {row.buyer for row in order_rows(season)}
    for number, buyer in enumerate(sorted(buyers), start=1):
        season.names[buyer] = f"buyer {number}"
        chain.send(token.functions.mint(buyer, PURSE), platform)
        season.sent(f"gave buyer {number} money")


def register_goods(season: Season) -> None:
    """Register two lots and anchor the tea's EPCIS events."""
    season.act(2, "登记 · 1,040 items in two transactions, 31 trace events")
    suite, brand = season.session.suite(), season.signer("brand")
    batches = Batches(suite)
    place = BatchPlace(season.session.chain.chain_id, suite.provenance.address, brand.address)
    for name in ("items", "recalled"):
        items = read_batch_file(TEA / f"{name}.csv")
        with season.session.out.progress("Building tree and labels") as progress:
            batch = write_batch_folder(season.folder, items, place, season.seed, progress=progress)
        record = batch.record
        registration = Registration.of(brand.address, items, record.root, record.document_hash)
        batches.register(registration, brand)
        season.batches[name] = batch
        season.sent(f"registered {record.count:,} items, lot {record.lot}")
    tea = season.batches["items"].record.batch_id
    for path in sorted((TEA / "epcis").glob("*.jsonld")):
        hashes = [event_hash(event) for event in EpcisDocument.read(path).events]
        Traces(suite).append(tea, hashes, brand)
        season.sent(f"anchored {len(hashes):>2} events of {path.stem}")


def move_goods(season: Season) -> list[dict[str, Any]]:
    """Let half of the tea go to a distributor who may sell it; return who has which items."""
    season.act(8, "流转 · Half of the tea goes to a distributor, authorised for its province")
    suite, brand = season.session.suite(), season.signer("brand")
    custody, tea = Custody(suite), season.batches["items"].record
    address = next(each for each, name in season.names.items() if name == "distributor 1")
    custody.split(tea.batch_id, 0, tea.count // 2, brand)
    season.sent(f"split {tea.count:,} items into two lots")
    custody.ship(tea.batch_id, 0, address, brand)
    season.sent("shipped the first lot to distributor 1")
    custody.receive(tea.batch_id, 0, season.signer(address))
    season.sent("distributor 1 received it")
    territory = Territory.new(brand.address, address, "福建省 Fujian")
    year = datetime.fromtimestamp(season.session.chain.block()[1], UTC) + timedelta(days=365)
    Sellers(suite).authorize(brand.address, address, year, brand, territory=territory)
    season.sent("distributor 1 may sell in Fujian")
    return [
        {"first": lot.first, "last": lot.last, "holder": season.names[lot.holder]}
        for lot in custody.lots(tea.batch_id)
    ]


def claim_item(season: Season) -> tuple[ItemProof, str]:
    """Let the shopper claim a tin through a relayer, and collect the reward."""
    season.act(9, "认领 · The hidden code makes a tin the shopper's, and points follow")
    suite, shopper = season.session.suite(), season.signer("shopper").address
    relayer = season.signer("relayer")
    proof, code = item_of(season, "items", 7)
    report = scan(season, proof, code=code, viewer=shopper)
    season.session.out.say("真品首次扫描 · a genuine tin, scanned for the first time")
    show_report(season.session.out, report)
    items = Items(suite)
    deadline = datetime.fromtimestamp(season.session.chain.block()[1], UTC) + timedelta(hours=1)
    items.claim(items.sign_claim(proof, code, shopper, deadline), relayer)
    season.sent("claimed the tin (gas paid by the relayer)")
    reward = Rewards(suite).reward_claim(proof.batch_id, proof.index, relayer)
    season.sent(f"{points(reward.amount)} for the shopper")
    return proof, code


def recall(season: Season) -> None:
    """Recall the second lot."""
    season.act(10, "召回 · The second lot is recalled")
    batch = season.batches["recalled"].record.batch_id
    notice = keccak256("召回公告 Recall notice".encode())
    Notices(season.session.suite()).recall(batch, notice, season.signer("brand"))
    season.sent("recalled 40 items")


def scan_all(season: Season, proof: ItemProof, code: str) -> dict[str, VerdictReport]:
    """Scan a genuine, a copied, a recalled and an unknown code."""
    season.act(11, "扫码 · Four labels, four verdicts")
    shopper, copycat = season.signer("shopper").address, season.signer("copycat").address
    recalled, recalled_code = item_of(season, "recalled", 3)
    forged = replace(proof, serial="FORGED000001")
    reports = {
        "真品 · genuine, scanned by its owner": scan(season, proof, code=code, viewer=shopper),
        "复制 · a copy of the same label": scan(season, proof, code=code, viewer=copycat),
        "召回 · an item of the recalled lot": scan(season, recalled, code=recalled_code),
        "未知 · a serial nobody registered": scan(season, forged),
    }
    for name, report in reports.items():
        season.session.out.say(f"\n{name}")
        show_report(season.session.out, report)
    return reports


def show_points(season: Season) -> dict[str, str]:
    """Show everyone's points."""
    rewards = Rewards(season.session.suite())
    table = Table("who", "points", title="积分 · Reward balances")
    table.columns[1].justify = "right"
    balances = {name: rewards.balance(account) for account, name in season.names.items()}
    for name, balance in balances.items():
        if balance:
            table.add_row(name, points(balance))
    season.session.out.show(table)
    return {name: str(balance) for name, balance in balances.items() if balance}


def item_of(season: Season, name: str, index: int) -> tuple[ItemProof, str]:
    """Return an item's proof file and hidden code."""
    batch = season.batches[name]
    record, tree = batch.record, batch.tree(batch.proof_keys(season.seed))
    serial = tree.serials[index]
    code = item_code(batch.secret(season.seed), serial, record.code_length)
    return tree.item_proof(serial, record.gtin, record.lot), code


def scan(
    season: Season, proof: ItemProof, *, code: str | None = None, viewer: str | None = None
) -> VerdictReport:
    """Verify an item as a shopper does who knows the brand's identity."""
    brand = season.signer("brand").address
    return verify(season.session.suite(), proof, hidden_code=code, viewer=viewer, issuer=brand)


def points(units: int) -> str:
    """Write reward units for people."""
    return format_units(units, NATIVE_DECIMALS, "points")


def order_rows(season: Season) -> list[OrderRow]:
    """Read the season's orders."""
    decimals = {name: currency.decimals for name, currency in season.currencies.items()}
    return read_orders(SEASON / "orders.csv", decimals)
