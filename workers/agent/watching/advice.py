"""What helps against a freeze in a program of a person's own, in a sentence or two."""

from __future__ import annotations

NO_GIL = "It computes, and this Python has no GIL: threads compute beside the window."
IN_LOOP = (
    "No Python ran: the event loop itself was busy (in Qt: painting, a layout, a slot in C++, JavaScript in QML), or a "
    "function in C was called by it. Give it less at a time: fewer rows, smaller pictures, a model that fetches more "
    "when it is asked."
)
OTHER_THREAD = "This thread keeps the GIL from the event loop: let it take turns ({polite}), or use a process."
ADVICE = {
    "python": "It computes in Python. Another process has a GIL of its own (ProcessPoolExecutor); a thread leaves the "
    "window alive if it is polite ({polite}).",
    "c_gil": "It keeps the GIL inside of C, so a thread would freeze the window too: only another process helps.",
    "c": "It computes in C without the GIL: in a thread (QThread, ThreadPoolExecutor) it runs beside the window.",
    "loop": IN_LOOP,
    "io": "It waits for I/O: a thread would wait without holding the GIL, so the window stays responsive.",
    "network": "It waits for the network: let a thread wait, or ask by the loop's own means (QNetworkAccessManager, "
    "asyncio).",
    "sleep": "It sleeps: a timer of the event loop waits without blocking (QTimer, after, asyncio.sleep), and so does "
    "a thread.",
    "lock": "It waits for another thread: let that tell when it is done (a signal, call_soon_threadsafe), and go on.",
    "unknown": "What it did is not known; most work may go into a thread, unless it touches the window itself.",
}
"""By what the guilty line did, a key of `freeze.KINDS`."""


def advise(kind: str, *, is_loop: bool, polite: str, in_python: bool = True, gil_enabled: bool = True) -> str:
    """What would have kept a program from a freeze.

    Args:
        kind: of the freeze (`freeze.KINDS`).
        is_loop: whether the event loop's own thread did it, and no other that held the GIL.
        polite: where it stands how a thread is polite.
        in_python: whether the loop had called anything in Python.
        gil_enabled: whether the program's Python has a GIL.
    """
    if is_loop and not in_python:
        return IN_LOOP
    if kind == "python" and not gil_enabled:
        return NO_GIL
    return (OTHER_THREAD if kind == "python" and not is_loop else ADVICE[kind]).format(polite=polite)
