"""What measures a run: told in the GUI thread of its begin and its end, whatever threads it has of its own.

All of this folder runs on Python 3.9 and imports nothing of the rest, so that it may measure in any process.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

AnyRun = TypeVar("AnyRun", contravariant=True)


class MeasuredRun(Protocol):
    """What probes know of a run; each says further what it puts in."""

    @property
    def span(self) -> tuple[float, float]:
        """Its begin and its end, in seconds of `time.perf_counter`; now where it has not ended."""


class Joinable(Protocol):
    """A thread."""

    def start(self) -> None: ...

    def join(self) -> None: ...


class Probe(Generic[AnyRun]):
    """Measures one run at a time. A probe redefines what it needs; what serves several runs it makes and closes itself.

    `begin` is followed by `finish` or `abandon`; after an `abandon` there may still be a `finish`.
    """

    def begin(self, run: AnyRun, runner: object) -> None:
        """A run begins: called just before its runner starts."""

    def finish(self, run: AnyRun) -> None:
        """A run has ended, and its runner is not closed yet: put in what was seen, also where no event ever came."""

    def abandon(self) -> None:
        """A run could not start, or nobody waits for its end: leave no thread that `begin` made. May come again."""


class Instrument(Probe[AnyRun]):
    """A probe that a person may turn on and off, made with the `LagMonitor` of the GUI thread.

    Its file is found by its literals: NAME, as on the command line, and TITLE, as in the menu.

    Attributes:
        thread_class: what its own thread is made of.
    """

    thread_class: Callable[..., Joinable] = threading.Thread

    def start(self) -> None:
        """Begin to look; without effect while it does."""

    def close(self) -> None:
        """End what `start` began; returns when it has ended. `start` may come before, or after."""
