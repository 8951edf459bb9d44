"""Receipts of goods as a receiver signs them."""

from eth_account.messages import SignableMessage, encode_typed_data

from weilian.provenance.lot_model import Receipt

RECEIPT_TYPES = {
    "Receipt": [
        {"name": "batchId", "type": "bytes32"},
        {"name": "first", "type": "uint32"},
        {"name": "size", "type": "uint32"},
        {"name": "from", "type": "address"},
        {"name": "to", "type": "address"},
        {"name": "version", "type": "uint32"},
        {"name": "deadline", "type": "uint48"},
    ]
}


def typed_receipt(chain_id: int, ledger: str, receipt: Receipt) -> SignableMessage:
    """Return what is signed (EIP-712) for the custody ledger at this address."""
    domain = {
        "name": "Weilian CustodyLedger",
        "version": "1",
        "chainId": chain_id,
        "verifyingContract": ledger,
    }
    message = {
        "batchId": receipt.lot.batch_id,
        "first": receipt.lot.first,
        "size": receipt.size,
        "from": receipt.holder,
        "to": receipt.to,
        "version": receipt.version,
        "deadline": receipt.deadline,
    }
    return encode_typed_data(domain, RECEIPT_TYPES, message)
