"""What happens to claimed items: owners act, chips and wallets sign, issuers flag."""

from typing import Any

import ape
from eth_account import Account
from eth_account.messages import SignableMessage, encode_typed_data
from eth_utils import keccak

from tests.support.abi import ZERO_ADDRESS
from tests.support.batches import SampleBatch, claim_key, item_id_of
from tests.support.claims import FAR_DEADLINE, claim_domain
from tests.support.verdicts import NoticeKind, OwnerAct

LOST, STOLEN, FLAGGED, DESTROYED, ON_CHIP = (1 << bit for bit in range(5))
CASE = keccak(text="theft report")
NOTICE = keccak(text="recall notice")
ACT_TYPES = {
    "Act": [
        {"name": "itemId", "type": "bytes32"},
        {"name": "act", "type": "uint8"},
        {"name": "to", "type": "address"},
        {"name": "nonce", "type": "uint32"},
        {"name": "deadline", "type": "uint48"},
    ]
}
CHIP_TYPES = {
    "ChipTransfer": [
        {"name": "itemId", "type": "bytes32"},
        {"name": "to", "type": "address"},
        {"name": "nonce", "type": "uint32"},
        {"name": "blockHash", "type": "bytes32"},
    ]
}


def token_of(item_id: bytes) -> int:
    """Return the ERC-721 token id of an item."""
    return int.from_bytes(item_id)


def state_of(items: Any, item_id: bytes) -> tuple[str, int, int]:
    """Return owner, nonce and flags of an item."""
    state = items.itemOf(item_id)
    return state.owner, state.nonce, state.flags


def act(items: Any, item_id: bytes, what: OwnerAct, owner: Any, to: Any = ZERO_ADDRESS) -> Any:
    """Do something with an item as its owner."""
    return items.act(item_id, what, to, sender=owner)


def typed_act(
    items, item_id, what, to=ZERO_ADDRESS, deadline=FAR_DEADLINE, *, nonce=None, **domain
) -> SignableMessage:
    """Return what an owner signs, with the item's nonce unless another is given."""
    message = {
        "itemId": item_id,
        "act": what,
        "to": str(to),
        "nonce": items.itemOf(item_id).nonce if nonce is None else nonce,
        "deadline": deadline,
    }
    return encode_typed_data(claim_domain(items) | domain, ACT_TYPES, message)


def sign_act(items, item_id, what, signer, to=ZERO_ADDRESS, deadline=FAR_DEADLINE, **changes):
    """Let a test account sign an act; `changes` are those of `typed_act`."""
    message = typed_act(items, item_id, what, to, deadline, **changes)
    return bytes(Account.sign_message(message, signer.private_key).signature)


def block_hash(number: int) -> bytes:
    """Return the hash of a block; zero, as a contract sees it, where there is none yet."""
    blocks = ape.chain.blocks
    return bytes(blocks[number].hash) if number <= blocks.height else bytes(32)


def typed_chip_transfer(items, item_id, to, block=None, *, nonce=None, **domain) -> SignableMessage:
    """Return what a chip signs, with the latest block and nonce unless others are given."""
    message = {
        "itemId": item_id,
        "to": str(to),
        "nonce": items.itemOf(item_id).nonce if nonce is None else nonce,
        "blockHash": block_hash(ape.chain.blocks.height if block is None else block),
    }
    return encode_typed_data(claim_domain(items) | domain, CHIP_TYPES, message)


def sign_chip_transfer(items, item_id, to, block=None, *, key=None, **changes) -> bytes:
    """Let the key of a first item, or `key`, sign who has the item at hand."""
    message = typed_chip_transfer(items, item_id, to, block, **changes)
    return bytes((key or claim_key(0)).sign_message(message).signature)


def chip_transfer(items, batch: SampleBatch, to, index=0, block=None, signature=None):
    """Return the arguments of a good `transferWithChip`, or with another block or signature."""
    item_id = item_id_of(batch.batch_id, batch.item(index)["index"])
    number = ape.chain.blocks.height if block is None else block
    if signature is None:
        signature = sign_chip_transfer(items, item_id, to, number, key=claim_key(index))
    return item_id, to, number, signature


def chip_signer_of(items, arguments) -> str:
    """Return whom the contract takes for the signer of this `transferWithChip`."""
    *signed, signature = arguments
    return Account.recover_message(typed_chip_transfer(items, *signed), signature=signature)


def flag(items: Any, batch: SampleBatch, issuer: Any, *, is_stolen: bool = True) -> Any:
    """Flag the first item of a batch as its issuer, or close the matter."""
    return items.flagStolen(batch.batch_id, 0, is_stolen, CASE, sender=issuer)


def report(items: Any, batch: SampleBatch, how: int, owner: Any, issuer: Any) -> None:
    """Report the first item of a batch, by the flag that shall stand afterwards."""
    if how == FLAGGED:
        flag(items, batch, issuer)
    else:
        what = OwnerAct.REPORT_LOST if how == LOST else OwnerAct.REPORT_STOLEN
        act(items, item_id_of(batch.batch_id, 0), what, owner)


def recall(provenance, batch: SampleBatch, issuer, kind=NoticeKind.RECALL, first=0, last=None):
    """Recall or suspend items of a batch as its issuer, all unless told otherwise."""
    last = batch.count - 1 if last is None else last
    return provenance.recall(batch.batch_id, first, last, kind, NOTICE, sender=issuer)


def delegate_code(chain: Any, account: Any, code: Any, relayer: Any) -> None:
    """Let an account's code be that of a contract (EIP-7702); `relayer` sends the authorisation."""
    authorization = Account.sign_authorization(
        {"chainId": chain.chain_id, "address": code.address, "nonce": account.nonce},
        account.private_key,
    )
    transaction = {
        "type": 4,
        "chainId": chain.chain_id,
        "nonce": relayer.nonce,
        "to": relayer.address,
        "value": 0,
        "gas": 200_000,
        "maxFeePerGas": 10**10,
        "maxPriorityFeePerGas": 1,
        "data": "0x",
        "authorizationList": [authorization],
    }
    signed = Account.sign_transaction(transaction, relayer.private_key)
    chain.provider.web3.eth.send_raw_transaction(signed.raw_transaction)
