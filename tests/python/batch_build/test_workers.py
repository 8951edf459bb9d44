import logging

import pytest
from distributed import LocalCluster

from tests.python.batch_build.conftest import create_items
from weilian.batch_build import SchedulerError, cluster, processes
from weilian.batch_build.part import BatchJob
from weilian.merkle.batch_tree import TreeHead
from weilian.pool import WorkersError


@pytest.fixture(scope="module")
def scheduler():
    """A Dask cluster of two worker processes on this machine."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        silence_logs=logging.ERROR,
    ) as running:
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


@pytest.mark.parametrize(
    "address", ["", "127.0.0.1:8786", "http://x:1", "tcp://x", "tcp://x:99999"]
)
def test_cluster__no_address__says_how_one_looks(address):
    with pytest.raises(SchedulerError, match=r"must look like tcp://|Port out of range"):
        cluster(address)


def test_cluster__plain_network__needs_a_word_of_trust():
    with pytest.raises(SchedulerError, match="would cross the network unencrypted"):
        cluster("tcp://10.0.0.5:8786")

    assert cluster("tcp://10.0.0.5:8786", trust_network=True)
    assert cluster("tls://10.0.0.5:8786")


def test_batch_job__repr__shows_no_secret():
    job = BatchJob(TreeHead(1, "0x", b"", 1), b"secret", 26, "", ())

    assert "secret" not in repr(job)
