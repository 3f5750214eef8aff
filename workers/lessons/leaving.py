"""A program that has come to its end waits for its plain threads, and does not wait for daemon threads.

A daemon thread is cut off wherever it is just then. Its `finally` does not run, and what its files have in their
buffers is never written. So `daemon=True` is for threads that have nothing to lose. Ask the others to end, by an Event
that they look at, and join them.

The other way round, threads stay that nobody needs any more. Those of a pool wait for the next job until the pool is
shut down. A program that makes a pool for each request, and keeps it somewhere, has more threads after each of them.
A `with` block shuts the pool down when it is left, also by an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import leak, leaving

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Starting, joining, leaving"
ORDER = 150
MINUTES = 3
ASKS = "A daemon thread has written a few of its 30 short lines when the program ends. What is in the file?"
ANSWERS = {
    "All 30 lines": "That is so with a plain thread: the program waits for it, even if nobody joins it.",
    "The lines that it has written so far": "They were in the file's buffer, which is written when it is full or "
    "the file is closed. The thread was cut off before it could close the file.",
    "Nothing": "The lines were still in the file's buffer, and the thread was cut off before it could close the file.",
}
RIGHT = "Nothing"
STEPS = (
    {"says": "A daemon thread writes, and the program ends", "workload": "leaving.daemon", "look": "code"},
    {"says": "The thread is joined first", "workload": "leaving.joined", "look": "code"},
    {"says": "50 pools, each kept", "workload": "leak.kept", "params": {"pools": 50}, "look": "timeline"},
    {
        "says": "50 pools, each in a with block",
        "workload": "leak.with_block",
        "params": {"pools": 50},
        "look": "timeline",
    },
)
TAKE_HOME = "Whoever starts a thread also ends it: ask it to end, join it, and let with do that for a pool."
TRY = (
    {"says": "Ask the thread to end, and join it", "step": 2, "workload": "leaving.asked"},
    {"says": "One pool for all requests", "step": 4, "workload": "leak.one_pool"},
)
SABOTEUR = (
    {"step": 2, "workload": "leaving.daemon"},
    {"step": 4, "workload": "leak.kept"},
)
SNIPPET = """
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

leave = Event()


def write() -> None:
    try:
        while not leave.wait(0.01):
            pass  # a little of the work
    finally:
        print("closed in order")


thread = Thread(target=write)
thread.start()
try:
    with ThreadPoolExecutor(4) as pool:  # its threads are gone behind this block
        print(sum(pool.map(len, ["one", "two", "three"])))
finally:
    leave.set()  # ask the thread to end
    thread.join()  # and wait until it has
"""


def claims(daemon: Run, joined: Run, kept: Run, with_block: Run) -> Iterator[tuple[bool, str]]:
    is_cut_off, text = leaving.is_cut_off(daemon)
    yield is_cut_off and leaving.figures(daemon)["lines"] == 0, text
    yield leaving.is_whole(joined)
    yield leak.leaks(kept)
    yield leak.leaves_none(with_block)
