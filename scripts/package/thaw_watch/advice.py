"""What helps against a freeze, in a program of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.monitors.freeze import GUI, Freeze
else:
    from ._thaw.monitors.freeze import GUI

IN_LOOP = (
    "No Python ran: the event loop itself was busy (in Qt: painting, a layout, a slot in C++), or a function in C was "
    "called by it. Give it less at a time: fewer rows, smaller pictures, a model that fetches more when it is asked."
)
POLITE = (
    "Threads that compute in Python take the GIL from the GUI thread at every turn. "
    "Let them take turns (thaw_watch.polite), or compute in another process."
)
ADVICE = {
    "python": "It computes in Python. Another process has a GIL of its own (ProcessPoolExecutor); a thread leaves the "
    "window alive if it is polite (thaw_watch.polite).",
    "c_gil": "It keeps the GIL inside of C, so a thread would freeze the window too: only another process helps.",
    "c": "It computes in C without the GIL: in a thread (QThread, ThreadPoolExecutor) it runs beside the window.",
    "io": "It waits for I/O: a thread would wait without holding the GIL, so the window stays responsive.",
    "network": "It waits for the network: let a thread wait, or ask by the loop's own means (QNetworkAccessManager, "
    "asyncio).",
    "sleep": "It sleeps: a timer of the event loop waits without blocking (QTimer, after, asyncio.sleep), and so does "
    "a thread.",
    "lock": "It waits for another thread: let that tell when it is done (a signal, call_soon_threadsafe), and go on.",
    "unknown": "What it did is not known; most work may go into a thread.",
}


def advise(freeze: Freeze, *, in_python: bool) -> str:
    """A sentence or two.

    Args:
        freeze: what froze.
        in_python: whether the loop had called anything in Python.
    """
    if freeze.holder != GUI:
        return POLITE
    return ADVICE[freeze.kind] if in_python else IN_LOOP
