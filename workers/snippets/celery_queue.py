"""A function in Celery's processes, on any machine that has this file and reaches the broker.

Call it program.py, install celery[redis], start redis-server, and there: celery -A program worker
"""

import os
import sys
import threading
from contextlib import suppress
from typing import Any

from celery import Celery

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}
BROKER = os.environ.get(
    "BROKER", "redis://127.0.0.1:6379"
)  # who can write to it says what is run: give it a password

celery = Celery("program", broker=BROKER, backend=BROKER)


@celery.task(name="call")  # type: ignore[untyped-decorator, unused-ignore]
def call() -> str:
    """Runs in a process of Celery's, which has the arguments in its own copy of this file."""
    return str(work(**ARGUMENTS))


def main() -> int:
    """Qt is imported in here, for Celery's processes import this file, too."""
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
            try:
                text = f"Done: {call.delay().get(timeout=600)}"  # s: nobody says where none takes it
            except Exception as error:
                text = f"Failed: {error}"
            with suppress(RuntimeError):  # the window has gone
                self.done.emit(text)

    app = QApplication(sys.argv)
    window = Window()
    window.show()
    return app.exec()  # and then Python ends what is a daemon


if __name__ == "__main__":
    sys.exit(main())
