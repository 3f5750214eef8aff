"""A window does one thing at a time: its thread, the GUI thread, takes event after event from a queue.

An event may be a click, a key, a timer or something to paint. The thread calls the function that handles it, and takes
the next event when that function returns. A function that downloads pictures returns when it has the last one. For
almost all of that time the processor has nothing to do: the function waits for the network.

The second run downloads the same pictures in a thread pool. There, other threads do the waiting, and the function that
was called returns at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._seen import lag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "A frozen window"
ORDER = 10
MINUTES = 2
ASKS = (
    "A click starts a function that downloads eight pictures. What can you do with the window until it returns?"
)
ANSWERS = {
    "Use it as usual: downloading is only waiting": (
        "The GUI thread itself does the waiting, and while it waits it can do nothing else."
    ),
    "Nothing until the last picture is there": (
        "The function returns after the last picture, and before that the GUI thread takes no event."
    ),
    "Click between two pictures": (
        "After each picture the function goes straight on to the next, and not back to the queue of events."
    ),
}
RIGHT = "Nothing until the last picture is there"
STEPS = (
    {"says": "On the GUI thread", "workload": "download", "tasks": 8, "runner": "gui_thread", "look": "graphs"},
    {
        "says": "In a thread pool",
        "workload": "download",
        "tasks": 8,
        "workers": 4,
        "runner": "thread_pool",
        "look": "graphs",
    },
)
TAKE_HOME = (
    "A function that handles a click should return at once; what takes longer than a blink belongs in a thread."
)
TRY = (
    {"says": "With only one thread", "step": 2, "workers": 1},
    {"says": "Without threads: Qt's own network client", "step": 2, "runner": "qt_network"},
)
SABOTEUR = {"step": 2, "runner": "gui_thread"}
WINDOW = True
SNIPPET = '''
import sys
import time

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtWidgets import QApplication, QPushButton


class Download(QObject):
    done = Signal(str)

    def run(self) -> None:
        """Runs in a thread, which may wait; the signal takes the result to the GUI thread."""
        time.sleep(0.3)  # a download, say
        self.done.emit("Done")


app = QApplication(sys.argv)
button = QPushButton("Download")
download = Download()
download.done.connect(button.setText)
download.done.connect(app.quit)
button.clicked.connect(lambda: QThreadPool.globalInstance().start(download.run))
button.show()
button.click()  # returns at once
app.exec()
print(button.text())
'''


def claims(frozen: Run, free: Run) -> Iterator[tuple[bool, str]]:
    still_s = lag(frozen).max / 1e3
    yield (
        still_s > 0.8 * frozen.wall_s,
        f"On the GUI thread the run took {frozen.wall_s:.2f} s, and for {still_s:.2f} s of it the window stood still.",
    )
    yield (
        lag(free).beats > 10,
        f"In a thread pool it took {free.wall_s:.2f} s. The GUI thread came back to its events {lag(free).beats:,} "
        f"times, and none had to wait longer than {lag(free).max:,.0f} ms.",
    )
