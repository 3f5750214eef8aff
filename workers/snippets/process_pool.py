"""A function in other processes: each has a GIL of its own. Arguments and results are copied there and back."""

import multiprocessing
import sys
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


def main() -> int:
    """Qt is imported in here, for each process imports this file again."""
    from PySide6.QtCore import Signal
    from PySide6.QtWidgets import QApplication, QPushButton

    class Window(QPushButton):
        done = Signal(object)  # emitted in a thread of the pool's, delivered in the GUI thread

        def __init__(self) -> None:
            super().__init__("Start")
            # Spawn, always: a forked child may wait for ever for a lock that a thread of its parent held.
            self.pool = ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))
            self.clicked.connect(self.start)
            self.done.connect(self.show_result)

        def start(self) -> None:
            self.setText("Running …")
            self.pool.submit(work, **ARGUMENTS).add_done_callback(self.done.emit)

        def show_result(self, call: Future[Any]) -> None:
            error = call.exception()  # BrokenProcessPool, where a process died: then make a new pool
            self.setText(f"Failed: {error}" if error else f"Done: {call.result()}")

    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    for process in multiprocessing.active_children():
        process.kill()  # what runs there is given up: nobody waits for it any more
    # Waits for the pool's own thread alone, which ends with its processes.
    window.pool.shutdown(cancel_futures=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
