"""Turns that are learned: who queues and who does not, in real threads, as looks that are made up decide.

And 20 functions that wait, or compute in C without the GIL: real looks must never make them queue.
"""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks.plain import own_loop, own_waits
from tests.support.image_site import NoServer
from workers.catalog.user_functions import current
from workers.engine.gil_scheduler import NO_TURN, polite
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.engine.task import Control, Phase, Task, TaskEvent, drive_to_end
from workers.engine.turns import kept, learner
from workers.engine.turns.judge import LOOKS, Look, Stage
from workers.engine.turns.learner import Learner, learner_of
from workers.utils.gil.polite import NEVER, EventLoopGate, Turn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(not learner.can_look, reason="a thread's switches are told on Linux only")

PATIENCE_S = 20.0
HOLDS, WAITS = Look(2, 0.0016, 0.0018, 0), Look(0, 0.0, 0.0001, 0)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(kept, "_known", {})
    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[Learner]:
    """A learner whose looks are those that a test hands it."""
    monkeypatch.setattr(Learner, "_watch", lambda learner: learner._ended.wait(PATIENCE_S))
    one = Learner("work", "a key", by_call=True, is_lasting=False, gate=EventLoopGate())
    yield one
    assert one.close(PATIENCE_S)


class Calls:
    """Calls of a function in threads, each of which goes on until it is let go."""

    def __init__(self, learner: Learner) -> None:
        self.began = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.events: list[TaskEvent] = []
        self.control = Control(polite(EventLoopGate(), learner))
        self.waiting = threading.Semaphore(0)

    def work(self) -> None:
        self.began.release()
        assert self.go_on.acquire(timeout=PATIENCE_S)

    def told(self, event: TaskEvent) -> None:
        self.events.append(event)
        if event.phase is Phase.WAITING:
            self.waiting.release()


def calling(*, calls: Calls) -> None:
    calls.work()


def test_calls_queue_while_they_hold_the_gil_and_all_go_on_when_they_do_not(made_up: Learner) -> None:
    calls = Calls(made_up)
    name = f"{__file__}:calling"
    with ThreadPoolExecutor(4) as pool:
        for number in range(4):
            task = Task(number, name, (("calls", calls),))
            pool.submit(drive_to_end, task, calls.told, calls.control, "pool")
        assert calls.began.acquire(timeout=PATIENCE_S)
        for _ in range(3):
            assert calls.waiting.acquire(timeout=PATIENCE_S)
        calls.go_on.release()  # by their turns
        assert calls.began.acquire(timeout=PATIENCE_S)
        assert not calls.began.acquire(blocking=False)
        for look in [WAITS] * 3:
            made_up.take_in(look)
        for _ in range(2):
            assert calls.began.acquire(timeout=PATIENCE_S)
        calls.go_on.release(3)
    assert [event.phase for event in calls.events].count(Phase.DONE) == 4
    assert made_up.notes == []


def test_a_call_that_is_over_does_not_queue_to_tell_its_result(made_up: Learner) -> None:
    calls = Calls(made_up)
    name = f"{__file__}:calling"
    with ThreadPoolExecutor(2) as pool:
        for number in range(2):
            task = Task(number, name, (("calls", calls),))
            pool.submit(drive_to_end, task, calls.told, calls.control, "pool")
        assert calls.began.acquire(timeout=PATIENCE_S)
        assert calls.waiting.acquire(timeout=PATIENCE_S)
        calls.go_on.release()
        assert calls.began.acquire(timeout=PATIENCE_S)
        calls.go_on.release()
    assert not calls.waiting.acquire(blocking=False), "the second one alone has waited, and once"


def test_what_came_of_it_is_told_and_what_begins_later_takes_no_turns(made_up: Learner) -> None:
    turn = made_up.turn()
    assert turn.ends == 0.0
    for _ in range(LOOKS):
        made_up.take_in(HOLDS)
    (note,) = made_up.notes
    assert note.startswith("1 call took turns, so that the window stays smooth: work holds the GIL")
    turn.leave()
    for _ in range(3):
        made_up.take_in(WAITS)
    assert made_up.turn().ends == NEVER
    assert made_up.notes == [
        "1 call took turns, so that the window stays smooth, until work held the GIL no more."
    ]


def test_turns_may_begin_later(made_up: Learner) -> None:
    for look in [WAITS] * 3:
        made_up.take_in(look)
    assert made_up.turn().ends == NEVER
    for _ in range(2 * LOOKS):
        made_up.take_in(HOLDS)
    assert made_up.turn().ends == 0.0
    assert len(made_up.notes) == 1


def test_a_step_of_a_generator_takes_turns_as_others_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Learner, "_watch", lambda learner: None)
    one = Learner("work", "", by_call=False, is_lasting=False, gate=EventLoopGate())
    turn = one.turn()
    assert turn.renew(lambda: None) is False
    assert one.calls == 1
    ends = turn.ends
    assert ends > time.perf_counter()
    assert turn.renew(lambda: None) is False
    assert turn.ends >= ends, "nobody waits: it goes on"
    assert one.calls == 1
    turn.leave()
    assert one.close(PATIENCE_S)


def test_a_look_in_which_another_had_the_gil_weighs_no_more_than_others(
    made_up: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = iter([(1.0, 1.0), (9.0, 9.0)])
    monkeypatch.setattr(made_up, "_used", lambda: next(used))
    assert made_up._beside() == 1.0


def test_where_no_thread_can_be_started_there_are_no_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    one = Learner("work", "", by_call=True, is_lasting=False, gate=EventLoopGate())
    monkeypatch.setattr(threading.Thread, "start", fail)
    assert one.turn().ends == NEVER
    assert one.turn() is NO_TURN
    assert one.close(0)


def test_a_looker_that_fails_leaves_nobody_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(learner: Learner) -> float:
        raise ZeroDivisionError

    monkeypatch.setattr(Learner, "_pause_s", fail)
    one = Learner("work", "", by_call=True, is_lasting=False, gate=EventLoopGate())
    with pytest.raises(ZeroDivisionError):
        one._watch()
    assert one.turn() is NO_TURN


# ---------------------------------------------------------------- who learns


def settings(path: Path, source: str, **changed: Any) -> Settings:
    path.write_text(source)
    return of(f"{path}:work", **changed)


def of(workload: str, runner: str = "thread_pool", workers: int = 4, polite: bool = True) -> Settings:
    found = Settings.named(runner, workload, 8, workers, polite=polite)
    return found._replace(workload_entry=current(found.workload_entry))


def learns(one: Settings, workers: int = 4) -> bool:
    return learner_of(one, workers, is_lasting=False, gate=EventLoopGate()) is not None


def test_only_threads_of_this_process_learn_and_only_where_runs_are_polite(tmp_path: Path) -> None:
    path, plain = tmp_path / "one.py", "def work(): ...\n"
    assert learns(settings(path, plain))
    assert learns(settings(path, plain, runner="qthread"))
    assert not learns(settings(path, plain, workers=1), workers=1)
    assert not learns(settings(path, plain, polite=False))
    for runner in (
        "gui_thread",
        "process_pool",
        "process_per_task",
        "other_python",
        "interpreters",
        "cooperative",
    ):
        assert not learns(settings(path, plain, runner=runner)), runner
    assert not learns(of("sleep"))


def test_what_is_known_to_need_no_turns_is_not_looked_at_until_it_is_edited(tmp_path: Path) -> None:
    path = tmp_path / "one.py"
    one = settings(path, "def work(): ...\n")
    kept.keep(kept.key(one.workload_entry), "free", is_lasting=False)
    assert not learns(one)
    assert learns(settings(path, "def work(): return 1\n"))


def test_what_is_known_to_hold_the_gil_is_on_no_probation(tmp_path: Path) -> None:
    one = settings(tmp_path / "one.py", "def work(): ...\n")
    kept.keep(kept.key(one.workload_entry), "holds", is_lasting=False)
    found = learner_of(one, 4, is_lasting=False, gate=EventLoopGate())
    assert found is not None
    for look in [*[HOLDS] * (LOOKS // 2), *[HOLDS._replace(waits=1)] * (LOOKS // 2)]:
        found.take_in(look)
    assert found.lock is not None, "of an unknown one that would end the turns"


@pytest.mark.parametrize(
    "head",
    [
        "GIL = 'waits'",
        "GIL = 'releases'",
        "GIL = 'holds'",
        "GIL = ''",
        "MEETS = True",
        "def work(): ...\nwork.MEETS = True",
    ],
)
def test_a_declaration_overrules_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, head: str) -> None:
    asked: list[Learner] = []

    def turn(learner: Learner) -> Turn:
        asked.append(learner)
        return NO_TURN

    monkeypatch.setattr(Learner, "turn", turn)
    session = run(settings(tmp_path / "one.py", f"def work(): ...\n{head}\n"))
    assert session.run is not None
    assert session.run.recorder.done == 8
    assert not asked
    run(settings(tmp_path / "two.py", "def work(): ...\n"))
    assert len(asked) == 8


# ---------------------------------------------------------------- real looks


def run(one: Settings) -> Session:
    """A run, to its end."""
    events: list[TaskEvent] = []
    over = threading.Semaphore(0)

    def take(event: TaskEvent) -> None:
        events.append(event)
        if event.phase.is_final:
            over.release()

    session = Session(take, NoServer())
    session.start(one)
    for _ in range(one.tasks):
        assert over.acquire(timeout=PATIENCE_S)
    session.fold(events)
    assert session.finish()
    assert session.close(PATIENCE_S)
    return session


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Callable[[], set[Stage]]:
    """All stages that learners come to."""
    seen: set[Stage] = set()
    take_in = Learner.take_in

    def look(one: Learner, look: Look) -> None:
        take_in(one, look)
        seen.add(one._judge.stage)

    monkeypatch.setattr(Learner, "take_in", look)
    return lambda: seen


@pytest.mark.parametrize("name", own_waits.FUNCTIONS)
def test_what_waits_or_is_in_c_without_the_gil_never_queues(
    name: str, stages: Callable[[], set[Stage]]
) -> None:
    one = of(f"{own_waits.__file__}:{name}")
    session = run(one)
    assert session.run is not None
    assert session.run.recorder.done == 8, session.run.recorder.errors
    assert Stage.HOLDS not in stages()
    assert session.run.notes == []


def test_pure_python_takes_turns_in_the_end_and_it_is_told() -> None:
    """How many runs that needs is the machine's affair: where it is too busy to tell there are no turns."""
    one = of(f"{own_loop.__file__}:loop")
    notes: list[str] = []
    ends = time.perf_counter() + 3 * PATIENCE_S
    while not notes and time.perf_counter() < ends:
        session = run(one)
        assert session.run is not None
        notes = session.run.notes
    (note,) = notes
    assert "took turns, so that the window stays smooth: loop holds the GIL" in note
    assert kept.verdict(kept.key(one.workload_entry), is_lasting=False) == "holds"


def test_there_are_twenty_of_them() -> None:
    assert len(own_waits.FUNCTIONS) == 20
