"""A chain of one's own for tests without ape, and accounts that can sign on it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from eth_account import Account
from web3 import EthereumTesterProvider, HTTPProvider, Web3

from weilian.chain import Chain, LocalSigner

POCKET_MONEY = 10**21  # wei
START_TIMEOUT_SECONDS = 20
ECHO_REVERT = bytes.fromhex("365f5f37365ffd")
"""Runtime code that reverts with whatever it is called with."""


def new_chain(**settings) -> Chain:
    return Chain(Web3(EthereumTesterProvider()), poll_seconds=0.01, **settings)


@contextmanager
def anvil_chain() -> Iterator[Chain]:
    program = shutil.which("anvil")
    if program is None:
        pytest.skip("anvil is not on PATH; `make setup` puts it there")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([program, "--port", str(port), "--silent"])
    try:
        yield Chain(_connected(f"http://127.0.0.1:{port}"), poll_seconds=0.01)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _connected(url: str) -> Web3:
    w3 = Web3(HTTPProvider(url))
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while not w3.is_connected():
        if time.monotonic() > deadline:
            raise TimeoutError("anvil does not answer")
        time.sleep(0.05)
    return w3


def new_signer(chain: Chain, wei: int = POCKET_MONEY) -> LocalSigner:
    """A new account with money from the node's own."""
    account = Account.create()
    if wei:
        chain.w3.eth.send_transaction(
            {"from": chain.w3.eth.accounts[0], "to": account.address, "value": wei}
        )
    return LocalSigner(account)


def creation_of(runtime: bytes) -> bytes:
    """Creation code that leaves a runtime of up to 255 bytes: copy it to memory, return it."""
    return bytes.fromhex(f"60{len(runtime):02x}600a5f3960{len(runtime):02x}5ff3") + runtime


def pass_time(chain: Chain, seconds: int) -> None:
    """Let the next block come so much later; eth-tester only."""
    tester = chain.w3.provider.ethereum_tester
    tester.time_travel(chain.block()[1] + seconds)
