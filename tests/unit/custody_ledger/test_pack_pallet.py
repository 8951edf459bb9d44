import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of
from tests.support.custody import (
    SSCC,
    SSCC_LIMIT,
    LotFlag,
    create_hand_over,
    cut,
    deliver,
    deliver_pallet,
    lot_error,
    lot_id_of,
    manifest_of,
    not_authorized,
    pack,
    pallet_address_of,
    receipt_wrong,
    register_goods,
)
from tests.support.events import event, events_of
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind
from tests.unit.custody_ledger.conftest import SIZE

LIMIT = 64


@pytest.fixture
def crate(custody, provenance, issuer):
    """Lots of one item each, one more than a pallet can have."""
    whole = register_goods(provenance, issuer, LIMIT + 1), 0
    return cut(custody, whole, issuer, *range(1, LIMIT + 1))


@pytest.mark.parametrize("prepare", ALLOWED)
def test_pack_pallet__caller_may_act_for_holder__packs(
    custody, identities, lots, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.packPallet(SSCC, lots, sender=manufacturer)

    assert custody.palletOf(pallet_address_of(issuer)).holder == issuer


@pytest.mark.parametrize("prepare", REFUSED)
def test_pack_pallet__caller_may_not_act_for_holder__reverts(
    custody, identities, lots, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.packPallet(SSCC, lots, sender=attacker)


def test_pack_pallet__lots_are_loose__keeps_holder_count_and_manifest(custody, lots, issuer):
    custody.packPallet(SSCC, lots, sender=issuer)

    kept = custody.palletOf(pallet_address_of(issuer))
    assert tuple(kept) == (issuer, 1, 2, manifest_of(lots))


def test_pack_pallet__lots_are_loose__leaves_them_to_holder_on_pallet(custody, lots, issuer):
    custody.packPallet(SSCC, lots, sender=issuer)

    rest = (2, LotFlag.PACKED, pallet_address_of(issuer), ZERO_ADDRESS, 0)
    assert tuple(custody.custodyOf(*lots[0])) == (issuer, 0, 4, *rest)
    assert tuple(custody.custodyOf(*lots[1])) == (issuer, 4, 6, *rest)


def test_pack_pallet__lots_are_loose__emits_pallet_with_its_lots(custody, lots, issuer):
    tx = custody.packPallet(SSCC, lots, sender=issuer)

    assert events_of(tx) == [
        event(
            custody.PalletPacked,
            pallet=pallet_address_of(issuer),
            holder=issuer,
            sscc=SSCC,
            lots=lots,
        )
    ]


def test_pack_pallet__lots_are_loose__returns_name(custody, lots, issuer):
    name = custody.packPallet.call(SSCC, lots, sender=issuer)

    assert name == pallet_address_of(issuer)


@pytest.mark.parametrize("sscc", [0, SSCC_LIMIT + 1, 2**64 - 1])
def test_pack_pallet__sscc_is_zero_or_too_long__reverts(custody, lots, issuer, sscc):
    with reverts(custody.PalletLedger_SsccOutOfRange, sscc=sscc, limit=SSCC_LIMIT):
        custody.packPallet(sscc, lots, sender=issuer)


@pytest.mark.parametrize("sscc", [1, SSCC_LIMIT])
def test_pack_pallet__sscc_is_least_or_greatest__packs(custody, lots, issuer, sscc):
    custody.packPallet(sscc, lots, sender=issuer)

    assert custody.palletOf(pallet_address_of(issuer, sscc)).lotCount == len(lots)


def test_pack_pallet__there_are_no_lots__reverts(custody, issuer):
    with reverts(custody.PalletLedger_LotCountWrong, count=0, limit=LIMIT):
        custody.packPallet(SSCC, [], sender=issuer)


def test_pack_pallet__there_is_one_lot__packs(custody, lots, issuer):
    custody.packPallet(SSCC, lots[1:], sender=issuer)

    kept = custody.palletOf(pallet_address_of(issuer))
    assert tuple(kept) == (issuer, 1, 1, manifest_of(lots[1:]))


def test_pack_pallet__there_are_64_lots__packs(custody, crate, issuer):
    custody.packPallet(SSCC, crate[:LIMIT], sender=issuer)

    kept = custody.palletOf(pallet_address_of(issuer))
    assert (kept.lotCount, kept.manifest) == (LIMIT, manifest_of(crate[:LIMIT]))
    assert custody.custodyOf(*crate[LIMIT - 1]).pallet == pallet_address_of(issuer)
    assert custody.custodyOf(*crate[LIMIT]).pallet == ZERO_ADDRESS


def test_pack_pallet__there_are_65_lots__reverts(custody, crate, issuer):
    with reverts(custody.PalletLedger_LotCountWrong, count=LIMIT + 1, limit=LIMIT):
        custody.packPallet(SSCC, crate, sender=issuer)


@pytest.mark.parametrize("place", [0, 1])
def test_pack_pallet__batch_is_unknown__reverts(custody, lot, issuer, distributor, place):
    unknown = batch_id_of(distributor), 0
    listed = [lot]
    listed.insert(place, unknown)

    with lot_error(custody.CustodyLedger_LotUnknown, unknown):
        custody.packPallet(SSCC, listed, sender=issuer)


@pytest.mark.parametrize("first", [1, 5, SIZE])
def test_pack_pallet__no_lot_begins_there__reverts(custody, lots, issuer, first):
    inner = lots[0][0], first

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.packPallet(SSCC, [*lots, inner], sender=issuer)


def test_pack_pallet__lot_is_listed_twice__reverts(custody, lots, issuer):
    twice = [*lots, lots[0]]

    with lot_error(custody.CustodyLedger_LotPacked, lots[0], pallet=pallet_address_of(issuer)):
        custody.packPallet(SSCC, twice, sender=issuer)


@pytest.mark.parametrize("place", [0, 1])
def test_pack_pallet__lot_is_on_another_pallet__reverts(custody, lots, issuer, place):
    other = pack(custody, issuer, [lots[place]])

    with lot_error(custody.CustodyLedger_LotPacked, lots[place], pallet=other.address):
        custody.packPallet(SSCC + 1, lots, sender=issuer)


def test_pack_pallet__holders_differ__reverts(custody, lots, issuer, distributor):
    deliver(custody, lots[1], issuer, distributor)

    with lot_error(
        custody.CustodyLedger_HolderDiffers, lots[1], holder=distributor, expected=issuer
    ):
        custody.packPallet(SSCC, lots, sender=issuer)


def test_pack_pallet__pallet_is_packed__reverts(custody, lots, issuer):
    pallet = pack(custody, issuer, lots[:1])

    with reverts(custody.PalletLedger_AlreadyPacked, pallet=pallet.address, lotCount=1):
        custody.packPallet(SSCC, lots[1:], sender=issuer)


def test_pack_pallet__pallet_went_to_another_as_it_was__reverts(custody, lots, issuer, distributor):
    pallet = pack(custody, issuer, lots[:1])
    deliver_pallet(custody, pallet, issuer, distributor)

    with reverts(custody.PalletLedger_AlreadyPacked, pallet=pallet.address, lotCount=1):
        custody.packPallet(SSCC, lots[1:], sender=issuer)


def test_pack_pallet__another_holder_uses_same_sscc__makes_another_pallet(
    custody, lots, issuer, distributor
):
    deliver(custody, lots[1], issuer, distributor)
    pack(custody, issuer, lots[:1])

    pack(custody, distributor, lots[1:])

    assert custody.palletOf(pallet_address_of(issuer)).holder == issuer
    assert custody.palletOf(pallet_address_of(distributor)).holder == distributor


def test_pack_pallet__pallet_was_unpacked__goes_on_with_its_versions(custody, pallet, issuer):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    custody.packPallet(SSCC, pallet.lots[1:], sender=issuer)

    kept = custody.palletOf(pallet.address)
    assert tuple(kept) == (issuer, 3, 1, manifest_of(pallet.lots[1:]))


def test_pack_pallet__another_unpacked_pallet__gives_its_name_to_first_holder_again(
    custody, pallet, issuer, distributor
):
    deliver_pallet(custody, pallet, issuer, distributor)
    custody.unpackPallet(pallet.address, pallet.lots, sender=distributor)
    deliver(custody, pallet.lots[0], distributor, issuer)

    custody.packPallet(SSCC, pallet.lots[:1], sender=issuer)

    kept = custody.palletOf(pallet.address)
    assert tuple(kept) == (issuer, 4, 1, manifest_of(pallet.lots[:1]))


def test_pack_pallet__lots_are_of_several_batches_and_issuers__packs(
    custody, provenance, lots, issuer, brand, distributor
):
    other_batch = register_goods(provenance, issuer, lot=b"TEA-2".ljust(20, b"\0")), 0
    other_issuer = register_goods(provenance, brand), 0
    for lot, holder in ((lots[1], issuer), (other_batch, issuer), (other_issuer, brand)):
        deliver(custody, lot, holder, distributor)

    pallet = pack(custody, distributor, [other_issuer, lots[1], other_batch])

    for lot in pallet.lots:
        state = custody.custodyOf(*lot)
        assert (state.holder, state.pallet) == (distributor, pallet.address)


def test_pack_pallet__lot_is_offered__ends_offer(custody, offered, issuer, distributor):
    pallet = pack(custody, issuer, [offered])

    assert custody.custodyOf(*offered).offeredTo == ZERO_ADDRESS
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)
    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.receiveLot(*offered, SIZE, keccak(text="note"), sender=distributor)


def test_pack_pallet__receipt_for_lot_was_signed_before__ends_receipt(
    custody, lot, issuer, distributor
):
    arguments = create_hand_over(custody, lot, distributor)

    pallet = pack(custody, issuer, [lot])

    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)
    with receipt_wrong(custody, distributor, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


def test_pack_pallet__lot_has_discrepancy__keeps_it(custody, lot, issuer, distributor):
    deliver(custody, lot, issuer, distributor, counted=0)

    pack(custody, distributor, [lot])

    assert custody.custodyOf(*lot).flags == LotFlag.PACKED | LotFlag.DISCREPANCY


def test_pack_pallet__goods_are_recalled__packs(custody, provenance, lot, issuer):
    notice = keccak(text="notice")
    provenance.recall(lot[0], 0, SIZE - 1, NoticeKind.RECALL, notice, sender=issuer)

    pack(custody, issuer, [lot])

    assert custody.custodyOf(*lot).pallet == pallet_address_of(issuer)
