"""Batches whose dishonest issuer gave one index two leaves, which no chain can see."""

from dataclasses import dataclass
from typing import Any

from tests.support.batches import SampleBatch, create_batch, create_registration


@dataclass(frozen=True)
class TwoLeafBatch(SampleBatch):
    """Both leaves are of index 0; their keys are those of the places 0 and 1, as `kinds` say."""

    kinds: tuple[int, int] = (0, 0)

    def item(self, index: int = 0) -> dict[str, Any]:
        """Return the item as the leaf at a place has it."""
        return super().item(index) | {"index": 0, "keyKind": self.kinds[index]}


def register_two_leaves(provenance: Any, issuer: Any, *kinds: int) -> TwoLeafBatch:
    """Register a batch of declared two items with two leaves of the first, of these kinds."""
    plain = create_batch(provenance, issuer, count=2)
    batch = TwoLeafBatch(plain.chain_id, plain.registry, plain.batch_id, 2, kinds=kinds)
    provenance.registerBatch(
        create_registration(issuer, itemCount=2, root=batch.root), sender=issuer
    )
    return batch
