"""One chain, as the clients see it: read, send, wait, and list events."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from eth_typing import ChecksumAddress, HexStr
from web3 import Web3
from web3.contract import Contract
from web3.contract.contract import ContractConstructor, ContractEvent, ContractFunction
from web3.exceptions import TransactionNotFound
from web3.types import BlockIdentifier, EventData, LogReceipt, Nonce, TxParams, TxReceipt, Wei

from weilian.abi import Artifact
from weilian.address import ZERO_ADDRESS, to_address
from weilian.chain.errors import (
    AccountBusyError,
    InsufficientFundsError,
    NodeRefusedError,
    TransactionFailedError,
    TransactionTimeoutError,
    node_errors,
)
from weilian.chain.signer import Signer
from weilian.chain.transaction import Signed, TxResult, created_address
from weilian.chain.values import to_hex
from weilian.hashing import keccak256

Action = ContractFunction | ContractConstructor
"""What a transaction does: call a function, or create a contract."""

_Found = TypeVar("_Found")
_GAS_MARGIN = 1.2
"""Other transactions of the block may move the state a little before this one."""

_LEAST_GAS = 21_000
_NOBODY = to_address(ZERO_ADDRESS)
_LOG_RANGE = 10_000
"""Blocks of one log request, halved for nodes that refuse as many."""


@dataclass(frozen=True, slots=True)
class LogPage:
    """The events of a range of blocks; `hash` is that of the last, `until`, before they were read.

    Where the chain still has it later, it still has these events.
    """

    until: int
    hash: bytes
    logs: list[LogReceipt]


class Chain:
    """A connection to one chain.

    A transaction is final when `confirmations` blocks lie on top of its own; waiting for it ends
    after `timeout_seconds`, and the node is asked every `poll_seconds`.
    """

    def __init__(
        self,
        w3: Web3,
        *,
        confirmations: int = 0,
        timeout_seconds: float = 120,
        poll_seconds: float = 0.5,
    ) -> None:
        self.w3 = w3
        self.confirmations = confirmations
        self.timeout_seconds = timeout_seconds
        self.poll_seconds = poll_seconds
        self._next_nonce: dict[str, int] = {}

    def confirmed(self, confirmations: int) -> "Chain":
        """Return the same connection, with at least so many confirmations."""
        return Chain(
            self.w3,
            confirmations=max(confirmations, self.confirmations),
            timeout_seconds=self.timeout_seconds,
            poll_seconds=self.poll_seconds,
        )

    @cached_property
    def chain_id(self) -> int:
        """The number that tells chains apart (EIP-155)."""
        with node_errors():
            return self.w3.eth.chain_id

    @cached_property
    def first_block_hash(self) -> str:
        """The hash of block 0: a development chain that was restarted has another one."""
        with node_errors():
            return to_hex(self.w3.eth.get_block(0)["hash"])

    @property
    def head(self) -> int:
        """The number of the newest block."""
        with node_errors():
            return self.w3.eth.block_number

    def block(self, block: BlockIdentifier = "latest") -> tuple[int, int]:
        """Return number and time of a block, the time in seconds since 1970."""
        with node_errors():
            found = self.w3.eth.get_block(block)
        return found["number"], found["timestamp"]

    def block_hash(self, block: BlockIdentifier = "latest") -> tuple[int, bytes]:
        """Return number and hash of a block, as one answer."""
        with node_errors():
            found = self.w3.eth.get_block(block)
        return found["number"], bytes(found["hash"])

    def balance(self, account: str) -> int:
        """Return what an account has of the chain's coin, in wei."""
        with node_errors():
            return self.w3.eth.get_balance(to_address(account))

    def code(self, address: str) -> bytes:
        """Return the code at an address, empty where there is no contract."""
        with node_errors():
            return bytes(self.w3.eth.get_code(to_address(address)))

    def contract(self, artifact: Artifact, address: str) -> Contract:
        """Bind a contract's ABI to an address; structs come back with named fields."""
        return self.w3.eth.contract(
            address=to_address(address), abi=artifact.abi, decode_tuples=True
        )

    def creation(self, artifact: Artifact, args: Sequence[Any]) -> ContractConstructor:
        """Return the action that creates a contract."""
        factory = self.w3.eth.contract(abi=artifact.abi, bytecode=artifact.bytecode)
        return factory.constructor(*args)

    def call(
        self,
        function: ContractFunction,
        *,
        sender: str | None = None,
        block: BlockIdentifier = "latest",
        gas: int | None = None,
    ) -> Any:
        """Ask a contract without a transaction; raise ContractRevert if it refuses.

        It may use `gas`, or what the node allows.
        """
        params: TxParams = {"from": to_address(sender)} if sender else {}
        if gas is not None:
            params["gas"] = gas
        with node_errors():
            return function.call(params, block_identifier=block)

    def calldata(self, action: Action) -> bytes:
        """Return what a transaction carries that does this."""
        return bytes.fromhex(str(self._request(action, _NOBODY, 0)["data"])[2:])

    def estimate(self, action: Action, sender: str, *, value: int = 0) -> int:
        """Return the gas that an action would take now; raise ContractRevert if it is refused."""
        return self._estimate(self._request(action, to_address(sender), value))

    def send(
        self,
        action: Action,
        signer: Signer,
        *,
        value: int = 0,
        least_gas: int = 0,
        before_broadcast: Callable[[Signed], None] | None = None,
    ) -> TxResult:
        """Send a transaction with `value` wei and wait until it is final.

        Its limit of gas is a little above the node's estimate, and no less than `least_gas`.
        `before_broadcast` gets the signed transaction when it can still not be on chain. Raises
        ContractRevert (nothing was sent if the estimate refuses), InsufficientFundsError,
        AccountBusyError, TransactionTimeoutError, TransactionFailedError, NodeRefusedError,
        ChainUnreachableError.
        """
        signed = self._sign(action, signer, value, least_gas)
        if before_broadcast:
            before_broadcast(signed)
        self._broadcast(signed)
        self._next_nonce[signer.address] = signed.nonce + 1
        return self.wait(signed.hash)

    def wait(self, transaction: str) -> TxResult:
        """Wait until a transaction that was sent is final; raise as `send` does."""
        deadline = time.monotonic() + self.timeout_seconds
        while True:
            # NOTE: the receipt is read anew each time, as a reorganisation may move or drop it.
            receipt = self._receipt(transaction)
            if receipt and self.head - receipt["blockNumber"] >= self.confirmations:
                return self._result(receipt)
            if time.monotonic() > deadline:
                raise TransactionTimeoutError(transaction, self.timeout_seconds)
            time.sleep(self.poll_seconds)

    def knows(self, transaction: str) -> bool:
        """Tell whether the node has a transaction, mined or waiting."""
        with node_errors():
            try:
                self.w3.eth.get_transaction(HexStr(transaction))
            except TransactionNotFound:
                return False
        return True

    def events(
        self,
        event: ContractEvent,
        *,
        from_block: int,
        to_block: int | None = None,
        arguments: dict[str, Any] | None = None,
    ) -> Iterator[EventData]:
        """Yield a contract's events in order, up to the newest final block if none is given."""
        last = self.head - self.confirmations if to_block is None else to_block

        def fetch(first: int, until: int) -> list[EventData]:
            return list(event.get_logs(arguments, from_block=first, to_block=until))

        return self._in_ranges(fetch, from_block, last)

    def events_of(
        self,
        contract: Contract,
        names: Iterable[str],
        *,
        from_block: int,
        to_block: int,
        topic: bytes | None = None,
    ) -> Iterator[EventData]:
        """Yield several kinds of a contract's events together, in the order they happened.

        `topic` is the first indexed argument that all of them must have, as a word of 32 bytes.
        One request for all kinds.
        """
        kinds = {event.topic: event for name in names for event in [contract.events[name]()]}
        topics: list[Any] = [list(kinds)] if topic is None else [list(kinds), to_hex(topic)]

        def fetch(first: int, until: int) -> list[EventData]:
            found = self.w3.eth.get_logs(
                {
                    "address": contract.address,
                    "fromBlock": first,
                    "toBlock": until,
                    "topics": topics,
                }
            )
            return [kinds[HexStr(to_hex(log["topics"][0]))].process_log(log) for log in found]

        return self._in_ranges(fetch, from_block, to_block)

    def log_pages(
        self, kinds: Sequence[ContractEvent], *, from_block: int, to_block: int
    ) -> Iterator[LogPage]:
        """Yield events of one contract in order, not decoded: for many, of which few matter.

        A page has as many blocks as the node allows, and one can go on later where it ends.
        """

        def fetch(first: int, until: int) -> list[LogPage]:
            _, hash_ = self.block_hash(until)
            found = self.w3.eth.get_logs(
                {
                    "address": kinds[0].address,
                    "fromBlock": first,
                    "toBlock": until,
                    "topics": [[event.topic for event in kinds]],
                }
            )
            return [LogPage(until, hash_, found)]

        return self._in_ranges(fetch, from_block, to_block)

    def _in_ranges(
        self, fetch: Callable[[int, int], list[_Found]], from_block: int, last: int
    ) -> Iterator[_Found]:
        step = _LOG_RANGE
        while from_block <= last:
            until = min(from_block + step - 1, last)
            try:
                with node_errors():
                    found = fetch(from_block, until)
            except NodeRefusedError:
                if until == from_block:
                    raise
                step = (until - from_block + 1) // 2
                continue
            yield from found
            from_block = until + 1

    def _request(self, action: Action, sender: ChecksumAddress, value: int) -> TxParams:
        # NOTE: every field is given that web3 would otherwise ask the node for.
        blank: TxParams = {
            "from": sender,
            "value": Wei(value),
            "gas": 0,
            "nonce": Nonce(0),
            "chainId": self.chain_id,
            "maxFeePerGas": Wei(0),
            "maxPriorityFeePerGas": Wei(0),
        }
        built = action.build_transaction(blank)
        request: TxParams = {"from": sender, "value": built["value"], "data": built["data"]}
        if built.get("to"):
            request["to"] = built["to"]
        return request

    def _sign(self, action: Action, signer: Signer, value: int, least_gas: int) -> Signed:
        sender = to_address(signer.address)
        fees = self._fees()
        # NOTE: before the estimate too, as nodes refuse to estimate for an account without money.
        self._check_funds(sender, value + _LEAST_GAS * fees["maxFeePerGas"])
        request = self._request(action, sender, value)
        gas = max(int(self._estimate(request) * _GAS_MARGIN), least_gas)
        self._check_funds(sender, value + gas * fees["maxFeePerGas"])
        nonce = self._nonce(sender)
        fields: dict[str, Any] = {
            **{name: content for name, content in request.items() if name != "from"},
            **fees,
            "type": 2,
            "chainId": self.chain_id,
            "gas": gas,
            "nonce": nonce,
        }
        raw = signer.sign(fields)
        created = None if "to" in fields else created_address(sender, nonce)
        return Signed(raw, to_hex(keccak256(raw)), nonce, created)

    def _check_funds(self, account: str, need: int) -> None:
        balance = self.balance(account)
        if balance < need:
            raise InsufficientFundsError(account, balance, need)

    def _estimate(self, request: TxParams) -> int:
        with node_errors():
            return self.w3.eth.estimate_gas(request)

    def _fees(self) -> dict[str, int]:
        """Offer twice the base fee: enough for six full blocks in a row (EIP-1559)."""
        with node_errors():
            base = self.w3.eth.get_block("latest").get("baseFeePerGas", 0)
            priority = self.w3.eth.max_priority_fee
        return {"maxFeePerGas": 2 * base + priority, "maxPriorityFeePerGas": priority}

    def _nonce(self, sender: ChecksumAddress) -> int:
        """Count by ourselves: what a node says of waiting transactions is not to be trusted."""
        with node_errors():
            mined = self.w3.eth.get_transaction_count(sender, "latest")
            pending = self.w3.eth.get_transaction_count(sender, "pending")
        nonce = max(mined, self._next_nonce.get(sender, 0))
        if pending > nonce:
            raise AccountBusyError(sender, pending - nonce)
        return nonce

    def _broadcast(self, signed: Signed) -> None:
        try:
            with node_errors():
                self.w3.eth.send_raw_transaction(signed.raw)
        except NodeRefusedError:
            # NOTE: a request that was repeated after a lost answer is refused as known already.
            if not self.knows(signed.hash):
                raise

    def _receipt(self, transaction: str) -> TxReceipt | None:
        with node_errors():
            try:
                return self.w3.eth.get_transaction_receipt(HexStr(transaction))
            except TransactionNotFound:
                return None

    def _result(self, receipt: TxReceipt) -> TxResult:
        transaction = to_hex(receipt["transactionHash"])
        if not receipt["status"]:
            self._replay(transaction, receipt["blockNumber"])
            raise TransactionFailedError(transaction)
        return TxResult.of(receipt)

    def _replay(self, transaction: str, block: int) -> None:
        """Do what failed again as a call, which tells why; raise ContractRevert if refused."""
        with node_errors():
            sent = self.w3.eth.get_transaction(HexStr(transaction))
        request: TxParams = {
            "from": sent["from"],
            "data": sent["input"],
            "value": sent["value"],
            "gas": sent["gas"],
        }
        if sent.get("to"):
            request["to"] = sent["to"]
        # NOTE: a failed transaction left the state as it was, and its own block has its time.
        with suppress(NodeRefusedError), node_errors():
            self.w3.eth.call(request, block)
