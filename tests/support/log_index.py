"""What a registry keeps, rebuilt from its logs and their blocks' times alone."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import ape
from ape.types import LogFilter

from tests.support.notices import NOTICE_LIMIT
from tests.support.operators import DAY, tag_of
from tests.support.traces import correction_of, head_over

Key = Any


@dataclass
class LogIndex:
    """Batches, notices, activations, traces, operators and domains, as the views show them.

    Rows are lists in the order of the view's fields. Operators go by issuer and tag.
    """

    batches: dict[bytes, list[Any]] = field(default_factory=dict)
    notices: dict[bytes, list[list[int]]] = field(default_factory=lambda: defaultdict(list))
    gtin_notices: dict[Key, list[int]] = field(default_factory=dict)
    cartons: dict[bytes, set[int]] = field(default_factory=lambda: defaultdict(set))
    entries: dict[bytes, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    corrections: dict[bytes, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    operators: dict[Key, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0] * 4))
    domains: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, registry: Any, start_block: int = 0) -> "LogIndex":
        """Read all logs of a contract from a block on."""
        events = [getattr(registry, name).abi for name in _HANDLERS]
        asked = LogFilter(addresses=[registry.address], events=events, start_block=start_block)
        index = cls()
        for log in ape.chain.provider.get_contract_logs(asked):
            index.add(log)
        return index

    def add(self, log: Any) -> None:
        """Take in what one log says."""
        time = ape.chain.blocks[log.block_number].timestamp
        _HANDLERS[log.event_name](self, log.event_arguments, time)

    def trace_of(self, batch_id: bytes) -> tuple[bytes, int]:
        """Return head and length of a trace."""
        entries = self.entries.get(batch_id, [])
        return head_over(batch_id, entries), len(entries)

    def latest_of(self, batch_id: bytes, sequence: int) -> int:
        """Return the last correction of an event, or itself."""
        links = self.corrections.get(batch_id, {})
        while sequence in links:
            sequence = links[sequence]
        return sequence

    def is_active(self, batch_id: bytes, index: int) -> bool:
        """Say whether an item is active."""
        _, item_count, *_, carton_size, _, _ = self.batches[batch_id]
        in_carton = not carton_size or index // carton_size in self.cartons[batch_id]
        return index < item_count and in_carton

    def _register(self, told: dict[str, Any], time: int) -> None:
        names = ("root", "itemCount", "gtin", "expiresAt", "cartonSize")
        root, count, gtin, expires_at, size = (told[name] for name in names)
        batch_id, tag = bytes(told["batchId"]), tag_of(told["actor"])
        self.batches[batch_id] = [root, count, gtin, time, expires_at, size, 0, tag]
        operator = self.operators[told["issuer"], tag]
        if operator[1]:
            day = time // DAY
            used = operator[3] if operator[2] == day else 0
            operator[2:] = day, used + count

    def _activate(self, told: dict[str, Any], _: int) -> None:
        cartons = range(told["first"], told["last"] + 1)
        self.cartons[bytes(told["batchId"])].update(cartons)

    def _issue(self, told: dict[str, Any], time: int) -> None:
        batch_id, number = bytes(told["batchId"]), told["number"]
        notices = self.notices[batch_id]
        assert number == min(len(notices), NOTICE_LIMIT)
        notices[number:] = [[told["first"], told["last"], time, 0, told["kind"]]]
        self.batches[batch_id][6] = len(notices)

    def _lift(self, told: dict[str, Any], time: int) -> None:
        self.notices[bytes(told["batchId"])][told["number"]][3] = time

    def _issue_gtin(self, told: dict[str, Any], time: int) -> None:
        self.gtin_notices[told["issuer"], told["gtin"]] = [time, 0, told["kind"]]

    def _lift_gtin(self, told: dict[str, Any], time: int) -> None:
        self.gtin_notices[told["issuer"], told["gtin"]][1] = time

    def _correct(self, told: dict[str, Any], _: int) -> None:
        self.corrections[bytes(told["batchId"])][told["corrected"]] = told["sequence"]

    def _append(self, told: dict[str, Any], _: int) -> None:
        batch_id, entry = bytes(told["batchId"]), bytes(told["eventHash"])
        assert told["sequence"] == len(self.entries[batch_id])
        corrected = {to: at for at, to in self.corrections[batch_id].items()}
        if told["sequence"] in corrected:
            entry = correction_of(corrected[told["sequence"]], entry)
        self.entries[batch_id].append(entry)

    def _limit(self, told: dict[str, Any], _: int) -> None:
        self.operators[told["issuer"], tag_of(told["operator"])][1] = told["dailyLimit"]

    def _revoke(self, told: dict[str, Any], _: int) -> None:
        self.operators[told["issuer"], tag_of(told["operator"])][0] = told["revokedFrom"]

    def _bind(self, told: dict[str, Any], _: int) -> None:
        issuers = self.domains[told["domain"]]
        (issuers.add if told["isBound"] else issuers.discard)(told["issuer"])


_HANDLERS = {
    "BatchRegistered": LogIndex._register,
    "CartonsActivated": LogIndex._activate,
    "NoticeIssued": LogIndex._issue,
    "NoticeLifted": LogIndex._lift,
    "GtinNoticeIssued": LogIndex._issue_gtin,
    "GtinNoticeLifted": LogIndex._lift_gtin,
    "TraceCorrected": LogIndex._correct,
    "TraceAppended": LogIndex._append,
    "DailyLimitSet": LogIndex._limit,
    "KeyRevoked": LogIndex._revoke,
    "IssuerDomainSet": LogIndex._bind,
}
