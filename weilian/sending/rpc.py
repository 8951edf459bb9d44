"""A node asked in arrays (JSON-RPC 2.0, batch): many requests, one round trip."""

import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

import aiohttp

from weilian.chain.errors import ChainUnreachableError, NodeRefusedError

Call = tuple[str, Sequence[object]]
"""Method and parameters."""

_TOO_LARGE = 413
_OK = 200


class RpcError(Exception):
    """A node's answer that is an error; `data` is what a contract reverted with, if any."""

    def __init__(self, code: int, message: str, data: object = None) -> None:
        self.code, self.message, self.data = code, message, data
        super().__init__(message)


class NoAnswer(Exception):  # noqa: N818 -- it is no error of the node's
    """A request of an array that the node left out of its answer."""


class ArrayRefusedError(Exception):
    """A node that does not take an array of that size."""


Reply = Any
"""A result, an RpcError or a NoAnswer."""


class Transport(Protocol):
    """What carries an array of requests to a node and its answer back."""

    async def post(self, requests: list[dict[str, Any]]) -> Any:
        """Return the decoded answer; raise ChainUnreachableError or ArrayRefusedError."""


Connect = Callable[[], AbstractAsyncContextManager[Transport]]
"""Opens a transport for as long as a job takes."""


class HttpTransport:
    """A node's address over HTTP."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, url

    async def post(self, requests: list[dict[str, Any]]) -> Any:
        """Send one array."""
        body = json.dumps(requests, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        try:
            async with self._session.post(self._url, data=body, headers=headers) as response:
                if response.status == _TOO_LARGE:
                    raise ArrayRefusedError
                if response.status != _OK:
                    raise ChainUnreachableError(f"HTTP {response.status}")
                return json.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # NOTE: without the original: it shows the node's address, which often holds a key.
            raise ChainUnreachableError(type(error).__name__) from None


def http(url: str, timeout_seconds: float = 60) -> Connect:
    """Return what connects to the node at an address; the address is shown in no error."""

    @asynccontextmanager
    async def connect() -> AsyncIterator[Transport]:
        timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            yield HttpTransport(session, url)

    return connect


class Rpc:
    """Arrays of calls to one node; larger ones than `size`, or than it takes, are cut."""

    def __init__(self, transport: Transport, size: int) -> None:
        self._transport, self._size = transport, size
        self._next_id = 0

    async def ask(self, calls: Sequence[Call]) -> list[Reply]:
        """Return a reply for each call, in order; raise ChainUnreachableError."""
        replies: list[Reply] = []
        while len(replies) < len(calls):
            part = calls[len(replies) : len(replies) + self._size]
            try:
                replies += await self._array(part)
            except ArrayRefusedError:
                if len(part) == 1:
                    raise NodeRefusedError("it takes no array of requests") from None
                self._size = len(part) // 2
        return replies

    async def need(self, *calls: Call) -> list[Any]:
        """Return results only; raise ChainUnreachableError or NodeRefusedError."""
        replies = await self.ask(calls)
        for reply in replies:
            if isinstance(reply, RpcError):
                raise NodeRefusedError(reply.message)
            if isinstance(reply, NoAnswer):
                raise ChainUnreachableError("part of the answer is missing")
        return replies

    async def _array(self, calls: Sequence[Call]) -> list[Reply]:
        first, self._next_id = self._next_id, self._next_id + len(calls)
        requests = [
            {"jsonrpc": "2.0", "id": first + at, "method": method, "params": params}
            for at, (method, params) in enumerate(calls)
        ]
        answers = await self._transport.post(requests)
        if isinstance(answers, dict) and len(calls) == 1:
            answers = [{**answers, "id": first}]
        if not isinstance(answers, list):
            raise ArrayRefusedError
        # NOTE: by id, as a node may answer in any order, leave answers out or repeat them.
        found = {answer.get("id"): answer for answer in answers if isinstance(answer, dict)}
        return [_reply(found.get(first + at)) for at in range(len(calls))]


def _reply(answer: dict[str, Any] | None) -> Reply:
    if answer is None:
        return NoAnswer()
    error = answer.get("error")
    if error is None:
        return answer.get("result")
    if not isinstance(error, dict):
        return RpcError(0, str(error))
    return RpcError(error.get("code", 0), str(error.get("message", "")), error.get("data"))
