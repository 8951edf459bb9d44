from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import GTIN, batch_id_of
from tests.support.properties import on_one_chain
from weilian.merkle.items import batch_id


@on_one_chain(40)
@given(
    st.binary(min_size=20, max_size=20),
    st.integers(0, 2**64 - 1),
    st.binary(min_size=20, max_size=20),
)
def test_batch_id_of__any_issuer_gtin_and_lot_are_tried__is_issuer_and_12_bytes_of_hash(
    provenance, issuer, gtin, lot
):
    address = f"0x{issuer.hex()}"

    assert provenance.batchIdOf(address, gtin, lot) == batch_id_of(address, gtin, lot)


def test_batch_id_of__library_names_batch__agrees(provenance, issuer):
    named = batch_id(issuer.address, GTIN, "TEA-2026-04")

    assert provenance.batchIdOf(issuer, GTIN, b"TEA-2026-04".ljust(20, b"\0")) == named
