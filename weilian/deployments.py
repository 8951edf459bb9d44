"""What is deployed where: `deployments/<chainId>.json`, written after every step."""

from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from weilian import abi
from weilian.chain import Chain
from weilian.errors import WeilianError, describe_validation
from weilian.files import write_atomic

CONTRACTS = {
    "manager": "PlatformManager",
    "identities": "IdentityRegistry",
    "provenance": "ProvenanceRegistry",
    "items": "ItemRegistry",
    "custody": "CustodyLedger",
    "lens": "ProvenanceLens",
    "book": "PlanBook",
    "network": "DistributorNetwork",
    "checkout": "Checkout",
    "disputes": "OrderDisputes",
    "escrow": "CommissionEscrow",
    "token": "RewardToken",
    "rewards": "RewardDistributor",
}
"""The contracts of the suite by noun, in the order of their creation."""

WIRING = (
    "plan book",
    "distributor network",
    "checkout",
    "disputes",
    "minter",
    "reward manager",
    "admin",
)
"""What is set once all contracts are there."""


class DeploymentError(WeilianError, ValueError):
    """A record that does not describe what is on the chain."""


class DeploymentMissingError(DeploymentError, LookupError):
    """No record for a chain."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"nothing is deployed on chain {path.stem}: there is no {path}; deploy first"
        )


class DeploymentDamagedError(DeploymentError):
    """A record file that is not one."""

    def __init__(self, path: Path, rule: str) -> None:
        super().__init__(
            f"{path} is damaged ({rule}); bring it back from a backup, or move it away to deploy "
            "anew"
        )


class WrongChainError(DeploymentError):
    """A record of another chain."""

    def __init__(self, recorded: int, actual: int) -> None:
        super().__init__(
            f"the record is of chain {recorded} and the node is on chain {actual}; "
            "choose the network of the record"
        )


class RestartedChainError(DeploymentError):
    """A record of a chain with the same id and another history."""

    def __init__(self, chain_id: int) -> None:
        super().__init__(
            f"the record is of another chain {chain_id}, its first block differs: a development "
            f"chain that was restarted since; move {chain_id}.json away and deploy anew"
        )


class CodeMissingError(DeploymentError):
    """A recorded address without a contract."""

    def __init__(self, name: str, address: str) -> None:
        super().__init__(
            f"there is no contract at {address}, where the record has {name}; choose another node, "
            "or move the record away and deploy anew"
        )


class CodeMismatchError(DeploymentError):
    """A recorded address with code that is not this version's."""

    def __init__(self, name: str, address: str, version: str) -> None:
        super().__init__(
            f"the contract at {address} is not the {name} of this library; use weilian {version}, "
            "with which it was deployed, or move the record away and deploy anew"
        )


class _Section(BaseModel):
    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True
    )


class ContractRecord(_Section):
    """One deployed contract. Numbers among the arguments are text: JSON readers lose digits."""

    address: str
    block: int
    transaction: str
    args: list[Any]
    bytecode_hash: str
    deployer: str


class WiringRecord(_Section):
    """One setting that was made; no transaction where it was as wanted before."""

    transaction: str | None
    block: int | None


class SentRecord(_Section):
    """A transaction noted before it was sent, so that a crash cannot lose it."""

    step: str
    transaction: str
    nonce: int
    address: str | None


class DeploymentRecord(_Section):
    """All that is known of the suite on one chain."""

    chain_id: int
    first_block_hash: str
    version: str
    deployer: str
    contracts: dict[str, ContractRecord] = {}
    wiring: dict[str, WiringRecord] = {}
    sent: SentRecord | None = None

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a record; raise DeploymentMissingError or DeploymentDamagedError."""
        try:
            return cls.model_validate_json(path.read_bytes(), by_alias=True)
        except FileNotFoundError as error:
            raise DeploymentMissingError(path) from error
        except OSError as error:
            raise DeploymentDamagedError(path, error.strerror or str(error)) from error
        except ValidationError as error:
            raise DeploymentDamagedError(path, describe_validation(error)) from error

    def save(self, path: Path) -> None:
        """Write the record so that a crash leaves the old one or this one."""
        text = self.model_dump_json(by_alias=True, indent=2)
        write_atomic(path, f"{text}\n".encode())

    @property
    def is_complete(self) -> bool:
        """Whether every contract and every setting is there."""
        return {*CONTRACTS.values()} <= self.contracts.keys() and {*WIRING} <= self.wiring.keys()

    @property
    def first_block(self) -> int:
        """The block of the first contract: no event of the suite is older."""
        return min(contract.block for contract in self.contracts.values())

    def verify(self, chain: Chain) -> None:
        """Compare the record with the chain; raise a DeploymentError that says what differs."""
        if chain.chain_id != self.chain_id:
            raise WrongChainError(self.chain_id, chain.chain_id)
        if chain.first_block_hash != self.first_block_hash:
            raise RestartedChainError(self.chain_id)
        for name, contract in self.contracts.items():
            code = chain.code(contract.address)
            if not code:
                raise CodeMissingError(name, contract.address)
            if not abi.load(name).is_runtime(code):
                raise CodeMismatchError(name, contract.address, self.version)


def record_path(folder: Path, chain_id: int) -> Path:
    """Return where the record of a chain is."""
    return folder / f"{chain_id}.json"
