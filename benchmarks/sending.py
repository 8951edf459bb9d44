"""Sending the same contract calls: web3.py's build, sign, send and wait loop, and `send_many`.

Two Anvils of one version, each in the mode in which its client is faster, in turns: the loop with a
block for each transaction at once (automine), as it would wait for every block otherwise;
`send_many` with a block every tenth of a second, since Anvil 1.7 stalls in automine when thousands
of one account wait, and is slow to answer for receipts of large blocks. The journal is on.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from eth_account import Account
from eth_account.signers.local import LocalAccount

from benchmarks.measure import require_equal
from benchmarks.mints import BLOCKS, Mints, recipient, rich_signer
from benchmarks.node import anvil
from weilian.abi import load
from weilian.sending import FastSigner, Policy, open_sender

LOOPED = 60
SENT = 4_000
ROUNDS = 5
_LOOP_KEY = b"\x01" * 32
_KEYS = [bytes([round_]) * 32 for round_ in range(2, 2 + ROUNDS)]
_MICROSECONDS = 1e6


def sending_results() -> dict[str, float]:
    """Wall time for each transaction of the loop over that of `send_many`; its client's CPU.

    The median of rounds that are next to each other, as both feel what else the machine does.
    """
    account = Account.from_key(_LOOP_KEY)
    looped, sent = [], []
    with anvil() as at_once, anvil(*BLOCKS) as in_blocks:
        mints = Mints.deploy(at_once)
        rich_signer(at_once, _LOOP_KEY)
        for at, key in enumerate(_KEYS):
            looped.append(_loop(mints, account, LOOPED * at))
            sent.append(_send(Mints.deploy(in_blocks), rich_signer(in_blocks, key)))
    pairs = list(zip(looped, sent, strict=True))
    return {
        "send_times_faster_than_web3_loop": median(slow[0] / fast[0] for slow, fast in pairs),
        "send_client_cpu_times_less_than_web3_loop": median(
            slow[1] / fast[1] for slow, fast in pairs
        ),
        "send_client_us_per_transaction": min(cpu for _, cpu in sent) * _MICROSECONDS,
    }


def _loop(mints: Mints, account: LocalAccount, first: int) -> tuple[float, float]:
    """Return the seconds of wall time and of the client's CPU that one transaction takes."""
    w3 = mints.node.w3
    contract = w3.eth.contract(address=mints.token, abi=load("TestStablecoin").abi)  # type: ignore[call-overload]
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(first, first + LOOPED):
        call = contract.functions.mint(w3.to_checksum_address(recipient(number)), 1)
        nonce = w3.eth.get_transaction_count(account.address)
        built = call.build_transaction({"from": account.address, "nonce": nonce})
        sent = w3.eth.send_raw_transaction(account.sign_transaction(built).raw_transaction)
        w3.eth.wait_for_transaction_receipt(sent)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    require_equal(mints.effects(first + LOOPED), [1] * (first + LOOPED), "effects of the loop")
    return wall / LOOPED, cpu / LOOPED


def _send(mints: Mints, signer: FastSigner) -> tuple[float, float]:
    """Return the seconds of wall time and of the client's CPU that one transaction takes."""
    policy = Policy(max_fee_per_gas=10**12, window=SENT, poll_seconds=0.1)
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        with open_sender(mints.node.url, Path(folder) / "journal.db", signer, policy) as sender:
            report = sender.send_many(mints.tasks(SENT))
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    require_equal((report.mined, report.failures), (SENT, []), "tasks mined")
    require_equal(mints.effects(SENT), [1] * SENT, "effects of send_many")
    return wall / SENT, cpu / SENT
