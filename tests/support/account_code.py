"""Code at the address of a key (EIP-7702)."""

from typing import Any

import ape
from eth_account import Account

GAS = 100_000
FEE = 10**11  # wei per gas, ample on a chain of our own


def put_code_at(account: Any, contract: Any, sender: Any) -> None:
    """Let `account`, a test account, run the code of `contract` from now on; `sender` pays."""
    chain_id = ape.chain.chain_id
    delegation = {"chainId": chain_id, "address": contract.address, "nonce": account.nonce}
    transaction = {
        "type": 4,
        "chainId": chain_id,
        "nonce": sender.nonce,
        "to": account.address,
        "value": 0,
        "data": b"",
        "gas": GAS,
        "maxFeePerGas": FEE,
        "maxPriorityFeePerGas": 0,
        "authorizationList": [Account.sign_authorization(delegation, account.private_key)],
    }
    raw = Account.sign_transaction(transaction, sender.private_key).raw_transaction
    ape.chain.provider.web3.eth.send_raw_transaction(raw)
