import pytest

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.custody import (
    SSCC,
    LotFlag,
    deliver,
    deliver_pallet,
    manifest_of,
    not_authorized,
    pack,
    pallet_address_of,
)
from tests.support.reverts import reverts


@pytest.mark.parametrize("prepare", ALLOWED)
def test_unpack_pallet__caller_may_act_for_holder__unpacks(
    custody, identities, pallet, issuer, manufacturer, prepare
):
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.unpackPallet(pallet.address, pallet.lots, sender=manufacturer)

    assert custody.palletOf(pallet.address).lotCount == 0


@pytest.mark.parametrize("prepare", REFUSED)
def test_unpack_pallet__caller_may_not_act_for_holder__reverts(
    custody, identities, pallet, issuer, attacker, prepare
):
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.unpackPallet(pallet.address, pallet.lots, sender=attacker)


def test_unpack_pallet__caller_is_offered_pallet__reverts(
    custody, offered_pallet, issuer, distributor
):
    with not_authorized(custody, issuer, distributor):
        custody.unpackPallet(offered_pallet.address, offered_pallet.lots, sender=distributor)


def test_unpack_pallet__caller_packed_it_and_gave_it_away__reverts(
    custody, pallet, issuer, distributor
):
    deliver_pallet(custody, pallet, issuer, distributor)

    with not_authorized(custody, distributor, issuer):
        custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)


def test_unpack_pallet__list_is_right__gives_lots_to_holder(custody, pallet, issuer):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    rest = (LotFlag.NONE, ZERO_ADDRESS, ZERO_ADDRESS, 0)
    assert tuple(custody.custodyOf(*pallet.lots[0])) == (issuer, 0, 4, 3, *rest)
    assert tuple(custody.custodyOf(*pallet.lots[1])) == (issuer, 4, 6, 3, *rest)


def test_unpack_pallet__list_is_right__leaves_pallet_empty_by_next_version(custody, pallet, issuer):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    assert tuple(custody.palletOf(pallet.address)) == (issuer, 2, 0, manifest_of(pallet.lots))


def test_unpack_pallet__list_is_right__emits_unpacking(custody, pallet, issuer):
    tx = custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    assert tx.events == [custody.PalletUnpacked(pallet=pallet.address, holder=issuer, version=2)]


def test_unpack_pallet__another_received_it__gives_lots_to_that_holder(
    custody, pallet, issuer, distributor, sponsor
):
    deliver_pallet(custody, pallet, issuer, distributor)

    custody.unpackPallet(pallet.address, pallet.lots, sender=distributor)

    assert [custody.custodyOf(*lot).holder for lot in pallet.lots] == [distributor] * 2
    deliver(custody, pallet.lots[1], distributor, sponsor)
    assert custody.custodyOf(*pallet.lots[1]).holder == sponsor


def test_unpack_pallet__pallet_is_unknown__reverts(custody, lots, issuer):
    name = pallet_address_of(issuer)

    with reverts(custody.PalletLedger_PalletUnknown, pallet=name):
        custody.unpackPallet(name, lots, sender=issuer)


@pytest.mark.parametrize("count", [0, 2])
def test_unpack_pallet__pallet_was_unpacked__reverts(custody, pallet, issuer, count):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    with reverts(custody.PalletLedger_PalletUnknown, pallet=pallet.address):
        custody.unpackPallet(pallet.address, pallet.lots[:count], sender=issuer)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: [],
        lambda lots: lots[:1],
        lambda lots: lots[::-1],
        lambda lots: [*lots, lots[0]],
        lambda lots: [lots[0], lots[0]],
        lambda lots: [lots[0], (lots[1][0], 5)],
    ],
    ids=["empty", "one is missing", "wrong order", "one is twice", "same twice", "other index"],
)
def test_unpack_pallet__list_is_not_pallets__reverts(custody, pallet, issuer, change):
    given = change(pallet.lots)

    with reverts(
        custody.PalletLedger_ManifestWrong,
        pallet=pallet.address,
        given=manifest_of(given),
        manifest=manifest_of(pallet.lots),
    ):
        custody.unpackPallet(pallet.address, given, sender=issuer)


def test_unpack_pallet__list_is_of_last_time__reverts(custody, pallet, issuer):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)
    custody.packPallet(SSCC, pallet.lots[:1], sender=issuer)

    with reverts(
        custody.PalletLedger_ManifestWrong,
        pallet=pallet.address,
        given=manifest_of(pallet.lots),
        manifest=manifest_of(pallet.lots[:1]),
    ):
        custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)


def test_unpack_pallet__list_is_of_another_pallet__reverts(custody, lots, issuer):
    one = pack(custody, issuer, lots[:1])
    other = pack(custody, issuer, lots[1:], sscc=SSCC + 1)

    with reverts(
        custody.PalletLedger_ManifestWrong,
        pallet=one.address,
        given=manifest_of(other.lots),
        manifest=manifest_of(one.lots),
    ):
        custody.unpackPallet(one.address, other.lots, sender=issuer)


def test_unpack_pallet__pallet_is_offered__ends_offer(custody, offered_pallet, issuer, distributor):
    custody.unpackPallet(offered_pallet.address, offered_pallet.lots, sender=issuer)

    custody.packPallet(SSCC, offered_pallet.lots, sender=issuer)
    with reverts(custody.CustodyLedger_NoOffer, unitId=offered_pallet.unit_id):
        custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)


def test_unpack_pallet__lot_has_discrepancy__keeps_it(custody, lots, issuer, distributor):
    deliver(custody, lots[0], issuer, distributor, counted=0)
    deliver(custody, lots[1], issuer, distributor)
    pallet = pack(custody, distributor, lots)

    custody.unpackPallet(pallet.address, lots, sender=distributor)

    flags = [custody.custodyOf(*lot).flags for lot in lots]
    assert flags == [LotFlag.DISCREPANCY, LotFlag.NONE]


def test_unpack_pallet__holder_is_deactivated__reverts_for_everyone(
    custody, identities, pallet, issuer
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    with not_authorized(custody, issuer, issuer):
        custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)
