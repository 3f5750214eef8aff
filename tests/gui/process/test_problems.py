"""What would go unseen is collected: exceptions of any thread, and Qt's warnings."""

from __future__ import annotations

import gc
import logging
import sys
import threading
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot, qDebug, qWarning

from gui.process import problems
from gui.process.log import log as program_log
from gui.process.problems import MAX_PROBLEMS, ProblemLog

if TYPE_CHECKING:
    import pytest
    from pytestqt.qtbot import QtBot


def raise_it() -> None:
    raise ValueError("out of a slot")


def test_an_exception_in_a_slot_of_the_gui_thread(
    qtbot: QtBot, log: ProblemLog, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program_log, "handlers", [])  # as where nobody asks for a log; pytest does
    with qtbot.waitSignal(log.added):
        QTimer.singleShot(0, raise_it)
    (problem,) = log.problems
    assert problem.where == "GUI thread"
    assert "in raise_it" in problem.text
    assert problem.text.endswith("ValueError: out of a slot")
    assert "ValueError: out of a slot" in capsys.readouterr().err


def test_an_exception_in_a_thread(log: ProblemLog) -> None:
    thread = threading.Thread(target=raise_it, name="pool 3")
    thread.start()
    thread.join()
    (problem,) = log.problems
    assert problem.where == "pool 3"
    assert problem.text.endswith("ValueError: out of a slot")


def test_a_limit_of_the_system_is_told_as_that_and_nothing_ends(
    qtbot: QtBot, log: ProblemLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def take_all() -> None:
        raise MemoryError

    with qtbot.waitSignal(log.added):
        QTimer.singleShot(0, take_all)
    sentence = log.problems[-1].limit
    assert sentence.startswith("The system gives no more memory: ")
    assert log.problems[-1].text.startswith(f"{sentence}\nTraceback")
    monkeypatch.setattr(problems, "error_text", lambda *about: take_all())
    with qtbot.waitSignal(log.added):
        QTimer.singleShot(0, take_all)
    assert log.problems[-1].text == f"{sentence}\nMemoryError", "there was none for its trace either"


class Worker(QObject):
    begin = Signal()

    @Slot()
    def work(self) -> None:
        raise_it()


def test_an_exception_in_a_slot_of_a_qthread_is_not_laid_at_the_gui_threads_door(
    qtbot: QtBot, log: ProblemLog
) -> None:
    thread, worker = QThread(), Worker()
    worker.moveToThread(thread)
    thread.started.connect(worker.work)
    thread.start()
    qtbot.waitUntil(lambda: bool(log.problems))
    thread.quit()
    assert thread.wait(5000)
    (problem,) = log.problems
    assert problem.where == "a QThread"
    assert "ValueError: out of a slot" in problem.text


def test_an_exception_that_nobody_could_raise(log: ProblemLog) -> None:
    class Falls:
        def __del__(self) -> None:
            raise ValueError("at the end")

    Falls()
    gc.collect()
    (problem,) = log.problems
    assert problem.text.endswith("ValueError: at the end")
    assert problem.where


def test_an_error_that_only_a_log_is_told(log: ProblemLog, monkeypatch: pytest.MonkeyPatch) -> None:
    # Pytest's own would be the first to format.
    monkeypatch.setattr(logging.getLogger(), "handlers", [log._log_errors])
    monkeypatch.setattr(problems, "error_text", lambda kind, error, trace: f"{error}, while nobody parses\n")
    logging.getLogger("asyncio").error("a callback failed", exc_info=ValueError("in a callback"))
    (problem,) = log.problems
    assert problem.text == "a callback failed\nin a callback, while nobody parses"


def test_a_warning_of_qt(log: ProblemLog) -> None:
    qDebug("of no concern")
    qWarning("something is amiss")
    (problem,) = log.problems
    assert (problem.where, problem.text) == ("Qt", "something is amiss")


def test_the_newest_are_kept(log: ProblemLog) -> None:
    for number in range(MAX_PROBLEMS + 5):
        log.add("here", f"number {number}\n")
    assert len(log.problems) == MAX_PROBLEMS
    assert log.problems[0].text == "number 5"
    assert log.problems[-1].text == f"number {MAX_PROBLEMS + 4}"


def test_a_terminal_that_has_gone_is_no_second_problem(
    log: ProblemLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone:
        def write(self, text: str) -> int:
            raise self.error

        def __init__(self, error: Exception) -> None:
            self.error = error

    monkeypatch.setattr(logging, "raiseExceptions", False)
    for stream in (Gone(BrokenPipeError()), Gone(ValueError("closed")), None):
        monkeypatch.setattr(sys, "stderr", stream)
        log.add("here", "text")
    assert len(log.problems) == 3


def test_a_log_that_has_gone_does_not_raise(log: ProblemLog) -> None:
    shiboken6.delete(log)
    log.add("a thread that outlived the window", "text")
    assert len(log.problems) == 1


def test_the_hooks_can_be_taken_away(log: ProblemLog) -> None:
    log.remove()
    assert (sys.excepthook, sys.unraisablehook) == (sys.__excepthook__, sys.__unraisablehook__)
    assert threading.excepthook is threading.__excepthook__
