import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.python.clients.conftest import FAR, role
from weilian.chain import ContractRevert
from weilian.diversion import Evidence, EvidenceError
from weilian.hashing import keccak256
from weilian.merkle import ItemProofError
from weilian.merkle.items import item_id
from weilian.scan import ScanError, SignedScan
from weilian.seller import SellerError, Territory

SEEN_AT = datetime(2026, 5, 1, tzinfo=UTC)
INDEX = 1

issuer = role("module")
distributor = role("module")
retailer = role("module")
inspector = role("module")


@pytest.fixture(scope="module")
def batch(custody, sellers, issuer, distributor, create_batch):
    """Goods that were delivered to a distributor, who may sell them in one province."""
    made = create_batch(issuer)
    custody.split(made.id, 0, 3, issuer)
    custody.ship(made.id, 0, distributor.address, issuer)
    custody.receive(made.id, 0, distributor)
    return made


@pytest.fixture(scope="module")
def territory(sellers, issuer, retailer):
    made = Territory.new(issuer.address, retailer.address, "福建省")
    sellers.authorize(issuer.address, retailer.address, FAR, issuer, territory=made)
    return made


@pytest.fixture(scope="module")
def scan(suite, batch, retailer, inspector):
    """What an inspector saw of an item of the batch."""

    def see(index=INDEX, place="杭州市西湖区", seller=None):
        return SignedScan.sign(
            suite.chain.chain_id,
            suite.custody.address,
            item_id(batch.id, index),
            (seller or retailer).address,
            place,
            SEEN_AT,
            inspector,
        )

    return see


@pytest.fixture(scope="module")
def evidence(diversions, batch, territory, scan):
    return diversions.build(batch.proof("B2"), [scan(), scan(place="上海")], territory=territory)


def test_build__bundle__holds_what_the_chain_and_the_inspector_say(
    evidence, batch, issuer, distributor, retailer, inspector, territory
):
    steps = [(record.step, record.to) for record in evidence.custody]

    assert steps == [
        ("split", None),
        ("shipped", distributor.address),
        ("received", distributor.address),
    ]
    assert (evidence.seller, evidence.item.issuer) == (retailer.address, issuer.address)
    assert evidence.authorization.valid_to == int(FAR.timestamp())
    assert evidence.authorization.territory == territory.commitment
    assert [scan.inspector for scan in evidence.scans] == [inspector.address] * 2
    assert evidence.item_id == item_id(batch.id, INDEX)


def test_report__bundle__anchors_the_hash_of_its_file(
    diversions, evidence, batch, issuer, retailer, tmp_path
):
    path = tmp_path / "evidence.json"
    evidence.save(path)

    report, _ = diversions.report(Evidence.load(path), issuer)

    assert report.evidence_hash == keccak256(path.read_bytes()) == evidence.evidence_hash
    assert (report.batch_id, report.index, report.seller) == (batch.id, INDEX, retailer.address)
    assert diversions.find(batch.id) == diversions.find(batch.id, INDEX) == [report]
    assert diversions.find(batch.id, 0) == []


def test_check__goods_moved_on_since__still_holds(
    diversions, custody, sellers, evidence, batch, issuer, distributor, retailer
):
    custody.ship(batch.id, 0, retailer.address, distributor)
    sellers.revoke(issuer.address, retailer.address, issuer)

    diversions.check(evidence)


def test_report__stranger__is_told_the_permission(diversions, evidence, stranger):
    with pytest.raises(ContractRevert, match="weilian/inspect"):
        diversions.report(evidence, stranger)


def test_load__every_changed_byte__is_found(diversions, evidence):
    data = evidence.canonical
    for place in range(0, len(data), 97):
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            read = Evidence.from_json(bytes(changed))
        except EvidenceError:
            continue
        assert read.evidence_hash != evidence.evidence_hash


def test_load__other_form_of_the_same__is_refused(evidence):
    pretty = json.dumps(json.loads(evidence.canonical), indent=1)

    with pytest.raises(EvidenceError, match="RFC 8785"):
        Evidence.from_json(pretty)


def test_check__part_that_was_changed__is_refused(diversions, evidence, stranger):
    scans = (replace(evidence.scans[0], place="北京"), *evidence.scans[1:])
    steps = (replace(evidence.custody[0], at=1), *evidence.custody[1:])
    authorization = replace(evidence.authorization, valid_to=1)
    territory = replace(evidence.opened_territory, territory="浙江省")
    forged = [
        ({"scans": scans}, ScanError, "北京"),
        ({"custody": steps}, EvidenceError, "custody history"),
        ({"custody": evidence.custody[:-1]}, EvidenceError, "custody history"),
        ({"authorization": authorization}, EvidenceError, "authorisation"),
        ({"opened_territory": territory}, SellerError, "is not what"),
        ({"seller": stranger.address}, EvidenceError, "another item or seller"),
        ({"block_number": 10**9}, EvidenceError, "not on this chain"),
        ({"ledger": stranger.address}, EvidenceError, "of the ledger"),
        ({"item": replace(evidence.item, serial="X")}, ItemProofError, "commitment"),
    ]

    for change, error, message in forged:
        with pytest.raises(error, match=message):
            diversions.check(replace(evidence, **change))


def test_build__scan_of_another_item_or_seller__is_refused(diversions, batch, scan, stranger):
    with pytest.raises(EvidenceError, match="another item or seller"):
        diversions.build(batch.proof("B2"), [scan(), scan(index=2)])
    with pytest.raises(EvidenceError, match="another item or seller"):
        diversions.build(batch.proof("B2"), [scan(), scan(seller=stranger)])
    with pytest.raises(EvidenceError, match="at least one"):
        diversions.build(batch.proof("B2"), [])


def test_build__batch_that_is_not_registered__is_refused(diversions, batch, scan, chain, suite):
    proof = batch.proof("B2")

    with pytest.raises(ItemProofError):
        diversions.build(replace(proof, root=b"\1" * 32), [scan()])
    with pytest.raises(EvidenceError, match="not registered with this root"):
        diversions._check_root(replace(proof, root=b"\1" * 32))


def test_scan__file__is_read_back_and_checked(scan, tmp_path):
    made, path = scan(), tmp_path / "scan.json"
    made.save(path)

    read = SignedScan.load(path)

    read.check()
    assert read == made


@pytest.mark.parametrize("place", ["", "x" * 201], ids=["empty", "long"])
def test_scan__no_place__is_refused(scan, place):
    with pytest.raises(ScanError, match=f"not {len(place)}"):
        scan(place=place)
