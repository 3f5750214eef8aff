"""An event loop does one thing at a time: what blocks in it blocks all.

`await` lets the others go on while one waits. Awaited one after the other, five waits take as long as in a plain
function; `gather` begins all of them, and they take as long as the longest. But a call that blocks, a `time.sleep` or
a read of a file, does not let go: the loop stands still meanwhile, with everything in it. How late it was, a second
coroutine has measured here, which only wants to wake up every five milliseconds.

What blocks goes into a thread: `await asyncio.to_thread(...)`. What computes belongs into a process.
"""

from __future__ import annotations

import asyncio
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from ..sync import sleep

if TYPE_CHECKING:
    from collections.abc import Coroutine, Generator

    from ..engine.run import Run
    from ..sync.waits import Waits

TITLE = "Event loop"
ORDER = 120
UNIT = "waits"
RUNNER = "thread_per_task"
TASKS = 1
WORKERS = 1
SWITCH_MS = 0.5
SHARED = "make"
VERSIONS = {
    "awaited": {"right": False, "shows": "Awaits one after the other: as slow as without a loop."},
    "gather": {"right": True, "shows": "All wait at once."},
    "blocking": {
        "right": False,
        "shows": "Blocks in a coroutine: the loop stands still, and so do all others.",
    },
    "to_thread": {"right": True, "shows": "Blocks in threads: the loop goes on."},
}
WAITS = 5
BEAT_S = 0.005
LOOK_S = 0.05
"""So often the task can be paused and cancelled."""


def make(waits: Waits) -> SimpleNamespace:
    shared = SimpleNamespace(took_ms=0.0, late_ms=0.0)
    waits.watch("took (ms)", lambda: shared.took_ms)
    waits.watch("loop late (ms)", lambda: shared.late_ms)
    return shared


def awaited(shared: SimpleNamespace, *, each: float = 0.1) -> Generator[int, None, None]:
    """Await five waits, one after the other.

    Args:
        each: how long each of them is, in seconds (0.01 to 10)
    """

    async def main() -> None:
        for _ in range(WAITS):
            await asyncio.sleep(each)

    yield from run(main(), shared)


def gather(shared: SimpleNamespace, *, each: float = 0.1) -> Generator[int, None, None]:
    """Begin five waits, and await all of them.

    Args:
        each: how long each of them is, in seconds (0.01 to 10)
    """

    async def main() -> None:
        await asyncio.gather(*(asyncio.sleep(each) for _ in range(WAITS)))

    yield from run(main(), shared)


def blocking(shared: SimpleNamespace, *, each: float = 0.1) -> Generator[int, None, None]:
    """Begin five coroutines, each of which blocks.

    Args:
        each: how long each of them does, in seconds (0.01 to 10)
    """

    async def blocks() -> None:
        sleep(each)

    async def main() -> None:
        await asyncio.gather(*(blocks() for _ in range(WAITS)))

    yield from run(main(), shared)


def to_thread(shared: SimpleNamespace, *, each: float = 0.1) -> Generator[int, None, None]:
    """Begin five calls that block, each in a thread.

    Args:
        each: how long each of them does, in seconds (0.01 to 0.1)
    """

    async def main() -> None:
        await asyncio.gather(*(asyncio.to_thread(sleep, each) for _ in range(WAITS)))

    yield from run(main(), shared)


async def beat(shared: SimpleNamespace) -> None:
    """Note how late the loop is at most."""
    while True:
        due = time.perf_counter() + BEAT_S
        await asyncio.sleep(BEAT_S)
        shared.late_ms = max(shared.late_ms, (time.perf_counter() - due) * 1e3)


def run(main: Coroutine[Any, Any, None], shared: SimpleNamespace) -> Generator[int, None, None]:
    """Does what `asyncio.run` does, but lets go now and then, so that the task can be paused and cancelled."""
    loop = asyncio.new_event_loop()
    began = time.perf_counter()
    beats, work = loop.create_task(beat(shared)), loop.create_task(main)
    try:
        while not work.done():
            loop.run_until_complete(asyncio.wait({work}, timeout=LOOK_S))
            yield 0
        work.result()
        shared.took_ms = (time.perf_counter() - began) * 1e3
    finally:
        for task in (beats, work):
            task.cancel()
        loop.run_until_complete(asyncio.wait({beats, work}))
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
    yield WAITS


# ---------------------------------------------------------------- what is to be seen


def figures(run: Run) -> dict[str, float]:
    return {name: run.recorder.sharing.figure(name) for name in ("took (ms)", "loop late (ms)")}


def waits_at_once(awaited: Run, gather: Run) -> tuple[bool, str]:
    in_turn, at_once = (figures(run)["took (ms)"] for run in (awaited, gather))
    return in_turn > 2 * at_once, (
        f"{WAITS} waits took {in_turn:,.0f} ms one after the other, and {at_once:,.0f} ms with gather."
    )


def stands_still(blocking: Run, to_thread: Run) -> tuple[bool, str]:
    blocked, free = (figures(run)["loop late (ms)"] for run in (blocking, to_thread))
    each = blocking.settings.param("each") * 1e3
    return blocked > (WAITS - 1) * each > free, (
        f"The loop was {blocked:,.0f} ms late where coroutines blocked, and {free:,.0f} ms where threads did."
    )


def is_as_quick(gather: Run, to_thread: Run) -> tuple[bool, str]:
    at_once, in_threads = (figures(run)["took (ms)"] for run in (gather, to_thread))
    return in_threads < 3 * at_once, f"In threads they took {in_threads:,.0f} ms."


CLAIMS = (waits_at_once, stands_still, is_as_quick)
