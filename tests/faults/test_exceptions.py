"""Exceptions where they get lost easily: on a task they are the task's, elsewhere they are among the problems."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QWidget

from tests.faults.work import bad
from tests.support.download_session import FOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from PySide6.QtGui import QPaintEvent
    from pytestqt.qtbot import QtBot

    from gui.process.problems import ProblemLog
    from tests.support.download_session import House


@pytest.mark.parametrize("runner", FOUR)
def test_an_exception_that_cannot_travel_or_speak_is_its_tasks(
    runner: str, house: Callable[[str], House]
) -> None:
    made = house(runner)
    made.start("exceptions", tasks=6)
    run = made.finish()
    assert (run.recorder.done, run.recorder.failed) == (3, 3)
    assert sorted(made.results) == ["0 is done", "4 is done", "5 is done"]
    unpicklable, from_a_future, group = (run.recorder.errors[index] for index in (1, 2, 3))
    assert "raise Stubborn(threading.Lock())" in unpicklable
    assert "Stubborn: <exception str() failed>" in unpicklable
    assert "out of a thread of the task's own" in from_a_future
    assert "in bad" in from_a_future
    assert "ValueError: one" in group
    assert "KeyboardInterrupt" in group


def test_in_a_slot(qtbot: QtBot, log: ProblemLog) -> None:
    with qtbot.waitSignal(log.added):
        QTimer.singleShot(0, bad)
    (problem,) = log.problems
    assert problem.where == "GUI thread"
    assert problem.text.endswith("ValueError: out of a thread of the task's own")


def test_in_paint_event(qtbot: QtBot, log: ProblemLog) -> None:
    class Painted(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            bad()

    widget = Painted()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitUntil(lambda: bool(log.problems))
    assert {problem.where for problem in log.problems} == {"GUI thread"}
    assert "in paintEvent" in log.problems[0].text


def test_in_the_run_of_a_qthread(qtbot: QtBot, log: ProblemLog) -> None:
    class Thread(QThread):
        def run(self) -> None:
            bad()

    thread = Thread()
    thread.start()
    assert thread.wait(5000)
    qtbot.waitUntil(lambda: bool(log.problems))
    (problem,) = log.problems
    assert problem.where == "a QThread"
    assert "in run" in problem.text


def test_in_a_futures_callback(log: ProblemLog) -> None:
    """concurrent.futures catches it and tells only the log, with which nobody's terminal is set up to deal."""

    def call_back(future: Future[bool]) -> None:
        bad()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(threading.Event().is_set).add_done_callback(call_back)
    (problem,) = log.problems
    assert "exception calling callback" in problem.text
    assert "in call_back" in problem.text
    assert problem.text.endswith("ValueError: out of a thread of the task's own")


def test_of_an_unread_future_of_a_runner(house: Callable[[str], House], log: ProblemLog) -> None:
    """A runner reads its Futures: an error of Thaw's own, here in what takes events, is told and stops no others."""
    made = house("thread_pool")
    emit = made.session._emit
    broken: list[Any] = []

    def breaks_once(event: Any) -> None:
        emit(event)
        if event.phase.is_final and not broken:
            broken.append(event)
            raise RuntimeError("the taker of events is broken")

    made.session._emit = breaks_once
    made.start("flood", tasks=8, workers=2, steps=3)
    run = made.finish()
    assert run.recorder.done == 8
    (problem,) = log.problems
    assert problem.text.endswith("RuntimeError: the taker of events is broken")


def test_warnings_of_libraries_are_no_problems(log: ProblemLog) -> None:
    logging.getLogger("urllib3").warning("Connection pool is full")
    assert not log.problems
    logging.getLogger("urllib3").error("something broke")
    assert [problem.text for problem in log.problems] == ["something broke"]
