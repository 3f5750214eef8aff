"""A function in Qt's thread pool: a QRunnable for each call. Its result comes back by a signal."""

import os
import sys
from typing import Any

from PySide6.QtCore import QRunnable, QThreadPool, Signal
from PySide6.QtWidgets import QApplication, QPushButton

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


class Window(QPushButton):
    """A button that starts a call, and shows its result."""

    done = Signal(str)  # emitted in a thread of the pool, delivered in the GUI thread

    def __init__(self) -> None:
        super().__init__("Start")
        self.clicked.connect(self.start)
        self.done.connect(self.setText)

    def start(self) -> None:
        """Returns at once."""
        self.setText("Running …")
        QThreadPool.globalInstance().start(QRunnable.create(self.run))

    def run(self) -> None:
        """Runs in a thread of the pool: touches no widget."""
        try:
            self.done.emit(f"Done: {work(**ARGUMENTS)}")
        except Exception as error:
            self.done.emit(f"Failed: {error}")


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    QThreadPool.globalInstance().clear()
    if not QThreadPool.globalInstance().waitForDone(2000):  # ms
        os._exit(code)  # a call that does not end must not keep the program from ending
    sys.exit(code)
