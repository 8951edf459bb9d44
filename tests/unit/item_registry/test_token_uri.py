import base64
import json
from itertools import count as counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.batches import item_id_of, register_batch
from tests.support.claims import claim_item
from tests.support.items import FLAGGED, LOST, STOLEN, act, report, token_of
from tests.support.properties import on_one_chain
from tests.support.reverts import reverts
from tests.support.verdicts import OwnerAct

PREFIX = "data:application/json;base64,"
HOSTILE = b'"},"x":"<svg onload>'  # 20 bytes, as many as a lot has


def shown(items, item_id):
    """Read what a wallet shows of an item."""
    url = items.tokenURI(token_of(item_id))
    assert url.startswith(PREFIX)
    return json.loads(base64.b64decode(url.removeprefix(PREFIX), validate=True))


def expected(item_id, state, claimed_at):
    return {
        "name": f"微链 Weilian 0x{item_id.hex()}",
        "description": "一件已认领的商品 · A claimed item",
        "attributes": [
            {"trait_type": "state", "value": state},
            {"trait_type": "claimed", "display_type": "date", "value": claimed_at},
        ],
    }


def test_token_uri__item_is_owned__is_json_of_id_and_state(items, item_id):
    claimed_at = items.itemOf(item_id).claimedAt

    assert shown(items, item_id) == expected(item_id, "owned", claimed_at)


@pytest.mark.parametrize(
    ("how", "state"), [(LOST, "lost"), (STOLEN, "stolen"), (FLAGGED, "stolen")]
)
def test_token_uri__item_is_reported__says_so(items, batch, item_id, shopper, issuer, how, state):
    report(items, batch, how, shopper, issuer)

    claimed_at = items.itemOf(item_id).claimedAt
    assert shown(items, item_id) == expected(item_id, state, claimed_at)


def test_token_uri__item_is_lost_and_flagged__says_stolen(items, batch, item_id, shopper, issuer):
    report(items, batch, LOST, shopper, issuer)
    report(items, batch, FLAGGED, shopper, issuer)

    assert shown(items, item_id)["attributes"][0]["value"] == "stolen"


def test_token_uri__issuer_chose_hostile_lot__has_no_text_of_it(items, provenance, brand, shopper):
    batch = register_batch(provenance, brand, lot=HOSTILE)
    tx = claim_item(items, batch, shopper)

    item_id = item_id_of(batch.batch_id, 0)
    assert shown(items, item_id) == expected(item_id, "owned", tx.timestamp)


def test_token_uri__lots_of_any_bytes_are_tried__is_always_same_shape(
    items, provenance, brand, shopper
):
    gtins = counter(1)
    lots = st.binary(min_size=20, max_size=20).filter(any)

    @on_one_chain(15)
    @given(lots, st.integers(0, 3))
    def check(lot, index):
        batch = register_batch(provenance, brand, gtin=next(gtins), lot=lot)
        tx = claim_item(items, batch, shopper, index)

        item_id = item_id_of(batch.batch_id, index)
        assert shown(items, item_id) == expected(item_id, "owned", tx.timestamp)

    check()


def test_token_uri__item_is_unclaimed__reverts(items, batch):
    token_id = token_of(item_id_of(batch.batch_id, 0))

    with reverts(items.ERC721NonexistentToken, tokenId=token_id):
        items.tokenURI(token_id)


def test_token_uri__item_was_destroyed__reverts(items, item_id, shopper):
    act(items, item_id, OwnerAct.DESTROY, shopper)

    with reverts(items.ERC721NonexistentToken, tokenId=token_of(item_id)):
        items.tokenURI(token_of(item_id))
