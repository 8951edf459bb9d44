import json

import pytest

from tests.python.merkle.test_batch_tree import GTIN, LOT, create_tree
from weilian.merkle.carton_proof import CartonProof, CartonProofError


@pytest.mark.parametrize("first", [2**32, 2**70])
def test_from_json__first_outside_any_batch__names_the_field(first):
    content = json.loads(CartonProof.of(create_tree(5), 0, 2, GTIN, LOT).to_json())

    with pytest.raises(CartonProofError, match="first: Input should be less than 4294967296"):
        CartonProof.from_json(json.dumps(content | {"first": first}))
