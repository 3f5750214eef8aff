"""Gives Thaw's window a text with thousands of addresses, as a paste would, and then downloads them all.

    python -m tests.benchmarks.watch.queue_window --text FILE --folder FOLDER --report FILE ...

The text is given once the window has settled. It counts as accepted when the queue's file has all addresses and the
list shows them: from then on nothing of it would be lost. Then Start is pressed, with the place that the command line
names. The report is that of the run, with what the accepting was like beside it.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.app import App
from tests.benchmarks.sizes import pause
from workers.command_line.parser import parse
from workers.reports.summary import report, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.downloads.page import DownloadsPage
    from workers.engine.run import Run

SETTLED_MS = round(1e3 * pause(3.0))
"""After the first frame: the window's late pages are made by then, and it is idle."""

BETWEEN_MS = round(1e3 * pause(1.0))
"""From the accepting to Start, for the list to be painted; what watches from outside must have seen the window."""

FEW_MS = 4


class Paste(QObject):
    """Gives the text, waits, starts, and reports."""

    def __init__(self, app: App, text: str, folder: Path, path: Path) -> None:
        super().__init__()
        self._app, self._text, self._folder, self._path = app, text, folder, path
        self._count = len(text.split())
        self._accepted: dict[str, Any] = {}
        self._poll = QTimer(self, interval=FEW_MS)
        self._poll.timeout.connect(self._look)
        app.core.director.finished.connect(self._write)
        app.core.director.refused.connect(self._give_up)

    @property
    def _tab(self) -> DownloadsPage:
        return self._app.window.pages.downloads

    @Slot()
    def give(self) -> None:
        """Give the text to the tab."""
        self._app.window.pages.show_page(self._tab)
        self._tab.intake.set_folder(str(self._folder))
        QTimer.singleShot(SETTLED_MS // 3, self, self._give)

    @Slot()
    def _give(self) -> None:
        self._began = time.perf_counter()
        self._tab.take(self._text)
        self._poll.start()

    @Slot()
    def _look(self) -> None:
        now = time.perf_counter()
        if self._tab.list.model.rowCount() < self._count or self._tab.queue_thread.is_busy:
            return
        self._poll.stop()
        lag = self._app.core.lag.summary(self._began, now)
        self._accepted = {"seconds": now - self._began, "lag_ms": lag._asdict()}
        QTimer.singleShot(BETWEEN_MS, self, self._start)

    @Slot()
    def _start(self) -> None:
        self._tab.start()

    @Slot(str)
    def _give_up(self, why: str) -> None:
        print(f"queue_window: {why}", file=sys.stderr)
        self._app.core.leaving.leave(1)

    @Slot(object)
    def _write(self, run: Run) -> None:
        # A frame later: the window's own slots hear of the end, too.
        write(self._path, report(run) | {"accepted": self._accepted})


def main(arguments: Sequence[str]) -> int:
    """Run the window until it is asked to leave; returns its exit code."""
    parser = argparse.ArgumentParser(description="Queue and download many addresses in Thaw's window.")
    add = parser.add_argument
    add("--text", type=Path, required=True, help="the file whose contents are pasted")
    add("--folder", type=Path, required=True, help="where the files go")
    add("--report", type=Path, required=True, help="what to write at the end of the run")
    add("--start", action="store_true", help="accepted, for whoever watches says it to every program")
    own, rest = parser.parse_known_args(arguments)
    gc.disable()  # as in main.py
    application = QApplication(["thaw"])
    application.setApplicationName("Thaw")
    app = App(application, parse(rest))
    paste = Paste(app, own.text.read_text(), own.folder, own.report)
    app.begin()
    QTimer.singleShot(SETTLED_MS, paste, paste.give)
    code = application.exec()
    app.close()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
