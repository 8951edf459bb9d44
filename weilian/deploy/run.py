"""The run of a deployment: a transaction is noted before it is sent, its result after it.

Whatever moment the process is killed at, the next run finds the transaction and goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import weilian
from weilian import abi
from weilian.address import to_address
from weilian.chain import Chain, ContractRevert, Signer, TxResult
from weilian.chain.chain import Action
from weilian.chain.errors import NodeRefusedError, TransactionFailedError
from weilian.chain.transaction import Signed, created_address
from weilian.chain.values import to_hex
from weilian.config import Config
from weilian.deploy.steps import ARGUMENTS, WIRES, Site
from weilian.deployments import (
    ContractRecord,
    DeploymentError,
    DeploymentMissingError,
    DeploymentRecord,
    SentRecord,
    WiringRecord,
    record_path,
)
from weilian.errors import WeilianError
from weilian.files import create_folder, locked_folder


class DeployRunningError(WeilianError, RuntimeError):
    """Another deployment works on the same folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"another deployment is writing to {folder}; wait until it has ended")


class OtherDeployerError(DeploymentError):
    """A deployment that another account began."""

    def __init__(self, recorded: str, actual: str) -> None:
        super().__init__(
            f"{recorded} began this deployment and {actual} cannot go on with it; sign with the "
            "first account, or move the record away to deploy anew"
        )


class ConfigChangedError(DeploymentError):
    """A contract that is deployed with values other than those of the configuration."""

    def __init__(self, name: str, recorded: object, wanted: object) -> None:
        super().__init__(
            f"{name} is deployed with {recorded} and the configuration now gives {wanted}; put the "
            "old values back, or move the record away to deploy anew"
        )


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step as it stands. `gas` is an estimate, None if done or if it cannot be known yet."""

    number: int
    name: str
    is_done: bool
    gas: int | None


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step after the run; `result` is None where nothing had to be sent."""

    number: int
    name: str
    result: TxResult | None


def plan(config: Config, chain: Chain, deployer: str, folder: Path) -> list[PlannedStep]:
    """Tell what `deploy_suite` would do, without sending or writing anything.

    Raises a DeploymentError where the record in `folder` does not fit chain, account or
    configuration.
    """
    return _Deployment(config, chain, to_address(deployer), folder).plan()


def deploy_suite(
    config: Config,
    chain: Chain,
    signer: Signer,
    folder: Path,
    on_step: Callable[[StepDone], None] | None = None,
) -> DeploymentRecord:
    """Deploy and wire the suite, or finish what an earlier run began; return the record.

    `on_step` is called after each step. Raises what `plan` and `Chain.send` raise, and
    DeployRunningError if two run at once.
    """
    create_folder(folder)
    with locked_folder(folder, DeployRunningError(folder)):
        deployment = _Deployment(config, chain, to_address(signer.address), folder)
        deployment.run(signer, on_step or (lambda _: None))
        return deployment.record


class _Deployment:
    """The record of one chain and the steps that fill it."""

    def __init__(self, config: Config, chain: Chain, deployer: str, folder: Path) -> None:
        self.config = config
        self.chain = chain.confirmed(config.confirmations)
        self.deployer = deployer
        self.path = record_path(folder, chain.chain_id)
        self.names = [*ARGUMENTS, *WIRES]
        self.record = self._open()

    def plan(self) -> list[PlannedStep]:
        return [
            PlannedStep(number, name, is_done, None if is_done else self._gas(name))
            for number, name in enumerate(self.names, start=1)
            for is_done in [self._is_done(name)]
        ]

    def run(self, signer: Signer, on_step: Callable[[StepDone], None]) -> None:
        self._recover()
        for number, name in enumerate(self.names, start=1):
            result = None
            if not self._is_done(name):
                result = self.chain.send(
                    self._action(name), signer, before_broadcast=self._noting(name)
                )
            self._note_done(name, result)
            on_step(StepDone(number, name, result))
        self.record.verify(self.chain)

    def _open(self) -> DeploymentRecord:
        try:
            record = DeploymentRecord.load(self.path)
        except DeploymentMissingError:
            return DeploymentRecord(
                chain_id=self.chain.chain_id,
                first_block_hash=self.chain.first_block_hash,
                version=weilian.__version__,
                deployer=self.deployer,
            )
        record.verify(self.chain)
        if record.deployer != self.deployer:
            raise OtherDeployerError(record.deployer, self.deployer)
        self._check_arguments(record)
        return record

    def _check_arguments(self, record: DeploymentRecord) -> None:
        site = self._site(record)
        for name, contract in record.contracts.items():
            wanted = _as_json(ARGUMENTS[name](site))
            if contract.args != wanted:
                raise ConfigChangedError(name, contract.args, wanted)

    def _site(self, record: DeploymentRecord) -> Site:
        # NOTE: what is not deployed has a stand-in address, good enough to estimate gas: no
        # constructor calls another contract.
        at = {name: created_address(self.deployer, n) for n, name in enumerate(ARGUMENTS)}
        at |= {name: contract.address for name, contract in record.contracts.items()}
        return Site(self.config, self.chain, self.deployer, at)

    def _is_done(self, name: str) -> bool:
        if name in ARGUMENTS:
            return name in self.record.contracts
        if name in self.record.wiring:
            return True
        has_contracts = self.record.contracts.keys() == ARGUMENTS.keys()
        return has_contracts and WIRES[name].is_made(self._site(self.record))

    def _action(self, name: str) -> Action:
        site = self._site(self.record)
        if name in WIRES:
            return WIRES[name].action(site)
        return self.chain.creation(abi.load(name), ARGUMENTS[name](site))

    def _gas(self, name: str) -> int | None:
        if name in WIRES and self.record.contracts.keys() != ARGUMENTS.keys():
            return None
        try:
            return self.chain.estimate(self._action(name), self.deployer)
        except NodeRefusedError:  # some nodes do not estimate for an account without money
            return None

    def _recover(self) -> None:
        """Look up the transaction that was noted and whose result was not."""
        sent = self.record.sent
        if sent is None:
            return
        if self.chain.knows(sent.transaction):
            try:
                self._note_done(sent.step, self.chain.wait(sent.transaction))
            except (ContractRevert, TransactionFailedError):
                self._write(sent=None)
        else:
            self._write(sent=None)

    def _noting(self, name: str) -> Callable[[Signed], None]:
        def note(signed: Signed) -> None:
            sent = SentRecord(
                step=name,
                transaction=signed.hash,
                nonce=signed.nonce,
                address=signed.contract_address,
            )
            self._write(sent=sent)

        return note

    def _note_done(self, name: str, result: TxResult | None) -> None:
        if name in WIRES and name not in self.record.wiring:
            wire = WiringRecord(
                transaction=result.hash if result else None,
                block=result.block_number if result else None,
            )
            self._write(wiring={**self.record.wiring, name: wire}, sent=None)
        elif result is not None and result.contract_address:
            contract = ContractRecord(
                address=result.contract_address,
                block=result.block_number,
                transaction=result.hash,
                args=_as_json(ARGUMENTS[name](self._site(self.record))),
                bytecode_hash=abi.load(name).bytecode_hash,
                deployer=self.deployer,
            )
            self._write(contracts={**self.record.contracts, name: contract}, sent=None)

    def _write(self, **changes: Any) -> None:
        self.record = self.record.model_copy(update=changes)
        self.record.save(self.path)


def _as_json(values: Any) -> Any:
    """Write numbers as text, which no reader of JSON rounds, and bytes as hex."""
    if isinstance(values, list | tuple):
        return [_as_json(value) for value in values]
    return to_hex(values) if isinstance(values, bytes) else str(values)
