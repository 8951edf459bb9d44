"""Who builds the parts of a batch: this process, processes beside it, or a Dask cluster.

Each takes (job, parts) and yields what was built in any order, with few parts under way at once.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from weilian.batch_build.part import BatchJob, Part, PartInput, build_part
from weilian.errors import WeilianError
from weilian.pool import WorkersError, results

if TYPE_CHECKING:
    from distributed import Client

Builder: TypeAlias = Callable[[BatchJob, Iterable[PartInput]], Iterator[Part]]

_CONNECT_SECONDS = 5
_RETRIES = 3
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

    The secret of the batch goes to the workers: an address without encryption that is not this
    machine's needs `trust_network`. Raises SchedulerError now, WorkersError while building.
    """
    _check_address(address, trust_network)

    def build(job: BatchJob, parts: Iterable[PartInput]) -> Iterator[Part]:
        with _connected(address) as client:
            threads = sum(client.nthreads().values())
            if not threads:
                raise WorkersError(f"the cluster at {address} has no workers; start some first")
            yield from _on_cluster(client, job, iter(parts), threads)

    return build


def _check_address(address: str, trust_network: bool) -> None:
    parts = urlsplit(address)
    try:
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


def _on_cluster(
    client: "Client", job: BatchJob, parts: Iterator[PartInput], threads: int
) -> Iterator[Part]:
    from distributed import KilledWorker

    # NOTE: a part is the same whenever it is built, so one that was lost is built again.
    pool = client.get_executor(pure=False, retries=_RETRIES)  # type: ignore[no-untyped-call]
    try:
        yield from _some_at_once(pool, job, parts, threads + 2)
    except (OSError, RuntimeError, ImportError, AttributeError, KilledWorker) as error:
        raise WorkersError(
            f"a worker of the cluster failed ({type(error).__name__}: {error}); every worker "
            "needs the same version of weilian"
        ) from error


def _some_at_once(
    pool: Executor, job: BatchJob, parts: Iterator[PartInput], window: int
) -> Iterator[Part]:
    running: set[Future[Part]] = {
        pool.submit(build_part, job, part) for part in islice(parts, window)
    }
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        running |= {pool.submit(build_part, job, part) for part in islice(parts, len(done))}
        for future in done:
            yield future.result()
