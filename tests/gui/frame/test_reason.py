"""The line of reason: what it says after a freeze, where a click leads, and that nothing jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from gui.controllers.core import Core
from gui.frame.reason import Reason, reason
from tests.support.planned_runs import make_ended, make_freeze, make_run
from workers.monitors.freeze import Line

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from workers.engine.run import Run

READ = Line("/p/wire.py", 182, "read", "    size = sock.recv_into(buffer)\n")


@pytest.fixture
def panel(core: Core, qtbot: QtBot) -> QWidget:
    """The line, and a label below it."""
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    column.addWidget(Reason(core))
    column.addWidget(QLabel(), 1)
    made.resize(700, 200)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def line(panel: QWidget) -> Reason:
    [made] = panel.findChildren(Reason)
    return made


def frozen(**parts: Any) -> Run:
    run = make_ended("gui_thread", 4.0, ((0.1, 0.5), (1.0, 3.9)))
    short = make_freeze(run, 0.1, 0.5)
    run.freezes = [
        short,
        make_freeze(run, 1.0, 3.9, **{"stack": (READ,), "guilty": 0, "kind": "network", **parts}),
    ]
    return run


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "wire.py:182 waited for the network: size = sock.recv_into(buffer)"),
        ({"kind": "io"}, "wire.py:182 waited for I/O: size = sock.recv_into(buffer)"),
        ({"kind": "sleep", "stack": (READ._replace(text=""),)}, "wire.py:182 slept"),
        ({"kind": "unknown"}, "wire.py:182 was running: size = sock.recv_into(buffer)"),
        (
            {"kind": "c_gil", "holder": "pool 0"},
            'wire.py:182 (thread "pool 0") was in C code that held the GIL: size = sock.recv_into(buffer)',
        ),
    ],
)
def test_the_reason_is_the_guilty_line_and_what_it_did(parts: dict[str, object], said: str) -> None:
    freeze = frozen(**parts).freezes[1]
    assert freeze.line is not None
    assert reason(freeze.kind, freeze.holder, freeze.line) == said


def test_in_the_middle_of_a_run_it_tells_of_the_last_freeze(
    line: Reason, core: Core, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    [_, freeze] = frozen().freezes
    core.instruments.judged.emit(freeze)
    QApplication.processEvents()
    assert not line.isVisible(), "what comes when the run has ended says less than the run's own freezes"
    run = core.session.run = make_run(4)
    monkeypatch.setattr(run, "started", freeze.ended - 0.1)
    core.instruments.judged.emit(freeze._replace(stack=(), guilty=-1))
    QApplication.processEvents()
    assert not line.isVisible(), "without a line there is nothing to say"
    core.instruments.judged.emit(freeze)
    qtbot.waitUntil(line.isVisible)
    assert line.text().startswith("Why: wire.py:182 waited for the network")


def test_a_freeze_of_the_first_half_of_a_comparison_is_not_told_in_the_second(
    line: Reason, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Core, "is_busy", True)
    [_, late] = frozen().freezes
    run = core.session.run = make_run(4)
    for started, ended in ((late.started - 0.1, late.ended + 0.1), (late.ended + 0.2, None)):
        monkeypatch.setattr(run, "started", started)
        monkeypatch.setattr(run, "ended", ended)
        core.instruments.judged.emit(late)
        QApplication.processEvents()
        assert not line.isVisible()


def test_after_a_run_it_tells_of_the_longest_freeze_and_a_click_asks_for_its_card(
    line: Reason, core: Core
) -> None:
    asked: list[tuple[Run, float]] = []
    run = frozen()
    line.chosen.connect(lambda *about: asked.append(about))
    assert not line.isVisible()
    core.director.finished.emit(run)
    assert line.text() == "Why: wire.py:182 waited for the network: size = sock.recv_into(buffer)"
    assert line.accessibleName().startswith("Why the window froze: wire.py:182")
    QTest.keyClick(line, Qt.Key.Key_Space)
    [(which, moment)] = asked
    assert which is run
    assert run.freezes[1].started <= moment <= run.freezes[1].ended


def test_it_is_gone_when_the_next_run_is_announced_and_where_nothing_froze(line: Reason, core: Core) -> None:
    core.director.finished.emit(frozen())
    core.director.announced.emit(None)
    assert not line.isVisible()
    core.director.finished.emit(frozen())
    core.director.finished.emit(make_ended("thread_pool", 2.0))
    assert not line.isVisible()
    core.director.finished.emit(frozen(guilty=-1, stack=()))
    assert "sleep.py:40" in line.text(), "a freeze without a line tells no reason"


def test_what_is_below_does_not_move(panel: QWidget, line: Reason, core: Core) -> None:
    [below] = panel.findChildren(QLabel)
    before = below.geometry()
    core.director.finished.emit(frozen())
    assert line.isVisible()
    assert below.geometry() == before


def test_a_long_line_ends_in_dots_and_keeps_its_ampersands(panel: QWidget, line: Reason, core: Core) -> None:
    core.director.finished.emit(frozen(stack=(READ._replace(text="a & b"),)))
    assert line.text().endswith("a && b")
    core.director.finished.emit(frozen(stack=(READ._replace(text="x" * 500),)))
    assert line.text().endswith("…")
    assert "x" * 500 in line.toolTip()
    assert panel.minimumSizeHint().width() < 300
