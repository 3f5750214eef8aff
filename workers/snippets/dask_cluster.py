"""A function on a Dask cluster, of this machine or of several (install distributed): for calls of 10 ms and more."""

import sys
from contextlib import suppress
from typing import Any

from workers.snippets.work import work

ARGUMENTS: dict[str, Any] = {}
SCHEDULER = (
    ""  # such as "tls://HOST:8786", for machines that all have your modules; empty: a cluster on this one
)


def main() -> int:
    """Qt is imported in here, for each process of the cluster imports this file again."""
    from distributed import Client
    from PySide6.QtCore import Signal
    from PySide6.QtWidgets import QApplication, QPushButton

    class Window(QPushButton):
        done = Signal(str)  # emitted in a thread of Dask's, delivered in the GUI thread

        def __init__(self) -> None:
            super().__init__("Start")
            self.client: Any = Client(SCHEDULER or None, dashboard_address="127.0.0.1:0")  # type: ignore[no-untyped-call, unused-ignore]
            self.calls: list[Any] = []
            self.clicked.connect(self.start)
            self.done.connect(self.setText)

        def start(self) -> None:
            self.setText("Running …")
            call = self.client.submit(work, **ARGUMENTS, pure=False)  # or the same call would run once only
            self.calls.append(call)  # Dask gives up what nobody keeps
            call.add_done_callback(self.take)

        def take(self, call: Any) -> None:
            """Not in the GUI thread: the result has to be fetched first."""
            error = call.exception()
            with suppress(RuntimeError):  # the window has gone
                self.done.emit(f"Failed: {error}" if error else f"Done: {call.result()}")

    app = QApplication(sys.argv)
    window = Window()
    window.show()
    code = app.exec()
    window.client.cancel(window.calls)
    window.client.close()  # and a cluster that was started for it
    return code


if __name__ == "__main__":
    sys.exit(main())
