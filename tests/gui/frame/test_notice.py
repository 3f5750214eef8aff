"""A long run that ends while another window is in front says so in the title, until somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from gui.frame.notice import EndNotice
from tests.support.finished_runs import made_run

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.controllers.benchmark import BenchmarkLeader
    from gui.controllers.run import Director


class Runs(QObject):
    announced, finished = Signal(object), Signal(object)
    compared, idle = Signal(object, object), Signal()


class Leader(QObject):
    begun, finished = Signal(), Signal()
    is_running = False


class Desk:
    """A window that is not in front, a clock that is set by hand, and what the desktop was asked."""

    def __init__(self, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
        self.window, self.director, self.leader = QWidget(windowTitle="Thaw"), Runs(), Leader()
        qtbot.addWidget(self.window)
        self.now, self.alerts, self.is_active = 0.0, 0, False
        monkeypatch.setattr(self.window, "isActiveWindow", lambda: self.is_active)
        monkeypatch.setattr(QApplication, "alert", self._note)
        self.notice = EndNotice(
            self.window,
            cast("Director", self.director),
            cast("BenchmarkLeader", self.leader),
            clock=lambda: self.now,
        )

    def _note(self, *about: Any) -> None:
        self.alerts += 1

    def run(self, took: float, **about: Any) -> None:
        self.director.announced.emit(None)
        self.now += took
        self.director.finished.emit(made_run(tasks=24, **about))

    @property
    def title(self) -> str:
        return self.window.windowTitle()

    def look(self) -> None:
        self.is_active = True
        app = cast("QApplication", QApplication.instance())
        app.focusWindowChanged.emit(None)


@pytest.fixture
def desk(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(qtbot, monkeypatch)


def test_a_long_run_asks_for_attention_and_the_title_goes_back_when_somebody_looks(desk: Desk) -> None:
    desk.run(41.0)
    desk.director.idle.emit()
    assert (desk.title, desk.alerts) == ("Thaw — 24 tasks done in 41 s", 1)
    app = cast("QApplication", QApplication.instance())
    app.focusWindowChanged.emit(None)  # to another program's
    assert desk.title != "Thaw"
    desk.look()
    assert desk.title == "Thaw"


@pytest.mark.parametrize(
    ("took", "is_active", "cancelled"), [(9.0, False, 0), (41.0, True, 0), (41.0, False, 3)]
)
def test_what_is_short_or_seen_or_was_cancelled_needs_no_notice(
    desk: Desk, took: float, is_active: bool, cancelled: int
) -> None:
    desk.is_active = is_active
    desk.run(took, cancelled=cancelled)
    desk.director.idle.emit()
    assert (desk.title, desk.alerts) == ("Thaw", 0)


def test_failures_are_told(desk: Desk) -> None:
    desk.run(200.0, failed=2)
    desk.director.idle.emit()
    assert desk.title == "Thaw — 22 tasks done, 2 failed in 3 min 20 s"
    desk.look()


def test_a_comparison_counts_as_a_whole(desk: Desk) -> None:
    desk.run(8.0)
    desk.run(8.0)
    desk.director.compared.emit(None, None)
    desk.director.idle.emit()
    assert desk.title == "Thaw — comparison done in 16 s"
    desk.look()


def test_a_benchmark_counts_as_a_whole(desk: Desk) -> None:
    desk.leader.is_running = True
    desk.leader.begun.emit()
    for _ in range(2):
        desk.run(8.0)
        desk.director.idle.emit()
    assert desk.title == "Thaw"
    desk.leader.is_running = False
    desk.leader.finished.emit()
    assert desk.title == "Thaw — benchmark done in 16 s"
    desk.look()
