"""Events as plain values; ape can neither build nor compare those that carry a struct."""

from typing import Any

Event = tuple[str, str, dict[str, Any]]


def event(kind: Any, **inputs: Any) -> Event:
    """Name an event that a contract should have emitted, with all its inputs."""
    return kind.contract.address, kind.abi.name, {name: _plain(v) for name, v in inputs.items()}


def events_of(tx: Any) -> list[Event]:
    """List what a transaction emitted, in order."""
    return [
        (
            log.contract_address,
            log.event_name,
            {k: _plain(v) for k, v in log.event_arguments.items()},
        )
        for log in tx.events
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple(_plain(part) for part in value.values())
    if isinstance(value, list | tuple):
        return tuple(_plain(part) for part in value)
    if isinstance(value, bytes | int):
        return value
    return str(getattr(value, "address", value)).lower()
