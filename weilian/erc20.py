"""ERC-20 tokens as currencies."""

from dataclasses import dataclass
from typing import Any

from weilian import abi
from weilian.address import to_address
from weilian.chain import Chain, ContractRevert, Signer, TxResult
from weilian.chain.errors import NodeRefusedError
from weilian.errors import WeilianError
from weilian.signing import Domain

_VERSION_ABI = [
    {
        "type": "function",
        "name": "version",
        "stateMutability": "view",
        "inputs": [],
        "outputs": [{"name": "", "type": "string"}],
    }
]
"""As tokens before ERC-5267 have it."""


class TokenBalanceError(WeilianError, ValueError):
    """An account that has too little of a token; amounts in the token's smallest unit."""

    def __init__(self, account: str, token: str, balance: int, need: int) -> None:
        super().__init__(
            f"account {account} has {balance} of the token {token} and needs {need}, in its "
            f"smallest unit; send it {need - balance} more"
        )


@dataclass(frozen=True, slots=True)
class Erc20:
    """One token; all amounts in its smallest unit."""

    chain: Chain
    address: str

    def decimals(self) -> int:
        """Return how many digits the token has behind the point."""
        return int(self._read("decimals"))

    def symbol(self) -> str:
        """Return the token's short name: whatever its contract says, to be shown as text only."""
        return str(self._read("symbol"))

    def balance(self, account: str) -> int:
        """Return what an account has."""
        return int(self._read("balanceOf", to_address(account)))

    def allowance(self, owner: str, spender: str) -> int:
        """Return what `spender` may take from `owner`."""
        return int(self._read("allowance", to_address(owner), to_address(spender)))

    def nonce(self, owner: str) -> int:
        """Return the number that the owner's next permit must carry (EIP-2612)."""
        return int(self._read("nonces", to_address(owner)))

    def domain(self) -> Domain:
        """Return the domain of what is signed for the token: ERC-5267, else name and version."""
        try:
            _, name, version, chain_id, contract, _, _ = self._read("eip712Domain")
        except (ContractRevert, NodeRefusedError):
            token = self.chain.w3.eth.contract(to_address(self.address), abi=_VERSION_ABI)
            try:
                version = self.chain.call(token.functions.version())
            except (ContractRevert, NodeRefusedError):
                version = "1"
            name, chain_id, contract = self._read("name"), self.chain.chain_id, self.address
        return Domain(str(name), int(chain_id), to_address(contract), str(version))

    def ensure_allowance(self, spender: str, amount: int, signer: Signer) -> list[TxResult]:
        """Let `spender` take `amount` from the signer, if it may not yet; return what was sent.

        Raises TokenBalanceError before anything is sent if the signer has less.
        """
        balance = self.balance(signer.address)
        if balance < amount:
            raise TokenBalanceError(signer.address, self.address, balance, amount)
        allowed = self.allowance(signer.address, spender)
        if allowed >= amount:
            return []
        # NOTE: some tokens, USDT first, only change an allowance by way of zero.
        steps = [0, amount] if allowed else [amount]
        approvals = [self._function("approve", spender, units) for units in steps]
        return [self.chain.send(approval, signer) for approval in approvals]

    def _read(self, name: str, *args: Any) -> Any:
        return self.chain.call(self._function(name, *args))

    def _function(self, name: str, *args: Any) -> Any:
        # NOTE: the reward token's ABI has all of ERC-20.
        contract = self.chain.contract(abi.load("RewardToken"), self.address)
        return contract.functions[name](*args)
