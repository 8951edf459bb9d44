import pytest

from tests.support.abi import ZERO_ADDRESS
from tests.support.account_code import put_code_at
from tests.support.claims import compact, high_s
from tests.support.clock import later, now
from tests.support.invitations import (
    Member,
    acceptance_digest,
    invitation_digest,
    invite,
    member_of,
    sign,
    sign_acceptance,
    sign_invitation,
)
from tests.support.programme import create_invitation, hand_over, join
from tests.support.reverts import reverts

SHAPES = [
    pytest.param(lambda _: b"", id="empty"),
    pytest.param(lambda signature: signature[:-1], id="64 bytes"),
    pytest.param(lambda signature: signature + b"\0", id="66 bytes"),
    pytest.param(compact, id="compact"),
    pytest.param(high_s, id="high s"),
    pytest.param(lambda signature: signature[:64] + b"\0", id="v is 0"),
    pytest.param(lambda signature: signature[:64] + b"\x1d", id="v is 29"),
    pytest.param(lambda signature: bytes([signature[0] ^ 1]) + signature[1:], id="one bit"),
    pytest.param(lambda _: bytes(65), id="zeros"),
]
DOMAINS = [
    {"chainId": 1},
    {"chainId": 0},
    {"chainId": 8453},
    {"verifyingContract": "0x" + "11" * 20},
    {"verifyingContract": ZERO_ADDRESS},
    {"name": "Weilian CommissionEscrow"},
    {"version": "2"},
]


def signed_by_nobody(network, signer):
    return reverts(network.DistributorNetwork_SignatureInvalid, signer=signer)


@pytest.fixture
def relayed(network, relayer):
    """Join by another's transaction."""

    def relayed(invitation, signature, account, acceptance):
        return network.join(invitation, signature, account, acceptance, sender=relayer)

    return relayed


@pytest.fixture
def wallet_number(network, brand, wallet, shopper):
    """The shopper's contract wallet joined under the brand; its number."""
    invitation, signature = invite(network, brand)
    call = network.join.encode_input(invitation, signature, wallet, b"")
    wallet.execute(network, call, sender=shopper)
    return network.authorizationOf(brand, wallet).number


def test_join__stranger_signed__reverts(network, brand, distributor, attacker):
    invitation, signature = invite(network, brand, signer=attacker)

    with signed_by_nobody(network, brand):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__sponsor_signed_for_brand__reverts(network, brand, sponsor, distributor):
    join(network, brand, sponsor)
    invitation, signature = invite(network, brand, 0, sponsor)

    with signed_by_nobody(network, brand):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__brand_signed_for_sponsor__reverts(network, brand, sponsor, distributor):
    join(network, brand, sponsor)
    invitation, signature = invite(network, brand, 2, brand)

    with signed_by_nobody(network, sponsor):
        network.join(invitation, signature, distributor, b"", sender=distributor)


@pytest.mark.parametrize("shape", SHAPES)
def test_join__signature_of_sponsor_is_malformed__reverts(network, brand, distributor, shape):
    invitation, signature = invite(network, brand)

    with signed_by_nobody(network, brand):
        network.join(invitation, shape(signature), distributor, b"", sender=distributor)


@pytest.mark.parametrize("field", ["invitee", "campaign", "expiry", "brand", "sponsor"])
def test_join__field_of_invitation_was_changed__reverts(
    network, brand, manufacturer, sponsor, distributor, field
):
    join(network, brand, sponsor)
    invitation, signature = invite(network, brand)
    others = {
        "invitee": distributor,
        "campaign": b"\1" * 32,
        "expiry": later(31 * 86_400),
        "brand": manufacturer,
        "sponsor": 2,
    }
    signer = {"brand": manufacturer, "sponsor": sponsor}.get(field, brand)

    with signed_by_nobody(network, signer):
        changed = invitation | {field: others[field]}
        network.join(changed, signature, distributor, b"", sender=distributor)


@pytest.mark.parametrize("domain", DOMAINS)
def test_join__invitation_was_signed_for_another_domain__reverts(
    network, brand, distributor, domain
):
    invitation = create_invitation(brand)
    signature = sign_invitation(network, brand, invitation, **domain)

    with signed_by_nobody(network, brand):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__invitation_is_used_in_another_network__reverts(
    project, network, deployer, identities, brand, distributor
):
    other = deployer.deploy(project.DistributorNetwork, identities)
    invitation, signature = invite(network, brand)
    network.join(invitation, signature, distributor, b"", sender=distributor)

    with signed_by_nobody(other, brand):
        other.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__acceptance_is_shown_as_invitation__reverts(network, brand, distributor):
    invitation = create_invitation(brand)
    signature = sign_acceptance(network, brand, invitation)

    with signed_by_nobody(network, brand):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__sponsor_is_contract_wallet__counts_its_owners_signature(
    network, brand, shopper, distributor, wallet_number
):
    invitation, signature = invite(network, brand, wallet_number, shopper)

    network.join(invitation, signature, distributor, b"", sender=distributor)

    assert member_of(network, brand, 3).sponsor == wallet_number


def test_join__sponsor_is_contract_wallet__reverts_for_strangers_signature(
    network, brand, attacker, distributor, wallet, wallet_number
):
    invitation, signature = invite(network, brand, wallet_number, attacker)

    with signed_by_nobody(network, wallet):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__sponsor_is_contract_wallet__reverts_when_it_refuses(
    network, brand, shopper, distributor, wallet, wallet_number
):
    wallet.setRefusing(True, sender=shopper)
    invitation, signature = invite(network, brand, wallet_number, shopper)

    with signed_by_nobody(network, wallet):
        network.join(invitation, signature, distributor, b"", sender=distributor)


def test_join__brand_is_owned_by_contract_wallet__counts_its_owners_signature(
    network, identities, brand, shopper, distributor, wallet
):
    identities.changeOwner(brand, wallet, sender=brand)
    invitation, signature = invite(network, brand, 0, shopper)

    network.join(invitation, signature, distributor, b"", sender=distributor)

    assert network.authorizationOf(brand, distributor).number == 2


def test_join__brand_is_owned_by_contract_that_knows_no_signatures__reverts(
    project, network, deployer, identities, brand, distributor
):
    mute = deployer.deploy(project.BatchReader)
    identities.changeOwner(brand, mute, sender=brand)
    invitation, signature = invite(network, brand)

    with signed_by_nobody(network, mute):
        network.join(invitation, signature, distributor, b"", sender=distributor)


@pytest.mark.parametrize("key", ["sponsor", "shopper"])
def test_join__sponsor_has_code_at_its_address__counts_its_key_and_its_codes_word(
    network, brand, sponsor, distributor, relayer, wallet, key, request
):
    join(network, brand, sponsor)
    put_code_at(sponsor, wallet, sender=relayer)
    invitation, signature = invite(network, brand, 2, request.getfixturevalue(key))

    network.join(invitation, signature, distributor, b"", sender=distributor)

    assert member_of(network, brand, 3).sponsor == 2


def test_join__sponsor_has_code_at_its_address__reverts_for_stranger_and_high_s(
    network, brand, sponsor, distributor, relayer, attacker, wallet
):
    join(network, brand, sponsor)
    put_code_at(sponsor, wallet, sender=relayer)
    invitation, signature = invite(network, brand, 2, sponsor)

    for wrong in (high_s(signature), sign_invitation(network, attacker, invitation)):
        with signed_by_nobody(network, sponsor):
            network.join(invitation, wrong, distributor, b"", sender=distributor)


def test_join__another_sends_acceptance__joins_who_signed_it(network, brand, distributor, relayed):
    invitation, signature = invite(network, brand)

    relayed(invitation, signature, distributor, sign_acceptance(network, distributor, invitation))

    assert member_of(network, brand, 2) == Member(distributor, 0, now(), 1, distributor)


@pytest.mark.parametrize("shape", SHAPES)
def test_join__acceptance_is_malformed__reverts(network, brand, distributor, relayed, shape):
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, distributor, invitation)

    with signed_by_nobody(network, distributor):
        relayed(invitation, signature, distributor, shape(acceptance))


@pytest.mark.parametrize("signer", ["attacker", "relayer", "brand"])
def test_join__acceptance_is_signed_by_another__reverts(
    network, brand, distributor, relayed, signer, request
):
    invitation, signature = invite(network, brand)
    other = request.getfixturevalue(signer)
    acceptance = sign_acceptance(network, other, invitation, distributor)

    with signed_by_nobody(network, distributor):
        relayed(invitation, signature, distributor, acceptance)


def test_join__acceptance_is_of_another_account__reverts(
    network, brand, distributor, payer, relayed
):
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, distributor, invitation)

    with signed_by_nobody(network, payer):
        relayed(invitation, signature, payer, acceptance)


def test_join__acceptance_is_of_another_invitation__reverts(network, brand, distributor, relayed):
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, distributor, invitation | {"campaign": b"\1" * 32})

    with signed_by_nobody(network, distributor):
        relayed(invitation, signature, distributor, acceptance)


@pytest.mark.parametrize("domain", DOMAINS)
def test_join__acceptance_was_signed_for_another_domain__reverts(
    network, brand, distributor, relayed, domain
):
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, distributor, invitation, **domain)

    with signed_by_nobody(network, distributor):
        relayed(invitation, signature, distributor, acceptance)


def test_join__acceptance_names_invitation_on_another_chain__reverts(
    network, brand, distributor, relayed
):
    invitation, signature = invite(network, brand)
    elsewhere = invitation_digest(network, invitation, chainId=1)
    acceptance = sign(distributor, acceptance_digest(network, elsewhere, distributor))

    with signed_by_nobody(network, distributor):
        relayed(invitation, signature, distributor, acceptance)


def test_join__acceptance_is_used_again__reverts(network, brand, distributor, relayed):
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, distributor, invitation)
    relayed(invitation, signature, distributor, acceptance)

    with reverts(
        network.DistributorNetwork_AlreadyJoined, brand=brand, account=distributor, number=2
    ):
        relayed(invitation, signature, distributor, acceptance)


def test_join__account_gave_its_number_away__reverts_for_acceptance_from_before(
    network, brand, distributor, upline, relayed
):
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, distributor, invitation)
    relayed(invitation, signature, distributor, acceptance)
    hand_over(network, brand, 2, distributor, upline)

    with reverts(network.DistributorNetwork_HasLeft, brand=brand, account=distributor):
        relayed(invitation, signature, distributor, acceptance)


def test_join__account_gave_its_number_away__reverts_for_acceptance_of_new_invitation(
    network, brand, distributor, upline, relayed
):
    join(network, brand, distributor)
    hand_over(network, brand, 2, distributor, upline)
    invitation, signature = invite(network, brand, 2, upline)
    acceptance = sign_acceptance(network, distributor, invitation)

    with reverts(network.DistributorNetwork_HasLeft, brand=brand, account=distributor):
        relayed(invitation, signature, distributor, acceptance)


def test_join__account_gave_its_number_away__reverts_for_anothers_signature(
    network, brand, distributor, attacker, upline, relayed
):
    join(network, brand, distributor)
    hand_over(network, brand, 2, distributor, upline)
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, attacker, invitation, distributor)

    with signed_by_nobody(network, distributor):
        relayed(invitation, signature, distributor, acceptance)


def test_join__account_gave_its_number_away__joins_by_its_own_transaction(
    network, brand, distributor, upline
):
    join(network, brand, distributor)
    hand_over(network, brand, 2, distributor, upline)
    invitation, signature = invite(network, brand)

    network.join(invitation, signature, distributor, b"", sender=distributor)

    assert network.authorizationOf(brand, distributor).number == 3


def test_join__account_gave_another_brands_number_away__joins_who_signed(
    network, brand, manufacturer, distributor, upline, relayed
):
    join(network, manufacturer, distributor)
    hand_over(network, manufacturer, 2, distributor, upline)
    invitation, signature = invite(network, brand)

    relayed(invitation, signature, distributor, sign_acceptance(network, distributor, invitation))

    assert network.authorizationOf(brand, distributor).number == 2


def test_join__newcomer_is_contract_wallet__counts_its_owners_acceptance(
    network, brand, shopper, wallet, relayed
):
    invitation, signature = invite(network, brand)

    relayed(invitation, signature, wallet, sign_acceptance(network, shopper, invitation, wallet))

    assert network.authorizationOf(brand, wallet).number == 2


def test_join__newcomer_is_contract_wallet__reverts_when_it_refuses(
    network, brand, shopper, wallet, relayed
):
    wallet.setRefusing(True, sender=shopper)
    invitation, signature = invite(network, brand)
    acceptance = sign_acceptance(network, shopper, invitation, wallet)

    with signed_by_nobody(network, wallet):
        relayed(invitation, signature, wallet, acceptance)


@pytest.mark.parametrize("key", ["distributor", "shopper"])
def test_join__newcomer_has_code_at_its_address__counts_its_key_and_its_codes_word(
    network, brand, distributor, relayer, wallet, relayed, key, request
):
    put_code_at(distributor, wallet, sender=relayer)
    invitation, signature = invite(network, brand)
    signer = request.getfixturevalue(key)
    acceptance = sign_acceptance(network, signer, invitation, distributor)

    relayed(invitation, signature, distributor, acceptance)

    assert network.authorizationOf(brand, distributor).number == 2


def test_join__account_sends_it_itself__needs_no_acceptance(network, brand, distributor, attacker):
    invitation, signature = invite(network, brand)
    another = sign_acceptance(network, attacker, invitation)

    network.join(invitation, signature, distributor, another, sender=distributor)

    assert network.authorizationOf(brand, distributor).number == 2
