"""Watches this very process, without a Thaw that listens: `watch()` in one line of one's own program or of a test.

watched = watch()                  # looks out for event loops from now on, also for those that run already
...
watched.frozen(began, ended)       # freezes in a stretch of time, judged at once, in any thread
watched.close()                    # tells the rest; `watched.messages` has all of it
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..monitors.freeze import CARD_OVER_S
from .agent import Agent
from .outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .messages import Frozen, Message


class Watch:
    """This process, watched."""

    def __init__(self, agent: Agent, keeper: _Keeper) -> None:
        self._agent, self._keeper = agent, keeper
        self._messages: list[Message] = []

    @property
    def messages(self) -> list[Message]:
        """All that was told so far, unless a function is told. What nobody has asked for is bounded: see `outbox`."""
        self._messages += self._keeper.outbox.take()
        return self._messages

    def frozen(self, start: float, end: float | None = None) -> list[Frozen]:
        """The freezes between two moments of `time.perf_counter`, each with what delivered it.

        Freezes are parts of gaps between two beats, cut off at these moments. Where no stack was taken of one, its
        `delivery` has no kind, and it is not sure that it was no line of the program's own.
        """
        return self._agent.frozen(start, time.perf_counter() if end is None else end)

    def wait_until_ready(self, longest_s: float = 5.0) -> bool:
        """Wait until the monitors look on; returns whether they do. They begin with the first event loop."""
        return self._agent.wait_until_ready(longest_s)

    def close(self) -> None:
        """Watch no longer; may be called again."""
        self._agent.end()


def watch(
    told: Callable[[Message], None] | None = None,
    *,
    over_s: float = CARD_OVER_S,
    folder: Path | None = None,
    has_dumps: bool = True,
) -> Watch:
    """Watch this process from now on. Call it in the thread of the event loop, where one runs already.

    Args:
        told: is called with each message, in a thread of ours, and nothing is kept; it is not to raise.
        over_s: stretches over this are freezes, in seconds.
        folder: of the program, whose lines are blamed first; None: of what runs as `__main__`.
        has_dumps: whether faulthandler's one timer in a process, `dump_traceback_later`, is ours to use; without it
            the line that held the GIL in C is not known.
    """
    keeper = _Keeper(told)
    agent = Agent(keeper, folder=folder, over_s=over_s, has_dumps=has_dumps)
    agent.install()
    return Watch(agent, keeper)


class _Keeper:
    """Keeps what is told, or has a function do so."""

    is_broken = False

    def __init__(self, told: Callable[[Message], None] | None) -> None:
        self.outbox = Outbox()
        self._told = told

    def put(self, message: Message) -> None:
        if self._told is not None:
            self._told(message)
        else:
            self.outbox.put(message)

    def step(self, longest_s: float = 0.0) -> list[Message]:
        return []

    def give_up(self) -> None:
        self.is_broken = True

    def close(self) -> None:
        self.is_broken = True
