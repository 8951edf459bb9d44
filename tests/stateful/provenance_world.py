"""The provenance contracts on a chain, spoken to in the words of the reference model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from eth_abi import decode
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils import to_checksum_address

from tests.support.batches import SampleBatch
from tests.support.claims import claim_domain
from tests.support.items import ACT_TYPES, CHIP_TYPES
from tests.support.receipts import typed_receipt
from weilian.provenance.grading import Reasons, reasons_of
from weilian.provenance.item_model import ChipTransfer, SignedAct
from weilian.provenance.lot_model import LotRef, Receipt
from weilian.provenance.membership import Ground, Item, KeyKind
from weilian.provenance.model import Question
from weilian.provenance.terms import BatchState, CustodyState, ItemState, Verdict
from weilian.provenance.trace_model import TraceState

BATCH = "(bytes32,uint32,uint48,uint48,uint48,uint16,uint8,uint56)"
TRACE = "(bytes26,uint48)"
ITEM = "(address,uint48,uint32,uint8)"
CUSTODY = "(address,uint32,uint32,uint32,uint8,address,address,uint48)"
SELLER = "(uint48,uint48,bytes20)"
REPORT = f"(uint8,uint256,address,{BATCH},{TRACE},{ITEM},{CUSTODY},{SELLER},uint256,uint256)"


def item_of(batch: SampleBatch, index: int) -> Item:
    """Put an item as the model takes it."""
    item = batch.item(index)
    kind = KeyKind(item["keyKind"])
    return Item(batch.batch_id, index, item["serialCommitment"], item["claimKey"], kind)


@dataclass(frozen=True)
class ProvenanceWorld:
    """The registries and the lens, and actors who may each play every part."""

    identities: Any
    provenance: Any
    custody: Any
    items: Any
    lens: Any
    reader: Any
    actors: dict[str, Any]

    @property
    def ground(self) -> Ground:
        """What leaves are bound to."""
        return Ground(self.provenance.provider.chain_id, self.provenance.address)

    def sign(self, signable: SignableMessage, actor: str) -> bytes:
        """Sign as one of the actors."""
        return bytes(self.actors[actor].sign_message(signable).encode_rsv())

    @staticmethod
    def signer(signable: SignableMessage, signature: bytes) -> str:
        """Return whom a contract takes for the signer."""
        return Account.recover_message(signable, signature=signature)

    def receipt(self, receipt: Receipt) -> SignableMessage:
        """Put a receipt as its receiver signs it."""
        return typed_receipt(self.ground.chain_id, self.custody.address, receipt)

    def act(self, signed: SignedAct) -> SignableMessage:
        """Put an act as its owner signs it."""
        message = {
            "itemId": signed.item_id,
            "act": int(signed.act),
            "to": signed.to,
            "nonce": signed.nonce,
            "deadline": signed.deadline,
        }
        return encode_typed_data(claim_domain(self.items), ACT_TYPES, message)

    def chip_transfer(self, terms: ChipTransfer, nonce: int) -> SignableMessage:
        """Put a transfer as the item's chip signs it; a block that is not there has no hash."""
        web3 = self.items.provider.web3
        is_there = terms.block_number <= web3.eth.block_number
        block_hash = web3.eth.get_block(terms.block_number)["hash"] if is_there else bytes(32)
        message = {
            "itemId": terms.item_id,
            "to": terms.to,
            "nonce": nonce,
            "blockHash": bytes(block_hash),
        }
        return encode_typed_data(claim_domain(self.items), CHIP_TYPES, message)

    def read_batches(
        self, batch_ids: Sequence[bytes], ranges: Sequence[tuple[bytes, int, int, int]]
    ) -> tuple[list[tuple[BatchState, TraceState]], list[Reasons]]:
        """Read batches and their traces, and what forbids ranges of their items to be traded.

        A range is (batch, first, last, since). All is one call, as each takes long.
        """
        asked = [("batchOf", BATCH, (i,)) for i in batch_ids]
        asked += [("traceOf", TRACE, (i,)) for i in batch_ids]
        asked += [("conditionOf", "uint256", items) for items in ranges]
        found, count = self._read(self.provenance, asked), len(batch_ids)
        pairs = zip(found[:count], found[count : 2 * count], strict=True)
        kept = [(BatchState(*batch), TraceState(*trace)) for batch, trace in pairs]
        return kept, [frozenset(reasons_of(reasons)) for reasons in found[2 * count :]]

    def read_custody(self, lots: Sequence[LotRef]) -> list[CustodyState]:
        """Read who has lots."""
        asked = [("custodyOf", CUSTODY, (lot.batch_id, lot.first)) for lot in lots]
        found = self._read(self.custody, asked)
        return [CustodyState(*map(_plain, custody)) for custody in found]

    def read_items(self, item_ids: Sequence[bytes]) -> list[tuple[ItemState, str]]:
        """Read what is kept of items, and the addresses of their chips."""
        asked = [("itemOf", ITEM, (identifier,)) for identifier in item_ids]
        asked += [("chipOf", "address", (identifier,)) for identifier in item_ids]
        found, count = self._read(self.items, asked), len(item_ids)
        pairs = zip(found[:count], found[count:], strict=True)
        return [(ItemState(*map(_plain, item)), _plain(chip)) for item, chip in pairs]

    def inspect(self, batch: SampleBatch, asked: Question) -> tuple[Verdict, Reasons, int]:
        """Ask the lens: verdict, reasons, and the second at which both hold."""
        query = {
            "item": batch.item(asked.index),
            "proof": batch.proof(asked.index),
            "viewer": asked.viewer,
            "lotFirst": asked.lot_first,
            "seller": asked.seller,
        }
        [report] = self._read(self.lens, [("inspect", REPORT, (query,))])
        return Verdict(report[0]), frozenset(reasons_of(report[1])), report[-1]

    def _read(self, contract: Any, asked: Sequence[tuple[str, str, tuple[Any, ...]]]) -> list[Any]:
        """Call methods, each given with the type of its answer and its inputs."""
        calls = [getattr(contract, method).encode_input(*inputs) for method, _, inputs in asked]
        if not calls:
            return []
        # NOTE: without a sender each read would first list all accounts.
        answers = self.reader.read(contract, calls, sender=next(iter(self.actors.values())))
        pairs = zip(asked, answers, strict=True)
        return [decode([kind], answer)[0] for (_, kind, _), answer in pairs]


def _plain(value: Any) -> Any:
    return to_checksum_address(value) if isinstance(value, str) else value


def lot_structs(lots: Sequence[LotRef]) -> list[tuple[bytes, int]]:
    """Put lots as the contracts take them."""
    return [(lot.batch_id, lot.first) for lot in lots]
