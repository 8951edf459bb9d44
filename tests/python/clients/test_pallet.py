import pytest

from tests.python.clients.conftest import FAR, SSCC
from weilian.custody import CustodyError
from weilian.gs1.errors import SsccError
from weilian.gs1.identifiers import Sscc
from weilian.pallet import pallet_address


def test_pallet__packed_shipped_received__moves_all_its_lots(
    custody, pallets, issuer, distributor, create_batch
):
    first, second = create_batch(issuer), create_batch(issuer)
    custody.split(second.id, 0, 3, issuer)

    packed = pallets.pack(SSCC, [(first.id, 0), (second.id, 3)], issuer)
    pallet = pallets.get(issuer.address, SSCC)
    pallets.ship(pallet, distributor.address, issuer)
    pallets.receive(pallets.at(packed.address), distributor)

    assert packed.address == pallet_address(issuer.address, SSCC)
    assert (pallet.sscc, pallet.lots) == (SSCC, ((first.id, 0), (second.id, 3)))
    held = [custody.lot(first.id, 0), custody.lot(second.id, 3), custody.lot(second.id, 0)]
    assert [lot.holder for lot in held] == [*[distributor.address] * 2, issuer.address]
    assert [lot.pallet for lot in held] == [packed.address, packed.address, None]
    assert pallets.find(SSCC)[-1].holder == distributor.address


def test_pallet__unpacked__sets_its_lots_free(custody, pallets, issuer, distributor, create_batch):
    made = create_batch(issuer)
    pallets.pack(SSCC, [(made.id, 0)], issuer)
    pallets.ship(pallets.get(issuer.address, SSCC), distributor.address, issuer)
    pallets.receive(pallets.get(issuer.address, SSCC), distributor)

    pallets.unpack(pallets.get(issuer.address, SSCC), distributor)

    lot = custody.lot(made.id, 0)
    assert (lot.holder, lot.is_packed, lot.pallet) == (distributor.address, False, None)
    with pytest.raises(CustodyError, match="no packed pallet"):
        pallets.get(issuer.address, SSCC)


def test_pallet__cancelled__is_not_received(pallets, issuer, distributor, create_batch):
    pallets.pack(SSCC, [(create_batch(issuer).id, 0)], issuer)
    pallets.ship(pallets.get(issuer.address, SSCC), distributor.address, issuer)

    pallets.cancel(pallets.get(issuer.address, SSCC), distributor)

    with pytest.raises(CustodyError, match="is not offered to anybody"):
        pallets.receive(pallets.get(issuer.address, SSCC), distributor)


def test_pack__lots_that_do_not_go_together__are_refused(
    custody, pallets, deliver, issuer, distributor, create_batch
):
    mine, theirs = create_batch(issuer), create_batch(issuer)
    deliver(theirs, 0, issuer, distributor)

    with pytest.raises(CustodyError, match="several holders"):
        pallets.pack(SSCC, [(mine.id, 0), (theirs.id, 0)], issuer)
    with pytest.raises(CustodyError, match="each once, not 2"):
        pallets.pack(SSCC, [(mine.id, 0)] * 2, issuer)
    with pytest.raises(CustodyError, match="1 to 64 lots"):
        pallets.pack(SSCC, [], issuer)
    pallets.pack(SSCC, [(mine.id, 0)], issuer)
    with pytest.raises(CustodyError, match=r"packed on pallet .* already"):
        pallets.pack(Sscc("006141411234567890"), [(mine.id, 0)], issuer)
    with pytest.raises(CustodyError, match="is packed on pallet"):
        custody.receipt(mine.id, 0, distributor.address, FAR)


def test_sscc__wrong_check_digit__is_refused():
    with pytest.raises(SsccError):
        Sscc("106141412345678909")
