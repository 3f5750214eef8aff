"""A function in other interpreters of this process (Python 3.14): each has a GIL of its own, and starts quickly."""

import os
import site
import sys
from concurrent.futures import Future, InterpreterPoolExecutor, wait  # type: ignore[attr-defined, unused-ignore]  # new in 3.14
from typing import Any

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}
HERE = os.path.dirname(os.path.abspath(__file__))


def main() -> int:
    """Qt is imported in here, for an interpreter may import this file again, and Qt knows but one of them."""
    from PySide6.QtCore import Signal
    from PySide6.QtWidgets import QApplication, QPushButton

    class Window(QPushButton):
        done = Signal(object)  # emitted in a thread of the pool's, delivered in the GUI thread

        def __init__(self) -> None:
            super().__init__("Start")
            # A new interpreter knows the standard library: it is told where your files are.
            self.pool = InterpreterPoolExecutor(initializer=site.addsitedir, initargs=(HERE,))
            self.calls = set[Future[Any]]()
            self.clicked.connect(self.start)
            self.done.connect(self.show_result)

        def start(self) -> None:
            self.setText("Running …")
            call = self.pool.submit(work, **ARGUMENTS)
            self.calls.add(call)
            call.add_done_callback(self.done.emit)

        def show_result(self, call: Future[Any]) -> None:
            self.calls.discard(call)
            error = call.exception()
            self.setText(f"Failed: {error}" if error else f"Done: {call.result()}")

    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    window.pool.shutdown(wait=False, cancel_futures=True)
    if wait(window.calls, timeout=2).not_done:
        os._exit(code)  # a call that does not end must not keep the program from ending
    return code


if __name__ == "__main__":
    sys.exit(main())
