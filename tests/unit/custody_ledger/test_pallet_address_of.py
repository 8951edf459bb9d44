import pytest

from tests.support.custody import SSCC, SSCC_LIMIT, pallet_address_of


@pytest.mark.parametrize("sscc", [0, 1, SSCC, SSCC_LIMIT, 2**64 - 1])
def test_pallet_address_of__any_number__is_end_of_hash_of_holder_and_number(custody, issuer, sscc):
    assert custody.palletAddressOf(issuer, sscc) == pallet_address_of(issuer, sscc)


def test_pallet_address_of__holder_or_number_differs__differs(custody, issuer, distributor):
    names = {
        custody.palletAddressOf(issuer, SSCC),
        custody.palletAddressOf(issuer, SSCC + 1),
        custody.palletAddressOf(distributor, SSCC),
    }

    assert len(names) == 3
