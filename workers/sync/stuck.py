"""Who is stuck: one rule over all tasks of a run, without clocks or threads. Runs on Python 3.9."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


class Wait(Protocol):
    """One wait of a task."""

    @property
    def is_sure(self) -> bool:
        """Whether only somebody else can end it: it has no time-out, and only tasks of the run know what it is for."""

    def is_over(self) -> bool:
        """Whether what it waits for has come, and it is only to be let on."""

    def givers(self) -> Sequence[Waiter] | None:
        """The tasks of which one has to give it; None: any task might."""


class Waiter(Protocol):
    """A task that has begun."""

    @property
    def thread(self) -> int:
        """Where its steps run."""

    @property
    def wait(self) -> Wait | None:
        """What it waits for; None while it does not."""

    @property
    def has_ended(self) -> bool:
        """Whether it will never give anything any more."""


Task = TypeVar("Task", bound=Waiter)


def stuck(tasks: Collection[Task], places: int) -> set[Task]:
    """The largest set of tasks of which each waits for something that only others of the set could give.

    A task that is not waiting is in it too where its very thread is blocked by one that is: on the GUI thread.

    Args:
        tasks: those that have begun and not ended.
        places: how many threads there are for tasks that have not begun: as long as one of them is free, such a task
            may come and give something. 0 where all tasks have begun; more than there are where others may give it.

    Returns:
        The set; empty where nobody is stuck.
    """
    found = {task for task in tasks if task.wait is None or (task.wait.is_sure and not task.wait.is_over())}
    while True:
        blocked = {task.thread for task in found if task.wait is not None}
        all_are = len(found) == len(tasks) and len(blocked) >= places
        leave = {task for task in found if not _is_stuck(task, found, blocked, all_are)}
        if not leave:
            return found
        found -= leave


def _is_stuck(task: Waiter, others: Collection[Waiter], blocked: set[int], all_are: bool) -> bool:
    if task.wait is None:
        return task.thread in blocked
    givers = task.wait.givers()
    if givers is None:
        return all_are
    return all(giver in others or giver.has_ended for giver in givers)
