"""What a script sends: kept until it tells of it, known by hash as soon as it can be on chain."""

from collections.abc import Callable
from typing import Any

from web3 import Web3

from weilian.chain import Chain, Signer, TxResult
from weilian.chain.chain import Action
from weilian.chain.transaction import Signed


class RehearsedError(Exception):
    """Ends a step of a dry run where it would send its first transaction, of so much gas."""

    def __init__(self, gas: int) -> None:
        self.gas = gas
        super().__init__(f"{gas} gas")


class RecordingChain(Chain):
    """A chain that keeps what was sent until the script tells of it.

    `hashes` are of all that was signed to be sent, whatever became of it.
    """

    def __init__(self, w3: Web3, *, confirmations: int) -> None:
        super().__init__(w3, confirmations=confirmations)
        self.hashes: list[str] = []
        self.untold: list[TxResult] = []
        self.told: list[TxResult] = []
        self.is_rehearsal = False

    def send(
        self,
        action: Action,
        signer: Signer,
        *,
        value: int = 0,
        before_broadcast: Callable[[Signed], None] | None = None,
        **options: Any,
    ) -> TxResult:
        """Send as Chain does, and keep the result; in a rehearsal only estimate and end there."""
        if self.is_rehearsal:
            raise RehearsedError(self.estimate(action, signer.address, value=value))

        def note(signed: Signed) -> None:
            self.hashes.append(signed.hash)
            if before_broadcast:
                before_broadcast(signed)

        result = super().send(action, signer, value=value, before_broadcast=note, **options)
        self.untold.append(result)
        return result
