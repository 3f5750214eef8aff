"""A thread keeps a window responsive only if the GUI thread gets the GIL in time, for painting and clicks need it too.

From Python code the interpreter takes the GIL away after a few milliseconds. From a call into C it cannot: the call has
the GIL until it gives it up by itself, or returns. Much of C gives it up (files, the network, hashes, NumPy), and some
does not. The regular expression of this lesson does not: it is a real one, which once took Stack Overflow down.

While such a call lasts, no other thread of the process runs Python, whichever thread has made it. The second run makes
the same calls in another process, which has a GIL of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._seen import lag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "A thread is not enough"
ORDER = 40
MINUTES = 3
ASKS = "A thread makes one long call into C that keeps the GIL. What does the window do meanwhile?"
ANSWERS = {
    "It goes on: the call is in another thread": (
        "The thread is another, but the GIL is the same, and the GUI thread needs it to take an event."
    ),
    "It stutters: the GIL changes hands every 5 ms": (
        "That is so with Python code. A call into C gives the GIL up by itself, or else when it returns."
    ),
    "It is frozen until the call returns": (
        "Nobody can take the GIL away from a call into C, and without it the GUI thread takes no event."
    ),
}
RIGHT = "It is frozen until the call returns"
STEPS = (
    {
        "says": "In a thread",
        "workload": "hold_gil",
        "runner": "thread_pool",
        "tasks": 1,
        "workers": 1,
        "params": {"blanks": 15_000},
        "look": "graphs",
    },
    {
        "says": "In a process",
        "workload": "hold_gil",
        "runner": "process_pool",
        "tasks": 1,
        "workers": 1,
        "params": {"blanks": 15_000},
        "look": "graphs",
    },
)
TAKE_HOME = "If a call keeps the GIL, no thread saves the window: only another process does."
TRY = (
    {"says": "On the GUI thread itself: no worse", "step": 1, "runner": "gui_thread"},
    {"says": "Four calls in four threads", "step": 1, "tasks": 4, "workers": 4},
)
SABOTEUR = {"step": 2, "runner": "thread_pool"}
WINDOW = True
SNIPPET = '''
import re
from concurrent.futures import ProcessPoolExecutor

from PySide6.QtCore import QCoreApplication, QTimer


def trim(blanks: int) -> int:
    """Keeps the GIL for a while, of whichever process it runs in."""
    line = "x" + " " * blanks + "x"
    return len(re.sub(r"[\\s\\u200c]+$", "", line))


if __name__ == "__main__":
    app = QCoreApplication([])
    ticks = 0

    def tick() -> None:
        global ticks
        ticks += 1
        if future.done():
            app.quit()

    with ProcessPoolExecutor(1) as pool:
        future = pool.submit(trim, 4_000)
        timer = QTimer(interval=10)
        timer.timeout.connect(tick)
        timer.start()
        app.exec()
    print(f"{ticks} ticks of the event loop while the call went on: {future.result():,}")
'''


def claims(thread: Run, process: Run) -> Iterator[tuple[bool, str]]:
    still_s = lag(thread).max / 1e3
    yield (
        still_s > 0.8 * thread.wall_s,
        f"In a thread the call took {thread.wall_s:.2f} s, and for {still_s:.2f} s of it the window stood still.",
    )
    assert process.startup_s is not None
    came_round = sum(beat > process.started + process.startup_s for beat in process.beats)
    yield (
        came_round > 5,
        f"While another process made it, the GUI thread came back to its events {came_round:,} times, and none had to "
        f"wait longer than {lag(process).max:,.0f} ms.",
    )
