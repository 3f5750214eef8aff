"""A function in a QThread: a worker object lives there, and both sides talk by signals."""

import os
import sys
from typing import Any

from PySide6.QtCore import QObject, QThread, Signal, Slot
from PySide6.QtWidgets import QApplication, QPushButton

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


class Worker(QObject):
    """Lives in the QThread: its slots run there."""

    done = Signal(str)

    @Slot()
    def run(self) -> None:
        """Touches no widget."""
        try:
            self.done.emit(f"Done: {work(**ARGUMENTS)}")
        except Exception as error:
            self.done.emit(f"Failed: {error}")


class Window(QPushButton):
    """A button that asks the worker for a call, and shows its result."""

    asked = Signal()

    def __init__(self) -> None:
        super().__init__("Start")
        self.thread_, self.worker = QThread(), Worker()  # no parent: an object with one cannot move
        self.worker.moveToThread(self.thread_)
        self.clicked.connect(self.asked)
        self.asked.connect(self.worker.run)
        self.worker.done.connect(self.setText)
        self.thread_.start()


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    window.thread_.quit()
    if not window.thread_.wait(2000):  # ms; a QThread that is destroyed while it runs aborts the program
        os._exit(code)
    sys.exit(code)
