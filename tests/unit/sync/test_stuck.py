"""The one rule by which somebody is called stuck, on made-up tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from workers.sync.stuck import stuck

if TYPE_CHECKING:
    from collections.abc import Sequence

_threads = count(1)


@dataclass(eq=False)
class Wait:
    by: Sequence[Task] | None = None
    is_sure: bool = True
    over: bool = False

    def is_over(self) -> bool:
        return self.over

    def givers(self) -> Sequence[Task] | None:
        return self.by


@dataclass(eq=False)
class Task:
    wait: Wait | None = None
    thread: int = field(default_factory=lambda: next(_threads))
    has_ended: bool = False


def test_two_that_wait_for_each_other() -> None:
    a, b, busy = Task(), Task(), Task()
    a.wait, b.wait = Wait([b]), Wait([a])
    assert stuck([a, b, busy], 0) == {a, b}


def test_one_that_waits_for_itself() -> None:
    a = Task()
    a.wait = Wait([a])
    assert stuck([a, Task()], 5) == {a}, "whoever else may come"


def test_one_that_waits_for_those_who_are_stuck_is_stuck_as_well() -> None:
    a, b, c = Task(), Task(), Task()
    a.wait, b.wait, c.wait = Wait([b]), Wait([a]), Wait([b])
    assert stuck([a, b, c], 0) == {a, b, c}


def test_one_that_waits_for_somebody_who_runs_is_not() -> None:
    busy = Task()
    a = Task(Wait([busy]))
    assert stuck([a, Task(Wait([a])), busy], 0) == set()


def test_of_several_who_could_give_one_that_runs_is_enough() -> None:
    a, busy = Task(), Task()
    a.wait = Wait([a, busy])
    assert stuck([a, busy], 0) == set()


def test_one_that_has_ended_gives_nothing_any_more() -> None:
    a = Task(Wait([Task(has_ended=True)]))
    assert stuck([a, Task()], 0) == {a}


def test_what_anybody_may_give_is_hopeless_when_all_wait() -> None:
    a, b = Task(Wait()), Task(Wait())
    assert stuck([a, b], 0) == {a, b}
    assert stuck([a, b, Task()], 0) == set()


def test_a_time_out_or_a_thing_that_others_know_ends_a_wait() -> None:
    a, b = Task(Wait(is_sure=False)), Task(Wait())
    assert stuck([a, b], 0) == set()


def test_what_has_come_ends_a_wait() -> None:
    a, b = Task(Wait(over=True)), Task(Wait())
    assert stuck([a, b], 0) == set()


def test_tasks_that_have_not_begun_may_come_where_a_thread_is_free() -> None:
    a, b = Task(Wait()), Task(Wait())
    assert stuck([a, b], 3) == set()
    assert stuck([a, b], 2) == {a, b}, "the two have all threads that there are"


def test_a_task_whose_thread_is_blocked_by_another_is_stuck() -> None:
    behind, a = Task(thread=1), Task(Wait(), thread=1)
    assert stuck([behind, a], 0) == {behind, a}
    assert stuck([behind, Task(Wait(), thread=2)], 0) == set()


def test_nobody_is_stuck_where_nobody_waits() -> None:
    assert stuck([Task(), Task()], 0) == set()
    assert stuck([], 0) == set()
