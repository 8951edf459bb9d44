import logging
import os
import signal
from contextlib import nullcontext

import pytest
from distributed import LocalCluster

from tests.python.batch_build.conftest import Interrupted, create_items
from weilian.batch_build import SchedulerError, cluster, processes
from weilian.batch_build.part import BatchJob
from weilian.merkle.batch_tree import TreeHead
from weilian.pool import WorkersError

QUIET = {
    "processes": True,
    "host": "127.0.0.1",
    "dashboard_address": "127.0.0.1:0",
    "silence_logs": logging.CRITICAL,
}

NO_ADDRESSES = (
    *("", "127.0.0.1:8786", "http://x:1", "tcp://x", "tcp://x:99999"),
    *("tcp://[::1:8786", "tls://[x]:1"),
)


@pytest.fixture(scope="module")
def scheduler():
    """A Dask cluster of two worker processes on this machine."""
    with LocalCluster(n_workers=2, threads_per_worker=1, **QUIET) as running:
        yield running.scheduler_address


def test_processes__two__give_the_root_of_one(tmp_path, build):
    alone = build(create_items(50))
    alone.path.rename(tmp_path / "alone")

    together = build(create_items(50), builder=processes(2))

    assert together.record == alone.record


def test_cluster__two_workers__give_the_root_of_one_process(tmp_path, build, scheduler):
    alone = build()
    alone.path.rename(tmp_path / "alone")

    together = build(builder=cluster(scheduler))

    assert together.record == alone.record
    assert (tmp_path / "alone" / "tree.weilian").read_bytes() == (
        together.path / "tree.weilian"
    ).read_bytes()


def test_cluster__no_scheduler__one_sentence(build):
    with pytest.raises(WorkersError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"):
        build(builder=cluster("tcp://127.0.0.1:9"))


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_cluster__no_address__says_how_one_looks(address):
    with pytest.raises(SchedulerError, match=r"^scheduler "):
        cluster(address)


def test_cluster__plain_network__needs_a_word_of_trust():
    with pytest.raises(SchedulerError, match="would cross the network unencrypted"):
        cluster("tcp://10.0.0.5:8786")

    assert cluster("tcp://10.0.0.5:8786", trust_network=True)
    assert cluster("tls://10.0.0.5:8786")


def test_cluster__worker_is_killed_in_the_middle__is_said_and_the_next_run_goes_on(
    build, monkeypatch
):
    """Without a nanny nobody starts the worker again."""
    monkeypatch.setattr("weilian.batch_build.workers._LOOK_SECONDS", 0.5)
    with LocalCluster(n_workers=1, threads_per_worker=1, **QUIET) as running:
        builder = cluster(running.scheduler_address)
        [worker] = running.workers.values()

        def killed_after_a_part(job, parts):
            built = builder(job, parts)
            yield next(built)
            worker.auto_restart = False
            os.kill(worker.pid, signal.SIGKILL)
            yield from built

        with pytest.raises(WorkersError, match=r"are gone|cluster failed"):
            build(create_items(200), builder=killed_after_a_part)
    rest = Interrupted(99)
    build(create_items(200), builder=rest)

    assert len(rest.asked) < 32


def test_cluster__worker_of_another_version__is_named(build, scheduler, monkeypatch):
    monkeypatch.setattr("weilian.__version__", "9.9")

    with pytest.raises(WorkersError, match=r"has weilian 0\.\d+.*, this is 9\.9; install the same"):
        build(builder=cluster(scheduler))


def test_cluster__worker_on_another_machine__gets_no_secret_unencrypted(build, monkeypatch):
    monkeypatch.setattr(
        "weilian.batch_build.workers._workers_of", lambda *_: ["tcp://192.0.2.2:36965"]
    )
    monkeypatch.setattr("weilian.batch_build.workers._connected", lambda _: nullcontext())

    with pytest.raises(
        SchedulerError, match=r"'tcp://192\.0\.2\.2:36965': the batch's secret would"
    ):
        build(builder=cluster("tcp://127.0.0.1:8786"))


def test_batch_job__repr__shows_no_secret():
    job = BatchJob(TreeHead(1, "0x", b"", 1), b"secret", 26, "", ())

    assert "secret" not in repr(job)
