"""What helps against a freeze, in a program of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workers.monitors.freeze import GUI, Freeze
else:
    from ._thaw.monitors.freeze import GUI

IN_QT = (
    "No Python ran: Qt itself was busy, with painting, a layout or a slot in C++, or a function in C was the slot. "
    "Give it less at a time: fewer rows, smaller pictures, a model that fetches more when it is asked."
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
    "network": "It waits for the network: let a thread wait, or use QNetworkAccessManager.",
    "sleep": "It sleeps: a QTimer waits without blocking, and so does a thread.",
    "lock": "It waits for another thread: let that emit a signal when it is done, and do not wait.",
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
    return ADVICE[freeze.kind] if in_python else IN_QT
