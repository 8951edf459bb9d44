"""Joining by invitation, and what happens to a number after."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.python.chain.world import new_signer, pass_time
from weilian.chain import ContractRevert
from weilian.commission.parties import member_party
from weilian.commission.plan import DAY
from weilian.distributor import (
    NO_TERRITORY,
    Authorization,
    DistributorNotFoundError,
    Pending,
    TerritoryError,
    territory_code,
    territory_text,
)
from weilian.invitation import Invitation, InvitationError


@pytest.fixture
def soon(chain):
    return datetime.fromtimestamp(chain.block()[1], UTC) + timedelta(days=1)


def test_join__by_invitation__has_a_place(distributors, brand, line):
    third = distributors.get(brand.address, line.numbers[2])

    assert line.numbers == [2, 3, 4]
    assert (third.account, third.sponsor, third.depth) == (line.accounts[2].address, 3, 3)
    assert third.payout == third.account
    assert third.party == member_party(brand.address, 4)
    assert distributors.line(brand.address, 4, 9) == [4, 3, 2]
    assert distributors.line(brand.address, 4, 2) == [4, 3]
    assert distributors.programme(brand.address) == (3, 3)
    assert [each.number for each in distributors.all(brand.address)] == [2, 3, 4]
    assert distributors.of_account(brand.address, third.account) == third


def test_join__through_a_file_and_a_relayer__makes_the_account_a_distributor(
    distributors, brand, shopper, relayer, soon, tmp_path
):
    path = tmp_path / "invitation.json"
    distributors.invite(brand.address, 0, soon, brand, invitee=shopper.address).save(path)
    Invitation.load(path).accepted(shopper).save(path)

    joined = distributors.join(Invitation.load(path), relayer)

    assert (joined.account, joined.number, joined.depth) == (shopper.address, 2, 1)


def test_join__relayed_after_the_number_was_given_away__is_refused(
    chain, distributors, brand, shopper, relayer, soon
):
    invitation = distributors.invite(brand.address, 0, soon + timedelta(days=9), brand)
    accepted, heir = invitation.accepted(shopper), new_signer(chain)
    distributors.join(accepted, relayer)
    distributors.offer_account(brand.address, 2, heir.address, shopper)
    pass_time(chain, 2 * DAY)
    distributors.accept_account(brand.address, 2, heir)

    with pytest.raises(ContractRevert, match=f"let {shopper.address} send") as caught:
        distributors.join(accepted, relayer)

    assert caught.value.name == "DistributorNetwork_HasLeft"
    assert distributors.join(invitation, shopper).number == 3


def test_join__invitation_for_another__is_refused(distributors, brand, shopper, stranger, soon):
    invitation = distributors.invite(brand.address, 0, soon, brand, invitee=shopper.address)

    with pytest.raises(ContractRevert, match=shopper.address):
        distributors.join(invitation, stranger)


def test_join__revoked__is_refused(distributors, brand, stranger, soon):
    invitation = distributors.invite(brand.address, 0, soon, brand)

    distributors.revoke_invitation(invitation, brand)

    with pytest.raises(ContractRevert, match="withdrew the invitation"):
        distributors.join(invitation, stranger)


def test_join__changed_after_signing__is_refused_before_anything_is_sent(
    chain, distributors, brand, stranger, soon
):
    invitation = distributors.invite(brand.address, 0, soon, brand)
    text = invitation.to_json().replace(
        f'"expiry": {invitation.expiry}', f'"expiry": {invitation.expiry + 1}'
    )

    with pytest.raises(InvitationError, match=r"not as .* signed it"):
        distributors.join(Invitation.from_json(text), stranger)

    assert chain.w3.eth.get_transaction_count(stranger.address) == 0


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("chain_id", "1", "on chain 1, not for"),
        ("signer", "null", "let the sponsor sign it"),
    ],
)
def test_check__wrong_place_or_unsigned__is_said(
    distributors, brand, stranger, soon, field, value, message
):
    invitation = distributors.invite(brand.address, 0, soon, brand)
    kept = {"chain_id": str(invitation.chain_id), "signer": f'"{brand.address}"'}[field]
    text = invitation.to_json().replace(f'"{field}": {kept}', f'"{field}": {value}')

    with pytest.raises(InvitationError, match=message):
        distributors.join(Invitation.from_json(text), stranger)


def test_get_distributor__never_joined__says_so(distributors, brand, stranger):
    with pytest.raises(DistributorNotFoundError, match=f"{stranger.address} has not joined"):
        distributors.of_account(brand.address, stranger.address)
    with pytest.raises(DistributorNotFoundError, match="7 has not joined"):
        distributors.get(brand.address, 7)


def test_suspend__then_reinstate__stops_and_allows_sales(
    distributors, orders, brand, payer, line, create_plan, create_order
):
    number, published = line.numbers[0], create_plan(brand)

    suspended = distributors.suspend(brand.address, number, brand, b"\1" * 32)

    assert suspended.is_suspended
    assert distributors.get(brand.address, number).is_suspended
    with pytest.raises(ContractRevert) as caught:
        orders.authorize(create_order(published, payer, number), payer)
    assert caught.value.name == "CommissionEscrow_SellerSuspended"
    assert not distributors.reinstate(brand.address, number, brand).is_suspended
    orders.authorize(create_order(published, payer, number), payer)


def test_offer_account__accepted_after_two_days__moves_the_number(chain, distributors, brand, line):
    number, owner, heir = line.numbers[1], line.accounts[1], new_signer(chain)

    offered = distributors.offer_account(brand.address, number, heir.address, owner)
    with pytest.raises(ContractRevert, match="only from") as caught:
        distributors.accept_account(brand.address, number, heir)
    pass_time(chain, 2 * DAY)
    distributors.accept_account(brand.address, number, heir)

    sent = datetime.fromtimestamp(chain.block(offered.tx.block_number)[1], UTC)
    assert (offered.account, offered.active_from) == (heir.address, sent + timedelta(days=2))
    assert caught.value.name == "DistributorNetwork_OfferNotDue"
    found = distributors.get(brand.address, number)
    assert (found.account, found.payout) == (heir.address, heir.address)
    assert distributors.number_of(brand.address, owner.address) is None


def test_offer_account__to_nobody__withdraws_the_offer(distributors, brand, line, stranger):
    number, owner = line.numbers[1], line.accounts[1]
    distributors.offer_account(brand.address, number, stranger.address, owner)

    withdrawn = distributors.offer_account(brand.address, number, None, owner)

    assert (withdrawn.number, withdrawn.account, withdrawn.active_from) == (number, None, None)
    assert distributors.pending(brand.address, number) == Pending()


def test_announce_payout__after_two_days__is_in_force(chain, distributors, brand, line, stranger):
    number = line.numbers[0]

    announced = distributors.announce_payout(
        brand.address, number, stranger.address, line.accounts[0]
    )
    with pytest.raises(ContractRevert) as caught:
        distributors.activate_payout(brand.address, number, stranger)
    pass_time(chain, 2 * DAY)
    distributors.activate_payout(brand.address, number, stranger)

    assert announced.payout == stranger.address
    assert caught.value.name == "DistributorNetwork_PayoutNotDue"
    assert distributors.get(brand.address, number).payout == stranger.address


def test_set_territory__by_the_brand__is_kept(distributors, brand, line):
    distributors.set_territory(brand.address, line.numbers[0], b"\2" * 32, brand)

    assert distributors.get(brand.address, line.numbers[0]).territory == b"\2" * 32


def test_authorization__joined_then_suspended__is_told(distributors, brand, line):
    account, number = line.accounts[1].address, line.numbers[1]
    distributors.set_territory(brand.address, number, territory_code("CN-31"), brand)
    since = distributors.get(brand.address, number).joined_at

    before = distributors.authorization(brand.address, account)
    distributors.suspend(brand.address, number, brand)
    after = distributors.authorization(brand.address, account)

    assert before == Authorization(True, number, since, territory_code("CN-31"))
    assert after == replace(before, is_authorized=False)


def test_authorization__never_joined__is_none(distributors, brand, stranger):
    found = distributors.authorization(brand.address, stranger.address)

    assert found == Authorization(False, None, None, NO_TERRITORY)


def test_pending__offer__stands_until_withdrawn_or_accepted(chain, distributors, brand, line):
    number, owner, heir = line.numbers[0], line.accounts[0], new_signer(chain)
    assert distributors.pending(brand.address, number) == Pending()

    for account in (heir.address, None, heir.address):
        offered = distributors.offer_account(brand.address, number, account, owner)
        found = distributors.pending(brand.address, number)
        assert found == Pending(account, offered.active_from)
    pass_time(chain, 2 * DAY)
    distributors.accept_account(brand.address, number, heir)

    assert distributors.pending(brand.address, number) == Pending()
    assert distributors.pending(brand.address, line.numbers[1]) == Pending()


def test_pending__payout__stands_until_activated_or_handed_over(chain, distributors, brand, line):
    number, owner, heir = line.numbers[0], line.accounts[0], new_signer(chain)
    bank = new_signer(chain, 0).address

    first = distributors.announce_payout(brand.address, number, bank, owner)
    announced = distributors.pending(brand.address, number)
    pass_time(chain, 2 * DAY)
    distributors.activate_payout(brand.address, number, heir)
    activated = distributors.pending(brand.address, number)
    distributors.announce_payout(brand.address, number, owner.address, owner)
    distributors.offer_account(brand.address, number, heir.address, owner)
    both = distributors.pending(brand.address, number)
    pass_time(chain, 2 * DAY)
    distributors.accept_account(brand.address, number, heir)

    assert announced == Pending(payout=bank, payout_from=first.active_from)
    assert activated == Pending()
    assert (both.account, both.payout) == (heir.address, owner.address)
    assert distributors.pending(brand.address, number) == Pending()


@pytest.mark.parametrize("code", ["CN-31", "C", "x" * 32])
def test_territory_code__good__is_read_back(code):
    assert territory_text(territory_code(code)) == code


@pytest.mark.parametrize("code", ["", "x" * 33, "上海", " CN-31", "CN\n31"])
def test_territory_code__not_to_be_kept__is_named(code):
    with pytest.raises(TerritoryError) as caught:
        territory_code(code)

    assert repr(code) in str(caught.value)


def test_territory_text__hash_or_nothing__is_hex_or_none():
    assert territory_text(b"\xfe" * 32) == "0x" + "fe" * 32
    assert territory_text(b"CN\x1b[2J".ljust(32, b"\0")).startswith("0x")
    assert territory_text(NO_TERRITORY) is None
