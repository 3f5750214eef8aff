"""A function in a thread of its own for each call: for a few long calls. Its result comes back by a signal."""

import sys
import threading
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QPushButton

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


class Window(QPushButton):
    """A button that starts a thread, and shows its result."""

    done = Signal(str)  # emitted in the thread, delivered in the GUI thread

    def __init__(self) -> None:
        super().__init__("Start")
        self.clicked.connect(self.start)
        self.done.connect(self.setText)

    def start(self) -> None:
        """Returns at once. A daemon thread does not keep the program from ending."""
        self.setText("Running …")
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        """Runs in the thread: touches no widget."""
        try:
            text = f"Done: {work(**ARGUMENTS)}"
        except Exception as error:
            text = f"Failed: {error}"
        try:
            self.done.emit(text)
        except RuntimeError:
            pass  # the window has gone


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    sys.exit(app.exec())
