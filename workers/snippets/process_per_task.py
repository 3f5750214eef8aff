"""A function in a process of its own for each call: if it crashes or hangs, that process alone does."""

import multiprocessing
import sys
import threading
from contextlib import suppress
from typing import Any

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


def run(answer: Any) -> None:
    """Runs in the process."""
    try:
        answer.send(f"Done: {work(**ARGUMENTS)}")
    except Exception as error:
        answer.send(f"Failed: {error}")


def main() -> int:
    """Qt is imported in here, for each process imports this file again."""
    from PySide6.QtCore import Signal
    from PySide6.QtWidgets import QApplication, QPushButton

    class Window(QPushButton):
        done = Signal(str)  # emitted in the thread, delivered in the GUI thread

        def __init__(self) -> None:
            super().__init__("Start")
            self.clicked.connect(self.start)
            self.done.connect(self.setText)

        def start(self) -> None:
            self.setText("Running …")
            threading.Thread(target=self.wait, daemon=True).start()

        def wait(self) -> None:
            # Spawn, always: a forked child may wait for ever for a lock that a thread of its parent held.
            context = multiprocessing.get_context("spawn")
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(target=run, args=(theirs,), daemon=True)
            process.start()
            theirs.close()  # now the process alone has that end: where it dies, ours says so
            text = "Failed: the process died"
            with suppress(EOFError):
                text = ours.recv()
            process.join()
            with suppress(RuntimeError):  # the window has gone
                self.done.emit(text)

    app = QApplication(sys.argv)
    window = Window()
    window.show()
    return app.exec()  # and then Python ends what is a daemon


if __name__ == "__main__":
    sys.exit(main())
