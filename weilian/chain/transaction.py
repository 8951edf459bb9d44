"""A transaction before it is sent and after it is mined."""

from dataclasses import dataclass
from typing import Any, Self

import rlp
from eth_utils.address import to_canonical_address
from web3.contract.contract import ContractEvent
from web3.logs import DISCARD
from web3.types import EventData, TxReceipt

from weilian.address import to_address
from weilian.chain.values import to_hex
from weilian.hashing import keccak256


@dataclass(frozen=True, slots=True)
class Signed:
    """A transaction that is ready to be sent. `contract_address` is where it would create one."""

    raw: bytes
    hash: str
    nonce: int
    contract_address: str | None


@dataclass(frozen=True, slots=True)
class TxResult:
    """A transaction that was mined and succeeded. `fee` is what it cost, in wei."""

    hash: str
    block_number: int
    gas_used: int
    fee: int
    contract_address: str | None
    receipt: TxReceipt

    @classmethod
    def of(cls, receipt: TxReceipt) -> Self:
        """Read a receipt."""
        return cls(
            hash=to_hex(receipt["transactionHash"]),
            block_number=receipt["blockNumber"],
            gas_used=receipt["gasUsed"],
            fee=receipt["gasUsed"] * receipt["effectiveGasPrice"],
            contract_address=receipt["contractAddress"],
            receipt=receipt,
        )

    def events(self, event: ContractEvent) -> list[EventData]:
        """Return the events of one kind that the transaction left at a contract, in order."""
        found = event.process_receipt(self.receipt, errors=DISCARD)
        return [entry for entry in found if entry["address"] == event.address]

    def event(self, event: ContractEvent) -> Any:
        """Return the arguments of the only event of its kind."""
        (found,) = self.events(event)
        return found["args"]


def created_address(sender: str, nonce: int) -> str:
    """Return where a transaction creates its contract: keccak(rlp([sender, nonce]))[12:]."""
    encoded = rlp.encode([to_canonical_address(sender), nonce])
    return to_address(to_hex(keccak256(encoded)[-20:]))
