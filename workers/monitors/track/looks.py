"""Takes stacks of a thread that stays awake for long. In a thread of its own, which sleeps while that one does not."""

from __future__ import annotations

import linecache
import re
import sys
import threading
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ..guilt import LOOP
from ..guilt import REST as RESTING
from ..stacks import stack_of, title
from .alarm import Alarm

if TYPE_CHECKING:
    from types import CodeType

    from ..stacks import Call

SAMPLE_AFTER_S, LATEST_S = 0.005, 0.009
"""When it has been awake for so long its first stack is taken, at the latest: a slot of 20 ms is not missed, even where
the thread that takes it waits for the GIL as long as for a turn."""

AGAIN = 1 / 16
"""Each further one is taken when it has been awake for so much longer; not before SAMPLE_AFTER_S."""

SLACK_S = 0.002
"""It may wake so much too late without an alarm."""

MAX_SAMPLES = 1_000
PASSING = ("event", "eventFilter")
_EVENTS = re.compile(LOOP.pattern + r"|\bprocessEvents\(")


class Sample(NamedTuple):
    """One look at the thread.

    Attributes:
        moment: when.
        called: the function that the event loop called; empty where it called none.
        file, line: where it stood.
        in_loop: whether that is the function that runs the event loop: then `called` is that one, too.
    """

    moment: float
    called: str
    file: str
    line: int
    in_loop: bool = False

    @property
    def slot(self) -> str:
        """The function that the event loop called; empty where it called none.

        To be asked for later: beside a thread that computes it takes longer than many a slot to read a file.
        """
        looks_for_events = self.in_loop and _EVENTS.search(linecache.getline(self.file, self.line))
        return "" if looks_for_events else self.called

    @property
    def waits(self) -> bool:
        """Whether it slept, or waited for a lock, input or output, by the words in its line."""
        # By the words of the line: to parse it here as well as in the GUI thread upsets Python 3.11.
        return bool(RESTING.search(linecache.getline(self.file, self.line)))


class Looks:
    """The looks at one thread. Make it there; it calls `rest` and `wake`.

    Attributes:
        samples: what was seen; whoever uses it takes it out.
        woke: since when the thread is awake; 0.0 while it rests.
        loop: the function that ran the event loop when it woke: what it calls are the slots.
        machinery: the modules of what the event loop calls for the track's own sake: nothing is named after it.
    """

    def __init__(self) -> None:
        self.samples: deque[Sample] = deque(maxlen=MAX_SAMPLES)
        self.woke = 0.0
        self.loop: CodeType | None = None
        self.machinery: frozenset[str] = frozenset()
        self._ident = threading.get_ident()
        self._alarm: Alarm | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if sys.platform != "linux":
            return
        self._alarm = Alarm()
        thread = threading.Thread(target=self._watch, args=(self._alarm,), name="main thread", daemon=True)
        thread.start()
        self._thread = thread

    def close(self) -> None:
        """End what `start` began, if it was called; returns when it has ended."""
        thread, alarm, self._thread, self._alarm = self._thread, self._alarm, None, None
        if alarm is not None:
            if thread is not None:
                alarm.set(time.perf_counter())
                thread.join()
            alarm.close()

    def rest(self, due: float) -> None:
        """The thread rests, until then at the latest."""
        self.woke, alarm = 0.0, self._alarm
        if alarm is not None and alarm.moment < due + SLACK_S:
            alarm.set(due + LATEST_S)

    def wake(self, now: float, loop: CodeType) -> None:
        """It wakes."""
        self.woke, self.loop, alarm = now, loop, self._alarm
        if alarm is not None and not now < alarm.moment < now + LATEST_S:
            alarm.set(now + SAMPLE_AFTER_S)

    def _watch(self, alarm: Alarm) -> None:
        while True:
            alarm.wait()
            if self._alarm is None:
                break
            moment, woke = self.look()
            # Unless it has come to rest in the meantime, and set the alarm itself.
            if woke and self.woke == woke:
                alarm.set(moment)

    def look(self) -> tuple[float, float]:
        """Take a stack of the thread, if it is awake; returns when to look again, and since when it was awake."""
        woke, loop = self.woke, self.loop
        now = time.perf_counter()
        if woke and loop is not None:
            stack = stack_of(self._ident)
            if stack and woke == self.woke:
                innermost, line = stack[0].code, stack[0].line or 0
                called, in_loop = self._called(stack, loop), innermost is loop
                self.samples.append(Sample(now, called, innermost.co_filename, line, in_loop))
        return now + max(SAMPLE_AFTER_S, (now - woke) * AGAIN), woke

    def _called(self, stack: list[Call], loop: CodeType) -> str:
        """The function that the event loop called, which is the one inside of the loop's own caller; or that one."""
        at = next((at for at, call in enumerate(stack) if call.code is loop), -1)
        if at > 0:
            # A widget's `event` only hands on to what has a better name.
            called = (call for call in reversed(stack[:at]) if call.code.co_name not in PASSING)
            outermost = next(called, stack[at - 1])
            return "" if outermost.names.get("__name__") in self.machinery else title(outermost.code)
        return title(loop)
