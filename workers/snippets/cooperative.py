"""A short function, many times, in slices on the GUI thread: no threads at all, and the window stays free."""

import sys
import time
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}
SLICE_S = 0.005


class Window(QPushButton):
    """A button that begins, and shows what came of it."""

    def __init__(self) -> None:
        super().__init__("Start")
        self.steps: Any = iter(())
        self.timer = QTimer(self)  # of 0 ms: it fires whenever no event waits
        self.clicked.connect(self.start)
        self.timer.timeout.connect(self.go_on)

    def start(self) -> None:
        """Returns at once."""
        self.setText("Running …")
        self.steps = (work(**ARGUMENTS) for _ in range(10))
        self.timer.start(0)

    def go_on(self) -> None:
        """One slice. A single step that takes longer makes the window wait."""
        ends = time.perf_counter() + SLICE_S
        try:
            while time.perf_counter() < ends:
                next(self.steps)
        except StopIteration:
            self.finish("Done")
        except Exception as error:
            self.finish(f"Failed: {error}")

    def finish(self, text: str) -> None:
        """The end, good or bad."""
        self.timer.stop()
        self.setText(text)


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    sys.exit(app.exec())
