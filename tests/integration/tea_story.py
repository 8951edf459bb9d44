"""A season of tea: from the issuer to five hundred shoppers, by the real library on a real node."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from eth_account import Account
from hexbytes import HexBytes

from tests.python.chain.world import new_signer
from tests.python.examples import ROOT
from tests.support.receipts import typed_receipt
from weilian.batch import Batches, Registration
from weilian.batch_folder import BatchFolder, BatchOptions, BatchPlace, write_batch_folder
from weilian.batchfile import read_batch_file
from weilian.chain import Chain, ContractRevert
from weilian.config import load_config
from weilian.deploy import deploy_suite
from weilian.epcis import EpcisDocument, canonical_bytes, event_hash
from weilian.gs1 import Gtin, Lot
from weilian.hashing import keccak256
from weilian.item import Items, item_tuple
from weilian.keys import BrandSeed, item_code
from weilian.merkle import ItemProof
from weilian.provenance.custody_model import pallet_address
from weilian.provenance.lot_model import LotRef, Receipt
from weilian.suite import Suite
from weilian.trace import Traces

GTIN, LOT = "09521234001010", "WYYC-2026-100K"
COUNT, CARTON = 100_000, 100
ACTIVE_CARTONS = 990
LOTS, LOT_SIZE = 40, 2_500
FAR = datetime(2090, 1, 1, tzinfo=UTC)
FAR_SECONDS = int(FAR.timestamp())
CLAIM_GAS = 300_000
PURSE = 10**19  # wei
COMPANIES = ("exporter", "national", "regional", "shop")


def first_of(lot: int) -> int:
    """Return the first index of one of the forty lots."""
    return lot * LOT_SIZE


def serial_of(index: int) -> str:
    """Return the serial that the issuer gave an item."""
    return f"T{index * 7919 % 1_000_003:07d}"


@dataclass
class TeaStory:
    """One chain, the suite on it, and everybody who takes part, each known by a part."""

    chain: Chain
    folder: Path

    def __post_init__(self) -> None:
        deployer = new_signer(self.chain, PURSE)
        records = self.folder / "deployments"
        deploy_suite(load_config(ROOT / "config" / "local.yaml"), self.chain, deployer, records)
        self.suite = Suite.load(self.chain, records)
        parts = ("issuer", *COMPANIES, "grey", "former", "inspector", "relayer")
        self.people = {part: new_signer(self.chain, PURSE) for part in parts}
        self.seed = BrandSeed.generate()
        self.event_hashes: list[bytes] = []

    def address(self, part: str) -> str:
        """Return the account of a part."""
        return self.people[part].address

    def call(self, part: str, contract: str, function: str, *arguments: Any) -> Any:
        """Call a function of one of the suite's contracts by a transaction of a part's."""
        bound = getattr(self.suite, contract).functions[function]
        return self.chain.send(bound(*arguments), self.people[part])

    def read(self, contract: str, function: str, *arguments: Any) -> Any:
        """Ask one of the suite's contracts."""
        return self.chain.call(getattr(self.suite, contract).functions[function](*arguments))

    # The batch

    def build_batch(self) -> None:
        """List a hundred thousand items, build tree and labels, register, activate most cartons."""
        listed = self.folder / "items.csv"
        with listed.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["gtin", "lot", "serial", "production_date", "expiry_date"])
            shared = (GTIN, LOT, "2025-05-20", "2029-05-19")
            rows.writerows((*shared[:2], serial_of(index), *shared[2:]) for index in range(COUNT))
        items = read_batch_file(listed)
        issuer = self.address("issuer")
        place = BatchPlace(self.chain.chain_id, self.suite.provenance.address, issuer)
        options = BatchOptions(document_hash=keccak256(b"tea"))
        self.batch_folder = write_batch_folder(
            self.folder, items, place, self.seed, options=options
        )
        record = self.batch_folder.record
        terms = Registration.of(issuer, items, record.root, record.document_hash)
        Batches(self.suite).register(replace(terms, carton_size=CARTON), self.people["issuer"])
        self.call("issuer", "provenance", "activate", self.batch_id, 0, ACTIVE_CARTONS - 1)

    @property
    def batch_id(self) -> bytes:
        """The id of the batch."""
        return self.batch_folder.record.batch_id

    @cached_property
    def secret(self) -> bytes:
        """What the hidden codes follow from; the issuer's alone."""
        return BatchFolder.load(self.batch_folder.path).secret(self.seed)

    @cached_property
    def tree(self) -> Any:
        """The tree as the issuer opens it to make proofs."""
        return self.batch_folder.tree(self.batch_folder.proof_keys(self.seed))

    def proof(self, index: int) -> ItemProof:
        """Make the proof file that belongs to an item's label."""
        return self.tree.item_proof(serial_of(index), Gtin(GTIN).value, Lot(LOT).value)

    # Events and sellers

    def anchor(self, document: str) -> None:
        """Anchor all events of one of the example documents."""
        read = EpcisDocument.read(ROOT / "examples" / "tea" / "epcis" / document, strict=True)
        hashes = [event_hash(event) for event in read.events]
        Traces(self.suite).append(self.batch_id, hashes, self.people["issuer"])
        self.event_hashes += hashes

    def authorize(self, *parts: str) -> None:
        """Let parts sell, each in a territory that the chain does not show."""
        for part in parts:
            territory = keccak256(self.secret + part.encode())[:20]
            seller = (self.address("issuer"), self.address(part))
            self.call("issuer", "custody", "authorizeSeller", *seller, FAR_SECONDS, territory)

    def report_diversion(self, index: int, seller: str) -> bytes:
        """Anchor a bundle of evidence that an item was found with a seller; return its hash."""
        bundle = {"serial": serial_of(index), "found": "2026-08-01", "at": "a market stall"}
        evidence = keccak256(canonical_bytes(bundle))
        report = (self.batch_id, index, self.address(seller), evidence)
        self.call("inspector", "custody", "reportDiversion", *report)
        return evidence

    # Hand-overs

    def split(self) -> None:
        """Cut the batch into forty lots, from behind."""
        for lot in range(LOTS - 1, 0, -1):
            self.call("issuer", "custody", "splitLot", self.batch_id, 0, first_of(lot))

    def ship(self, lot: int, sender: str, to: str) -> None:
        """Offer a lot."""
        place = (self.batch_id, first_of(lot))
        self.call(sender, "custody", "shipLot", *place, self.address(to))

    def receive(self, lot: int, to: str, counted: int = LOT_SIZE) -> None:
        """Receive a lot that was offered."""
        place = (self.batch_id, first_of(lot))
        self.call(to, "custody", "receiveLot", *place, counted, bytes(32))

    def refusal_of_receipt(self, lot: int, to: str) -> ContractRevert | None:
        """Try to receive a lot; return why the chain refuses it."""
        try:
            self.receive(lot, to)
        except ContractRevert as refusal:
            return refusal
        return None

    def hand_over(self, lot: int, sender: str, to: str) -> None:
        """Hand a lot over by the receipt that the receiver signs."""
        kept = self.custody(lot)
        ref, receiver = LotRef(self.batch_id, first_of(lot)), self.address(to)
        receipt = Receipt(ref, kept.size, kept.holder, receiver, kept.version, FAR_SECONDS)
        message = typed_receipt(self.chain.chain_id, self.suite.custody.address, receipt)
        signature = self.people[to].account.sign_message(message).signature
        terms = (self.batch_id, ref.first, receiver, receiver, FAR_SECONDS)
        self.call(sender, "custody", "handOver", terms, bytes(signature))

    def pack(self, sscc: int, lots: Iterable[int], holder: str) -> str:
        """Pack lots; return the pallet's name."""
        self.call(holder, "custody", "packPallet", sscc, self.refs(lots))
        return pallet_address(self.address(holder), sscc)

    def move_pallet(self, pallet: str, lots: Iterable[int], sender: str, to: str) -> None:
        """Ship a pallet and receive it."""
        self.call(sender, "custody", "shipPallet", pallet, self.address(to))
        self.call(to, "custody", "receivePallet", pallet, self.refs(lots))

    def refs(self, lots: Iterable[int]) -> list[tuple[bytes, int]]:
        """Put lots as the contracts take them."""
        return [(self.batch_id, first_of(lot)) for lot in lots]

    def custody(self, lot: int) -> Any:
        """Ask who has a lot."""
        return self.read("custody", "custodyOf", self.batch_id, first_of(lot))

    # Claims

    def claim_call(self, index: int, claimer: str) -> Any:
        """Return the call with which the holder of an item's code makes `claimer` its owner."""
        proof = self.proof(index)
        code = item_code(self.secret, proof.serial)
        signed = Items(self.suite).sign_claim(proof, code, claimer, FAR)
        request = (claimer, FAR_SECONDS)
        function = self.suite.items.functions.claim
        return function(item_tuple(proof), list(proof.proof), request, signed.signature)

    def relay_claims(self, claims: dict[int, str]) -> None:
        """Send claims of others one behind the other without a wait; all must succeed."""
        relayer = self.people["relayer"]
        nonce = self.chain.w3.eth.get_transaction_count(relayer.address)
        sent = []
        for place, (index, claimer) in enumerate(claims.items()):
            fields = {
                "from": relayer.address,
                "gas": CLAIM_GAS,
                "nonce": nonce + place,
                "chainId": self.chain.chain_id,
                "maxFeePerGas": 10**10,
                "maxPriorityFeePerGas": 1,
            }
            built = dict(self.claim_call(index, claimer).build_transaction(fields))
            built.pop("from")
            sent.append(self.chain.w3.eth.send_raw_transaction(relayer.sign(built)))
        self.check_mined(sent)

    def check_mined(self, sent: Sequence[HexBytes]) -> None:
        """Demand that every transaction was mined and did what it should."""
        receipts = [
            self.chain.w3.eth.wait_for_transaction_receipt(tx, poll_latency=0.01) for tx in sent
        ]
        failed = [receipt["transactionHash"] for receipt in receipts if receipt["status"] != 1]
        assert not failed, failed

    def refusal_of_claim(self, index: int, claimer: str) -> ContractRevert | None:
        """Try a claim by sending it; return why the chain refuses it."""
        try:
            self.chain.send(self.claim_call(index, claimer), self.people["relayer"])
        except ContractRevert as refusal:
            return refusal
        return None


def new_shoppers(count: int) -> list[str]:
    """Make accounts that never held a coin."""
    return [Account.create().address for _ in range(count)]
