"""Fetching what others name: bounded in size and time, and never from inside one's own network."""

import ipaddress
import socket
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from weilian.errors import WeilianError

MAX_REDIRECTS = 5
_CHUNK = 1 << 16
_GONE = (requests.codes.not_found, requests.codes.gone)


class FetchError(WeilianError, OSError):
    """A place that gives nothing; `is_missing` if it says itself that there is nothing."""

    def __init__(self, rule: str, *, is_missing: bool = False) -> None:
        super().__init__(rule)
        self.is_missing = is_missing
        self.strerror = rule


class _PrivateAddressError(OSError):
    """A host whose address is not in the public Internet."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches from URLs and local paths.

    `allow_http` lets pass what is not encrypted, `allow_private` addresses of this machine and its
    networks. A file may have `max_bytes` and take `timeout_seconds` in all.
    """

    allow_http: bool = False
    allow_private: bool = False
    max_bytes: int = 64 << 20
    timeout_seconds: float = 30

    def get(self, place: str) -> bytes:
        """Return what is at an http(s) URL or at a local path; raises FetchError."""
        if "://" not in place:
            return self._read(Path(place))
        try:
            return self._get(place)
        except (requests.RequestException, ValueError) as error:  # ValueError: a malformed URL
            raise FetchError(_cause(error)) from None

    def _read(self, path: Path) -> bytes:
        try:
            if path.stat().st_size > self.max_bytes:
                raise FetchError(self._too_large())
            return path.read_bytes()
        except FileNotFoundError as error:
            raise FetchError("there is no such file", is_missing=True) from error
        except OSError as error:
            if isinstance(error, FetchError):
                raise
            raise FetchError(error.strerror or str(error)) from error

    def _get(self, url: str) -> bytes:
        deadline = time.monotonic() + self.timeout_seconds
        with requests.Session() as session:
            session.headers["Accept-Encoding"] = "identity"  # what is counted is what is sent
            session.trust_env = False  # a proxy would connect to addresses that were not checked
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter() if self.allow_private else _PublicAdapter())
            for _ in range(MAX_REDIRECTS + 1):
                self._check_scheme(url)
                with session.get(
                    url, stream=True, allow_redirects=False, timeout=self.timeout_seconds
                ) as answer:
                    if not answer.is_redirect:
                        return self._body(answer, deadline)
                    url = urljoin(url, answer.headers["location"])
        raise FetchError(f"it redirects more than {MAX_REDIRECTS} times")

    def _check_scheme(self, url: str) -> None:
        scheme = urlsplit(url).scheme
        if scheme not in ("https", "http") or (scheme == "http" and not self.allow_http):
            raise FetchError(f"scheme {scheme!r:.20} is not fetched, only https")

    def _body(self, answer: requests.Response, deadline: float) -> bytes:
        if answer.status_code != requests.codes.ok:
            is_missing = answer.status_code in _GONE
            raise FetchError(f"HTTP status {answer.status_code}", is_missing=is_missing)
        body = bytearray()
        for chunk in answer.iter_content(_CHUNK):
            body += chunk
            if len(body) > self.max_bytes:
                raise FetchError(self._too_large())
            if time.monotonic() > deadline:
                raise FetchError(f"it takes longer than {self.timeout_seconds:g} seconds")
        return bytes(body)

    def _too_large(self) -> str:
        return f"it has more than {self.max_bytes:,} bytes"


def host_of(place: str) -> str:
    """Return who keeps a place: its host, or `this machine` for a path."""
    return (urlsplit(place).hostname or place) if "://" in place else "this machine"


def _cause(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, _PrivateAddressError):
            return str(cause)
        parts = [part for part in cause.args if isinstance(part, BaseException)]
        reason = getattr(cause, "reason", None)
        cause = reason if isinstance(reason, BaseException) else next(iter(parts), None)
    return f"it cannot be reached ({type(error).__name__})"


def _checked(connected: socket.socket) -> socket.socket:
    """Look at the address that was connected to, before anything is sent to it.

    A check of the name alone could be answered with another address than the connection.
    """
    address = ipaddress.ip_address(str(connected.getpeername()[0]).partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_global:
        connected.close()
        raise _PrivateAddressError(f"address {address} is not in the public Internet")
    return connected


class _PublicHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _PublicHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTPConnection


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPSConnection


class _PublicAdapter(HTTPAdapter):
    """Connects to public addresses only."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _PublicHTTPPool,
            "https": _PublicHTTPSPool,
        }
