"""The figures in the header: begun when the window has settled, of one source, and the worst never falls."""

from __future__ import annotations

import random
from array import array
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from gui.window import run_views
from tests.support.planned_runs import make_run
from tests.support.whole_app import TINY, Stage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.app import App


def figures(app: App) -> list[str]:
    header = app.window.header
    return [part for figure in (header.now, header.worst) for part in (figure.number, figure.word)]


def test_nothing_is_said_of_the_windows_own_start(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([]) as app:
        core, views = app.core, app.window.views
        assert not core.lag.is_on
        views.refresh_all()
        assert figures(app) == ["–", "", "–", ""]
        core._settles_at -= 1.0
        core._look_whether_settled()
        assert not core.lag.is_on, "it was late itself: it waits again"
        qtbot.waitUntil(lambda: core.lag.is_on, timeout=20_000)
        assert core.instruments._begun
        views.refresh_all()
        assert figures(app)[0] != "–"
        assert figures(app)[2:] == ["–", ""], "there was no run"


def test_a_run_of_the_command_line_begins_when_the_window_has_settled(stage: Stage, qtbot: QtBot) -> None:
    with stage.app([*TINY, "--runner", "thread_pool", "--start"]) as app:
        core = app.core
        core._settling.stop()
        core._settles_at -= 1.0
        core._look_whether_settled()
        core._settling.stop()
        assert not core.director.is_busy, "the window was late itself: it waits again"
        core._settles_at += 1.0
        core._look_whether_settled()
        assert core.director.is_busy
        stage.wait_for_runs(app, 1)


def test_the_line_above_the_rooms_is_brought_up_to_date_for_a_picture(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stage.app([]) as app:
        told: list[str] = []
        monkeypatch.setattr(app.window._layout.pulse, "refresh", lambda: told.append("now"))
        app.window.views.refresh_all()
        assert told == ["now"]


def test_who_is_quicker_than_that_has_lag_all_the_same(stage: Stage) -> None:
    with stage.app([*TINY, "--blocking"]) as app:
        assert not app.core.lag.is_on
        app.window.start()
        assert app.core.lag.is_on
        stage.wait_for_runs(app, 1)
        [run] = app.core.session.runs
        assert run.lag is not None
        assert run.lag.max > 150


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 8))])
def test_the_worst_never_falls_and_lag_now_is_never_worse(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    with stage.app(TINY) as app:
        core, views, header = app.core, app.window.views, app.window.header
        told: list[tuple[float, float]] = []
        monkeypatch.setattr(
            header, "set_lag", lambda now, worst, *of: told.append((now, worst)) if worst is not None else None
        )
        run = make_run(4)
        core.session.run = run
        core.measure()
        core._beats.close()
        core.lag._beats = array("d", [run.started - 0.4])  # a gap from before the run reaches into it
        core.director.begun.emit(run)
        now = run.started
        ended = run.started + 4.0
        while now < ended + 0.2:
            now += chance.choice((0.010, 0.010, 0.012, 0.030, 0.150, 0.8))
            core.lag._beats.append(now)
            monkeypatch.setattr(run_views, "time", SimpleNamespace(perf_counter=lambda at=now: at))
            if now < ended + run_views.TRAIL_S:  # until the window hears of the end
                views._show_lag(run)
        run.ended = ended
        run.lag = core.lag.summary(*run.span)
        views._show_lag(run)
        worst = [of for _, of in told]
        assert worst == sorted(worst)
        assert worst[-1] == run.lag.max, "what the verdict says"
        assert all(lag <= of for lag, of in told[:-1])
        run.control.cancel()


def test_after_a_run_the_figure_says_which(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "thread_pool"]) as app:
        for number in (1, 2):
            stage.click(app.window.controls.start_button)
            stage.wait_for_runs(app, number)
            assert app.window.header.worst.accessibleName() == f"Worst of run {number}"


def test_the_processes_of_a_runner_are_counted(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    with stage.app(TINY) as app:
        views, header = app.window.views, app.window.header
        app.core.session._runner = SimpleNamespace(processes=lambda: {11: 3_000.0, 12: 4_000.0})
        now, cpu, _ = views._cpu
        views._cpu = now - 2_000.0, cpu, 3_400.0
        views.refresh_all()
        app.core.session._runner = None
        used = float(header.cores.word.partition(" ")[0])
        assert header.cores.word.endswith("in workers")
        assert used == pytest.approx(1.8, abs=0.05)
        views._cpu = now - 2_000.0, cpu, 7_000.0  # of the run before
        views.refresh_all()
        assert header.cores.word == "used by Thaw"
