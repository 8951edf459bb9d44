from datetime import timedelta

import pytest

from weilian.chain import ContractRevert
from weilian.identity import Permission

HOUR = timedelta(hours=1)


def test_did__identity__names_chain_and_address(identities, chain, brand):
    assert (
        identities.did(brand.address.lower()) == f"did:ethr:{hex(chain.chain_id)}:{brand.address}"
    )


def test_owner__untouched__is_the_identity_itself(identities, brand):
    assert identities.owner(brand.address) == brand.address


def test_change_owner__new_owner__alone_may_act(identities, brand, stranger):
    change = identities.change_owner(brand.address, stranger.address, brand)

    assert (change.identity, change.owner) == (brand.address, stranger.address)
    assert identities.owner(brand.address) == stranger.address
    assert identities.is_authorized(brand.address, Permission.PLAN, stranger.address)
    assert not identities.is_authorized(brand.address, Permission.PLAN, brand.address)


def test_change_owner__nobody__deactivates_for_ever(identities, brand):
    change = identities.change_owner(brand.address, None, brand)

    assert change.owner is None
    assert identities.owner(brand.address) is None
    with pytest.raises(ContractRevert, match="does not own"):
        identities.change_owner(brand.address, brand.address, brand)


def test_add_delegate__one_permission__is_for_that_one_and_ends(identities, chain, brand, stranger):
    delegation = identities.add_delegate(
        brand.address, Permission.TRACE, stranger.address, HOUR, brand
    )

    assert delegation.valid_to.timestamp() == chain.block()[1] + 3_600
    assert identities.delegate_until(brand.address, Permission.TRACE, stranger.address) == (
        delegation.valid_to
    )
    assert identities.is_authorized(brand.address, Permission.TRACE, stranger.address)
    assert not identities.is_authorized(brand.address, Permission.RECALL, stranger.address)


def test_revoke_delegate__delegate__may_no_longer_act(identities, brand, stranger):
    grant = (brand.address, Permission.ORDER, stranger.address)
    identities.add_delegate(*grant, HOUR, brand)

    revoked = identities.revoke_delegate(*grant, brand)

    assert revoked.valid_to is None
    assert identities.delegate_until(*grant) is None
    assert not identities.is_authorized(*grant)


def test_permission__each__is_a_constant_of_the_contracts():
    from tests.python.examples import ROOT

    source = (ROOT / "contracts" / "types" / "Permissions.sol").read_text()

    assert all(f'"{permission}"' in source for permission in Permission)
    assert source.count('= "weilian/') == len(Permission)
