"""What can go wrong between here and a node, and the one place where it is put into words."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from eth_utils.exceptions import ValidationError
from requests.exceptions import RequestException
from web3.exceptions import (
    BadFunctionCallOutput,
    BadResponseFormat,
    BlockNotFound,
    ContractLogicError,
    Web3RPCError,
)

from weilian.chain.reverts import decode_revert, payload_of
from weilian.errors import WeilianError
from weilian.money import NATIVE_DECIMALS, format_units

_REFUSALS = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
"""How some nodes answer to a range of logs that is too large, beside an error in JSON."""


class ChainUnreachableError(WeilianError, ConnectionError):
    """The node gives no answer."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"the chain's node does not answer ({cause}); check the network and the node's "
            "address, then try again"
        )


class NodeRefusedError(WeilianError, RuntimeError):
    """The node answers a request with an error."""

    def __init__(self, answer: str) -> None:
        super().__init__(f"the chain's node refuses the request: {answer!r:.300}")


class InsufficientFundsError(WeilianError, ValueError):
    """An account that cannot pay for a transaction; amounts in wei."""

    def __init__(self, account: str, balance: int, need: int) -> None:
        self.account, self.balance, self.need = account, balance, need
        has, needs, lacks = (
            format_units(units, NATIVE_DECIMALS) for units in (balance, need, need - balance)
        )
        super().__init__(
            f"account {account} has {has} of the chain's coin and needs up to {needs}, gas "
            f"included; send it {lacks} more"
        )


class AccountBusyError(WeilianError, RuntimeError):
    """An account with transactions that somebody else sent and that are not mined."""

    def __init__(self, account: str, waiting: int) -> None:
        super().__init__(
            f"account {account} has {waiting} transaction(s) not yet mined; wait for them, or "
            "replace them in the wallet that sent them, then try again"
        )


class TransactionTimeoutError(WeilianError, TimeoutError):
    """A transaction that was sent and not seen final in time."""

    def __init__(self, transaction: str, seconds: float) -> None:
        self.transaction = transaction
        super().__init__(
            f"transaction {transaction} was sent but is not final after {seconds:g} seconds; it "
            "may still become so: look it up before you send it again"
        )


class TransactionFailedError(WeilianError, RuntimeError):
    """A transaction that was mined, failed, and does not fail when it is tried again."""

    def __init__(self, transaction: str) -> None:
        super().__init__(
            f"transaction {transaction} failed and changed nothing, by lack of gas or because the "
            "state has changed since; try again"
        )


@contextmanager
def node_errors() -> Iterator[None]:
    """Put what web3, the network, a node or eth-tester raise into this library's errors."""
    try:
        yield
    except ContractLogicError as error:
        raise decode_revert(payload_of(error)) from error
    except RequestException as error:
        status = getattr(error.response, "status_code", None)
        if status in _REFUSALS:
            raise NodeRefusedError(f"HTTP {status}") from None
        # NOTE: without the original: it shows the node's address, which often holds a key.
        raise ChainUnreachableError(type(error).__name__) from None
    except (Web3RPCError, BadResponseFormat, BadFunctionCallOutput, BlockNotFound) as error:
        raise NodeRefusedError(_answer(error)) from error
    except Exception as error:
        # NOTE: by name, as eth-tester is a tool of developers and slow to import.
        if type(error).__name__ == "TransactionFailed":
            raise decode_revert(payload_of(error)) from error
        if isinstance(error, ValidationError) or type(error).__module__ == "eth_tester.exceptions":
            raise NodeRefusedError(str(error)) from error
        raise


def _answer(error: Exception) -> str:
    """Return what the node itself said, where web3 kept it."""
    response = getattr(error, "rpc_response", None) or {}
    details = response.get("error")
    return str(details.get("message") if isinstance(details, dict) else details or error)
