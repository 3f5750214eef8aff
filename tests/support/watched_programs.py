"""A watched program in memory: a watcher without a process, which is told what an agent would tell."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from workers.agent import messages
from workers.agent.messages import Delivery, Hello, Loop, Message, Seen
from workers.monitors.freeze import Freeze, Line, Sighting, Stack
from workers.monitors.lag import PERIOD_S
from workers.monitors.threads.changes import Change
from workers.watch.watched import Watched
from workers.watch.watcher import Watcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from workers.engine.run import Run
    from workers.watch.program import Program

SOURCE = '''"""A program with a button that freezes it."""

import time


class Window:
    def on_click(self) -> None:
        load(0.5)


def load(seconds: float) -> int:
    """Load a file."""
    time.sleep(seconds)
    return 1


if __name__ == "__main__":
    Window().on_click()
'''
AGO_S = 10.0
"""So long ago each was started: all that is told of it lies in the past, however slow the machine is."""

SLEEPS, CALLS = 13, 8
"""The lines of SOURCE that sleep, and that call the function which does."""


class MadeWatcher(Watcher):
    """Tells of a program that was never started.

    Attributes:
        asked: what was asked of it: "dump", "interrupt", "stop", "kill", "leave".
        linked: whether its agent is there.
    """

    made: ClassVar[list[MadeWatcher]] = []
    """All that were started, the newest last."""

    def __init__(
        self,
        program: Program,
        told: Callable[[Message], None] = lambda message: None,
        ended: Callable[[Run], None] = lambda run: None,
    ) -> None:
        super().__init__(program, told, ended)
        self.watched = Watched(program, time.perf_counter() - AGO_S)
        self.asked: list[str] = []
        self.linked = True
        self.written = ""

    @property
    def is_linked(self) -> bool:
        return self.linked

    @property
    def is_over(self) -> bool:
        return self.run.ended is not None

    def wait(self, timeout: float | None = None) -> bool:
        return self.is_over

    @property
    def stacks(self) -> str:
        return self.written

    def start(self) -> None:
        self.made.append(self)

    def dump(self) -> bool:
        self.asked.append("dump")
        return True

    def interrupt(self) -> bool:
        self.asked.append("interrupt")
        return True

    def stop(self) -> None:
        self.asked.append("stop")

    def kill(self) -> None:
        self.asked.append("kill")

    def leave(self) -> None:
        self.asked.append("leave")
        self.end(None)

    # ------------------------------------------------------------ what it tells

    def tell(self, *told: Message) -> None:
        for message in told:
            self._take(message)

    def end(self, code: int | None = 0, why: str = "") -> None:
        """It ends with its last beat, or else after a second."""
        self.linked = False
        at = self.run.beats[-1] if self.run.beats else self.run.started + 1.0
        self._ended(self.watched.end(at, code, why))

    def greet(self) -> None:
        """Its agent says who it is."""
        start = self.run.started
        self.tell(
            Hello(
                messages.VERSION, 4321, "3.12.1", "/usr/bin/python3", ("my_app.py",), "/", (), True, 0.0, start
            )
        )

    def begin_loop(self, after_s: float = 0.1) -> None:
        """An event loop begins."""
        self.tell(Loop("qt", "PySide6", "6.11.2", 1, "MainThread", self.run.started + after_s))

    def beat(self, since_s: float, until_s: float) -> None:
        """Beats from one moment to another, in seconds since the start."""
        count = round((until_s - since_s) / PERIOD_S) + 1
        moments = tuple(self.run.started + since_s + number * PERIOD_S for number in range(count))
        self.tell(messages.Beats(moments))

    def sight(self, path: Path, since_s: float, silent_s: float, line: int = SLEEPS) -> None:
        """It is seen to be frozen."""
        sighting = Sighting(
            self.run.started + since_s, silent_s, "sleep", "GUI thread", line_of(path, line, "load")
        )
        self.tell(Seen(sighting, Delivery("slot", "Window.on_click", str(path), CALLS - 1)))

    def freeze(self, path: Path, since_s: float, until_s: float, line: int = SLEEPS) -> None:
        """It was frozen."""
        start = self.run.started
        stack = (line_of(path, CALLS, "on_click"), line_of(path, line, "load"))
        source = tuple(enumerate(SOURCE.splitlines()[line - 3 : line + 2], line - 2))
        calls = tuple((one.file, one.number, one.function) for one in stack)
        freeze = Freeze(
            start + since_s, start + until_s, "sleep", "GUI thread", stack, 1, source, 20, 1.0
        )._replace(stacks=(Stack(calls, 20, until_s - since_s),))
        self.tell(messages.Frozen(freeze, Delivery("slot", "Window.on_click", str(path), CALLS - 1)))

    def change(self, at_s: float, ident: int, name: str, state: str) -> None:
        """A thread does something else."""
        self.tell(messages.Threads((Change(self.run.started + at_s, ident, name, state),)))


def line_of(path: Path, number: int, function: str) -> Line:
    return Line(str(path), number, function, SOURCE.splitlines()[number - 1].strip())
