import os
import time
from functools import partial

import pytest

from weilian.labels.errors import LabelError
from weilian.labels.layout import LayoutError
from weilian.pool import WorkersError, results


def slow(number):
    time.sleep(0.2 if number == 0 else 0)
    return number, os.getpid()


def refuse():
    raise LayoutError("9x9", "no")


@pytest.mark.parametrize("workers", [1, 2])
def test_results__first_task_slower__come_in_order(workers):
    tasks = (partial(slow, number) for number in range(6))

    found = list(results(tasks, workers))

    assert [number for number, _ in found] == list(range(6))
    assert (os.getpid() in {process for _, process in found}) == (workers == 1)


@pytest.mark.parametrize("count", [0, 1])
def test_results__nothing_to_share__starts_no_process(count):
    found = list(results((partial(slow, 1) for _ in range(count)), 2))

    assert found == [(1, os.getpid())] * count


def test_results__many_tasks__are_drawn_only_as_they_are_needed():
    drawn = []
    tasks = (drawn.append(number) or partial(slow, number) for number in range(50))

    for done, _ in enumerate(results(tasks, 2), start=1):
        assert len(drawn) <= done + 3


def test_results__task_that_raises__raises_the_same_here():
    tasks = iter([partial(slow, 1), refuse, partial(slow, 2)])

    with pytest.raises(LabelError) as raised:
        list(results(tasks, 2))

    assert (type(raised.value), str(raised.value)) == (LayoutError, "layout '9x9': no")


def test_results__worker_that_dies__is_told_in_one_sentence():
    tasks = iter([partial(os._exit, 3), partial(slow, 1), partial(slow, 2)])

    with pytest.raises(WorkersError, match="a worker process ended early"):
        list(results(tasks, 2))
