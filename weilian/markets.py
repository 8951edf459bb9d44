"""The markets of a deployment: for which brands and currencies there are plans."""

from weilian.open_orders import MARGIN
from weilian.suite import Suite


class Markets:
    """All pairs of a brand and a currency that a plan was published for; kept between readings."""

    def __init__(self, suite: Suite) -> None:
        self._suite, self._known = suite, set[tuple[str, str]]()
        self._from = suite.record.first_block

    def read(self) -> set[tuple[str, str]]:
        """Read the blocks that are new, and return all; raises NodeRefusedError and the like."""
        chain = self._suite.chain
        head = chain.head
        event = self._suite.book.events.PlanPublished()
        for entry in chain.events(event, from_block=self._from, to_block=head):
            self._known.add((entry["args"]["brand"], entry["args"]["currency"]))
        # NOTE: the newest blocks are read again, as others may take their place.
        self._from = max(self._from, head - MARGIN + 1)
        return set(self._known)
