"""Taking tasks from the caller: each is checked, and looked up, before anything is signed."""

from collections.abc import Iterable, Sized
from itertools import islice

from weilian.errors import WeilianError
from weilian.sending.errors import GasBudgetError, TaskError
from weilian.sending.journal import Content, Journal, Known
from weilian.sending.task import Policy, Status, Task, TaskSource, fingerprint


class Intake:
    """The tasks of one call. `stop` is why no more are taken, raised when the rest is done."""

    def __init__(self, tasks: Iterable[TaskSource], journal: Journal, policy: Policy) -> None:
        self.total = len(tasks) if isinstance(tasks, Sized) else 0
        self.gas = 0
        self.done: list[str] = []
        """The ids of tasks that an earlier call had brought to an end and that are not retried."""
        self.is_open = True
        self.stop: WeilianError | None = None
        self._tasks = iter(tasks)
        self._journal, self._policy = journal, policy
        self._is_sized = isinstance(tasks, Sized)

    def take(self, most: int) -> list[Content]:
        """Return the new ones among the next `most` tasks; an invalid one ends the intake."""
        self.done = []
        contents = self._read(most)
        known = self._journal.known(list(contents))
        new = []
        for content in contents.values():
            try:
                if not self._is_new(content, known.get(content.task_id)):
                    continue
                self._count_gas(content)
            except WeilianError as error:
                self.halt(error)
                break
            new.append(content)
        return new

    def halt(self, why: WeilianError) -> None:
        """Take no more tasks."""
        self.stop = self.stop or why
        self.is_open = False

    def _read(self, most: int) -> dict[str, Content]:
        contents: dict[str, Content] = {}
        sources = list(islice(self._tasks, most)) if self.is_open else []
        if len(sources) < most:
            self.is_open = False
        if not self._is_sized:
            self.total += len(sources)
        for source in sources:
            try:
                content = self._content(source if isinstance(source, Task) else source())
                _require_same(content, contents.setdefault(content.task_id, content).fingerprint)
            except WeilianError as error:
                self.halt(error)
                break
        return contents

    def _content(self, task: Task) -> Content:
        to = task.check(self._policy.gas_per_transaction)
        print_ = fingerprint(to, task.value, task.data)
        return Content(task.task_id, to, task.data, task.value, task.gas, print_)

    def _is_new(self, content: Content, known: Known | None) -> bool:
        if known is None:
            return True
        _require_same(content, known.fingerprint)
        if known.status in (Status.REVERTED, Status.FAILED) and self._policy.retry_reverted:
            return True
        if known.status in (Status.MINED, Status.REVERTED, Status.FAILED):
            self.done.append(content.task_id)
        return False

    def _count_gas(self, content: Content) -> None:
        total, limit = self.gas + content.gas, self._policy.gas_total
        if limit is not None and total > limit:
            raise GasBudgetError(content.task_id, total, limit)
        self.gas = total


def _require_same(content: Content, kept: bytes) -> None:
    if content.fingerprint != kept:
        rule = "its id is that of a task with another recipient, value or data; give it its own id"
        raise TaskError(content.task_id, rule)
