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
    starts = {0}
    try:
        for change in suite.chain.events_of(
            suite.custody,
            ("LotSplit", "LotsMerged"),
            from_block=suite.record.first_block,
            to_block=block,
            topic=batch_id,
        ):
            move = starts.add if change["event"] == "LotSplit" else starts.discard
            move(change["args"]["second"])
    except NodeRefusedError:
        return 0
    return max(start for start in starts if start <= index)
