"""The director: runs one after the other, each told once, and a cancel at any moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QTimer

from gui.controllers import run as director_module
from gui.controllers.bridge import Bridge
from gui.controllers.run import Director
from tests.support import finished_runs
from tests.support.image_site import NoServer
from workers.catalog.lookup import named
from workers.engine.plan import Settings
from workers.engine.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from workers.engine.run import Run

QUICK = Settings.named("thread_pool", finished_runs.WORK, 3, 2)
ENDLESS = Settings.named("thread_pool", "tests.contract.work:endless", 50, 2)
SIGNALS = ("begun", "results", "finished", "compared", "refused", "idle")


class Stage:
    """A director, and what it told in its order."""

    def __init__(self) -> None:
        self.bridge = Bridge()
        self.session = Session(self.bridge.post, NoServer())
        self.director = Director(self.session, self.bridge)
        self.told: list[str] = []
        self.said: dict[str, list[Any]] = {name: [] for name in SIGNALS}
        for name in SIGNALS:
            getattr(self.director, name).connect(lambda *said, name=name: self.note(name, said))

    def note(self, name: str, said: tuple[Any, ...]) -> None:
        self.said[name].append(said)
        if name != "results":
            self.told.append(name)


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(director_module, "BREATH_MS", 0)
    monkeypatch.setattr(director_module, "BETWEEN_MS", 0)
    made_stage = Stage()
    yield made_stage
    qtbot.waitUntil(lambda: made_stage.session.close(0))


def test_a_run_is_begun_and_finished_once(qtbot: QtBot, stage: Stage) -> None:
    stage.director.start(QUICK)
    assert stage.director.is_busy
    assert stage.told == [], "the window gets a moment to show that it runs"
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert stage.told == ["begun", "finished", "idle"]
    (run,) = stage.said["finished"][0]
    assert stage.said["begun"][0] == (run,)
    assert run.recorder.done == 3
    assert sorted(result for (results,) in stage.said["results"] for result in results) == [0, 1, 2]
    assert not stage.director.is_busy


def test_what_waited_during_a_freeze_is_answered_before_the_end_of_the_run(qtbot: QtBot, stage: Stage) -> None:
    """The end has its own work, such as a report: it would make a freeze longer than the run."""
    frozen = Settings.named("gui_thread", finished_runs.WORK, 3, 1)
    waited = QTimer(singleShot=True, interval=1)
    waited.timeout.connect(lambda: stage.told.append("answered"))
    stage.director.begun.connect(lambda run: waited.start())
    stage.director.start(frozen)
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert stage.told == ["begun", "answered", "finished", "idle"]


def test_a_run_waits_until_the_place_of_the_one_before_has_been_left(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window goes on meanwhile, and nobody is refused for what a machine is slow at."""
    looks = iter([False, False, True])
    monkeypatch.setattr(Session, "is_free", property(lambda session: next(looks, True)))
    stage.director.start(QUICK)
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert next(looks, "asked until it was") == "asked until it was"
    assert stage.told == ["begun", "finished", "idle"]


def test_starting_again_while_it_is_busy_has_no_effect(qtbot: QtBot, stage: Stage) -> None:
    for _ in range(5):
        stage.director.start(QUICK)
    stage.director.compare(QUICK)
    stage.director.begun.connect(lambda run: stage.director.start(QUICK))
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert stage.told == ["begun", "finished", "idle"]


def test_a_comparison_runs_the_same_work_on_the_gui_thread_first(qtbot: QtBot, stage: Stage) -> None:
    stage.director.compare(QUICK)
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert stage.told == ["begun", "finished", "begun", "finished", "compared", "idle"]
    blocking, other = stage.said["compared"][0]
    assert blocking.settings == QUICK._replace(runner_entry=named("runners", "gui_thread"))
    assert other.settings == QUICK
    assert stage.session.runs == [blocking, other]
    assert (blocking.compared_with, other.compared_with) == (None, blocking)


def test_who_hears_of_a_comparison_may_begin_the_next(qtbot: QtBot, stage: Stage) -> None:
    def again(blocking: Run, other: Run) -> None:
        if len(stage.said["compared"]) == 1:
            stage.director.compare(QUICK)

    stage.director.compared.connect(again)
    stage.director.compare(QUICK)
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert len(stage.said["compared"]) == 2
    assert stage.told.count("idle") == 1
    assert len(stage.session.runs) == 4


def test_who_hears_of_an_end_may_start_the_next(qtbot: QtBot, stage: Stage) -> None:
    def again(run: Run) -> None:
        if len(stage.session.runs) < 3:
            stage.director.start(QUICK)

    stage.director.finished.connect(again)
    stage.director.start(QUICK)
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert stage.told == [*["begun", "finished"] * 3, "idle"]


def test_a_cancel_ends_the_run(qtbot: QtBot, stage: Stage) -> None:
    stage.director.begun.connect(lambda run: None)
    stage.director.start(ENDLESS)
    qtbot.waitUntil(lambda: bool(stage.session.run and stage.session.run.recorder.running))
    stage.director.cancel()
    stage.director.cancel()
    qtbot.waitUntil(lambda: "idle" in stage.told)
    assert stage.told == ["begun", "finished", "idle"]
    assert stage.session.runs[0].recorder.cancelled == 50


def test_a_cancel_before_the_first_task_begins_nothing(qtbot: QtBot, stage: Stage) -> None:
    busy: list[bool] = []
    stage.director.idle.connect(lambda: busy.append(stage.director.is_busy))
    stage.director.start(QUICK)
    stage.director.cancel()
    assert stage.told == ["idle"]
    assert busy == [False], "nothing is about to run when idle is told"
    stage.director.start(QUICK)
    qtbot.waitUntil(lambda: stage.told.count("idle") == 2)
    assert stage.told == ["idle", "begun", "finished", "idle"]


def test_who_hears_that_a_cancelled_start_is_off_may_start_again(qtbot: QtBot, stage: Stage) -> None:
    def again() -> None:
        if len(stage.said["idle"]) == 1:
            stage.director.start(QUICK)

    stage.director.start(QUICK)
    stage.director.idle.connect(again)
    stage.director.cancel()
    qtbot.waitUntil(lambda: stage.told.count("idle") == 2)
    assert stage.told == ["idle", "begun", "finished", "idle"]


def test_a_cancel_between_the_two_runs_of_a_comparison(qtbot: QtBot, stage: Stage) -> None:
    stage.director.finished.connect(lambda run: stage.director.cancel())
    stage.director.compare(QUICK)
    qtbot.waitUntil(lambda: "idle" in stage.told)
    assert stage.told[:2] == ["begun", "finished"]
    assert stage.told.count("begun") == 1
    assert "compared" not in stage.told
    assert not stage.director.is_busy
    stage.director.start(QUICK)
    qtbot.waitUntil(lambda: stage.told.count("begun") == 2)
    qtbot.waitUntil(lambda: not stage.director.is_busy)
    assert "compared" not in stage.told


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        (QUICK._replace(tasks=0), "There is nothing to do: the run has no tasks."),
        (
            QUICK._replace(runner_entry=named("runners", "no_such")),
            "The runner no_such is not available: it is not known here.",
        ),
    ],
)
def test_a_run_that_cannot_begin_is_refused(qtbot: QtBot, stage: Stage, settings: Settings, why: str) -> None:
    stage.director.start(settings)
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert stage.told == ["refused", "idle"]
    assert stage.said["refused"] == [(why,)]
    assert not stage.director.is_busy
    stage.director.start(QUICK)
    qtbot.waitUntil(lambda: stage.told.count("idle") == 2)
    assert stage.told[2:] == ["begun", "finished", "idle"]


def test_after_a_runner_without_threads_another_run_may_come(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoThreads:
        def start(self, *_: object) -> None:
            raise RuntimeError("can't start new thread")

        def close(self, timeout: float) -> bool:
            return True

    with monkeypatch.context() as patch:
        patch.setattr("workers.engine.session.load_runner", lambda name, params: (NoThreads(), params))
        stage.director.compare(QUICK)
        qtbot.waitUntil(lambda: "idle" in stage.told)
    assert stage.told == ["begun", "refused", "idle"]
    stage.director.start(QUICK)
    qtbot.waitUntil(lambda: stage.told.count("idle") == 2)
    assert stage.told[3:] == ["begun", "finished", "idle"]


def test_who_is_told_of_a_run_has_the_whole_breath_to_show_it(
    qtbot: QtBot, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A window that takes a while to clear what was is painted before the first task all the same."""
    monkeypatch.setattr(director_module, "BREATH_MS", 50)
    timer, waits = stage.director._timer, list[bool]()
    stage.director.announced.connect(lambda settings: waits.append(timer.isActive()))
    stage.director.start(QUICK)
    assert waits == [False]
    assert timer.isActive()
    with qtbot.waitSignal(stage.director.idle):
        pass


def test_of_several_runs_it_is_told_which_goes_on(qtbot: QtBot, stage: Stage) -> None:
    told = [stage.director.which]
    stage.director.announced.connect(lambda settings: told.append(stage.director.which))
    director = stage.director
    director.compare(QUICK)
    qtbot.waitUntil(lambda: not director.is_busy)
    director.sequence([QUICK] * 3)
    qtbot.waitUntil(lambda: not director.is_busy)
    director.start(QUICK)
    qtbot.waitUntil(lambda: not director.is_busy)
    assert told == ["", *(f"Comparing {at} of 2" for at in (1, 2)), *(f"Run {at} of 3" for at in (1, 2, 3)), ""]


def test_a_cancel_ends_a_sequence(qtbot: QtBot, stage: Stage) -> None:
    ended: list[Run] = []
    stage.director.finished.connect(ended.append)
    stage.director.begun.connect(lambda run: stage.director.cancel())
    stage.director.sequence([QUICK] * 3)
    with qtbot.waitSignal(stage.director.idle):
        pass
    assert len(ended) == 1
