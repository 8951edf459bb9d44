from tests.support.abi import ZERO_ADDRESS, ZERO_HASH
from tests.support.custody import deliver_pallet, manifest_of, pallet_address_of


def test_pallet_of__pallet_was_never_packed__is_all_zero(custody, lots, issuer):
    assert tuple(custody.palletOf(pallet_address_of(issuer))) == (ZERO_ADDRESS, 0, 0, ZERO_HASH)


def test_pallet_of__pallet_is_packed__tells_holder_version_count_and_manifest(
    custody, pallet, issuer
):
    kept = custody.palletOf(pallet.address)

    assert tuple(kept) == (issuer, 1, 2, manifest_of(pallet.lots))


def test_pallet_of__pallet_changed_hands__tells_holder_as_custody_of_its_lots_does(
    custody, pallet, issuer, distributor
):
    deliver_pallet(custody, pallet, issuer, distributor)

    holders = {custody.custodyOf(*lot).holder for lot in pallet.lots}

    assert holders == {custody.palletOf(pallet.address).holder} == {distributor.address}


def test_pallet_of__pallet_was_unpacked__keeps_version_and_counts_no_lots(custody, pallet, issuer):
    custody.unpackPallet(pallet.address, pallet.lots, sender=issuer)

    kept = custody.palletOf(pallet.address)

    assert (kept.version, kept.lotCount) == (2, 0)
