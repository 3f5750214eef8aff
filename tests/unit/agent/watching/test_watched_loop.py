"""Whether a stack is inside of what an event loop delivered, of one that waits, or of the program's own lines."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import suppress
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from workers.agent.loops import asyncio_events
from workers.agent.watching.watched_loop import WatchedLoop
from workers.monitors.stacks import stack_of

if TYPE_CHECKING:
    from workers.monitors.stacks import Call


class Watched:
    """A loop of asyncio that runs in a thread of its own, and beats."""

    def __init__(self) -> None:
        self.goes, self.is_done = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._live)
        self.thread.start()

    def _live(self) -> None:
        self.watched = WatchedLoop("asyncio")
        asyncio.run(self._main())
        self.is_done.wait(20)

    async def _main(self) -> None:
        self.loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        host: Any = SimpleNamespace(
            kind_here=lambda: "", is_over=False, watch=lambda *told: self.watched, at_end=[]
        )
        asyncio_events._begin(self.loop, host)
        await self._over.wait()

    def blocked(self) -> None:
        self.goes.wait(20)

    def end(self) -> None:
        with suppress(RuntimeError):  # it has ended
            self.loop.call_soon_threadsafe(self._over.set)

    def until_it_stands_in(self, *functions: str) -> list[Call]:
        until = time.monotonic() + 20
        while True:
            stack = stack_of(self.thread.ident or 0)
            if {call.code.co_name for call in stack} >= set(functions):
                return stack
            assert time.monotonic() < until, [call.code.co_name for call in stack]

    def inside(self, stack: list[Call]) -> int:
        """As told of a stack, and of a dump of the same."""
        dumped = self.watched.inside_dump([call.place for call in reversed(stack)])
        inside = self.watched.inside(stack)
        assert inside == dumped
        return inside


def test_a_loop_of_asyncio_that_waits_for_events_is_no_line_of_the_programs() -> None:
    """Or nobody would be told of another thread that keeps the GIL meanwhile."""
    program = Watched()
    try:
        program.until_it_stands_in("select", "_run_once")
        until = time.monotonic() + 20
        while len(program.watched.lag.beats(0.0, time.perf_counter())) < 4:
            assert time.monotonic() < until, "it does not beat"
        assert program.inside(program.until_it_stands_in("select", "_run_once")) == 0
        program.loop.call_soon_threadsafe(program.blocked)
        stack = program.until_it_stands_in("blocked", "wait")
        inside = program.inside(stack)
        assert stack[inside - 1].code.co_name == "blocked"
        program.goes.set()
        program.end()
        own = program.until_it_stands_in("_live", "wait")
        while "_main" in (names := [call.code.co_name for call in own]) or "_run_once" in names:
            own = program.until_it_stands_in("_live", "wait")
        assert program.inside(own) == -1
    finally:
        program.goes.set()
        program.end()
        program.is_done.set()
        program.thread.join()
