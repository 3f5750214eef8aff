"""Plans: the tasks of a run, made when they are asked for."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.image_site import NoServer
from workers.catalog import labs
from workers.catalog.lookup import named
from workers.engine.plan import Plan, Settings
from workers.engine.session import Session
from workers.engine.task import Task
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

UNIT = "pages"
WORK = f"{__name__}:work"


def work(index: int, tasks: int, *, seed: int = 0, size: int = 1) -> Generator[int, None, None]:
    yield size


def plain(*, size: int = 1) -> Generator[int, None, None]:
    yield size


def no_server() -> str:
    raise AssertionError("nobody asked for the server")


def settings(**changes: Any) -> Settings:
    return Settings.named("thread_pool", WORK, 3, 2)._replace(**changes)


def test_a_task_gets_what_its_function_asks_for() -> None:
    plan = Plan(settings(seed=9, params=(("size", 5),)), no_server)
    assert plan.count == 3
    assert plan.unit == "pages"
    task = plan.task(2, 17)
    assert (task.number, task.workload) == (17, WORK)
    assert dict(task.arguments) == {"index": 2, "tasks": 3, "seed": 9, "size": 5}


def test_a_function_that_asks_for_nothing_gets_nothing() -> None:
    plan = Plan(settings(workload_entry=named("workloads", f"{__name__}:plain")), no_server)
    assert plan.task(0, 0) == Task(0, f"{__name__}:plain", ())


def test_the_same_settings_make_the_same_tasks() -> None:
    one, other = (Plan(settings(seed=4), no_server) for _ in range(2))
    assert [one.task(i, i) for i in range(3)] == [other.task(i, i) for i in range(3)]


def test_a_hundred_thousand_tasks_are_made_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def make(number: int, workload: str, arguments: tuple[tuple[str, Any], ...]) -> Task:
        made.append(number)
        return Task(number, workload, arguments)

    monkeypatch.setattr("workers.engine.plan.Task", make)
    plan = Plan(settings(tasks=100_000), no_server)
    assert plan.count == 100_000
    assert made == []
    plan.task(99_999, 5)
    assert made == [5]


def test_titles() -> None:
    assert Plan(settings(tasks=2000), no_server).title(1233).endswith(" 1,234")


class Rows(list[dict[str, Any]]):
    asked = 0

    def __getitem__(self, index: Any) -> Any:
        self.asked += 1
        return super().__getitem__(index)


def test_a_workload_may_plan_its_tasks_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Rows({"name": f"page {i}"} for i in range(5))
    calls: list[tuple[Any, ...]] = []

    def plan(*, tasks: int, seed: int, server: Any, urls: str = "") -> Sequence[dict[str, Any]]:
        calls.append((tasks, seed, server(), urls))
        return rows

    monkeypatch.setattr(sys.modules[__name__], "plan", plan, raising=False)
    made = Plan(settings(seed=8, params=(("urls", "list.txt"), ("size", 2))), lambda: "http://here")
    assert calls == [(3, 8, "http://here", "list.txt")]
    assert made.count == 5
    assert rows.asked == 0
    assert dict(made.task(4, 40).arguments) == {"index": 4, "tasks": 5, "seed": 8, "name": "page 4", "size": 2}
    assert made.title(3) == "page 3"
    assert made.items == []


def test_a_plan_says_which_item_of_a_queue_each_task_is_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [{"name": "a", "item": 7}, {"name": "b", "item": 3}]
    monkeypatch.setattr(sys.modules[__name__], "plan", lambda: rows, raising=False)
    assert Plan(settings(), lambda: "").items == [7, 3]


def test_the_server_is_started_only_where_a_plan_asks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(*, tasks: int) -> list[dict[str, Any]]:
        return [{} for _ in range(tasks)]

    monkeypatch.setattr(sys.modules[__name__], "plan", plan, raising=False)
    made = Plan(settings(), no_server)
    assert made.count == 3
    assert made.title(0).endswith(" 1")


def test_what_a_plan_refuses_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(*, urls: str = "") -> list[dict[str, Any]]:
        raise ValueError("The list cannot be read.")

    monkeypatch.setattr(sys.modules[__name__], "plan", plan, raising=False)
    with pytest.raises(ValueError, match="cannot be read"):
        Plan(settings(), no_server)


def test_an_own_function_is_planned_by_its_source_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "raise RuntimeError('this file was run')\ndef work(index, size: int): ...\n", encoding="utf-8"
    )
    plan = Plan(settings(workload_entry=named("workloads", f"{path}:work"), params=(("size", 5),)), no_server)
    assert (plan.count, plan.unit) == (3, "calls")
    assert dict(plan.task(2, 17).arguments) == {"index": 2, "size": 5}


def test_settings_may_name_what_is_not_here(tmp_path: Path) -> None:
    gone = Settings.named("no_such_runner", "../workloads/primes", 3, 2)
    assert (gone.runner, gone.workload) == ("no_such_runner", "../workloads/primes")
    with pytest.raises(BadInput, match=r"Name a function of \.\./workloads/primes too"):
        Session(print, NoServer()).start(gone)
    with pytest.raises(BadInput, match="The workload no_such is not available: it is not known here"):
        Session(print, NoServer()).start(Settings.named("gui_thread", "no_such", 3, 2))
    assert (
        Settings.named("no_such_runner", f"{tmp_path}/gone.py:work", 3, 2).workload_entry.title
        == "work (gone.py)"
    )


def test_settings_are_kept_by_names_in_plain_data() -> None:
    chosen = settings(params=(("size", 5),))
    kept = json.loads(json.dumps(chosen.plain()))
    assert Settings.named(**{**kept, "params": tuple(kept["params"].items())}) == chosen


def test_a_comparison_begins_with_the_same_work_on_the_gui_thread() -> None:
    chosen = settings(seed=7)
    assert chosen.blocking().runner == "gui_thread"
    assert chosen.blocking()[1:] == chosen[1:]


def test_a_lab_is_run_as_its_file_says_and_elsewhere_where_one_says_so() -> None:
    few = labs.versions()["rounds.too_few"]
    settings = Settings.of_lab(few)
    assert (settings.runner, settings.tasks, settings.workers) == ("thread_per_task", 4, 2)
    assert (settings.switch_interval_ms, settings.param("rounds")) == (0.5, 5)
    settings = Settings.of_lab(few, "gui_thread")._replace(params=(("rounds", 2),))
    assert (settings.runner, settings.param("rounds")) == ("gui_thread", 2)
