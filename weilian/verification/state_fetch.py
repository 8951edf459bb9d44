"""Fetching a state proof from a node by `eth_getProof`."""

from typing import Any

from web3.types import BlockIdentifier, RPCEndpoint

from weilian.chain import Chain
from weilian.chain.errors import node_errors
from weilian.merkle import ItemProof
from weilian.provenance.terms import Reason
from weilian.suite import Suite
from weilian.verification.block_state import Header, StateProofError, encode_header
from weilian.verification.lots import find_lot
from weilian.verification.state_proof import StateProof, look
from weilian.verification.state_view import CONTRACTS, StateReader


class _Recorder:
    """Reads slots from a node, and keeps what proves them. Values in the order of their nodes."""

    def __init__(self, suite: Suite, number: int) -> None:
        self._chain = suite.chain
        self._addresses = {name: suite.record.contracts[name].address for name in CONTRACTS}
        self._block = hex(number)
        self.preimages: dict[str, None] = {}

    def slot(self, contract: str, slot: int) -> int:
        address = self._addresses[contract]
        key = f"0x{slot:064x}"
        answer = request(self._chain, "eth_getProof", [address, [key], self._block])
        try:
            [storage] = answer["storageProof"]
            nodes = [*answer["accountProof"], *storage["proof"]]
            value = int(storage["value"], 16)
        except (KeyError, TypeError, ValueError) as error:
            raise StateProofError("the node's answer to eth_getProof is malformed") from error
        self.preimages.update(dict.fromkeys(map(str, nodes)))
        return value

    def add_code(self) -> None:
        for address in self._addresses.values():
            code = request(self._chain, "eth_getCode", [address, self._block])
            self.preimages[str(code)] = None


def fetch_state_proof(
    suite: Suite,
    proof: ItemProof,
    *,
    seller: str | None = None,
    block: BlockIdentifier = "latest",
) -> StateProof:
    """Fetch what proves a verdict on an item at a block, for `verify_offline`.

    `seller` is who offers it, None for the holder of its lot. Raises NodeRefusedError for a node
    without `eth_getProof` or without the state of that block, and StateProofError for an answer
    that proves nothing.
    """
    number, _ = suite.chain.block(block)
    raw = request(suite.chain, "eth_getBlockByNumber", [hex(number), False])
    header = encode_header(raw)
    recorder = _Recorder(suite, number)
    recorder.add_code()
    reader = StateReader(recorder.slot, proof.batch_id, proof.index)
    lot_first: int | None = find_lot(suite, proof.batch_id, proof.index, number)
    sight = look(reader, proof, Header.decode(header), lot_first, None, seller)
    if Reason.LOT_WRONG in sight.reasons:
        lot_first = None
    return StateProof(
        header=f"0x{header.hex()}", lot_first=lot_first, preimages=tuple(recorder.preimages)
    )


def request(chain: Chain, method: str, params: list[Any]) -> Any:
    """Ask a node for what it answers in JSON; raises NodeRefusedError and ChainUnreachableError."""
    with node_errors():
        return chain.w3.manager.request_blocking(RPCEndpoint(method), params)
