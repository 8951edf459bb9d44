import pytest

from weilian.commission.parties import PartyNumberError, brand_of, member_party, number_of

BRAND = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"


@pytest.mark.parametrize("number", [0, 1, 2**32 - 1])
def test_member_party__number_of_32_bits__is_found_in_the_name(number):
    party = member_party(BRAND, number)

    assert (brand_of(party), number_of(party)) == (BRAND, number)


@pytest.mark.parametrize("number", [-1, 2**32, 2**96])
def test_member_party__other_number__is_refused(number):
    with pytest.raises(PartyNumberError, match=f"number {number} must be 0 to"):
        member_party(BRAND, number)
