"""The program as a whole, inside a test: beginning, leaving, remembering, and what goes wrong unseen."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox

from gui import app as app_module
from gui.process.preferences import Preferences
from tests.support.whole_app import LONG, TINY, Stage
from workers.image_server.conditions import PROFILES, NetworkConditions, fault_words
from workers.reports import summary

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_what_looks_through_all_of_qt_is_imported_before_any_thread() -> None:
    """Beside another thread, pyqtgraph's look at the classes of PySide crashed the program."""
    code = "import sys, gui.app; sys.exit('pyqtgraph' not in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_the_start_of_downloads_needs_is_imported_before_it(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The choice of Live is another one; and where the downloads run may be changed."""
    imported: list[tuple[str, str]] = []
    monkeypatch.setattr(
        app_module, "preload", lambda runner, workload: imported.append((runner.name, workload.name))
    )
    with stage.app(TINY) as app:
        page = app.window.pages.downloads
        page.wanted.emit()
        qtbot.waitUntil(lambda: ("thread_pool", "download") in imported)
        page.intake.settings.place.menu.choose("qthread")
        qtbot.waitUntil(lambda: ("qthread", "download") in imported)
        assert len(imported) == len(set(imported))
        qtbot.waitUntil(lambda: not page.queue_thread.is_busy)


def test_what_a_run_says_of_its_machine_is_looked_up_before_its_end(
    stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_up, version = list[str](), metadata.version

    def look_up(package: str) -> str:
        looked_up.append(threading.current_thread().name)
        return version(package)

    monkeypatch.setattr(metadata, "version", look_up)
    summary._version.cache_clear()
    with stage.app() as app:
        qtbot.waitUntil(lambda: len(looked_up) == 2)
        app.window.start()
        stage.wait_for_runs(app, 1)
        assert app.core.listed[0].environment["pyqtgraph"] == version("pyqtgraph")
    assert looked_up == ["preload", "preload"]


@pytest.mark.parametrize("runner", ["thread_pool", "qthread"])
def test_closing_the_window_in_the_middle_of_a_run_leaves_nothing(
    stage: Stage, qtbot: QtBot, runner: str
) -> None:
    threads = threading.active_count()
    with stage.app([*LONG, "--runner", runner]) as app:
        stage.click(app.window.controls.start_button)
        stage.wait_for_tasks(app)
        app.window.close()
        assert not app.window.isVisible()
        assert app.core.leaving.is_leaving
        qtbot.waitUntil(lambda: stage.exits == [0])
        assert app.core.session.close(0)
        app.window.close()  # once more has no effect
        assert stage.exits == [0]
    assert threading.active_count() <= threads


def test_leaving_by_itself_after_the_run(
    stage: Stage, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    with stage.app([*TINY, "--start", "--exit-after-run"]) as app:
        qtbot.waitUntil(lambda: stage.exits == [0])
        assert len(app.core.session.runs) == 1
        qtbot.waitUntil(lambda: not app.core.leaving._poll.isActive())
        assert stage.exits == [0], "it left more than once"
    assert capsys.readouterr().out.startswith("5 tasks done in ")


def test_settings_that_make_no_sense_count_as_never_made(stage: Stage) -> None:
    preferences = Preferences(lasting=True)
    for name in ("scheme", "text_scale", "tab", "run", "geometry", "sides", "middle", "blocking", "weather"):
        preferences.write(name, "☃")
    del preferences
    with stage.app([]) as app:
        assert app.theme.choice == "follow"
        assert app.theme.text_scale == 1.0
        assert app.window.tabs.currentIndex() == 0


def test_text_that_was_never_that_large(stage: Stage) -> None:
    Preferences(lasting=True).write("text_scale", "nan")
    with stage.app([]) as app:
        assert app.theme.text_scale == 1.0


def test_what_is_chosen_on_the_command_line_wins_over_what_was_kept(stage: Stage) -> None:
    with stage.app([*TINY, "--runner", "qthread"]) as app:
        app.window.close()
    with stage.app([*TINY, "--workload", "primes", "--param", "numbers=500"][-4:]) as app:
        assert app.window.controls.settings(False).workload == "primes"
        assert app.window.controls.settings(False).params == (("numbers", 500),)


def test_the_network_conditions_reach_the_server_and_is_kept(stage: Stage, qtbot: QtBot) -> None:
    """And what the server did is told in the panel, without being asked for."""
    downloads = ["--workload", "download", "--tasks", "3", "--workers", "3", "--runner", "thread_pool"]
    with stage.app([*downloads, "--network", "rough"]) as app:
        box = app.window.controls.server
        assert app.core.server.settings == PROFILES["rough"]
        box.apply(NetworkConditions(latency_ms=0, bandwidth_kib=0, wrong_rate=1.0))
        assert app.core.server.settings == box.settings
        app.core.director.start(app.window.controls.settings(False))
        stage.wait_for_runs(app, 1)
        run = app.core.session.runs[0]
        assert run.network == box.settings
        qtbot.waitUntil(lambda: not box._looks.isActive())
        assert box.fault_counts.text() == f"{fault_words(app.core.server.fault_counts)}."
        assert app.core.server.fault_counts.went_wrong >= 3
        app.window.close()
    with stage.app([]) as app:
        assert app.core.server.settings == app.window.controls.server.settings == box.settings
    with stage.app([*downloads, "--network", "busy"]) as app:
        assert app.core.server.settings == PROFILES["busy"]


def test_problems_show_up_and_can_be_read(stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.detailedText()))
    with stage.app() as app:
        assert not app.window.strip.problems.isVisible()
        app.problems.add("pool 1", "Traceback: it broke")
        qtbot.waitUntil(app.window.strip.problems.isVisible)
        assert app.window.strip.problems.text() == "1 problem"
        stage.click(app.window.strip.problems)
        assert shown == ["pool 1\nTraceback: it broke"]
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert app.window.findChildren(QMessageBox) == [], "it would be kept for as long as the window"
        app.problems.problems.clear()


def test_where_there_is_no_more_memory_the_window_says_so_and_goes_on(stage: Stage, qtbot: QtBot) -> None:
    def take_all() -> None:
        raise MemoryError

    with stage.app() as app:
        QTimer.singleShot(0, take_all)
        said = app.window.strip
        qtbot.waitUntil(lambda: said.verdict.text().startswith("The system gives no more memory: "))
        assert said.problems.isVisible()
        assert stage.exits == []
        app.problems.problems.clear()


def test_a_problem_of_the_last_moment_is_not_shown_in_a_window_that_has_gone(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is the queued call that must not come."""
    with stage.app() as app:
        monkeypatch.setattr(app.window, "shut", lambda: app.problems.add("pool 1", "Traceback: it broke"))
    QCoreApplication.processEvents()
    assert "Error" not in capfd.readouterr().err


def test_the_menu_tells_of_problems_also_where_there_are_none(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    with stage.app() as app:
        [entry] = [each for each in app.window.findChildren(QAction) if each.text() == "Show &log…"]
        assert not app.window.strip.problems.isVisible()
        entry.trigger()
    assert shown == ["Nothing has gone wrong unseen."]


def test_the_program_has_an_icon() -> None:
    from gui.theme.theme import app_icon

    assert not app_icon().isNull()


def test_a_program_that_is_closed_at_once_leaves_nothing(stage: Stage) -> None:
    with stage.app([]) as app:
        left = weakref.ref(app.core)
    stage.exits.clear()
    del app
    gc.unfreeze()
    gc.collect()
    assert left() is None
