"""Deadlocks in the whole program: seen while they last, after a freeze, and ended by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.whole_app import PATIENCE_MS
from workers.reports.verdict import verdict

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot

    from gui.app import App
    from gui.tasks.page import TasksPage
    from tests.support.whole_app import Stage

CROSSED = ("--workload", "transfer.crossed", "--tasks", "2", "--workers", "2")

HELD = '''
"""Two tasks, one of which keeps a lock."""
from workers.sync import Event, Lock, sleep

UNIT = "steps"
SHARED = "make"

def make():
    return {"gate": Lock()}

def keeps(index: int, shared, tasks: int = 2):
    """Take it, and keep it for long.

    Args:
        tasks: how many there are (1 to 2)
    """
    with shared["gate"]:
        sleep(60)
    yield 1
'''


def timeline_page(app: App) -> TasksPage:
    page = app.window.pages.tasks
    app.window.pages.show_page(page)
    return page


def test_a_deadlock_is_seen_while_it_lasts_and_kept(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workers.sync.judge.LEFT_S", 0.5)  # nobody wants to look at it here
    with stage.app((*CROSSED, "--runner", "thread_per_task")) as app:
        page = timeline_page(app)
        assert not page.waits.isVisible()
        app.window.start()
        stage.wait_for_runs(app, 1)
        run = app.core.session.runs[0]
        panel, scene = page.waits, page.timeline.canvas.scene
        qtbot.waitUntil(lambda: len(panel.view.graph.circle) == 4, timeout=PATIENCE_MS)
        [told] = run.recorder.sharing.deadlocks
        assert panel.isVisible()
        assert panel.sentence.text() == f"Deadlock: {told}." == run.notes[-1]
        assert told in verdict(run)
        assert told in app.window.header.hint
        qtbot.waitUntil(lambda: {"lock a", "lock b"} <= {lane.place for lane in scene.lanes})
        assert "Waiting for others" in page.timeline.legend.accessibleName()


def test_a_freeze_by_a_deadlock_shows_all_of_it_after_the_thaw(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(("--workload", "pipeline.no_task_done", "--tasks", "1", "--runner", "gui_thread")) as app:
        page = timeline_page(app)
        app.window.start()
        stage.wait_for_runs(app, 1)
        run = app.core.session.runs[0]
        assert run.recorder.failed == 1
        qtbot.waitUntil(lambda: bool(page.waits.view.graph.nodes), timeout=PATIENCE_MS)
        assert page.waits.sentence.text() == f"Deadlock: {run.recorder.sharing.deadlocks[-1]}."


def test_a_wait_is_ended_by_hand(stage: Stage, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "held.py"
    path.write_text(HELD, encoding="utf-8")
    own = ("--workload", f"{path}:keeps", "--tasks", "2", "--workers", "2", "--runner", "thread_per_task")
    with stage.app(own) as app:
        page = timeline_page(app)
        app.window.start()
        qtbot.waitUntil(page.waits.break_button.isVisible, timeout=PATIENCE_MS)
        assert page.waits.view.graph.circle == frozenset()  # nobody is stuck: it would take a minute
        page.waits.break_button.click()  # not by the mouse: on a busy machine it may come from a freeze
        run = app.core.session.run
        assert run is not None
        qtbot.waitUntil(lambda: run.recorder.failed == 1, timeout=PATIENCE_MS)
        [error] = run.recorder.errors.values()
        assert "Its wait for lock gate was ended by hand" in error
        app.core.cancel()
        stage.wait_for_runs(app, 1)
