"""A function in another Python, such as PyPy: a process that Qt starts and hears, and results as JSON."""

import json
import sys
from typing import Any

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication, QPushButton

PYTHON = "pypy3"
ARGUMENTS: dict[str, Any] = {}
CODE = """
import json, sys
from workers.snippets.work import work
print(json.dumps(work(**json.loads(sys.argv[1])), default=repr))
"""


class Window(QPushButton):
    """A button that starts the process, and shows its result."""

    def __init__(self) -> None:
        super().__init__("Start")
        self.process = QProcess(self)
        self.clicked.connect(self.start)
        self.process.finished.connect(self.show_result)
        self.process.errorOccurred.connect(self.show_problem)

    def start(self) -> None:
        """Returns at once."""
        self.setText("Running …")
        self.process.start(PYTHON, ["-c", CODE, json.dumps(ARGUMENTS, default=str)])

    def show_result(self, code: int) -> None:
        """What the function printed would be in here too: its result is the last line."""
        said = self.process.readAllStandardOutput() if code == 0 else self.process.readAllStandardError()
        last = bytes(said.data()).decode(errors="replace").strip().rpartition("\n")[2]
        self.setText(f"Failed: {last}" if code else f"Done: {json.loads(last)}")

    def show_problem(self) -> None:
        """It could not be started, or was ended."""
        self.setText(f"Failed: {self.process.errorString()}")


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    window.process.kill()
    window.process.waitForFinished(1000)  # ms
    sys.exit(code)
