"""A throw-away Anvil with nothing left to chance: fixed accounts, fixed clock."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from web3 import HTTPProvider, Web3
from web3.types import TxReceipt

GENESIS_TIME = (
    1_767_225_600  # 2026-01-01T00:00:00Z: calldata holds times, and zero bytes are cheaper
)
START_TIMEOUT_SECONDS = 20


class AnvilMissingError(RuntimeError):
    """There is no `anvil` on PATH."""


@contextmanager
def anvil(*options: str) -> Iterator["Node"]:
    """Start Anvil on a free loopback port, with more options if need be, and end it afterwards.

    Raises AnvilMissingError without the program and TimeoutError if it does not answer.
    """
    program = shutil.which("anvil")
    if program is None:
        raise AnvilMissingError("anvil is not on PATH: run `make setup`, or install Foundry")
    port = _free_port()
    process = subprocess.Popen(
        [
            program,
            "--port",
            str(port),
            "--silent",
            "--timestamp",
            str(GENESIS_TIME),
            "--hardfork",
            "prague",
            *options,
        ]
    )
    try:
        yield Node(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


class Node:
    """The node and the little that the benchmarks ask of it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.w3 = _connect(url)
        self.accounts = self.w3.eth.accounts
        self.time = GENESIS_TIME

    def send(self, function: Any, sender: str, value: int = 0) -> TxReceipt:
        """Mine one call in a block of its own, a second after the one before; raise if it fails."""
        self.time += 1
        self.w3.provider.make_request("evm_setNextBlockTimestamp", [self.time])  # type: ignore[arg-type]
        fields = {"from": sender, "value": value, "gas": 16_000_000}
        receipt = self.w3.eth.wait_for_transaction_receipt(
            function.transact(fields), poll_latency=0.01
        )
        if receipt["status"] != 1:
            raise RuntimeError(f"{function} failed in {receipt['transactionHash'].to_0x_hex()}")
        return receipt

    def pass_time(self, seconds: int) -> None:
        """Let the next block come `seconds` later."""
        self.time += seconds

    def slots(self, receipt: TxReceipt) -> tuple[int, int]:
        """Count what a transaction left in storage: (slots zero before, other slots changed)."""
        reply = self.w3.provider.make_request(
            "debug_traceTransaction",  # type: ignore[arg-type]
            [
                receipt["transactionHash"].to_0x_hex(),
                {"tracer": "prestateTracer", "tracerConfig": {"diffMode": True}},
            ],
        )["result"]
        new = updated = 0
        for address, account in reply["post"].items():
            before = reply["pre"].get(address, {}).get("storage", {})
            for slot, value in account.get("storage", {}).items():
                was_zero = int(before.get(slot, "0x0"), 16) == 0
                new += was_zero and int(value, 16) != 0
                updated += not was_zero
        return new, updated


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _connect(url: str) -> Web3:
    w3 = Web3(HTTPProvider(url))
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not w3.is_connected():
        if time.monotonic() > deadline:
            raise TimeoutError(f"anvil does not answer after {START_TIMEOUT_SECONDS} seconds")
        time.sleep(0.05)
    return w3
