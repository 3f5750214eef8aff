"""Qt has an event loop, and asyncio has one. Each wants a thread for itself.

`await` gives way to other coroutines of the same loop. It does not give way to the window: while `asyncio.run` goes on
in a slot, Qt's loop waits for the slot to end.

So asyncio gets a thread of its own. The GUI thread hands coroutines to its loop by `asyncio.run_coroutine_threadsafe`,
and what comes of them comes back by a signal. Even a call that blocks stops only that loop then, and not the window.
(PySide6.QtAsyncio is another way: it has Qt's loop run the coroutines. Then a call that blocks freezes the window.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs.loop import figures
from ._seen import lag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "asyncio and Qt"
ORDER = 200
MINUTES = 3
WINDOW = True
ASKS = "A slot calls asyncio.run, in which five coroutines await asyncio.sleep(0.9). What does the window do meanwhile?"
ANSWERS = {
    "It stays smooth": "await gives way to coroutines of the same loop. The window is not one of them.",
    "It is frozen for about a second": "The slot ends when the coroutines have, and until then Qt's loop waits.",
    "It is frozen for about five seconds": "The five wait at the same time, so it takes as long as one of them.",
}
RIGHT = "It is frozen for about a second"
STEPS = (
    {
        "says": "The loop in the GUI thread, as in a slot",
        "workload": "loop.gather",
        "runner": "gui_thread",
        "params": {"each": 0.9},
        "look": "graphs",
    },
    {
        "says": "The same loop in a thread of its own",
        "workload": "loop.gather",
        "params": {"each": 0.9},
        "look": "graphs",
    },
    {
        "says": "There, five calls that block, 0.15 s each",
        "workload": "loop.blocking",
        "params": {"each": 0.15},
        "look": "graphs",
    },
)
TAKE_HOME = "An asyncio loop goes into a thread of its own; its results come to the window by a signal."
TRY = ({"says": "The calls that block, in the GUI thread", "step": 3, "runner": "gui_thread"},)
SABOTEUR = {"step": 2, "runner": "gui_thread"}
SNIPPET = """
import asyncio
from threading import Thread

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QLabel


class Results(QObject):
    came = Signal(str)  # from any thread; its slots run in the GUI thread


async def fetch() -> None:
    await asyncio.sleep(0.2)  # in place of a download
    results.came.emit("It is there.")


app = QApplication([])
label = QLabel("Wait ...")
label.show()
results = Results()
results.came.connect(label.setText)
results.came.connect(app.quit)
loop = asyncio.new_event_loop()
thread = Thread(target=loop.run_forever)
thread.start()
asyncio.run_coroutine_threadsafe(fetch(), loop)
app.exec()
loop.call_soon_threadsafe(loop.stop)
thread.join()
loop.close()
"""
FEW, MANY = 1, 5
"""Beats of the window: it has 100 a second where it has nothing else to do."""


def claims(in_slot: Run, own_thread: Run, blocking: Run) -> Iterator[tuple[bool, str]]:
    still, free, late = lag(in_slot), lag(own_thread), figures(blocking)["loop late (ms)"]
    yield (
        still.beats <= FEW and still.longest_freeze_s > 0.8 * in_slot.wall_s,
        f"With the loop in the GUI thread the window stood still for {still.longest_freeze_s:.2f} of "
        f"{in_slot.wall_s:.2f} s.",
    )
    yield (
        free.beats > MANY,
        f"With the loop in a thread of its own Qt's loop came round {free.beats:,} times meanwhile, and "
        f"{still.beats:,} times before.",
    )
    yield (
        lag(blocking).beats > MANY,
        f"Calls that blocked made that loop {late:,.0f} ms late, and Qt's came round {lag(blocking).beats:,} times.",
    )
