"""No role of the platform reaches batches, claims, escrow, credits, identities or the token."""

import pytest

POWERS = {
    "authority",
    "setAuthority",
    "owner",
    "transferOwnership",
    "pause",
    "unpause",
    "upgradeToAndCall",
    "grantRole",
    "initialize",
}


@pytest.mark.parametrize(
    "name",
    [
        *("identities", "provenance", "items", "lens", "token"),
        *("book", "network", "checkout", "disputes", "escrow"),
    ],
)
def test_reach__any_other_contract_is_looked_at__has_no_administrator(suite, name):
    contract = getattr(suite, name, None) or getattr(suite.programme, name)

    functions = {method.name for method in contract.contract_type.methods}

    assert functions, "the contract's interface is empty"
    assert functions & POWERS == set()
