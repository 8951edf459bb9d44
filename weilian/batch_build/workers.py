"""Who builds the parts of a batch: this process, processes beside it, or a Dask cluster.

Each takes (job, parts) and yields what was built in any order, with few parts under way at once.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

import weilian
from weilian.batch_build.part import BatchJob, Part, PartInput, build_part
from weilian.errors import WeilianError
from weilian.pool import WorkersError, results

if TYPE_CHECKING:
    from distributed import Client

Builder: TypeAlias = Callable[[BatchJob, Iterable[PartInput]], Iterator[Part]]

_CONNECT_SECONDS = 5
_RETRIES = 3
_LOOK_SECONDS = 5
"""How often a silent cluster is asked whether it still has workers."""

_FAILURES = (
    OSError,
    RuntimeError,
    ImportError,
    AttributeError,
    TypeError,
    ValueError,
    CancelledError,
)
"""What a cluster's end, a lost worker, or one with other code raises."""

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SchedulerError(WeilianError, ValueError):
    """An address that no batch may be sent to."""

    def __init__(self, address: str, rule: str) -> None:
        super().__init__(f"scheduler {address!r}: {rule}")


def here(job: BatchJob, parts: Iterable[PartInput]) -> Iterator[Part]:
    """Build in this process."""
    return (build_part(job, part) for part in parts)


def processes(count: int | None = None) -> Builder:
    """Build in `count` processes beside this one; in as many as there are processors for None.

    A single part, or a count of one, is built in this process.
    """

    def build(job: BatchJob, parts: Iterable[PartInput]) -> Iterator[Part]:
        return results((partial(build_part, job, part) for part in parts), count)

    return build


def cluster(address: str, *, trust_network: bool = False) -> Builder:
    """Build on the Dask cluster whose scheduler is at `tcp://host:port` or `tls://host:port`.

    The secret of the batch goes to the workers: where one of them would get it unencrypted on
    another machine, `trust_network` is needed. Raises SchedulerError, and WorkersError while
    building.
    """
    _check_address(address, trust_network)

    def build(job: BatchJob, parts: Iterable[PartInput]) -> Iterator[Part]:
        with _connected(address) as client:
            workers = _workers_of(client, address)
            for worker in workers:
                _check_address(worker, trust_network)
            yield from _on_cluster(client, workers, job, iter(parts))

    return build


def _check_address(address: str, trust_network: bool) -> None:
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise SchedulerError(address, str(error)) from error
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not port:
        raise SchedulerError(address, "must look like tcp://127.0.0.1:8786 or tls://host:8786")
    if parts.scheme == "tcp" and parts.hostname not in _LOOPBACK and not trust_network:
        raise SchedulerError(
            address,
            "the batch's secret would cross the network unencrypted; use tls://, or say that the "
            "network is yours alone (--trust-network)",
        )


def _connected(address: str) -> "Client":
    try:
        from distributed import Client
    except ImportError as error:
        raise WorkersError("a cluster needs Dask: pip install 'weilian[cluster]'") from error
    try:
        return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        raise WorkersError(f"no scheduler answers at {address}: {error}") from error


def _workers_of(client: "Client", address: str) -> list[str]:
    """Return the addresses of the workers; raise WorkersError unless all have this version."""
    try:
        versions: dict[str, str] = client.run(_version)
    except _FAILURES as error:
        raise WorkersError(
            f"a worker of {address} does not know weilian ({type(error).__name__}: {error}); "
            "install the same version on each"
        ) from error
    for worker, version in versions.items():
        if version != _version():
            raise WorkersError(
                f"worker {worker} has weilian {version}, this is {_version()}; install the same "
                "version on each"
            )
    if not versions:
        raise WorkersError(f"the cluster at {address} has no workers; start some first")
    return list(versions)


def _threads(client: "Client") -> dict[str, int]:
    threads: dict[str, int] = client.nthreads()  # type: ignore[no-untyped-call]
    return threads


def _version() -> str:
    return weilian.__version__


def _on_cluster(
    client: "Client", workers: list[str], job: BatchJob, parts: Iterator[PartInput]
) -> Iterator[Part]:
    from distributed import KilledWorker

    # NOTE: a part is the same whenever it is built, so one that was lost is built again. Workers
    # that join later were not looked at, and get nothing.
    pool = client.get_executor(pure=False, retries=_RETRIES, workers=workers)  # type: ignore[no-untyped-call]
    running: set[Future[Part]] = set()
    try:
        running = {pool.submit(build_part, job, part) for part in islice(parts, 2 * len(workers))}
        while running:
            done, running = wait(running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            if not done and not set(_threads(client)) & set(workers):
                raise WorkersError("all workers of the cluster are gone; start them and run again")
            running |= {pool.submit(build_part, job, part) for part in islice(parts, len(done))}
            for future in done:
                yield future.result()
    except (*_FAILURES, KilledWorker) as error:
        if isinstance(error, WeilianError):
            raise
        raise WorkersError(
            f"the cluster failed ({type(error).__name__}: {error}); what was built is kept, run it "
            "again when it is up"
        ) from error
    finally:
        for future in running:
            future.cancel()
