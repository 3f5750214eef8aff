"""The whole program inside a test: the real window off screen, with settings in a folder of the test's own."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from gui.app import App
from gui.process import garbage, preferences
from gui.process.leaving import Leaving
from workers.command_line.parser import parse
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QAbstractButton, QApplication
    from pytestqt.qtbot import QtBot

    from workers.engine.run import Run

TINY = ("--workload", "sleep", "--param", "seconds=0.05", "--tasks", "5", "--workers", "5")
"""A run that freezes for a quarter of a second, and takes a fifth of that in threads."""

LONG = ("--workload", "sleep", "--param", "seconds=0.05", "--tasks", "2000", "--workers", "2")
"""A run that is in the middle of it for long."""

PATIENCE_MS = 20_000
"""Only what fails takes so long: a busy machine may well hold a window up for some seconds."""


class Stage:
    """Builds the program, and takes it apart at the end of the test.

    Attributes:
        exits: the exit codes with which it meant to leave.
    """

    def __init__(self, qapp: QApplication, qtbot: QtBot) -> None:
        self._qapp, self._qtbot = qapp, qtbot
        self.exits: list[int] = []

    @contextmanager
    def app(self, arguments: Sequence[str] = TINY) -> Iterator[App]:
        """The program as a command line would start it, once its window is ready."""
        app = App(self._qapp, parse(arguments))
        try:
            app.begin()
            self._qtbot.waitUntil(lambda: app.window.guard.late_input is not None, timeout=PATIENCE_MS)
            yield app
            assert [problem.text for problem in app.problems.problems] == []
        finally:
            if not app.core.leaving.is_leaving:
                app.core.director.cancel()
                self._qtbot.waitUntil(lambda: app.core.session.close(0), timeout=PATIENCE_MS)
            app.close()
            app.window.hide()
            app.core.bridge.arrived.disconnect()
            for thread in threading.enumerate():
                if thread.name == "preload":  # it ends by itself, on a busy machine after some seconds
                    thread.join()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def click(self, button: QAbstractButton) -> None:
        """Click on a button as a person does: only where it can be seen and pressed."""
        assert button.isVisible()
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def wait_for_tasks(self, app: App) -> Run:
        """Wait until a run goes on of which some tasks are done, and return it."""
        session = app.core.session
        self._qtbot.waitUntil(
            lambda: session.is_running and session.run is not None and session.run.recorder.done > 1,
            timeout=PATIENCE_MS,
        )
        assert session.run is not None
        return session.run

    def wait_for_runs(self, app: App, count: int) -> None:
        """Wait until so many runs have ended and nothing is about to begin."""
        self._qtbot.waitUntil(
            lambda: len(app.core.session.runs) == count and not app.core.director.is_busy, timeout=PATIENCE_MS
        )


def _nobody_answers(*about: object) -> None:
    raise AssertionError(f"a question came up: {about}")


def _start_server_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a window do without the process of its image server until somebody asks it: that costs as much as the window.

    That the real program starts it after its first frame, every test in tests/end_to_end waits for.
    """
    start, url = ImageServer.start, ImageServer.url

    def ask(server: ImageServer, timeout: float = 10.0) -> str:
        start(server)
        return url(server, timeout)

    monkeypatch.setattr(ImageServer, "start", lambda server: None)
    monkeypatch.setattr(ImageServer, "url", ask)


@pytest.fixture
def stage(qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Builds whole programs; what they change of the process is put back."""
    made = Stage(qapp, qtbot)
    # It would end the whole process, tests and all, when the time is over.
    monkeypatch.setattr(Leaving, "_last_resort", lambda leaving: None)
    monkeypatch.setattr(QCoreApplication, "exit", made.exits.append)
    # A question that nobody answers would last for ever.
    for name in ("question", "about", "exec"):
        monkeypatch.setattr(QMessageBox, name, _nobody_answers)
    _start_server_when_asked(monkeypatch)
    # What the program puts aside would hide its timers from `leaks`, which has put aside all that was there before.
    monkeypatch.setattr(
        garbage, "gc", SimpleNamespace(collect=gc.collect, get_count=gc.get_count, freeze=lambda: None)
    )
    monkeypatch.setenv("THAW_DATA", str(tmp_path / "data"))
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(tmp_path / "settings"))
    if sys.platform in {"win32", "darwin"}:  # which keep them elsewhere than in files of that folder
        kept = str(tmp_path / "settings.ini")
        monkeypatch.setattr(
            preferences, "QSettings", lambda *names: QSettings(kept, QSettings.Format.IniFormat)
        )
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    hooks = sys.excepthook, sys.unraisablehook
    font, palette = qapp.font(), qapp.palette()
    yield made
    sys.excepthook, sys.unraisablehook = hooks
    for number, handler in handlers.items():
        signal.signal(number, handler)
    qapp.setStyleSheet("")
    qapp.setPalette(palette)
    qapp.setFont(font)
