import pytest
from eth_abi import encode

from tests.support.abi import ZERO_ADDRESS, selector
from tests.support.items import ON_CHIP, act, flag, state_of, token_of
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

RECEIVED = bytes.fromhex("150b7a02")  # what ERC-721 receivers answer


@pytest.fixture
def receiver(project, deployer):
    """A contract that takes items."""
    return deployer.deploy(project.ItemReceiver, RECEIVED)


def test_safe_transfer_from__receiver_is_plain_account__owns_item(items, item_id, shopper, payer):
    tx = items.safeTransferFrom(shopper, payer, token_of(item_id), sender=shopper)

    assert state_of(items, item_id) == (payer, 1, 0)
    assert tx.events == [
        items.Transfer(**{"from": shopper, "to": payer, "tokenId": token_of(item_id)})
    ]


@pytest.mark.parametrize("data", [(), (b"a gift",)], ids=["no data", "data"])
def test_safe_transfer_from__receiver_takes_items__is_told_of_item(
    items, item_id, shopper, distributor, receiver, data
):
    token_id = token_of(item_id)
    items.approve(distributor, token_id, sender=shopper)

    items.safeTransferFrom(shopper, receiver, token_id, *data, sender=distributor)

    told = (distributor.address, shopper.address, token_id, *(data or (b"",)))
    assert receiver.received() == encode(("address", "address", "uint256", "bytes"), told)
    assert items.ownerOf(token_id) == receiver


def test_safe_transfer_from__receiver_reverts__reverts_as_it_says(
    items, item_id, project, deployer, shopper
):
    receiver = deployer.deploy(project.ItemReceiver, b"\0" * 4)
    token_id = token_of(item_id)

    with reverts(
        receiver.ItemReceiver_Refused,
        operator=shopper,
        **{"from": shopper},
        tokenId=token_id,
        data=b"no",
    ):
        items.safeTransferFrom(shopper, receiver, token_id, b"no", sender=shopper)


@pytest.mark.parametrize("answer", [b"\xff" * 4, b"\x15\x0b\x7a\x03"])
def test_safe_transfer_from__receiver_answers_wrongly__reverts(
    items, item_id, project, deployer, shopper, answer
):
    receiver = deployer.deploy(project.ItemReceiver, answer)

    with reverts(items.ERC721InvalidReceiver, receiver=receiver.address):
        items.safeTransferFrom(shopper, receiver, token_of(item_id), sender=shopper)


def test_safe_transfer_from__receiver_knows_no_items__reverts(items, item_id, provenance, shopper):
    with reverts(items.ERC721InvalidReceiver, receiver=provenance.address):
        items.safeTransferFrom(shopper, provenance, token_of(item_id), sender=shopper)


def test_safe_transfer_from__receiver_is_zero__reverts(items, item_id, shopper):
    with reverts(items.ERC721InvalidReceiver, receiver=ZERO_ADDRESS):
        items.safeTransferFrom(shopper, ZERO_ADDRESS, token_of(item_id), sender=shopper)


def test_safe_transfer_from__stranger_sends__reverts(items, item_id, shopper, attacker):
    token_id = token_of(item_id)

    with reverts(items.ERC721InsufficientApproval, operator=attacker, tokenId=token_id):
        items.safeTransferFrom(shopper, attacker, token_id, sender=attacker)


def test_safe_transfer_from__receiver_hands_item_on_at_once__leaves_one_owner(
    items, item_id, shopper, payer, receiver
):
    token_id = token_of(item_id)
    call = items.transferFrom.encode_input(receiver, payer, token_id)
    receiver.arm(items, call, sender=shopper)

    items.safeTransferFrom(shopper, receiver, token_id, sender=shopper)

    assert receiver.succeeded()
    assert state_of(items, item_id) == (payer, 2, 0)
    assert [items.balanceOf(who) for who in (shopper, receiver, payer)] == [0, 0, 1]


def test_safe_transfer_from__receiver_destroys_item_at_once__leaves_no_owner(
    items, item_id, shopper, receiver
):
    call = items.act.encode_input(item_id, OwnerAct.DESTROY, ZERO_ADDRESS)
    receiver.arm(items, call, sender=shopper)

    items.safeTransferFrom(shopper, receiver, token_of(item_id), sender=shopper)

    assert receiver.succeeded()
    assert [items.balanceOf(who) for who in (shopper, receiver)] == [0, 0]
    with reverts(items.ERC721NonexistentToken, tokenId=token_of(item_id)):
        items.ownerOf(token_of(item_id))


def test_safe_transfer_from__receiver_calls_back_as_former_owner__is_refused(
    items, item_id, shopper, payer, receiver
):
    token_id = token_of(item_id)
    items.approve(receiver, token_id, sender=shopper)
    call = items.transferFrom.encode_input(shopper, payer, token_id)
    receiver.arm(items, call, sender=shopper)

    items.safeTransferFrom(shopper, receiver, token_id, sender=shopper)

    refusal = items.ERC721IncorrectOwner
    arguments = (shopper.address, token_id, receiver.address)
    assert not receiver.succeeded()
    assert receiver.result() == selector(refusal.abi) + encode(
        ("address", "uint256", "address"), arguments
    )


def test_safe_transfer_from__item_is_flagged__never_calls_receiver(
    items, batch, item_id, issuer, shopper, receiver
):
    flag(items, batch, issuer)

    with reverts(items.ItemRegistry_Reported, itemId=item_id, flags=4):
        items.safeTransferFrom(shopper, receiver, token_of(item_id), sender=shopper)

    assert receiver.received() == b""


def test_safe_transfer_from__item_has_chip__reverts(items, chip_item_id, shopper, receiver):
    with reverts(items.ItemRegistry_ChipNeeded, itemId=chip_item_id):
        items.safeTransferFrom(shopper, receiver, token_of(chip_item_id), b"", sender=shopper)

    assert state_of(items, chip_item_id) == (shopper, 0, ON_CHIP)


def test_safe_transfer_from__receiver_hands_item_back__counts_each_change(
    items, item_id, shopper, receiver
):
    token_id = token_of(item_id)
    receiver.arm(items, items.act.encode_input(item_id, 0, shopper), sender=shopper)

    items.safeTransferFrom(shopper, receiver, token_id, sender=shopper)

    assert state_of(items, item_id) == (shopper, 2, 0)
    act(items, item_id, OwnerAct.REPORT_LOST, shopper)
    assert state_of(items, item_id)[1] == 3
