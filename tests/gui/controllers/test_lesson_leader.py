"""The leader of lessons: from the free cores over the runs to the judgement, and a cancel or a refusal anywhere."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from gui.controllers import lesson as lesson_module
from gui.controllers import run as director_module
from gui.controllers.bridge import Bridge
from gui.controllers.lesson import NETWORK, LessonLeader
from gui.controllers.run import Director
from tests.support.lesson_files import write_lesson
from workers.catalog.lessons import Lesson, Step, lessons, read_lesson
from workers.engine.session import Session
from workers.image_server.conditions import PROFILES
from workers.image_server.process import ImageServer
from workers.remote import pythons
from workers.utils.errors import NO_THREADS, BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.controllers.core import Core
    from workers.teaching.judge import Result

OWN = PROFILES["stormy"]
"""How the image server behaves before the lesson, and shall after it."""

CANCELLED = ["The lesson was cancelled."]
PATIENCE_MS = 20_000

TWO = lessons()["lost_updates"]
"""A quick one of two steps."""

ENDLESS = {"workload": "tests.contract.work:endless", "runner": "thread_pool", "tasks": 50, "workers": 2}
GONE = {"workload": "counter.no_such_version"}


def with_steps(*said: Mapping[str, Any], cores: float = 0.0) -> Lesson:
    """The lesson with other runs, of which those that are not here may lack."""
    return TWO._replace(
        steps=tuple(Step(f"step {at}", one, may_lack=one is GONE) for at, one in enumerate(said, 1)),
        cores=cores,
    )


BROKEN, FIXED = (step.said for step in TWO.steps)


class Led:
    """A leader with all that it leads, and what it told.

    Attributes:
        networks: how the image server behaved while each run began.
        measured: the free cores that are found, one after the other; an error in place of a number is raised.
        asked: set once somebody has asked for them.
        measures: set while they may be found.
    """

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self.bridge = Bridge()
        self.server = ImageServer(settings=OWN)
        self.session = Session(self.bridge.post, self.server)
        self.director = Director(self.session, self.bridge)
        self.leader = LessonLeader(self.director, self.server, lambda: self.is_busy)
        self.begun, self.steps, self.networks = list[Lesson](), list[int](), list[Any]()
        self.results, self.refusals = list["Result"](), list[str]()
        self.measured: list[float | Exception] = []
        self.asked, self.measures = threading.Event(), threading.Event()
        self.measures.set()
        self.leader.begun.connect(self.begun.append)
        self.director.begun.connect(self._note_step)
        self.leader.finished.connect(self.results.append)
        self.leader.refused.connect(self.refusals.append)

    def _note_step(self, run: object) -> None:
        if self.leader.lesson is not None:
            self.steps.append(self.leader.step)
            self.networks.append(self.server.settings)

    @property
    def is_busy(self) -> bool:
        return self.director.is_busy or self.leader.lesson is not None

    def free_cores(self) -> float:
        """What is asked in a thread."""
        self.asked.set()
        self.measures.wait(PATIENCE_MS / 1e3)
        found = self.measured.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    def wait(self, until: Callable[[], bool]) -> None:
        """Let things happen until something is so."""
        self._qtbot.waitUntil(until, timeout=PATIENCE_MS)

    def result(self, lesson: Lesson, answer: int | None = None) -> Result:
        """Go through a lesson to its end."""
        self.leader.start(lesson, answer)
        self.wait(lambda: bool(self.results))
        assert not self.is_busy
        assert self.server.settings == OWN
        return self.results.pop()

    def is_given_up(self) -> bool:
        """Whether the lesson ended without a result, and everything is as it was before it."""
        return (self.results, self.leader.lesson, self.server.settings) == ([], None, OWN)

    def close(self) -> None:
        """Take it apart."""
        self.measures.set()
        self.leader.close()
        self.director.cancel()
        self.wait(lambda: self.session.close(0))


@pytest.fixture
def led(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Led]:
    # The pauses are for a window to calm down, and there is none.
    monkeypatch.setattr(director_module, "BREATH_MS", 0)
    monkeypatch.setattr(director_module, "BETWEEN_MS", 0)
    made = Led(qtbot)
    monkeypatch.setattr(lesson_module, "free_cores", made.free_cores)
    yield made
    made.close()


def test_its_runs_are_made_one_after_the_other_and_judged(led: Led) -> None:
    result = led.result(TWO, 1)
    assert (led.begun, led.steps) == ([TWO], [0, 1])
    assert (result.holds, result.is_right, result.cores) == (True, True, None)
    assert [run.settings.workload for run in result.runs if run is not None] == [
        "counter.broken",
        "counter.fixed",
    ]


def test_its_runs_have_the_same_network_always(led: Led) -> None:
    led.result(TWO)
    assert led.networks == [PROFILES[NETWORK]] * 2


def test_the_network_that_was_chosen_between_two_lessons_is_put_back(led: Led) -> None:
    led.result(TWO)
    led.server.configure(**PROFILES["busy"]._asdict())
    led.measures.clear()
    led.leader.start(TWO._replace(cores=1.0))
    led.leader.cancel()
    assert led.refusals == CANCELLED
    assert led.server.settings == PROFILES["busy"]


def test_the_network_that_is_chosen_in_the_middle_of_one_holds_after_it(led: Led) -> None:
    led.director.finished.connect(lambda run: led.server.configure(**PROFILES["busy"]._asdict()))
    led.leader.start(TWO)
    led.wait(lambda: bool(led.results))
    assert led.networks == [PROFILES[NETWORK]] * 2
    assert led.server.settings == PROFILES["busy"]


def test_the_fewest_free_cores_before_and_after_its_runs_decide(led: Led) -> None:
    led.measured = [1.9, 1.2]
    result = led.result(TWO._replace(cores=1.5))
    assert (result.cores, result.is_judged, list(result.told)) == (1.2, False, [])
    led.measured = [1.9, 1.6]
    assert led.result(TWO._replace(cores=1.5)).holds


def test_where_the_cores_cannot_be_measured_it_goes_on(led: Led) -> None:
    led.measured = [RuntimeError("can't start new thread"), 1.9]
    result = led.result(TWO._replace(cores=1.5))
    assert (result.cores, result.holds) == (1.9, True)


def test_where_the_system_gives_no_thread_a_lesson_is_refused(
    led: Led, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_thread(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_thread)
    led.leader.start(TWO)
    led.wait(lambda: led.refusals == [NO_THREADS])
    assert led.is_given_up()


def test_a_step_that_may_lack_is_passed_over_and_nothing_judged(led: Led) -> None:
    result = led.result(with_steps(GONE, FIXED))
    assert led.steps == [1]
    assert result.why_not == "Not judged: this cannot be run here: step 1."
    assert [run is None for run in result.runs] == [True, False]


def test_what_is_wrong_with_one_of_which_a_step_may_lack_is_told(led: Led) -> None:
    unknown = {"workload": "sleep", "params": {"no_such": 1}}
    lesson = with_steps(GONE, unknown)
    led.leader.start(lesson)
    led.wait(lambda: bool(led.refusals))
    assert "has a parameter 'no_such'" in led.refusals[0]
    assert led.is_given_up()


def test_a_lesson_of_which_nothing_can_be_run_is_not_judged(led: Led) -> None:
    result = led.result(with_steps(GONE, GONE))
    assert (led.steps, result.is_judged) == ([], False)


def test_a_step_that_cannot_be_run_refuses_the_lesson(led: Led) -> None:
    led.leader.start(TWO._replace(steps=(TWO.steps[0], Step("gone", GONE))))
    led.wait(lambda: len(led.refusals) == 1)
    assert led.is_given_up()
    assert led.steps == []


def test_one_that_cannot_be_imported_is_refused_before_its_runs(led: Led, tmp_path: Path) -> None:
    led.leader.start(read_lesson(write_lesson(tmp_path / "mine.py", ("RIGHT", "import gone\nRIGHT"))))
    led.wait(lambda: len(led.refusals) == 1)
    assert "No module named 'gone' (mine.py, line 6)" in led.refusals[0]
    assert led.is_given_up()
    assert led.steps == []


def test_the_window_waits_for_no_answer_of_another_python(led: Led, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the lesson does not say that such a step may lack."""
    threads = list[threading.Thread]()

    def refuse(*about: object) -> str:
        threads.append(threading.current_thread())
        return "It has gone."

    monkeypatch.setattr(pythons, "refusal", refuse)
    led.leader.start(with_steps({"workload": "sleep", "runner": "other_python"}))
    led.wait(lambda: len(led.refusals) == 1)
    assert "It has gone." in led.refusals[0]
    assert threads
    assert threading.main_thread() not in threads


def test_nothing_is_begun_while_anything_else_goes_on(led: Led) -> None:
    led.leader.start(with_steps(ENDLESS, ENDLESS))
    led.leader.start(TWO)
    assert len(led.begun) == 1
    led.leader.cancel()
    led.wait(lambda: led.refusals == CANCELLED)


@pytest.mark.parametrize("at", [0, 1])
def test_a_cancel_in_a_run_gives_it_up(led: Led, at: int) -> None:
    led.leader.start(with_steps(ENDLESS, FIXED) if at == 0 else with_steps(BROKEN, ENDLESS))
    led.wait(lambda: led.session.is_running and led.steps == list(range(at + 1)))
    led.leader.cancel()
    led.wait(lambda: not led.is_busy)
    assert led.refusals == CANCELLED
    assert led.is_given_up()


def test_a_cancel_before_the_first_run_begins_gives_it_up(led: Led) -> None:
    led.leader.start(with_steps(ENDLESS, ENDLESS))
    led.leader.cancel()
    assert led.refusals == CANCELLED
    assert led.is_given_up()


def test_the_core_cancels_a_lesson_of_which_no_run_has_begun(core: Core) -> None:
    said = list[str]()
    core.lessons.refused.connect(said.append)
    core.lessons.start(TWO)
    assert core.is_busy
    core.cancel()
    assert said == CANCELLED
    assert not core.is_busy


def test_a_cancel_between_two_runs_gives_it_up(led: Led) -> None:
    led.leader.start(TWO)
    led.wait(lambda: led.steps == [0])
    led.director.announced.connect(led.leader.cancel)
    led.wait(lambda: not led.is_busy)
    assert led.steps == [0]
    assert led.refusals == CANCELLED
    assert led.is_given_up()


@pytest.mark.parametrize("after_runs", [False, True])
def test_a_cancel_while_cores_are_measured_gives_it_up(led: Led, after_runs: bool) -> None:
    led.measured = [1.9, 1.9]
    if after_runs:
        led.director.finished.connect(lambda run: led.measures.clear())
    else:
        led.measures.clear()
    led.leader.start(TWO._replace(cores=1.0))
    led.wait(lambda: not led.director.is_busy and led.steps == ([0, 1] if after_runs else []))
    led.leader.cancel()
    assert led.refusals == CANCELLED
    assert led.is_given_up()


def test_the_cores_of_a_lesson_that_was_given_up_are_none_of_the_next_one_s(led: Led) -> None:
    led.measures.clear()
    led.measured = [0.1]
    led.leader.start(TWO._replace(cores=1.0))
    led.wait(led.asked.is_set)
    led.leader.cancel()
    led.leader.start(TWO)
    led.measures.set()
    led.wait(lambda: bool(led.results))
    assert led.results.pop().cores is None
    assert led.server.settings == OWN
    assert led.steps == [0, 1]


def test_a_run_that_cannot_begin_refuses_the_lesson(led: Led, monkeypatch: pytest.MonkeyPatch) -> None:
    start = led.session.start

    def second_fails(settings: Any, begun: Any) -> Any:
        if settings.workload == "counter.fixed":
            raise BadInput("There is no more room.")
        return start(settings, begun)

    monkeypatch.setattr(led.session, "start", second_fails)
    led.leader.start(TWO)
    led.wait(lambda: not led.is_busy)
    assert led.refusals == ["There is no more room."]
    assert led.is_given_up()


def test_claims_that_cannot_be_made_are_told(led: Led, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(*about: object) -> Result:
        raise BadInput("The claims cannot be made.")

    monkeypatch.setattr(lesson_module, "judge", judge)
    led.leader.start(TWO)
    led.wait(lambda: bool(led.refusals))
    assert led.refusals == ["The claims cannot be made."]
    assert led.is_given_up()


def test_a_fault_of_ours_in_what_it_claims_ends_it_all_the_same(
    led: Led, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*about: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(lesson_module, "judge", fail)
    with qtbot.captureExceptions() as faults:
        led.leader.start(TWO)
        led.wait(lambda: bool(led.refusals))
    assert led.refusals == ["Lost updates: this is a fault of Thaw's own: please report it."]
    assert [kind for kind, _, _ in faults] == [ZeroDivisionError]
    assert led.is_given_up()


def test_runs_that_are_none_of_a_lesson_s_are_left_alone(led: Led) -> None:
    led.result(TWO)
    led.director.refused.emit("Another run could not begin.")
    led.leader.cancel()
    assert led.refusals == []


def test_close_in_the_middle_judges_nothing(led: Led) -> None:
    led.leader.start(TWO)
    led.wait(lambda: led.steps == [0])
    led.leader.close()
    led.wait(lambda: not led.director.is_busy)
    assert (led.results, led.refusals) == ([], [])
