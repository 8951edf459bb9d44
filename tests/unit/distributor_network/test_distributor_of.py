import pytest

from tests.support.clock import now
from tests.support.invitations import NOBODY, Member, member_of


@pytest.mark.parametrize("unknown", [0, 1, 3, 2**32 - 1])
def test_distributor_of__number_is_unknown__is_nobody(network, brand, number, unknown):
    assert number == 2

    assert member_of(network, brand, unknown) == NOBODY


def test_distributor_of__number_is_of_another_brand__is_nobody(network, manufacturer, number):
    assert member_of(network, manufacturer, number) == NOBODY


def test_distributor_of__distributor_joined__tells_all_about_it(
    network, brand, number, distributor
):
    expected = Member(distributor, 0, now(), 1, distributor, False, bytes(32))

    assert member_of(network, brand, number) == expected
