"""A function from an asyncio event loop, which has a thread of its own: thousands of calls can wait there at once."""

import asyncio
import os
import sys
import threading
from concurrent.futures import Future, wait
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QPushButton

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}


async def call() -> Any:
    """Runs in the event loop."""
    return await asyncio.to_thread(work, **ARGUMENTS)


class Window(QPushButton):
    """A button that begins a call, and shows its result."""

    done = Signal(object)  # emitted in the event loop's thread, delivered in the GUI thread

    def __init__(self) -> None:
        super().__init__("Start")
        self.loop, self.calls = asyncio.new_event_loop(), set[Future[Any]]()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.clicked.connect(self.start)
        self.done.connect(self.show_result)

    def start(self) -> None:
        """Returns at once."""
        self.setText("Running …")
        future = asyncio.run_coroutine_threadsafe(call(), self.loop)
        self.calls.add(future)
        future.add_done_callback(self.done.emit)

    def show_result(self, future: Future[Any]) -> None:
        """In the GUI thread: only here may widgets be touched."""
        self.calls.discard(future)
        error = future.exception()
        self.setText(f"Failed: {error}" if error else f"Done: {future.result()}")


if __name__ == "__main__":
    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    if wait(window.calls, timeout=2).not_done:
        os._exit(code)  # a call that does not end must not keep the program from ending
    sys.exit(code)
