import pytest

from tests.support.clock import later
from tests.support.custody import cut, pack, register_goods

SIZE = 10


@pytest.fixture
def lot(provenance, issuer):
    """A batch of ten items to which nothing happened: one lot of its issuer's."""
    return register_goods(provenance, issuer, SIZE), 0


@pytest.fixture
def offered(custody, lot, issuer, distributor):
    """The lot, on its way from the issuer to the distributor."""
    custody.shipLot(*lot, distributor, sender=issuer)
    return lot


@pytest.fixture
def lots(custody, lot, issuer):
    """The lot in two: items 0 to 3 and 4 to 9."""
    return cut(custody, lot, issuer, 4)


@pytest.fixture
def pallet(custody, lots, issuer):
    """A pallet of the issuer's with both lots."""
    return pack(custody, issuer, lots)


@pytest.fixture
def offered_pallet(custody, pallet, issuer, distributor):
    """The pallet, on its way from the issuer to the distributor."""
    custody.shipPallet(pallet.address, distributor, sender=issuer)
    return pallet


@pytest.fixture
def wallet(project, deployer, shopper):
    """A contract wallet that is the shopper's."""
    return deployer.deploy(project.Wallet1271, shopper)


@pytest.fixture
def expires_at():
    """A second at which goods expire that can still be registered and shipped now."""
    return later(1000)


@pytest.fixture
def perishable(provenance, issuer, expires_at):
    return register_goods(
        provenance, issuer, SIZE, lot=b"MILK".ljust(20, b"\0"), expiresAt=expires_at
    ), 0
