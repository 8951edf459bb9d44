"""Finding the lot that an item is in: the first of its batch, or what the ledger's log tells."""

from weilian.chain.errors import NodeRefusedError
from weilian.suite import Suite


def find_lot(suite: Suite, batch_id: bytes, index: int, block: int) -> int:
    """Return the first index of the lot that holds an item after `block`.

    Out of the log it is a hint, as a node may leave logs out: whoever uses it asks the chain
    whether that lot holds the item. Without logs it is 0.
    """
    function = suite.custody.functions.custodyOf(batch_id, 0)
    if index < suite.chain.call(function, block=block).size:
        return 0  # most batches are never split, and a log of years takes many requests
    try:
        changes = [
            (entry["blockNumber"], entry["logIndex"], name, entry["args"]["second"])
            for name in ("LotSplit", "LotsMerged")
            for entry in suite.chain.events(
                suite.custody.events[name](),
                from_block=suite.record.first_block,
                to_block=block,
                arguments={"batchId": batch_id},
            )
        ]
    except NodeRefusedError:
        return 0
    firsts = {0}
    for _, _, name, second in sorted(changes):
        if name == "LotSplit":
            firsts.add(second)
        else:
            firsts.discard(second)
    return max(first for first in firsts if first <= index)
