"""What every script shares: its network, its account, its output, its way of ending.

A script is a function with click options under `@script(...)`; it gets a Session and raises
WeilianError for whatever a person can mend. Nothing here knows the nouns of the suite.
"""

import json
import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click
from ape import accounts
from ape.api import AccountAPI, ProviderAPI
from ape.cli import ConnectedProviderCommand, account_option
from ape.exceptions import ApeException
from ape.logging import ClickHandler
from eth_account.messages import SignableMessage
from rich.console import Console
from rich.progress import Progress as Bar

from scripts._recording import RecordingChain, RehearsedError
from weilian.chain import TxResult
from weilian.config import load_config
from weilian.deploy import StepDone, deploy_suite
from weilian.errors import WeilianError
from weilian.pool import forbid_core_dumps
from weilian.progress import Progress
from weilian.suite import Suite

ROOT = Path(__file__).resolve().parent.parent
CONFIG_FOLDER = ROOT / "config"
DEPLOYMENTS_FOLDER = ROOT / "deployments"
INTERRUPTED = 130
INTERRUPTION_HINT = "Interrupted. Run the same command again: what is done is found and kept."
_UNREPEATABLE = "weilian.unrepeatable"
"""Where a command that does the same once more, run again, keeps its chain for Ctrl-C."""

LOG_LEVELS = ("debug", "info", "success", "warning", "error", "critical")
PLAIN_WIDTH = 100
"""Columns where the output goes to a file or a pipe."""

_Result = TypeVar("_Result")


# ape tells of its nodes on stdout, where a program reads our JSON.
for handler in logging.getLogger("ape").handlers:
    if isinstance(handler, ClickHandler):
        handler.echo_kwargs = {level: {"err": True} for level in LOG_LEVELS}


class AccountMissingError(WeilianError, ValueError):
    """No account was named on a network with real money."""

    def __init__(self, network: str) -> None:
        super().__init__(
            f"no account named for {network}: "
            "choose one of `ape accounts list` with --account ALIAS"
        )


class KeyFileError(WeilianError, ValueError):
    """An account's key file that is damaged."""

    def __init__(self, names: str) -> None:
        super().__init__(
            f"no key can be read from the account file {names}: bring it back from a backup, or "
            "delete the account and import it again"
        )


class SigningRefusedError(WeilianError, RuntimeError):
    """The person at the terminal did not sign."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} did not sign: nothing was sent")


class _Ending(click.Command):
    """Ends in one sentence and an exit code where a person can mend what went wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what a person can mend becomes a sentence, Ctrl-C a hint."""
        forbid_core_dumps()
        try:
            return super().invoke(ctx)
        except WeilianError as error:
            raise click.ClickException(str(error)) from error
        except (ApeException, OSError) as error:  # no node, no such file, no right to read
            raise click.ClickException(_sentence(error)) from error
        except SystemExit as end:  # ape makes this of Ctrl-C
            if end.code == INTERRUPTED:
                click.echo(f"\n{_interruption_hint(ctx)}", err=True)
            raise
        except KeyboardInterrupt as error:
            click.echo(f"\n{_interruption_hint(ctx)}", err=True)
            raise SystemExit(INTERRUPTED) from error


class ScriptCommand(_Ending, ConnectedProviderCommand):
    """A command that works on a network."""


def _interruption_hint(ctx: click.Context) -> str:
    chain = ctx.meta.get(_UNREPEATABLE)
    if chain is None:
        return INTERRUPTION_HINT
    if not chain.hashes:
        return "Interrupted. Nothing was sent."
    sent = ", ".join(chain.hashes)
    return f"Interrupted. Sent {sent}: it may still be mined; look it up before you run this again."


def _sentence(error: Exception) -> str:
    """Keep the first line of what ape says, and name the variable that it lacks."""
    text = str(error).partition("\n")[0]
    missing = re.search(r"\$\{(\w+)\}", text)
    return f"{text}: set {missing[1]} to the URL of your node" if missing else text


@dataclass(frozen=True)
class ApeSigner:
    """An ape account as a weilian Signer."""

    account: AccountAPI
    provider: ProviderAPI

    @property
    def address(self) -> str:
        """Checksum address."""
        return str(self.account.address)

    def sign(self, tx: dict[str, Any]) -> bytes:
        """Sign a transaction given by its fields; raise SigningRefusedError if declined."""
        fields = {name: value for name, value in tx.items() if name != "from"}
        transaction = self.provider.network.ecosystem.create_transaction(
            sender=self.address, **fields
        )
        signed = self.account.sign_transaction(transaction)
        if signed is None:
            raise SigningRefusedError(self.address)
        return bytes(signed.serialize_transaction())

    def sign_message(self, message: SignableMessage) -> bytes:
        """Sign a message (EIP-712); raise SigningRefusedError if declined."""
        signed = self.account.sign_message(message)
        if signed is None:
            raise SigningRefusedError(self.address)
        return bytes(signed.encode_rsv())


class Output:
    """Text for people on stdout; with --json one document there and the text on stderr."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self.console = Console(stderr=as_json, highlight=False)
        if not self.console.is_terminal:
            self.console.width = PLAIN_WIDTH

    def say(self, text: str) -> None:
        """Print a line for people. Square brackets are text, not markup."""
        self.console.print(text, markup=False)

    def show(self, renderable: Any) -> None:
        """Print a rich table or panel for people."""
        self.console.print(renderable)

    def transaction(self, name: str, result: TxResult) -> None:
        """Print what a transaction did, where it is, and its gas."""
        self.say(f"✓ {name:<42} {result.hash[:10]}…{result.hash[-4:]} {result.gas_used:>10,} gas")

    def deployed(self, step: StepDone) -> None:
        """Print a step of a deployment."""
        label = f"{step.number:2} {step.name}"
        if step.result is None:
            self.say(f"✓ {label}: done before")
        else:
            self.transaction(label, step.result)

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """Show how far a long job has come; yields what to call with (done, total)."""
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)

            def update(done: int, total: int) -> None:
                bar.update(task, completed=done, total=total)

            yield update

    def result(self, document: dict[str, Any], *, in_a_line: bool = False) -> None:
        """Print the result for programs, if they asked."""
        if self.as_json:
            indent = None if in_a_line else 2
            click.echo(json.dumps(document, indent=indent, ensure_ascii=False, default=str))


@dataclass
class Session:
    """One run of a script on one network."""

    provider: ProviderAPI
    chain: RecordingChain
    out: Output
    account: AccountAPI | None = None
    dry_run: bool = False
    assume_yes: bool = False
    deployments: Path = DEPLOYMENTS_FOLDER
    _suite: Suite | None = None

    @property
    def network(self) -> str:
        """Ape's name of the network, such as ethereum:sepolia."""
        return f"{self.provider.network.ecosystem.name}:{self.provider.network.name}"

    @property
    def is_ephemeral(self) -> bool:
        """Whether the chain ends with this command: eth-tester, or an Anvil that ape started."""
        process = getattr(self.provider, "process", None)
        return self.provider.name == "test" or process is not None

    def signer(self, account: AccountAPI | None = None) -> ApeSigner:
        """Return who signs: the account given, that of --account, or on a local chain the first."""
        chosen = account or self.account
        if chosen is None and self.provider.network.is_dev:
            chosen = accounts.test_accounts[0]
        if chosen is None:
            raise AccountMissingError(self.network)
        try:
            signer = ApeSigner(chosen, self.provider)
            passphrase = os.environ.get(f"APE_ACCOUNTS_{chosen.alias}_PASSPHRASE")
            if signer.address and self.assume_yes and passphrase is not None:
                chosen.set_autosign(True, passphrase=passphrase)
        except (KeyError, TypeError, ValueError) as error:
            raise KeyFileError(str(chosen.alias)) from error
        return signer

    def suite(self) -> Suite:
        """Return the deployed suite; on a chain that ends with this command, deploy it first."""
        if self._suite is None:
            if self.is_ephemeral:
                self._suite = self._deploy_for_now()
            else:
                self._suite = Suite.load(self.chain, self.deployments)
        return self._suite

    def sent(self, what: str) -> None:
        """Tell of the transactions since the last time."""
        for result in self.chain.untold:
            self.out.transaction(what, result)
        self.chain.told += self.chain.untold
        self.chain.untold = []

    def attempt(self, question: str, done: str, step: Callable[[], _Result]) -> _Result | None:
        """Take a step: ask, do it, tell of its transactions as `done`, return what it returns.

        With --dry-run nothing is sent and None is returned: the step runs up to its first
        transaction, which is checked by an estimate and told of.
        """
        if not self.dry_run:
            self.confirm(question)
            result = step()
            self.sent(done)
            return result
        self.chain.is_rehearsal = True
        try:
            step()
        except RehearsedError as end:
            self.out.say(f"Would be {done}, for about {end.gas:,} gas. Nothing was sent.")
        finally:
            self.chain.is_rehearsal = False
        return None

    def finish(self, document: dict[str, Any], done: str = "", *, in_a_line: bool = False) -> None:
        """End the script, or a turn of it that has its result in a line.

        `done` says what the last transactions did.
        """
        self.sent(done)
        sent = [{"hash": tx.hash, "gas": tx.gas_used} for tx in self.chain.told]
        self.chain.told = []
        self.out.result(document | {"sent": bool(sent), "transactions": sent}, in_a_line=in_a_line)

    def confirm(self, question: str) -> None:
        """Ask before something is sent, unless --yes, or the chain is a local one."""
        if not (self.assume_yes or self.provider.network.is_dev):
            click.confirm(question, abort=True, err=True)

    @contextmanager
    def records(self) -> Iterator[Path]:
        """Yield the folder of deployment records; a chain that ends with the command keeps none."""
        if self.is_ephemeral:
            with TemporaryDirectory() as folder:
                yield Path(folder)
        else:
            yield self.deployments

    def _deploy_for_now(self) -> Suite:
        self.out.say("This chain lives as long as this command: deploying the suite on it first.")
        signer = ApeSigner(accounts.test_accounts[0], self.provider)
        with self.records() as folder:
            local = load_config(CONFIG_FOLDER / "local.yaml")
            deploy_suite(local, self.chain, signer, folder, self.out.deployed)
            return Suite.load(self.chain, folder)


def script(
    *,
    writes: bool,
    group: click.Group | None = None,
    name: str | None = None,
    is_repeatable: bool = True,
) -> Callable[..., Any]:
    """Make a click command of a function `(session, **options)`, with the shared options.

    `writes` adds --account, --dry-run and --yes. `is_repeatable` is False for a command that, run
    again, does the same once more. The function's docstring is the help text.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        def callback(
            provider: ProviderAPI, as_json: bool, deployments: Path, **options: Any
        ) -> None:
            common = {key: options.pop(key, None) for key in ("account", "dry_run", "assume_yes")}
            session = Session(
                provider=provider,
                chain=RecordingChain(
                    provider.web3, confirmations=provider.network.required_confirmations
                ),
                out=Output(as_json),
                account=common["account"],
                dry_run=bool(common["dry_run"]),
                assume_yes=bool(common["assume_yes"]),
                deployments=deployments,
            )
            if not is_repeatable:
                click.get_current_context().meta[_UNREPEATABLE] = session.chain
            function(session, **options)

        callback.__doc__ = function.__doc__
        callback.__click_params__ = list(getattr(function, "__click_params__", []))  # type: ignore[attr-defined]
        decorated: Any = callback
        for option in reversed(_options(writes)):
            decorated = option(decorated)
        maker = group.command if group is not None else click.command
        return maker(name, cls=ScriptCommand)(decorated)

    return decorate


def offline_script(function: Callable[..., None]) -> click.Command:
    """Make a click command of a function `(out, **options)` that needs no chain."""

    def callback(as_json: bool, **options: Any) -> None:
        function(Output(as_json), **options)

    callback.__doc__ = function.__doc__
    callback.__click_params__ = list(getattr(function, "__click_params__", []))  # type: ignore[attr-defined]
    return click.command(cls=_Ending)(_json_option(callback))


_json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON on stdout."
)


def _options(writes: bool) -> list[Callable[..., Any]]:
    deployments = click.option(
        "--deployments",
        type=click.Path(path_type=Path),
        default=DEPLOYMENTS_FOLDER,
        help="Folder of deployment records.",
        show_default="deployments/",
    )
    if not writes:
        return [_json_option, deployments]
    return [
        account_option(prompt=False),
        click.option("--dry-run", is_flag=True, help="Show what would be done; send nothing."),
        click.option("--yes", "assume_yes", is_flag=True, help="Do not ask before sending."),
        _json_option,
        deployments,
    ]
