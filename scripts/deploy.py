"""Deploy the suite, or finish a deployment that broke off."""

from pathlib import Path

import click
from rich.table import Table

from scripts._session import CONFIG_FOLDER, Session, script
from weilian.config import Config, load_config
from weilian.deploy import PlannedStep, deploy_suite, plan


@script(writes=True)
@click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    help="Configuration file.  [default: config/<network>.yaml]",
)
def cli(session: Session, config_path: Path | None) -> None:
    """Deploy the suite in numbered steps from a configuration file.

    Each transaction is noted in deployments/<chainId>.json before it is sent and its result after
    it: a run that broke off is simply run again.
    """
    path = config_path or CONFIG_FOLDER / f"{session.provider.network.name}.yaml"
    config = load_config(path)
    with session.records() as folder:
        _deploy(session, config, path.name, folder)


def _deploy(session: Session, config: Config, name: str, folder: Path) -> None:
    signer = session.signer()
    steps = plan(config, session.chain, signer.address, folder)
    session.out.say(f"{name}: profile {config.profile.value}, {config.limits.max_depth} levels")
    session.out.say(f"{session.network} (chain {session.chain.chain_id}), by {signer.address}")
    session.out.show(_table(steps))
    if session.dry_run:
        session.out.result({"steps": [_planned(step) for step in steps], "sent": False})
        return
    session.confirm("Send these transactions?")

    record = deploy_suite(config, session.chain, signer, folder, session.out.deployed)
    if session.is_ephemeral:
        session.out.say("A rehearsal: this chain ends with the command, so no record is kept.")
    session.out.result(record.model_dump(by_alias=True))


def _table(steps: list[PlannedStep]) -> Table:
    table = Table("step", "what", "state", "gas, estimated", title="Deployment")
    for step in steps:
        gas = "" if step.gas is None else f"{step.gas:,}"
        table.add_row(str(step.number), step.name, "done" if step.is_done else "to do", gas)
    return table


def _planned(step: PlannedStep) -> dict[str, object]:
    return {"number": step.number, "name": step.name, "done": step.is_done, "gas": step.gas}
