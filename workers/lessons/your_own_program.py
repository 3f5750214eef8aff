"""A program of yours stands still now and then. Which line is it? Somebody has to look while it lasts.

Thaw's watchdog is a thread that does: as long as the event loop handles nothing, it takes the stack of its thread,
forty times a second, and blames the innermost line that is your own. It also sees what that line does. What helps
depends on this: what waits may wait in a thread, what computes in Python needs another process.

These runs stand for your program. The room Watch does the same with any other, which stays as it is: `scripts/run
--watch my_app.py` starts it, listens, and names the line while it is frozen, with what called it.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from ..reports.freeze_words import told_of
from ._seen import lag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run
    from ..monitors.freeze import Freeze

TITLE = "Your own program"
ORDER = 210
MINUTES = 3
WINDOW = True
ASKS = "A window stands still for a second, a few times an hour. How do you find the line that does it?"
ANSWERS = {
    "With a profiler: it is the line with the most time": (
        "A profiler adds up an hour. A second of it hides among all else, and a line that only waits uses no processor."
    ),
    "Look at the stack while it is frozen": "Just then the line that does it is on the stack, whatever it does.",
    "Print the time before and after each slot": (
        "That finds the slot, if it was written into all of them. The line may be ten calls further in."
    ),
}
RIGHT = "Look at the stack while it is frozen"
STEPS = (
    {
        "says": "A slot that waits",
        "workload": "sleep",
        "runner": "gui_thread",
        "tasks": 1,
        "params": {"seconds": 0.8},
        "look": "runs",
    },
    {"says": "A slot that computes", "workload": "primes", "runner": "gui_thread", "tasks": 3, "look": "runs"},
    {
        "says": "The same wait in a thread",
        "workload": "sleep",
        "runner": "thread_pool",
        "tasks": 1,
        "params": {"seconds": 0.8},
        "look": "graphs",
    },
)
TAKE_HOME = (
    "Look at the stack while the program is frozen: it has the line, and what the line does says what helps."
)
TRY = ({"says": "What computes, in a thread", "step": 2, "runner": "thread_pool"},)
SABOTEUR = {"step": 3, "runner": "gui_thread"}
SNIPPET = """
import sys
import time

from PySide6.QtCore import QObject, QThreadPool, Signal
from PySide6.QtWidgets import QApplication, QPushButton


class Loader(QObject):
    loaded = Signal(str)

    def load(self) -> None:
        time.sleep(0.3)  # the line that Watch named, while the slot called it by itself
        self.loaded.emit("It is there.")


app = QApplication(sys.argv)
button = QPushButton("Load")
loader = Loader()
loader.loaded.connect(button.setText)
loader.loaded.connect(app.quit)
button.clicked.connect(lambda: QThreadPool.globalInstance().start(loader.load))
button.show()
button.click()  # returns at once
app.exec()
print(button.text())
"""


def claims(waits: Run, computes: Run, free: Run) -> Iterator[tuple[bool, str]]:
    first, second = told_of(waits.freezes), told_of(computes.freezes)
    yield (
        named(first, "sleep.py") and first is not None and first.kind == "sleep",
        f"The window stood still for {lag(waits).max / 1e3:.2f} s: {told(first)}. It slept.",
    )
    yield (
        named(second, "primes.py") and second is not None and second.kind == "python",
        f"Then for {lag(computes).max / 1e3:.2f} s: {told(second)}. It computed in Python.",
    )
    yield (
        not named(told_of(free.freezes), "sleep.py"),
        f"With the wait in a thread the window was at most {lag(free).max:,.0f} ms late, and for no line of it.",
    )


def named(freeze: Freeze | None, file: str) -> bool:
    """Whether the line to blame is of a file."""
    return freeze is not None and freeze.line is not None and PurePath(freeze.line.file).name == file


def told(freeze: Freeze | None) -> str:
    """Which line was blamed, in how many stacks."""
    if freeze is None or freeze.line is None:
        return "no line was found"
    line, seen = freeze.line, round(freeze.share * freeze.samples)
    return f"{PurePath(line.file).name}:{line.number} in {seen} of {freeze.samples} stacks"
