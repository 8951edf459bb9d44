import pytest
from eth_utils import keccak

from tests.support.abi import permission
from tests.support.claims import FAR_DEADLINE
from tests.support.custody import (
    create_hand_over,
    create_receipt,
    create_terms,
    cut,
    deliver,
    go_and_return,
    not_authorized,
    pack,
    receipt_wrong,
    register_goods,
    sign_receipt,
)
from tests.unit.custody_ledger.conftest import SIZE

NOTICE = keccak(text="notice")


def test_hand_over__receiver_has_new_owner__reverts_for_receipt_of_old_one(
    custody, identities, lot, issuer, distributor, sponsor
):
    arguments = create_hand_over(custody, lot, distributor)
    identities.changeOwner(distributor, sponsor, sender=distributor)

    with not_authorized(custody, distributor, distributor):
        custody.handOver(*arguments, sender=issuer)


@pytest.mark.parametrize(
    "change",
    [
        {"batchId": b"\1" * 32},
        {"first": 1},
        {"size": SIZE - 1},
        {"size": SIZE + 1},
        {"from": "0x" + "11" * 20},
        {"to": "0x" + "11" * 20},
        {"version": 1},
        {"deadline": FAR_DEADLINE - 1},
    ],
    ids=lambda change: " ".join(map(str, *change.items())),
)
def test_hand_over__any_part_of_receipt_differs__reverts(custody, lot, issuer, distributor, change):
    arguments = create_hand_over(custody, lot, distributor, says=change)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


@pytest.mark.parametrize(
    "domain",
    [
        {"chainId": 1},
        {"verifyingContract": "0x" + "11" * 20},
        {"name": "Weilian ItemRegistry"},
        {"version": "2"},
    ],
    ids=lambda domain: next(iter(domain)),
)
def test_hand_over__any_part_of_domain_differs__reverts(custody, lot, issuer, distributor, domain):
    receipt = create_receipt(custody, lot, distributor)
    signature = sign_receipt(custody, receipt, distributor, **domain)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(create_terms(lot, distributor), signature, sender=issuer)


def test_hand_over__receipt_is_for_another_contract__reverts(
    custody, provenance, identities, lot, issuer, distributor, deployer, project
):
    other = deployer.deploy(project.CustodyLedger, provenance, identities)
    arguments = create_hand_over(custody, lot, distributor)
    custody.handOver(*arguments, sender=issuer)

    with receipt_wrong(other, distributor, issuer, SIZE, version=0):
        other.handOver(*arguments, sender=issuer)


def test_hand_over__receipt_is_for_another_lot__reverts(custody, lot, issuer, distributor):
    one, two = cut(custody, lot, issuer, SIZE // 2)
    _, signature = create_hand_over(custody, one, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE // 2, version=1):
        custody.handOver(create_terms(two, distributor), signature, sender=issuer)


def test_hand_over__receipt_is_for_another_batch__reverts(
    custody, provenance, lot, issuer, distributor
):
    twin = register_goods(provenance, issuer, SIZE, lot=b"TWIN".ljust(20, b"\0")), 0
    _, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(create_terms(twin, distributor), signature, sender=issuer)


def test_hand_over__receipt_is_for_another_receiver__reverts(
    custody, identities, lot, issuer, distributor, sponsor, manufacturer
):
    for identity in (distributor, sponsor):
        identities.addDelegate(identity, permission("custody"), manufacturer, 1000, sender=identity)
    _, signature = create_hand_over(custody, lot, distributor, signer=manufacturer)

    with receipt_wrong(custody, manufacturer, issuer, SIZE, version=0):
        custody.handOver(create_terms(lot, sponsor, manufacturer), signature, sender=issuer)


def test_hand_over__another_key_signed__reverts(custody, lot, issuer, distributor, attacker):
    arguments = create_hand_over(custody, lot, distributor, key=attacker)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_went_away_and_came_back__reverts_for_same_receipt(
    custody, lot, issuer, distributor
):
    arguments = create_hand_over(custody, lot, distributor)
    custody.handOver(*arguments, sender=issuer)
    deliver(custody, lot, distributor, issuer)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_went_to_another_and_came_back__reverts_for_unused_receipt(
    custody, lot, issuer, distributor, sponsor
):
    arguments = create_hand_over(custody, lot, distributor)
    go_and_return(custody, lot, issuer, sponsor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receipt_is_used_again_by_receiver__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor)
    custody.handOver(*arguments, sender=issuer)

    with not_authorized(custody, distributor, issuer):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_was_split_since__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor)
    custody.splitLot(*lot, 4, sender=issuer)

    with receipt_wrong(custody, distributor, issuer, size=4, version=1):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_was_split_and_merged_since__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor)
    custody.splitLot(*lot, 4, sender=issuer)
    custody.mergeLots(*lot, 4, sender=issuer)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_was_packed_and_unpacked_since__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor)
    pallet = pack(custody, issuer, [lot])
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_was_shipped_since__hands_over(custody, lot, issuer, distributor, sponsor):
    # An offer changes nothing in the lot, so what its receiver signed still tells the truth.
    arguments = create_hand_over(custody, lot, distributor)
    custody.shipLot(*lot, sponsor, sender=issuer)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor
