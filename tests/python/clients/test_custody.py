from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from eth_account import Account

from tests.python.chain.world import pass_time
from tests.python.clients.conftest import DOCUMENT, FAR, SSCC
from weilian.chain import ContractRevert, LocalSigner
from weilian.custody import CustodyError, LotNotFoundError
from weilian.custody_history import CustodyStep
from weilian.identity import Permission
from weilian.receipt import Receipt, ReceiptError

NOTE = b"\x05" * 32


@pytest.fixture
def spans(custody):
    """Where each lot of a batch begins and ends, and who holds it."""

    def told(batch):
        return [(lot.first, lot.last, lot.holder) for lot in custody.lots(batch.id)]

    return told


def test_lots__nothing_happened__is_one_lot_of_the_issuers(custody, spans, issuer, create_batch):
    made = create_batch(issuer)

    assert spans(made) == [(0, 4, issuer.address)]
    assert custody.lot(made.id, 0).version == 0


def test_split_and_merge__lots__always_cover_the_batch(custody, spans, issuer, create_batch):
    made, holder = create_batch(issuer), issuer.address

    split = custody.split(made.id, 0, 2, issuer)
    custody.split(made.id, 2, 4, issuer)
    three = spans(made)
    merged = custody.merge(made.id, 0, 2, issuer)

    assert (split.first, split.second) == (0, 2)
    assert three == [(0, 1, holder), (2, 3, holder), (4, 4, holder)]
    assert (merged.first, merged.second) == (0, 2)
    assert spans(made) == [(0, 3, holder), (4, 4, holder)]


@pytest.mark.parametrize("second", [0, 5, 9])
def test_split__outside_the_lot__is_refused(custody, issuer, create_batch, second):
    with pytest.raises(CustodyError, match=f"items 0 to 4 cannot be split at item {second}"):
        custody.split(create_batch(issuer).id, 0, second, issuer)


def test_lot_of__item__is_the_lot_that_holds_it(custody, issuer, create_batch):
    made = create_batch(issuer)
    custody.split(made.id, 0, 2, issuer)
    custody.split(made.id, 2, 4, issuer)

    assert [custody.lot_of(made.id, index).first for index in range(5)] == [0, 0, 2, 2, 4]
    with pytest.raises(CustodyError, match="no item 5; it has items 0 to 4"):
        custody.lot_of(made.id, 5)


def test_lot__no_lot_begins_there__names_those_that_do(custody, issuer, create_batch):
    made = create_batch(issuer)
    custody.split(made.id, 0, 2, issuer)

    with pytest.raises(LotNotFoundError, match="begins at item 1; its lots begin at 0, 2"):
        custody.lot(made.id, 1)


def test_ship_and_receive__lot__has_a_new_holder(
    custody, spans, chain, issuer, distributor, create_batch
):
    made = create_batch(issuer)

    shipped = custody.ship(made.id, 0, distributor.address, issuer)
    on_the_way, time = custody.lot(made.id, 0), chain.block()[1]
    received = custody.receive(made.id, 0, distributor)

    assert (shipped.sender, shipped.to) == (issuer.address, distributor.address)
    assert (on_the_way.holder, on_the_way.offered_to) == (issuer.address, distributor.address)
    assert on_the_way.offered_at.timestamp() == time
    assert (received.sender, received.to, received.counted) == (
        *(issuer.address, distributor.address),
        None,
    )
    assert spans(made) == [(0, 4, distributor.address)]


def test_receive__other_count__is_on_record(custody, issuer, distributor, create_batch):
    made = create_batch(issuer)
    custody.ship(made.id, 0, distributor.address, issuer)

    received = custody.receive(made.id, 0, distributor, counted=4, note_hash=NOTE)

    assert received.counted == 4
    assert custody.lot(made.id, 0).has_discrepancy
    assert [(e.counted, e.note_hash) for e in custody.history(made.id, 0)][-1] == (4, NOTE)


def test_receive__nothing_offered__is_refused(custody, issuer, distributor, create_batch):
    with pytest.raises(CustodyError, match="is not offered to anybody"):
        custody.receive(create_batch(issuer).id, 0, distributor)


def test_receive__offered_to_another__is_told_the_permission(
    custody, issuer, distributor, stranger, create_batch
):
    made = create_batch(issuer)
    custody.ship(made.id, 0, distributor.address, issuer)

    with pytest.raises(ContractRevert, match="custody") as caught:
        custody.receive(made.id, 0, stranger)

    assert caught.value.arguments["identity"] == distributor.address


def test_cancel__either_party__ends_the_offer(custody, issuer, distributor, create_batch):
    made = create_batch(issuer)

    for party in (issuer, distributor):
        custody.ship(made.id, 0, distributor.address, issuer)
        custody.cancel(made.id, 0, party)
        assert custody.lot(made.id, 0).offered_to is None


def test_ship__not_the_holder__is_refused(custody, issuer, stranger, create_batch):
    with pytest.raises(ContractRevert) as caught:
        custody.ship(create_batch(issuer).id, 0, stranger.address, stranger)

    assert caught.value.name == "CustodyLedger_NotAuthorized"


def test_ship__recalled_goods__go_back_to_their_issuer_only(
    custody, notices, deliver, issuer, distributor, retailer, create_batch
):
    made = create_batch(issuer)
    deliver(made, 0, issuer, distributor)
    notices.recall(made.id, DOCUMENT, issuer, first=3, last=3)

    with pytest.raises(CustodyError, match=r"may not be traded \(RECALLED\)"):
        custody.ship(made.id, 0, retailer.address, distributor)
    deliver(made, 0, distributor, issuer)
    assert custody.lot(made.id, 0).holder == issuer.address


def test_receive__recalled_on_the_way__is_refused(
    custody, notices, issuer, distributor, create_batch
):
    made = create_batch(issuer)
    custody.ship(made.id, 0, distributor.address, issuer)
    notices.suspend(made.id, DOCUMENT, issuer)

    with pytest.raises(CustodyError, match="SUSPENDED"):
        custody.receive(made.id, 0, distributor)


def test_receive__recall_since_was_lifted__needs_a_new_offer(
    custody, notices, issuer, distributor, create_batch
):
    made = create_batch(issuer)
    custody.ship(made.id, 0, distributor.address, issuer)
    notices.recall(made.id, DOCUMENT, issuer, first=1, last=1)
    notices.reinstate(made.id, 0, NOTE, issuer)

    with pytest.raises(CustodyError, match="shipped again once that is lifted"):
        custody.receive(made.id, 0, distributor)
    custody.cancel(made.id, 0, issuer)
    custody.ship(made.id, 0, distributor.address, issuer)
    assert custody.receive(made.id, 0, distributor).to == distributor.address


def test_hand_over__signed_receipt__moves_the_lot_at_once(
    custody, spans, issuer, distributor, create_batch, tmp_path
):
    made, path = create_batch(issuer), tmp_path / "receipt.json"
    custody.sign_receipt(made.id, 0, distributor.address, FAR, distributor).save(path)

    received = custody.hand_over(Receipt.load(path), issuer)

    assert (received.sender, received.to) == (issuer.address, distributor.address)
    assert spans(made) == [(0, 4, distributor.address)]


def test_hand_over__receivers_delegate_signed__moves_the_lot(
    custody, identities, issuer, distributor, stranger, create_batch
):
    made = create_batch(issuer)
    grant = (distributor.address, Permission.CUSTODY, stranger.address, timedelta(days=1))
    identities.add_delegate(*grant, distributor)

    receipt = custody.sign_receipt(made.id, 0, distributor.address, FAR, stranger)

    assert custody.hand_over(receipt, issuer).to == distributor.address


def test_hand_over__lot_changed_since__is_refused(custody, issuer, distributor, create_batch):
    made = create_batch(issuer)
    receipt = custody.sign_receipt(made.id, 0, distributor.address, FAR, distributor)
    custody.split(made.id, 0, 3, issuer)

    with pytest.raises(CustodyError, match="changed since its receipt was signed"):
        custody.hand_over(receipt, issuer)


def test_hand_over__after_the_deadline__is_refused(
    custody, chain, issuer, distributor, create_batch
):
    made = create_batch(issuer)
    soon = datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(seconds=10)
    receipt = custody.sign_receipt(made.id, 0, distributor.address, soon, distributor)
    pass_time(chain, 20)
    new_block = Account.create()
    chain.w3.eth.send_transaction(
        {"from": chain.w3.eth.accounts[0], "to": new_block.address, "value": 1}
    )

    with pytest.raises(CustodyError, match="was good until"):
        custody.hand_over(receipt, issuer)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"size": 4}, "is not as"),
        ({"deadline": 2**47}, "is not as"),
        ({"signature": b"\1" * 65}, "is not as"),
        ({"signature": b""}, "is not as"),
        ({"signer": None}, "is not signed"),
        ({"chain_id": 5}, "on chain 5"),
        ({"ledger": "0x" + "11" * 20}, "for the ledger"),
    ],
)
def test_hand_over__receipt_changed__is_refused(
    custody, issuer, distributor, create_batch, change, message
):
    made = create_batch(issuer)
    receipt = custody.sign_receipt(made.id, 0, distributor.address, FAR, distributor)

    with pytest.raises(ReceiptError, match=message):
        custody.hand_over(replace(receipt, **change), issuer)


def test_hand_over__signed_by_a_stranger__is_told_the_permission(
    custody, issuer, distributor, stranger, create_batch
):
    receipt = custody.sign_receipt(create_batch(issuer).id, 0, distributor.address, FAR, stranger)

    with pytest.raises(ContractRevert) as caught:
        custody.hand_over(receipt, issuer)

    assert caught.value.arguments["actor"] == stranger.address


def test_hand_over__recalled_goods__are_refused(
    custody, notices, issuer, distributor, create_batch
):
    made = create_batch(issuer)
    receipt = custody.sign_receipt(made.id, 0, distributor.address, FAR, distributor)
    notices.recall(made.id, DOCUMENT, issuer)

    with pytest.raises(CustodyError, match="RECALLED"):
        custody.hand_over(receipt, issuer)


def test_receipt__holder_itself__is_refused(custody, issuer, create_batch):
    with pytest.raises(CustodyError, match="holds the lot"):
        custody.receipt(create_batch(issuer).id, 0, issuer.address, FAR)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"size": 5', '"size": 0'), ('"first": 0', '"first": "0"'), ('"to"', '"too"'), ("{", "")],
)
def test_receipt__damaged_file__is_said(
    custody, issuer, distributor, create_batch, tmp_path, old, new
):
    made, path = create_batch(issuer), tmp_path / "receipt.json"
    receipt = custody.sign_receipt(made.id, 0, distributor.address, FAR, distributor)
    path.write_text(receipt.to_json().replace(old, new, 1))

    with pytest.raises(ReceiptError, match=r"^receipt: "):
        Receipt.load(path)


def test_receipt__no_file__is_said(tmp_path):
    with pytest.raises(ReceiptError, match=r"cannot read the receipt .*none\.json: No such file"):
        Receipt.load(tmp_path / "none.json")


def test_history__item__follows_splits_pallets_and_merges(
    custody, pallets, deliver, chain, issuer, distributor, retailer, create_batch
):
    made = create_batch(issuer)
    custody.split(made.id, 0, 2, issuer)
    deliver(made, 0, issuer, retailer)  # of no concern to item 3
    packed = pallets.pack(SSCC, [(made.id, 2)], issuer)
    pallets.ship(pallets.at(packed.address), distributor.address, issuer)
    pallets.receive(pallets.at(packed.address), distributor)
    pallets.unpack(pallets.at(packed.address), distributor)
    custody.split(made.id, 2, 4, distributor)
    custody.merge(made.id, 2, 4, distributor)

    history = custody.history(made.id, 4)

    step, name = CustodyStep, packed.address
    assert [(event.step, event.first, event.pallet) for event in history] == [
        (step.SPLIT, 0, None),
        *((each, 2, name) for each in (step.PACKED, step.SHIPPED, step.RECEIVED, step.UNPACKED)),
        (step.SPLIT, 2, None),
        (step.MERGED, 4, None),
    ]
    assert (history[3].sender, history[3].to) == (issuer.address, distributor.address)
    assert history[-1].at.timestamp() == chain.block()[1]
    assert custody.history(made.id, 4, to_block=history[1].block_number) == history[:2]


def test_sign__local_key__recovers_to_its_address(custody, issuer, distributor, create_batch):
    key = LocalSigner(Account.create())

    receipt = custody.sign_receipt(create_batch(issuer).id, 0, distributor.address, FAR, key)

    assert Account.recover_message(receipt.message, signature=receipt.signature) == key.address
