"""The deployed suite: its chain and its contracts by noun."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from web3.contract import Contract

from weilian import abi
from weilian.chain import Chain
from weilian.deployments import CONTRACTS, DeploymentError, DeploymentRecord, record_path


class DeploymentUnfinishedError(DeploymentError):
    """A deployment that was broken off."""

    def __init__(self, chain_id: int) -> None:
        super().__init__(
            f"the deployment on chain {chain_id} is not finished; run the deployment again, it "
            "goes on where it broke off"
        )


@dataclass(frozen=True, slots=True)
class Suite:
    """The contracts of one deployment, bound to their addresses."""

    chain: Chain
    record: DeploymentRecord
    manager: Contract
    identities: Contract
    provenance: Contract
    items: Contract
    custody: Contract
    lens: Contract
    book: Contract
    network: Contract
    checkout: Contract
    disputes: Contract
    escrow: Contract
    token: Contract
    rewards: Contract

    @classmethod
    def load(cls, chain: Chain, folder: Path) -> Self:
        """Read the chain's record in `folder` and compare it with the chain.

        Raises a DeploymentError if there is none, if it is damaged or unfinished, or if the chain
        holds something else.
        """
        return cls.of(chain, DeploymentRecord.load(record_path(folder, chain.chain_id)))

    @classmethod
    def of(cls, chain: Chain, record: DeploymentRecord) -> Self:
        """Bind the contracts of a record, after the same checks as `load`."""
        record.verify(chain)
        if not record.is_complete:
            raise DeploymentUnfinishedError(record.chain_id)
        bound = {
            noun: chain.contract(abi.load(name), record.contracts[name].address)
            for noun, name in CONTRACTS.items()
        }
        return cls(chain=chain, record=record, **bound)
