"""Chooses a file of a large project in the room Your function, and prints how long its form took and what the lag was.

python -m tests.benchmarks.watch.project_window FILE
"""

from __future__ import annotations

import gc
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication

from gui.app import App
from tests.benchmarks.sizes import pause
from workers.command_line.parser import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.your_function.page import OwnPage

SETTLED_MS = round(1e3 * pause(3.0))
"""After the first frame: the window's late pages are made by then, and it is idle."""

LOOKED_MS = round(1e3 * pause(2.0))
"""After the choice: all of the project was looked at by then."""

FEW_MS = 4


class Choose(QObject):
    """Chooses the file, and looks for its form to be there."""

    def __init__(self, app: App, path: Path) -> None:
        super().__init__()
        self._app, self._path = app, path
        self._poll = QTimer(self, interval=FEW_MS)
        self._poll.timeout.connect(self._look)

    @property
    def _tab(self) -> OwnPage:
        return self._app.window.pages.own

    @Slot()
    def show(self) -> None:
        """Bring the room to the front."""
        self._app.window.pages.show_page(self._tab)
        QTimer.singleShot(SETTLED_MS // 3, self, self._choose)

    @Slot()
    def _choose(self) -> None:
        self._began = time.perf_counter()
        self._tab.choice.pick(self._path)
        QTimer.singleShot(0, self, self._choose_function)  # as a click that comes next

    @Slot()
    def _choose_function(self) -> None:
        self._tab.choice.choose("work")
        self._poll.start()

    @Slot()
    def _look(self) -> None:
        if self._tab.picker.settings.params() and self._tab.choice.found is not None:
            self._poll.stop()
            self._took = time.perf_counter() - self._began
            QTimer.singleShot(LOOKED_MS, self, self._tell)

    @Slot()
    def _tell(self) -> None:
        lag = self._app.core.lag.summary(self._began, time.perf_counter())
        found = self._tab.choice.found
        assert found is not None
        assert found.entry is not None
        assert found.entry.own is not None
        print(json.dumps({"s": self._took, "lag_ms": lag.max, "packages": found.entry.own.imports}))
        self._app.core.leaving.leave(0)


def main(arguments: Sequence[str]) -> int:
    """Run the window until all is told; returns its exit code."""
    gc.disable()  # as in main.py
    application = QApplication(["thaw"])
    application.setApplicationName("Thaw")
    app = App(application, parse([]))
    choose = Choose(app, Path(arguments[0]))
    app.begin()
    QTimer.singleShot(SETTLED_MS, choose, choose.show)
    code = application.exec()
    app.close()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
