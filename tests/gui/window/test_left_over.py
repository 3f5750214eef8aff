"""What is left from last time is told at the start, and goes on with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gui.frame import left_over
from tests.support.download_queues import make_queue
from tests.support.whole_app import TINY, Stage
from workers.downloads.queue import DownloadQueue, QueueProblem, QueueTaken, default_path
from workers.utils import file_lock

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from gui.app import App
    from gui.frame.rail import RailButton


def badge(app: App) -> str:
    """What the rail's Downloads shows beside its icon."""
    return button(app).count


def button(app: App) -> RailButton:
    return app.window.rail.buttons[app.window.pages.titles.index("Downloads")]


def leave(app: App, count: int) -> None:
    """Leave so many pictures of the program's own server in the usual queue."""
    app.core.server.configure(latency_ms=1, bandwidth_kib=0)
    path = default_path()
    files = str(path.parent / "files")
    app.window._preferences.write("downloads_folder", files)
    queue = DownloadQueue(path)
    queue.add([f"{app.core.server.url()}/pictures/{at}" for at in range(count)], files)
    queue.close()
    app.window.pages.left_over.look()  # the start may have been quicker than this


def test_downloads_that_are_left_go_on_with_one_click(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(TINY) as app:
        window, strip = app.window, app.window.strip
        leave(app, 3)
        window.set_blocking(True)
        qtbot.waitUntil(lambda: strip.offer.isVisible())
        assert strip.verdict.text() == "3 downloads are left from last time."
        assert badge(app) == "3"
        assert button(app).accessibleDescription() == "3 downloads left"
        stage.click(strip.offer)
        stage.wait_for_runs(app, 1)
        [run] = app.core.session.runs
        assert (run.settings.runner, run.recorder.done) == ("thread_pool", 3)
        assert window.pages.current is window.pages.downloads
        assert not strip.offer.isVisible()
        assert badge(app) == ""
        qtbot.waitUntil(lambda: not window.pages.downloads.queue_thread.is_busy)


def test_the_room_says_it_once_it_is_open(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(TINY) as app:
        window, strip = app.window, app.window.strip
        leave(app, 2)
        qtbot.waitUntil(lambda: strip.offer.isVisible())
        window.pages.downloads.wanted.emit()
        qtbot.waitUntil(lambda: not strip.offer.isVisible())
        assert strip.verdict.text() == ""
        state = window.pages.downloads.intake.state
        qtbot.waitUntil(lambda: state.text() == "2 of 2 are left from last time.")
        assert badge(app) == "2"
        window.pages.downloads.list.view.selectAll()
        window.pages.downloads.list.actions_of_rows.remove_selected()
        qtbot.waitUntil(lambda: badge(app) == "")


def test_in_the_room_the_key_of_start_is_for_its_own_start(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(TINY) as app:
        window = app.window
        leave(app, 2)
        window.set_blocking(True)
        window.pages.downloads.wanted.emit()
        qtbot.waitUntil(lambda: window.pages.downloads.intake.start.isEnabled())
        window.menus.start.trigger()
        stage.wait_for_runs(app, 1)
        window.pages.show_room(0)
        window.menus.start.trigger()
        stage.wait_for_runs(app, 2)
        assert [run.settings.workload for run in app.core.session.runs] == ["download", "sleep"]
        qtbot.waitUntil(lambda: not window.pages.downloads.queue_thread.is_busy)


def test_its_key_works_in_the_room_whatever_live_lacks(stage: Stage, qtbot: QtBot) -> None:
    with stage.app(TINY) as app:
        window, works = app.window, app.core.catalog.workloads.values()
        leave(app, 2)
        window.set_blocking(False)
        window.controls.choose_workload(next(work for work in works if "NEEDS_FOLDER" in work.constants))
        assert not window.menus.start.isEnabled(), "there is no folder yet"
        window.pages.downloads.wanted.emit()
        qtbot.waitUntil(lambda: window.pages.downloads.intake.start.isEnabled())
        assert window.menus.start.isEnabled()
        window.menus.start.trigger()
        stage.wait_for_runs(app, 1)
        window.pages.show_room(0)
        assert not window.menus.start.isEnabled()
        qtbot.waitUntil(lambda: not window.pages.downloads.queue_thread.is_busy)


def test_nothing_is_said_of_a_run_that_is_quicker(stage: Stage) -> None:
    with stage.app(TINY) as app:
        app.window.strip.say("5 tasks done.")
        app.window.announcer.tell_left(3)
        assert app.window.strip.verdict.text() == "5 tasks done."
        assert app.window.strip.offer.isHidden()


def test_what_is_left_is_counted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THAW_DATA", str(tmp_path))
    path = default_path()
    assert left_over.count_left() == 0
    assert not path.exists()
    make_queue(path, waiting=4, done=2, failed=1)
    assert left_over.count_left() == 4
    with monkeypatch.context() as patch:
        patch.setattr(file_lock, "take", lambda path: False)
        with pytest.raises(QueueTaken):
            left_over.count_left()
    path.write_bytes(b"no queue" * 500)
    with pytest.raises(QueueProblem):
        left_over.count_left()


def test_of_a_queue_that_cannot_be_read_nothing_is_said(stage: Stage) -> None:
    with stage.app(TINY) as app:
        app.window.pages.left_over._take(QueueProblem("It is no queue."))
        assert app.window.strip.offer.isHidden()
        assert badge(app) == ""
