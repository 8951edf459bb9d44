from datetime import UTC, datetime

import pytest

from weilian.address import AddressError, to_address
from weilian.chain.values import MomentError, to_moment, to_seconds


def test_to_address__lower_case__gets_its_checksum():
    lower = "0x90f79bf6eb2c4f870365e785982e1f101e93b906"

    assert to_address(lower) == "0x90F79bf6EB2c4f870365E785982E1f101E93b906"


@pytest.mark.parametrize(
    "text", ["", "0x12", "90f79bf6", None, "0x90F79bf6EB2c4f870365E785982E1f101E93b907"]
)
def test_to_address__no_address__is_refused(text):
    with pytest.raises(AddressError, match="40 hex digits"):
        to_address(text)


def test_to_seconds__there_and_back__is_the_same():
    moment = datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC)

    assert to_moment(to_seconds(moment)) == moment
    assert to_moment(0) is None
    assert to_seconds(None) == 0


def test_to_moment__last_that_a_contract_holds__is_the_end_of_time():
    assert to_moment(2**48 - 1).year == 9999


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2029, 1, 1),  # noqa: DTZ001  # that is the point
        datetime(2029, 1, 1, microsecond=1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
)
def test_to_seconds__what_contracts_cannot_hold__is_refused(moment):
    with pytest.raises(MomentError):
        to_seconds(moment)
