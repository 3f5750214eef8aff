"""What drive, recorder and session do where tasks share something; and that they do nothing of it elsewhere."""

from __future__ import annotations

import re
import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.finished_runs import made_run
from tests.support.lab_runs import run_lab, run_of
from workers.engine.loading import load_workload
from workers.engine.plan import Settings
from workers.engine.recorder import Recorder
from workers.engine.sharing import LEFT_OUT, MAX_GAUGES, Reason
from workers.engine.task import Control, Crew, Phase, Task, TaskEvent, drive_to_end
from workers.reports.labs.reasons import (
    blocked_s,
    holder_words,
    reason_words,
    reasons,
    waited_for,
    waited_for_in,
)
from workers.reports.verdict import verdict
from workers.sync import Lock

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from workers.sync.waits import Waits

UNIT = "steps"
SHARED = "make"
GIL = "holds"
MADE: list[Any] = []


def make(waits: Waits, size: int) -> SimpleNamespace:
    MADE.append((waits, size))
    return SimpleNamespace(size=size, lock=Lock())


def sharing(index: int, shared: Any, *, size: int = 3) -> Generator[int, None, int]:
    with shared.lock:
        yield 1
    return int(shared.size) + index


def apart(index: int, *, size: int = 3) -> Generator[int, None, int]:
    yield 1
    return index


def done(name: str, control: Control, index: int = 0, **arguments: Any) -> list[TaskEvent]:
    events: list[TaskEvent] = []
    task = Task(index, f"{__name__}:{name}", (("index", index), *arguments.items()))
    drive_to_end(task, events.append, control, "here")
    return events


def test_what_is_shared_is_made_once_a_run_of_the_arguments_that_it_names() -> None:
    MADE.clear()
    control = Control(crew=Crew(0, 2))
    assert done("sharing", control, size=5)[-1].detail == 5
    assert done("sharing", control, 1)[-1].detail == 6, "the second finds what the first has made"
    assert MADE == [(control.waits, 5)]
    assert done("sharing", Control())[-1].detail == 3, "the default where nobody chose"


def test_who_shares_takes_no_turns_for_it_would_wait_with_the_turn_in_its_hand() -> None:
    seen: list[str] = []

    class Scheduler:
        def here(self, gil: str) -> Any:
            seen.append(gil)
            return Control().scheduler.here("")

    control = Control()
    control.scheduler = Scheduler()  # type: ignore[assignment]
    done("sharing", control)
    done("apart", control)
    assert seen == ["", "holds"]


def test_a_run_whose_tasks_share_nothing_has_no_waits() -> None:
    control = Control()
    done("apart", control)
    assert control._waits is None
    assert load_workload(f"{__name__}:apart").make_shared is None


def test_several_threads_get_the_same_waits() -> None:
    control, found = Control(), []
    threads = [threading.Thread(target=lambda: found.append(control.waits)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, found))) == 1


# ---------------------------------------------------------------- the recorder


def event(task: int, phase: Phase, moment: float, detail: Any = None, amount: float = 0.0) -> TaskEvent:
    return TaskEvent(task, phase, 100.0 + moment, amount, "here", detail)


def recorded() -> Recorder:
    recorder = Recorder(0, 2, 100.0)
    recorder.fold(
        [
            *(event(0, Phase.STARTED, 0.0), event(1, Phase.STARTED, 0.0)),
            event(1, Phase.WAITING, 0.1, ("lock a", (0,))),
            event(0, Phase.PROGRESS, 0.2, (("holder", "lock a", 100.1, 0.0), ("", "n", 100.1, 4.0))),
            event(1, Phase.PROGRESS, 0.25, (("", "n", 100.05, 9.0), ("deadlock", "both wait", 100.2, 2.0))),
        ]
    )
    return recorder


def test_the_recorder_keeps_why_tasks_wait_and_what_gauges_show() -> None:
    recorder = recorded()
    assert recorder.waiting() == {1: Reason("lock a", (0,))}
    assert recorder.row(1).phase is Phase.WAITING, "though it told of a gauge"
    recorder.fold([event(1, Phase.RESUMED, 0.3), event(0, Phase.DONE, 0.4, amount=1)])
    assert recorder.waiting() == {}
    found = recorder.sharing
    assert (found.reasons, list(found.rows), list(found.reason_of)) == ([Reason("lock a", (0,))], [2], [0])
    assert recorder.changes.phases[2] == Phase.WAITING
    assert found.deadlocks == ["both wait"]
    assert (found.gauges["lock a"].kind, list(found.gauges["lock a"].values)) == ("holder", [0.0])
    assert list(found.gauges["n"].times) == [100.1, 100.1], "never back: it comes from several threads"
    assert (found.figure("n"), found.most("n"), found.figure("m"), found.most("m")) == (9, 9, 0, 0)


def test_of_very_many_reasons_and_gauges_some_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.engine.sharing.MAX_REASONS", 2)
    recorder = Recorder(0, 1, 100.0)
    for number in range(6):
        recorder.fold([event(0, Phase.WAITING, 0.1, (f"lock {number}", (number,)))])
    assert recorder.sharing.reasons == [
        *(Reason("lock 0", (0,)), Reason("lock 1", (1,)), Reason("lock 2"), Reason("lock 3"), Reason(LEFT_OUT))
    ]
    assert list(recorder.sharing.reason_of) == [0, 1, 2, 3, 4, 4]
    recorder.fold(
        [event(0, Phase.PROGRESS, 0.2, tuple(("", str(n), 100.0, 1.0) for n in range(MAX_GAUGES + 5)))]
    )
    assert len(recorder.sharing.gauges) == MAX_GAUGES


def test_of_changes_that_are_not_kept_no_reason_is_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.engine.changes.MAX_CHANGES", 2)
    recorder = Recorder(0, 1, 100.0)
    recorder.fold([event(0, Phase.STARTED, 0.1), event(0, Phase.WAITING, 0.2, ("lock a", ()))])
    recorder.fold([event(0, Phase.RESUMED, 0.3), event(0, Phase.WAITING, 0.4, ("lock b", ()))])
    assert list(recorder.sharing.rows) == [1]
    assert recorder.waiting() == {0: Reason("lock b")}


def test_waits_in_words_and_in_sums() -> None:
    run = made_run(tasks=2)
    run.recorder = recorded()
    run.recorder.fold(
        [
            *(event(1, Phase.RESUMED, 0.4), event(1, Phase.WAITING, 0.5, ("queue jobs", ()))),
            *(event(1, Phase.DONE, 1.5), event(0, Phase.WAITING, 0.5, ("lock a", (0, 7)))),
        ]
    )
    assert blocked_s(run) == {1: pytest.approx(1.3)}
    found = waited_for(run)
    assert list(found) == ["queue jobs", "lock a"], "what cost most is first"
    assert [count for count, _ in found.values()] == [1, 1]
    assert [seconds for _, seconds in found.values()] == pytest.approx([1.0, 0.3])
    run.started = run.recorder.started
    assert [(task, reason.what) for (task, _), reason in reasons(run).items()] == [
        *((1, "lock a"), (1, "queue jobs"), (0, "lock a"))
    ]
    assert reason_words(run, 1, Reason("lock a", (0,))) == "lock a, held by steps 1"
    assert reason_words(run, 0, Reason("lock a", (0, 1))) == "lock a, held by itself and steps 2"
    assert reason_words(run, 0, Reason("event x")) == "event x"
    assert holder_words(run, 0, Reason("lock a", (7,))) == ""
    assert blocked_s(made_run()) == {}
    assert waited_for_in(run, 100.0, 100.3) == "lock a, held by steps 1"
    assert waited_for_in(run, 100.35, 101.5) == "queue jobs", "what took most of the time"
    assert waited_for_in(run, 101.5, 102.0) == ""


# ---------------------------------------------------------------- a whole run


def test_a_deadlock_is_in_the_notes_and_once_in_the_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.sync.judge.STUCK_S", 0.05)
    run = run_lab("twice.lock")
    assert run.notes == ["Deadlock: twice 1 waits for the lock, held by itself."]
    assert verdict(run).count("twice 1 waits for the lock, held by itself") == 1
    run.recorder.errors.clear()
    assert verdict(run).count("twice 1 waits for the lock, held by itself") == 1


def test_an_own_function_shares_by_the_words_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "from types import SimpleNamespace\nfrom workers.sync import Lock\nSHARED = 'make'\nGIL = 'holds'\n"
        "def make(times):\n    return SimpleNamespace(lock=Lock(), n=0)\n"
        "def count(shared, times=3):\n    with shared.lock:\n        shared.n += times\n    return shared.n\n"
        "def twice(shared, times=1):\n    with shared.lock, shared.lock:\n        pass\n"
    )
    run = run_of(Settings.named("thread_per_task", f"{path}:count", 3, 3))
    assert [field.name for field in run.settings.workload_entry.fields] == ["times"]
    assert sorted(run.recorder.texts.values()) == ["3", "6", "9"]


def test_an_async_function_of_ones_own_shares_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "SHARED = 'make'\ndef make(times):\n    return [times]\n"
        "async def count(shared, times=3):\n    shared[0] += times\n    return shared[0]\n"
    )
    run = run_of(Settings.named("asyncio_loop", f"{path}:count", 3, 3))
    assert sorted(run.recorder.texts.values()) == ["12", "6", "9"]


def test_the_trace_of_a_deadlock_ends_in_the_persons_own_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.sync.judge.STUCK_S", 0.0)
    path = tmp_path / "mine.py"
    path.write_text(
        "from workers.sync import Lock\nSHARED = 'make'\ndef make():\n    return Lock()\n"
        "def twice(shared):\n    with shared:\n        with shared:\n            pass\n"
    )
    run = run_of(Settings.named("thread_per_task", f"{path}:twice", 1, 1))
    assert re.sub(r"\n *\^+\n", "\n", run.recorder.errors[0]) == (  # as Python 3.13 marks what it means
        f'Traceback (most recent call last):\n  File "{path}", line 7, in twice\n    with shared:\n'
        "workers.sync.Deadlock: twice 1 waits for lock 1, held by itself\n"
    )
