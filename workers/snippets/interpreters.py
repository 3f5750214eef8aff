"""A function in other interpreters of this process (Python 3.14): each has a GIL of its own, and starts quickly."""

import os
import sys
from concurrent.futures import Future, InterpreterPoolExecutor, wait  # type: ignore[attr-defined, unused-ignore]
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QPushButton

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


class Window(QPushButton):
    """A button that submits a call, and shows its result."""

    done = Signal(object)  # emitted in a thread of the pool, delivered in the GUI thread

    def __init__(self) -> None:
        super().__init__("Start")
        self.pool, self.calls = InterpreterPoolExecutor(4), set[Future[Any]]()
        self.clicked.connect(self.start)
        self.done.connect(self.show_result)

    def start(self) -> None:
        """Returns at once. What goes there and back is copied."""
        self.setText("Running …")
        call = self.pool.submit(work, **ARGUMENTS)
        self.calls.add(call)
        call.add_done_callback(self.done.emit)

    def show_result(self, call: Future[Any]) -> None:
        """In the GUI thread: only here may widgets be touched."""
        self.calls.discard(call)
        error = call.exception()
        self.setText(f"Failed: {error}" if error else f"Done: {call.result()}")


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    window.pool.shutdown(wait=False, cancel_futures=True)
    if wait(window.calls, timeout=2).not_done:
        os._exit(code)  # a call that does not end must not keep the program from ending
    sys.exit(code)
