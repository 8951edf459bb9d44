import ape
import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.clock import NEVER, later, next_block_at, now
from tests.support.events import event, events_of
from tests.support.invitations import Member, invitation_digest, invite, member_of, sign_invitation
from tests.support.money import Money
from tests.support.programme import create_invitation, hand_over, join, join_line, member
from tests.support.reverts import reverts

CAMPAIGN = b"spring".ljust(32, b"\0")


def joined(network, brand, number, account, sponsor=0, depth=1, campaign=bytes(32)):
    return event(
        network.DistributorJoined,
        brand=brand,
        number=number,
        account=account,
        sponsor=sponsor,
        depth=depth,
        campaign=campaign,
    )


def test_join__brand_invited__stands_at_depth_one(network, escrow, brand, distributor):
    invitation, signature = invite(network, brand, campaign=CAMPAIGN)

    tx = network.join(invitation, signature, distributor, b"", sender=distributor)

    assert events_of(tx) == [joined(network, brand, 2, distributor, campaign=CAMPAIGN)]
    assert member_of(network, brand, 2) == Member(distributor, 0, now(), 1, distributor)
    assert tuple(escrow.customerOf(brand, distributor)) == (2, 0)
    assert escrow.payoutOf(member(brand, 2)) == distributor


def test_join__distributor_invited__stands_one_below(network, escrow, brand, sponsor, distributor):
    join(network, brand, sponsor)
    invitation, signature = invite(network, brand, 2, sponsor)

    tx = network.join(invitation, signature, distributor, b"", sender=distributor)

    assert events_of(tx) == [joined(network, brand, 3, distributor, sponsor=2, depth=2)]
    assert member_of(network, brand, 3) == Member(distributor, 2, now(), 2, distributor)


def test_join__line_is_deeper_than_any_plan__stands_at_its_end(
    network, brand, upline, sponsor, distributor, payer, shopper, relayer, manufacturer
):
    line = [upline, sponsor, distributor, payer, shopper, relayer, manufacturer]

    numbers = join_line(network, brand, *line)

    assert numbers == [2, 3, 4, 5, 6, 7, 8]
    members = [member_of(network, brand, number) for number in numbers]
    assert [one.account for one in members] == line
    assert [one.sponsor for one in members] == [0, 2, 3, 4, 5, 6, 7]
    assert [one.depth for one in members] == [1, 2, 3, 4, 5, 6, 7]


def test_join__several_sponsors_invite__gives_dense_numbers_from_two(
    network, brand, upline, sponsor, distributor, payer, shopper
):
    numbers = [
        join(network, brand, upline),
        join(network, brand, sponsor),
        join(network, brand, distributor, upline, 2),
        join(network, brand, payer),
        join(network, brand, shopper, sponsor, 3),
    ]

    assert numbers == [2, 3, 4, 5, 6]


def test_join__attempt_failed_before__leaves_no_gap(network, brand, distributor, payer, attacker):
    invitation, signature = invite(network, brand, invitee=payer)
    with reverts(network.DistributorNetwork_NotInvitee, account=attacker, invitee=payer):
        network.join(invitation, signature, attacker, b"", sender=attacker)

    assert join(network, brand, distributor) == 2


def test_join__account_joined_another_brand__counts_for_each(
    network, brand, manufacturer, sponsor, distributor
):
    join_line(network, brand, sponsor, distributor)

    assert join(network, manufacturer, distributor) == 2
    assert network.authorizationOf(brand, distributor).number == 3


def test_join__invitation_is_for_anyone__serves_many(network, brand, distributor, payer):
    invitation, signature = invite(network, brand)

    for account in (distributor, payer):
        network.join(invitation, signature, account, b"", sender=account)

    assert network.programmeOf(brand).members == 2


def test_join__invitation_is_for_account__joins(network, brand, distributor):
    invitation, signature = invite(network, brand, invitee=distributor)

    network.join(invitation, signature, distributor, b"", sender=distributor)

    assert network.authorizationOf(brand, distributor).number == 2


def test_join__invitation_is_for_another__reverts(network, brand, distributor, attacker):
    invitation, signature = invite(network, brand, invitee=distributor)

    with reverts(network.DistributorNetwork_NotInvitee, account=attacker, invitee=distributor):
        network.join(invitation, signature, attacker, b"", sender=attacker)


def test_join__invitation_has_one_second_left__joins(network, brand, distributor):
    expiry = later(1_000)
    invitation, signature = invite(network, brand, expiry=expiry)
    next_block_at(expiry - 1)

    network.join(invitation, signature, distributor, b"", sender=distributor)

    assert network.authorizationOf(brand, distributor).number == 2


@pytest.mark.parametrize("late", [0, 1, 10**6])
def test_join__invitation_is_over__reverts(network, brand, distributor, late):
    expiry = later(1_000)
    invitation, signature = invite(network, brand, expiry=expiry)
    time = expiry + late
    next_block_at(time)

    with reverts(network.DistributorNetwork_InvitationExpired, expiry=expiry, time=time):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__invitation_never_began__reverts(network, brand, distributor):
    invitation, signature = invite(network, brand, expiry=0)
    time = later(10)
    next_block_at(time)

    with reverts(network.DistributorNetwork_InvitationExpired, expiry=0, time=time):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__invitation_never_ends__joins(network, brand, distributor):
    invitation, signature = invite(network, brand, expiry=NEVER)

    network.join(invitation, signature, distributor, b"", sender=distributor)

    assert network.authorizationOf(brand, distributor).number == 2


def test_join__invitation_was_revoked__reverts(network, brand, distributor):
    invitation, signature = invite(network, brand)
    network.revokeInvitation(invitation, sender=brand)

    digest = invitation_digest(network, invitation)
    with reverts(network.DistributorNetwork_InvitationRevoked, invitation=digest):
        network.join(invitation, signature, distributor, b"", sender=distributor)


@pytest.mark.parametrize("number", [1, 3, 2**32 - 1])
def test_join__sponsor_is_unknown__reverts(network, brand, sponsor, distributor, number):
    join(network, brand, sponsor)
    invitation, signature = invite(network, brand, number, sponsor)

    with reverts(network.DistributorNetwork_Unknown, brand=brand, number=number):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__sponsor_is_of_another_brand__reverts(
    network, brand, manufacturer, sponsor, distributor
):
    join(network, manufacturer, sponsor)
    invitation, signature = invite(network, brand, 2, sponsor)

    with reverts(network.DistributorNetwork_Unknown, brand=brand, number=2):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__account_is_brand__reverts(network, brand):
    invitation, signature = invite(network, brand)

    with reverts(network.DistributorNetwork_AccountInvalid, brand=brand, account=brand):
        network.join(invitation, signature, brand, b"", sender=brand)


def test_join__account_is_zero__reverts(network, brand, attacker):
    invitation, signature = invite(network, brand)

    with reverts(network.DistributorNetwork_SignatureInvalid, signer=ZERO_ADDRESS):
        network.join(invitation, signature, ZERO_ADDRESS, bytes(65), sender=attacker)


@pytest.mark.parametrize("is_suspended", [False, True])
def test_join__account_joined_before__reverts(network, brand, sponsor, distributor, is_suspended):
    join_line(network, brand, sponsor, distributor)
    if is_suspended:
        network.setSuspended(brand, 3, True, bytes(32), sender=brand)
    invitation, signature = invite(network, brand)

    with reverts(
        network.DistributorNetwork_AlreadyJoined, brand=brand, account=distributor, number=3
    ):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__account_names_itself_as_sponsor__reverts(network, brand, number, distributor):
    invitation, signature = invite(network, brand, number, distributor)

    with reverts(
        network.DistributorNetwork_AlreadyJoined, brand=brand, account=distributor, number=number
    ):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__sponsor_is_suspended__joins_too(network, brand, sponsor, distributor):
    join(network, brand, sponsor)
    network.setSuspended(brand, 2, True, bytes(32), sender=brand)

    assert join(network, brand, distributor, sponsor, 2) == 3


def test_join__sponsor_has_another_account__counts_its_signature_alone(
    network, brand, sponsor, upline, distributor
):
    join(network, brand, sponsor)
    hand_over(network, brand, 2, sponsor, upline)
    invitation = create_invitation(brand, 2)

    before = sign_invitation(network, sponsor, invitation)
    with reverts(network.DistributorNetwork_SignatureInvalid, signer=upline):
        network.join(invitation, before, distributor, b"", sender=distributor)

    signature = sign_invitation(network, upline, invitation)
    network.join(invitation, signature, distributor, b"", sender=distributor)
    assert member_of(network, brand, 3).sponsor == 2


def test_join__sponsors_account_has_another_owner__counts_its_signature_alone(
    network, identities, brand, sponsor, manufacturer, distributor
):
    join(network, brand, sponsor)
    identities.changeOwner(sponsor, manufacturer, sender=sponsor)
    invitation = create_invitation(brand, 2)

    before = sign_invitation(network, sponsor, invitation)
    with reverts(network.DistributorNetwork_SignatureInvalid, signer=manufacturer):
        network.join(invitation, before, distributor, b"", sender=distributor)

    signature = sign_invitation(network, manufacturer, invitation)
    network.join(invitation, signature, distributor, b"", sender=distributor)
    assert member_of(network, brand, 3).sponsor == 2


def test_join__brand_has_another_owner__counts_its_signature_alone(
    network, identities, brand, manufacturer, distributor
):
    identities.changeOwner(brand, manufacturer, sender=brand)
    invitation = create_invitation(brand)

    before = sign_invitation(network, brand, invitation)
    with reverts(network.DistributorNetwork_SignatureInvalid, signer=manufacturer):
        network.join(invitation, before, distributor, b"", sender=distributor)

    signature = sign_invitation(network, manufacturer, invitation)
    network.join(invitation, signature, distributor, b"", sender=distributor)
    assert network.authorizationOf(brand, distributor).number == 2


def test_join__brand_is_deactivated__reverts(network, identities, brand, distributor):
    identities.changeOwner(brand, ZERO_ADDRESS, sender=brand)
    invitation, signature = invite(network, brand)

    for wrong in (signature, bytes(65), b""):
        with reverts(network.DistributorNetwork_SignatureInvalid, signer=ZERO_ADDRESS):
            network.join(invitation, wrong, distributor, b"", sender=distributor)


def test_join__brand_is_zero__reverts(network, attacker):
    invitation, signature = invite(network, ZERO_ADDRESS, signer=attacker)

    for wrong in (signature, bytes(65), b""):
        with reverts(network.DistributorNetwork_SignatureInvalid, signer=ZERO_ADDRESS):
            network.join(invitation, wrong, attacker, b"", sender=attacker)


@pytest.mark.parametrize("is_in_token", [False, True])
def test_join__anyone_joins__moves_no_money(
    network, escrow, stablecoin, platform, brand, sponsor, distributor, is_in_token
):
    token = stablecoin if is_in_token else None
    stablecoin.mint(distributor, 1_000, sender=distributor)
    stablecoin.approve(network, 2**256 - 1, sender=distributor)
    join(network, brand, sponsor)
    invitation, signature = invite(network, brand, 2, sponsor)
    parties = network, escrow, platform, brand, sponsor, distributor

    with Money(*parties, token=token) as money:
        network.join(invitation, signature, distributor, b"", sender=distributor)

    assert money.changes == {}
    currency = stablecoin.address if is_in_token else ZERO_ADDRESS
    owed = [member(brand, number) for number in (1, 2, 3)]
    accounts = [int(party.address, 16) for party in parties]
    assert not any(escrow.creditOf(party, currency) for party in (*owed, *accounts))


def test_join__coin_comes_with_it__reverts(network, brand, distributor):
    invitation, signature = invite(network, brand)
    call = network.join.encode_input(invitation, signature, distributor, b"")

    with ape.reverts():
        distributor.transfer(network, 1, data=call)

    assert network.balance == 0
    distributor.transfer(network, 0, data=call)
    assert network.authorizationOf(brand, distributor).number == 2
