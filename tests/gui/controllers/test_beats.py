"""Beats beside a run, rest where nothing happens; and a freeze is found in both."""

from __future__ import annotations

import queue
import sys
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from gui.controllers import beats

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.app import App
    from tests.support.whole_app import Stage
    from workers.monitors.freeze import Sighting

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there it is known who waits")

FREEZE_S = 0.4


@pytest.fixture(autouse=True)
def rests_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beats, "REST_AFTER_S", 0.0)


def wait_for_rest(qtbot: QtBot, app: App) -> None:
    qtbot.waitUntil(lambda: app.core.lag.is_resting, timeout=10_000)


def test_an_idle_window_has_no_beats_and_still_its_lag(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        wait_for_rest(qtbot, app)
        core, began = app.core, time.perf_counter()
        assert not core._beats._beat.isActive()
        core._poll_hook._poll(None, 0, 100)  # as the event loop does, here for nothing but the time
        assert len(core.lag.beats(began, began + 0.1)) >= 9, (
            "one for each 10 ms of waiting, however late it ended"
        )


def test_a_freeze_of_an_idle_window_is_measured_and_its_line_found(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        core = app.core
        seen: queue.SimpleQueue[Sighting] = queue.SimpleQueue()
        core.instruments._watchdog.told = seen.put
        wait_for_rest(qtbot, app)
        began = time.perf_counter()
        QTimer.singleShot(0, lambda: time.sleep(FREEZE_S))  # a person's mistake in a slot
        qtbot.waitUntil(lambda: not core.lag.is_resting)
        assert core._beats._beat.isActive(), "after it the window is looked at closely"
        worst_ms = core.lag.worst_ms(began, time.perf_counter())
        assert FREEZE_S * 1e3 - 10 <= worst_ms
        assert core.lag.summary(began, time.perf_counter()).max == pytest.approx(worst_ms, abs=10.1)
        sighting = seen.get(timeout=5)
        assert sighting.started >= began - 0.020
        assert "time.sleep(FREEZE_S)" in sighting.line.text
        wait_for_rest(qtbot, app)


def test_what_is_announced_has_beats_from_then_on(stage: Stage, qtbot: QtBot) -> None:
    with stage.app() as app:
        wait_for_rest(qtbot, app)
        heartbeat = app.window.header.heartbeat
        slow = heartbeat.timer.interval()
        app.window.start()
        assert not app.core.lag.is_resting
        assert app.core._beats._beat.isActive()
        assert heartbeat.timer.interval() < slow, "smooth before the first task"
        stage.wait_for_runs(app, 1)
        wait_for_rest(qtbot, app)
        assert heartbeat.timer.interval() == slow


def test_where_nobody_knows_when_the_loop_waits_there_is_no_rest(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gui.controllers.poll_hook.PollHook.install", lambda hook: False)
    with stage.app() as app:
        qtbot.waitUntil(lambda: app.core.lag.is_on, timeout=10_000)
        app.core._beats._look()
        assert not app.core.lag.is_resting
        assert app.core._beats._beat.isActive()
