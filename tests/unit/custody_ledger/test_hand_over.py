import pytest
from eth_utils import keccak
from hypothesis import given
from hypothesis import strategies as st

from tests.support.abi import ZERO_ADDRESS, permission
from tests.support.authority import ALLOWED, REFUSED
from tests.support.batches import batch_id_of
from tests.support.claims import FAR_DEADLINE, compact, high_s
from tests.support.clock import next_block_at, now
from tests.support.custody import (
    MAX_ITEMS,
    LotFlag,
    create_hand_over,
    create_receipt,
    create_terms,
    cut,
    deliver,
    go_and_return,
    hand_over,
    lot_error,
    lot_id_of,
    moved,
    not_authorized,
    not_tradable,
    pack,
    receipt_wrong,
    register_goods,
    sign_receipt,
)
from tests.support.delegation import put_code_at
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import NoticeKind, Reason
from tests.unit.custody_ledger.conftest import SIZE

NOTICE = keccak(text="notice")


@pytest.mark.parametrize("prepare", ALLOWED)
def test_hand_over__caller_may_act_for_holder__hands_over(
    custody, identities, lot, issuer, distributor, manufacturer, prepare
):
    arguments = create_hand_over(custody, lot, distributor)
    prepare(identities, issuer, permission("custody"), manufacturer)

    custody.handOver(*arguments, sender=manufacturer)

    assert custody.custodyOf(*lot).holder == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_hand_over__caller_may_not_act_for_holder__reverts(
    custody, identities, lot, issuer, distributor, attacker, prepare
):
    arguments = create_hand_over(custody, lot, distributor)
    prepare(identities, issuer, permission("custody"), attacker)

    with not_authorized(custody, issuer, attacker):
        custody.handOver(*arguments, sender=attacker)


def test_hand_over__caller_is_receiver__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor)

    with not_authorized(custody, issuer, distributor):
        custody.handOver(*arguments, sender=distributor)


@pytest.mark.parametrize("prepare", ALLOWED)
def test_hand_over__signer_may_act_for_receiver__hands_over(
    custody, identities, lot, issuer, distributor, manufacturer, prepare
):
    arguments = create_hand_over(custody, lot, distributor, signer=manufacturer)
    prepare(identities, distributor, permission("custody"), manufacturer)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


@pytest.mark.parametrize("prepare", REFUSED)
def test_hand_over__signer_may_not_act_for_receiver__reverts(
    custody, identities, lot, issuer, distributor, attacker, prepare
):
    arguments = create_hand_over(custody, lot, distributor, signer=attacker)
    prepare(identities, distributor, permission("custody"), attacker)

    with not_authorized(custody, distributor, attacker):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receiver_has_new_owner__reverts_for_receipt_of_old_one(
    custody, identities, lot, issuer, distributor, sponsor
):
    arguments = create_hand_over(custody, lot, distributor)
    identities.changeOwner(distributor, sponsor, sender=distributor)

    with not_authorized(custody, distributor, distributor):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receipt_is_good__gives_lot_to_receiver_by_next_version(
    custody, lot, issuer, distributor
):
    hand_over(custody, lot, issuer, distributor)

    assert tuple(custody.custodyOf(*lot)) == (
        distributor,
        0,
        SIZE,
        1,
        LotFlag.NONE,
        ZERO_ADDRESS,
        ZERO_ADDRESS,
        0,
    )


def test_hand_over__receipt_is_good__emits_receipt(custody, lots, issuer, distributor):
    arguments = create_hand_over(custody, lots[1], distributor)

    tx = custody.handOver(*arguments, sender=issuer)

    assert tx.events == [moved(custody.LotReceived, lots[1], issuer, distributor, version=2)]


def test_hand_over__lot_has_discrepancy__keeps_it(custody, lot, issuer, distributor, sponsor):
    deliver(custody, lot, issuer, distributor, counted=0)

    hand_over(custody, lot, distributor, sponsor)

    assert custody.custodyOf(*lot).flags == LotFlag.DISCREPANCY


@pytest.mark.parametrize("receiver", ["distributor", "sponsor"])
def test_hand_over__lot_is_offered__ends_offer(
    custody, offered, issuer, distributor, receiver, request
):
    to = request.getfixturevalue(receiver)

    hand_over(custody, offered, issuer, to)

    state = custody.custodyOf(*offered)
    assert (state.holder, state.offeredTo) == (to, ZERO_ADDRESS)
    with reverts(custody.CustodyLedger_NoOffer, unitId=lot_id_of(*offered)):
        custody.receiveLot(*offered, SIZE, NOTICE, sender=distributor)


def test_hand_over__batch_is_unknown__reverts(custody, issuer, distributor):
    lot = batch_id_of(issuer), 0
    arguments = create_hand_over(custody, lot, distributor)

    with lot_error(custody.CustodyLedger_LotUnknown, lot):
        custody.handOver(*arguments, sender=issuer)


@pytest.mark.parametrize("first", [1, SIZE, MAX_ITEMS])
def test_hand_over__no_lot_begins_there__reverts(custody, lot, issuer, distributor, first):
    inner = lot[0], first
    arguments = create_hand_over(custody, inner, distributor)

    with lot_error(custody.CustodyLedger_LotUnknown, inner):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__lot_is_packed__reverts(custody, pallet, issuer, distributor):
    lot = pallet.lots[0]
    arguments = create_hand_over(custody, lot, distributor)

    with lot_error(custody.CustodyLedger_LotPacked, lot, pallet=pallet.address):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receiver_is_zero__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, ZERO_ADDRESS, signer=distributor)

    with reverts(custody.CustodyLedger_ReceiverInvalid, to=ZERO_ADDRESS):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receiver_is_holder__reverts(custody, lot, issuer):
    arguments = create_hand_over(custody, lot, issuer)

    with reverts(custody.CustodyLedger_ReceiverInvalid, to=issuer):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__deadline_is_this_second__hands_over(custody, lot, issuer, distributor):
    deadline = now() + 100
    arguments = create_hand_over(custody, lot, distributor, deadline=deadline)
    next_block_at(deadline)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__deadline_was_one_second_ago__reverts(custody, lot, issuer, distributor):
    deadline = now() + 100
    arguments = create_hand_over(custody, lot, distributor, deadline=deadline)
    next_block_at(deadline + 1)

    with reverts(custody.CustodyLedger_DeadlinePassed, deadline=deadline, time=deadline + 1):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__deadline_is_zero__reverts(custody, lot, issuer, distributor):
    arguments = create_hand_over(custody, lot, distributor, deadline=0)
    time = now() + 100
    next_block_at(time)

    with reverts(custody.CustodyLedger_DeadlinePassed, deadline=0, time=time):
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


def test_hand_over__signature_is_high_s__reverts(custody, lot, issuer, distributor):
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, high_s(signature), sender=issuer)


@pytest.mark.parametrize(
    "shape",
    [lambda _: b"", compact, lambda signature: signature[:-1], lambda signature: signature + b"\0"],
    ids=["empty", "compact", "64 bytes", "66 bytes"],
)
def test_hand_over__signature_has_another_length__reverts(custody, lot, issuer, distributor, shape):
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, shape(signature), sender=issuer)


@pytest.mark.parametrize("v", [0, 1, 26, 29])
def test_hand_over__signature_is_of_nobody__reverts(custody, lot, issuer, distributor, v):
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, signature[:64] + bytes([v]), sender=issuer)


def test_hand_over__signature_is_of_nobody__reverts_even_if_signer_is_zero(
    custody, lot, issuer, distributor
):
    terms = create_terms(lot, distributor, ZERO_ADDRESS)

    with not_authorized(custody, distributor, ZERO_ADDRESS):
        custody.handOver(terms, b"\0" * 65, sender=issuer)


def test_hand_over__any_bit_of_signature_is_flipped__reverts(custody, lot, issuer, distributor):
    terms, signature = create_hand_over(custody, lot, distributor)
    right = int.from_bytes(signature)

    @on_one_chain(30)
    @given(st.integers(0, 65 * 8 - 1))
    def check(bit):
        with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
            custody.handOver.call(terms, (right ^ 1 << bit).to_bytes(65), sender=issuer)

    check()


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


def test_hand_over__receiver_is_contract_wallet__hands_over_with_signature_of_its_owner(
    custody, lot, issuer, shopper, wallet
):
    arguments = create_hand_over(custody, lot, wallet, key=shopper)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == wallet


def test_hand_over__contract_wallet_is_delegate_of_receiver__hands_over(
    custody, identities, lot, issuer, distributor, shopper, wallet
):
    identities.addDelegate(distributor, permission("custody"), wallet, 1000, sender=distributor)
    arguments = create_hand_over(custody, lot, distributor, signer=wallet, key=shopper)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__contract_wallet_refuses__reverts(custody, lot, issuer, shopper, wallet):
    arguments = create_hand_over(custody, lot, wallet, key=shopper)
    wallet.setRefusing(True, sender=shopper)

    with receipt_wrong(custody, wallet, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__contract_wallet_does_not_know_signer__reverts(
    custody, lot, issuer, attacker, wallet
):
    arguments = create_hand_over(custody, lot, wallet, key=attacker)

    with receipt_wrong(custody, wallet, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receipt_of_contract_wallet_is_replayed__reverts(
    custody, lot, issuer, shopper, wallet
):
    arguments = create_hand_over(custody, lot, wallet, key=shopper)
    custody.handOver(*arguments, sender=issuer)
    back, signature = create_hand_over(custody, lot, issuer)
    call = custody.handOver.encode_input(back, signature)
    wallet.execute(custody, call, sender=shopper)

    with receipt_wrong(custody, wallet, issuer, SIZE, version=2):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__receiver_is_contract_that_knows_no_signatures__reverts(
    custody, lot, issuer, distributor, deployer, project
):
    mute = deployer.deploy(project.BatchReader)
    arguments = create_hand_over(custody, lot, mute, key=distributor)

    with receipt_wrong(custody, mute, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__code_at_address_of_signer_says_no__hands_over_by_its_key(
    custody, lot, issuer, distributor, relayer, wallet
):
    # The wallet knows the shopper's signatures only, and asked first it would refuse this one.
    put_code_at(distributor, wallet, sender=relayer)
    arguments = create_hand_over(custody, lot, distributor)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__code_at_address_of_signer_says_yes__hands_over(
    custody, lot, issuer, distributor, shopper, relayer, wallet
):
    put_code_at(distributor, wallet, sender=relayer)
    arguments = create_hand_over(custody, lot, distributor, key=shopper)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*lot).holder == distributor


def test_hand_over__code_at_address_of_signer_says_no_to_strangers_key__reverts(
    custody, lot, issuer, distributor, attacker, relayer, wallet
):
    put_code_at(distributor, wallet, sender=relayer)
    arguments = create_hand_over(custody, lot, distributor, key=attacker)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__signature_is_high_s__reverts_even_if_signer_has_code(
    custody, lot, issuer, distributor, relayer, wallet
):
    put_code_at(distributor, wallet, sender=relayer)
    terms, signature = create_hand_over(custody, lot, distributor)

    with receipt_wrong(custody, distributor, issuer, SIZE, version=0):
        custody.handOver(terms, high_s(signature), sender=issuer)


@pytest.mark.parametrize(
    ("kind", "reasons"),
    [(NoticeKind.RECALL, Reason.RECALLED), (NoticeKind.SUSPENSION, Reason.SUSPENDED)],
)
@pytest.mark.parametrize("index", [0, 5, SIZE - 1])
def test_hand_over__any_item_is_recalled_or_suspended__reverts(
    custody, provenance, lot, issuer, distributor, kind, reasons, index
):
    arguments = create_hand_over(custody, lot, distributor)
    provenance.recall(lot[0], index, index, kind, NOTICE, sender=issuer)

    with not_tradable(custody, lot, reasons):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__goods_are_recalled__lets_issuer_have_them_back(
    custody, provenance, lot, issuer, distributor
):
    deliver(custody, lot, issuer, distributor)
    provenance.recall(lot[0], 0, SIZE - 1, NoticeKind.RECALL, NOTICE, sender=issuer)

    hand_over(custody, lot, distributor, issuer)

    assert custody.custodyOf(*lot).holder == issuer


def test_hand_over__second_before_expiry__hands_over(
    custody, perishable, issuer, distributor, expires_at
):
    arguments = create_hand_over(custody, perishable, distributor)
    next_block_at(expires_at - 1)

    custody.handOver(*arguments, sender=issuer)

    assert custody.custodyOf(*perishable).holder == distributor


def test_hand_over__second_of_expiry__reverts(custody, perishable, issuer, distributor, expires_at):
    arguments = create_hand_over(custody, perishable, distributor)
    next_block_at(expires_at)

    with not_tradable(custody, perishable, Reason.EXPIRED):
        custody.handOver(*arguments, sender=issuer)


def test_hand_over__goods_are_expired__lets_issuer_have_them_back(
    custody, perishable, issuer, distributor, expires_at
):
    deliver(custody, perishable, issuer, distributor)
    arguments = create_hand_over(custody, perishable, issuer)
    next_block_at(expires_at)

    custody.handOver(*arguments, sender=distributor)

    assert custody.custodyOf(*perishable).holder == issuer


def test_hand_over__lot_of_one_item_ends_largest_batch__hands_over(
    custody, provenance, issuer, distributor
):
    whole = register_goods(provenance, issuer, MAX_ITEMS), 0
    last = cut(custody, whole, issuer, MAX_ITEMS - 1)[1]

    hand_over(custody, last, issuer, distributor)

    assert tuple(custody.custodyOf(*last))[:4] == (distributor, MAX_ITEMS - 1, 1, 2)
