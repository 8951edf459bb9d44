import pytest
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import GTIN
from tests.support.clock import next_block_at
from tests.support.custody import (
    SSCC,
    LotFlag,
    cut,
    deliver,
    deliver_pallet,
    manifest_of,
    not_authorized,
    not_tradable,
    pack,
    pallet_address_of,
    pallet_moved,
    register_goods,
)
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason

NOTICE = keccak(text="notice")


@pytest.fixture
def mixed(custody, provenance, lot, issuer, brand, distributor):
    """A pallet of the distributor's with a lot of the issuer's goods and one of the brand's."""
    other = register_goods(provenance, brand), 0
    deliver(custody, lot, issuer, distributor)
    deliver(custody, other, brand, distributor)
    return pack(custody, distributor, [lot, other])


@pytest.mark.parametrize("prepare", ALLOWED)
def test_receive_pallet__caller_may_act_for_receiver__receives(
    custody, identities, offered_pallet, distributor, manufacturer, prepare
):
    prepare(identities, distributor, permission("custody"), manufacturer)

    custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=manufacturer)

    assert custody.palletOf(offered_pallet.address).holder == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_receive_pallet__caller_may_not_act_for_receiver__reverts(
    custody, identities, offered_pallet, distributor, attacker, prepare
):
    prepare(identities, distributor, permission("custody"), attacker)

    with not_authorized(custody, distributor, attacker):
        custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=attacker)


def test_receive_pallet__caller_is_holder__reverts(custody, offered_pallet, issuer, distributor):
    with not_authorized(custody, distributor, issuer):
        custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=issuer)


def test_receive_pallet__receiver_receives__becomes_holder_of_every_lot(
    custody, offered_pallet, distributor
):
    custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)

    rest = (2, LotFlag.PACKED, offered_pallet.address, ZERO_ADDRESS, 0)
    assert tuple(custody.custodyOf(*offered_pallet.lots[0])) == (distributor, 0, 4, *rest)
    assert tuple(custody.custodyOf(*offered_pallet.lots[1])) == (distributor, 4, 6, *rest)


def test_receive_pallet__receiver_receives__changes_holder_and_version_of_pallet_alone(
    custody, offered_pallet, distributor
):
    custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)

    kept = custody.palletOf(offered_pallet.address)
    assert tuple(kept) == (distributor, 2, 2, manifest_of(offered_pallet.lots))


def test_receive_pallet__receiver_receives__emits_receipt(
    custody, offered_pallet, issuer, distributor
):
    tx = custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)

    assert tx.events == [
        pallet_moved(custody.PalletReceived, offered_pallet, issuer, distributor, version=2)
    ]


def test_receive_pallet__pallet_is_unknown__reverts(custody, lots, issuer, distributor):
    name = pallet_address_of(issuer)

    with reverts(custody.PalletLedger_PalletUnknown, pallet=name):
        custody.receivePallet(name, lots, sender=distributor)


def test_receive_pallet__pallet_is_not_offered__reverts(custody, pallet, distributor):
    with reverts(custody.CustodyLedger_NoOffer, unitId=pallet.unit_id):
        custody.receivePallet(pallet.address, pallet.lots, sender=distributor)


def test_receive_pallet__pallet_was_received__reverts(custody, pallet, issuer, distributor):
    deliver_pallet(custody, pallet, issuer, distributor)

    with reverts(custody.CustodyLedger_NoOffer, unitId=pallet.unit_id):
        custody.receivePallet(pallet.address, pallet.lots, sender=distributor)


def test_receive_pallet__offer_was_cancelled__reverts(custody, offered_pallet, issuer, distributor):
    custody.cancelPalletOffer(offered_pallet.address, sender=issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=offered_pallet.unit_id):
        custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)


def test_receive_pallet__pallet_was_unpacked_since__reverts(
    custody, offered_pallet, issuer, distributor
):
    custody.unpackPallet(offered_pallet.address, offered_pallet.lots, sender=issuer)

    with reverts(custody.PalletLedger_PalletUnknown, pallet=offered_pallet.address):
        custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)


def test_receive_pallet__pallet_was_packed_again_since__reverts(
    custody, offered_pallet, issuer, distributor
):
    custody.unpackPallet(offered_pallet.address, offered_pallet.lots, sender=issuer)
    custody.packPallet(SSCC, offered_pallet.lots, sender=issuer)

    with reverts(custody.CustodyLedger_NoOffer, unitId=offered_pallet.unit_id):
        custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: [],
        lambda lots: lots[1:],
        lambda lots: lots[::-1],
        lambda lots: [*lots, lots[1]],
        lambda lots: [(lots[0][0], 1), lots[1]],
    ],
    ids=["empty", "one is missing", "wrong order", "one is twice", "other index"],
)
def test_receive_pallet__list_is_not_pallets__reverts(custody, offered_pallet, distributor, change):
    given = change(offered_pallet.lots)

    with reverts(
        custody.PalletLedger_ManifestWrong,
        pallet=offered_pallet.address,
        given=manifest_of(given),
        manifest=manifest_of(offered_pallet.lots),
    ):
        custody.receivePallet(offered_pallet.address, given, sender=distributor)


def test_receive_pallet__receiver_has_new_owner__receives_by_new_owner_alone(
    custody, identities, offered_pallet, distributor, sponsor
):
    identities.changeOwner(distributor, sponsor, sender=distributor)
    arguments = offered_pallet.address, offered_pallet.lots

    with not_authorized(custody, distributor, distributor):
        custody.receivePallet(*arguments, sender=distributor)
    custody.receivePallet(*arguments, sender=sponsor)

    assert custody.palletOf(offered_pallet.address).holder == distributor


def test_receive_pallet__holder_is_deactivated_since__receives(
    custody, identities, offered_pallet, issuer, distributor
):
    identities.changeOwner(issuer, ZERO_ADDRESS, sender=issuer)

    custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)

    assert custody.palletOf(offered_pallet.address).holder == distributor


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [(NoticeKind.RECALL, Reason.RECALLED), (NoticeKind.SUSPENSION, Reason.SUSPENDED)],
)
@pytest.mark.parametrize(("item", "index"), [(0, 0), (3, 0), (4, 1), (9, 1)])
def test_receive_pallet__any_item_is_recalled_or_suspended_since__reverts_with_its_lot(
    custody, provenance, offered_pallet, issuer, distributor, kind, reasons, item, index
):
    lots = offered_pallet.lots
    provenance.recall(lots[0][0], item, item, kind, NOTICE, sender=issuer)

    with not_tradable(custody, lots[index], reasons):
        custody.receivePallet(offered_pallet.address, lots, sender=distributor)


def test_receive_pallet__gtin_is_recalled_since__reverts(
    custody, provenance, offered_pallet, issuer, distributor
):
    provenance.recallGtin(issuer, GTIN, NoticeKind.RECALL, NOTICE, sender=issuer)

    with not_tradable(custody, offered_pallet.lots[0], Reason.RECALLED | Reason.GTIN_NOTICE):
        custody.receivePallet(offered_pallet.address, offered_pallet.lots, sender=distributor)


def test_receive_pallet__recalled_lot_is_not_on_it__receives(
    custody, provenance, lots, issuer, distributor
):
    pallet = pack(custody, issuer, lots[:1])
    custody.shipPallet(pallet.address, distributor, sender=issuer)
    provenance.recall(lots[1][0], 4, 4, NoticeKind.RECALL, NOTICE, sender=issuer)

    custody.receivePallet(pallet.address, pallet.lots, sender=distributor)

    assert custody.palletOf(pallet.address).holder == distributor


def test_receive_pallet__goods_are_recalled__lets_issuer_have_them_back(
    custody, provenance, pallet, issuer, distributor
):
    deliver_pallet(custody, pallet, issuer, distributor)
    provenance.recall(pallet.lots[0][0], 0, 9, NoticeKind.RECALL, NOTICE, sender=issuer)

    deliver_pallet(custody, pallet, distributor, issuer)

    assert custody.palletOf(pallet.address).holder == issuer


def test_receive_pallet__goods_of_another_issuer_are_recalled__reverts_for_this_issuer(
    custody, provenance, mixed, issuer, brand, distributor
):
    provenance.recall(mixed.lots[1][0], 0, 0, NoticeKind.RECALL, NOTICE, sender=brand)
    custody.shipPallet(mixed.address, issuer, sender=distributor)

    with not_tradable(custody, mixed.lots[1], Reason.RECALLED):
        custody.receivePallet(mixed.address, mixed.lots, sender=issuer)


def test_receive_pallet__goods_of_one_of_two_issuers_are_recalled__lets_that_one_have_all(
    custody, provenance, mixed, issuer, brand, distributor
):
    provenance.recall(mixed.lots[1][0], 0, 0, NoticeKind.RECALL, NOTICE, sender=brand)

    deliver_pallet(custody, mixed, distributor, brand)

    assert [custody.custodyOf(*lot).holder for lot in mixed.lots] == [brand, brand]


def test_receive_pallet__recalled_lot_is_taken_off__receives_rest(
    custody, provenance, pallet, issuer, distributor
):
    provenance.recall(pallet.lots[0][0], 0, 3, NoticeKind.RECALL, NOTICE, sender=issuer)
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)
    rest = pack(custody, issuer, pallet.lots[1:])

    deliver_pallet(custody, rest, issuer, distributor)

    assert [custody.custodyOf(*lot).holder for lot in pallet.lots] == [issuer, distributor]


def test_receive_pallet__second_before_expiry__receives(
    custody, perishable, issuer, distributor, expires_at
):
    pallet = pack(custody, issuer, [perishable])
    custody.shipPallet(pallet.address, distributor, sender=issuer)
    next_block_at(expires_at - 1)

    custody.receivePallet(pallet.address, pallet.lots, sender=distributor)

    assert custody.palletOf(pallet.address).holder == distributor


def test_receive_pallet__second_of_expiry__reverts(
    custody, perishable, lot, issuer, distributor, expires_at
):
    pallet = pack(custody, issuer, [lot, perishable])
    custody.shipPallet(pallet.address, distributor, sender=issuer)
    next_block_at(expires_at)

    with not_tradable(custody, perishable, Reason.EXPIRED):
        custody.receivePallet(pallet.address, pallet.lots, sender=distributor)


def test_receive_pallet__goods_are_expired__lets_issuer_have_them_back(
    custody, perishable, issuer, distributor, expires_at
):
    pallet = pack(custody, issuer, [perishable])
    deliver_pallet(custody, pallet, issuer, distributor)
    custody.shipPallet(pallet.address, issuer, sender=distributor)
    next_block_at(expires_at)

    custody.receivePallet(pallet.address, pallet.lots, sender=issuer)

    assert custody.palletOf(pallet.address).holder == issuer


def test_receive_pallet__there_are_64_lots__receives_all(custody, provenance, issuer, distributor):
    whole = register_goods(provenance, issuer, 64), 0
    pallet = pack(custody, issuer, cut(custody, whole, issuer, *range(1, 64)))

    deliver_pallet(custody, pallet, issuer, distributor)

    assert all(custody.custodyOf(*lot).holder == distributor for lot in pallet.lots)


def test_receive_pallet__lot_has_discrepancy__keeps_it(custody, lot, issuer, distributor, sponsor):
    deliver(custody, lot, issuer, distributor, counted=0)
    pallet = pack(custody, distributor, [lot])

    deliver_pallet(custody, pallet, distributor, sponsor)

    assert custody.custodyOf(*lot).flags == LotFlag.PACKED | LotFlag.DISCREPANCY
