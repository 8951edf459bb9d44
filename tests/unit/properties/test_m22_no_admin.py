"""M22: no office reaches money.

The platform, who deployed the contracts, and the platform's manager try everything that can be
called: no credit, no order, no plan and no line changes. The manager's own powers stop before the
escrow.
"""

from contextlib import suppress

import pytest
from ape.exceptions import ContractLogicError

from tests.support.abi import selector


@pytest.mark.parametrize("office", ["platform", "deployer", "reward_manager"])
def test_m22_no_admin__office_tries_everything__changes_nothing(estate, office, request):
    assert estate.try_all(request.getfixturevalue(office)) == []


def test_m22_no_admin__manager_is_sent_to_do_it__changes_nothing(
    estate, manager, platform, escrow, network, brand
):
    before = estate.picture()
    number = estate.sales.seller
    orders = [
        (escrow, escrow.setMember, (brand, number, platform, platform, 0, False)),
        (escrow, escrow.withdrawTo, (brand, estate.sales.currency, platform)),
        (escrow, escrow.void, (estate.authorized,)),
        (escrow, escrow.rule, (estate.held, 10_000)),
        (network, network.announcePayout, (brand, number, platform)),
    ]

    for target, method, arguments in orders:
        calls = [selector(abi) for abi in method.abis]
        manager.setTargetFunctionRole(target, calls, 0, sender=platform)
        with suppress(ContractLogicError):
            manager.execute(target, method.encode_input(*arguments), sender=platform)

    assert estate.picture() == before
