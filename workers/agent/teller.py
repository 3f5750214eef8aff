"""The one thread that tells: ten times a second it gathers what the monitors have seen, and answers what is asked.

It begins the monitors, too, so that the program does not wait for their modules.
"""

from __future__ import annotations

import math
import os
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Any

from ..monitors.lag import PERIOD_S, SLOW_OVER_S
from ..monitors.process.collector import Wake
from ..monitors.stacks import has_gil, thread_idents, thread_names
from .messages import (
    Away,
    Beats,
    Dump,
    Frozen,
    Held,
    Interrupt,
    Leaks,
    Seen,
    Threads,
    Usage,
    Waits,
)
from .watching import hidden
from .watching.hidden import HiddenThread

if TYPE_CHECKING:
    from ..monitors.freeze import Freeze, Sighting
    from .messages import Bye
    from .protocols import Host, Sink
    from .watching.loop_watchdog import HiddenMeter, LoopWatchdog
    from .watching.watched_loop import WatchedLoop

EVERY_S = 0.1
USAGE_S = 1.0
RESTS = 4
"""So many times as long as a turn took it waits, where that is longer: beside threads that compute each call into the
system waits for the GIL, and until that is back no garbage is collected (`monitors.process.collector`)."""

HELD_OVER_S = 0.01
"""Less than this is what is left of a span that was told before."""

STOP_S = 1.0
FINISH_S = 2.0
"""At the end of the program the rest is to be gone by then."""


class Teller:
    """Tells of one loop, or of a program that has none. `start` and `stop` may come again and again."""

    def __init__(self, agent: Host, loop: WatchedLoop | None, sink: Sink) -> None:
        self._agent, self._loop, self._sink = agent, loop, sink
        self._thread: HiddenThread | None = None
        self._wake = Wake()
        self.is_ready = threading.Event()
        self._stops = self._said_hello = False
        self._dog: LoopWatchdog | None = None
        self._meter: HiddenMeter | None = None
        self._states: Any = None
        self._beats_to = self._figures_to = time.perf_counter() if loop is None else loop.lag.last_beat
        self._held_to = self._figures_to
        self._usage_at = self._away_told = 0.0

    def start(self) -> None:
        self._stops = False
        self._thread = HiddenThread(self._agent.fail, self._live)
        try:
            self._thread.start()
        except RuntimeError:  # no thread is left for it
            self._thread = None

    def stop(self) -> bool:
        """End all threads of ours; returns whether they have ended: one that waits for a listener is left behind."""
        self._stops = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(STOP_S)
            if self._thread.is_alive():
                self._sink.is_broken = True
                return False
            self._thread = None
        return True

    def frozen(self, start: float, end: float) -> list[Frozen]:
        """Any thread: the freezes between two moments, as far as the monitors have begun."""
        dog = self._dog
        return [] if dog is None else [Frozen(*one) for one in dog.frozen(start, end)]

    def finish(self, bye: Bye) -> None:
        """Any thread, after `stop`: tell the rest, and that it is over."""
        try:
            self._hello()
            if self._dog is not None:
                for freeze in self._dog.rest(bye.moment):
                    self._judge(freeze)
                self._gather(bye.moment)
            from .watching.thread_dumps import left_threads

            self._sink.put(Leaks(left_threads()))
            self._sink.put(bye)
            self._sink.step(FINISH_S)
        finally:
            self._sink.close()

    # ------------------------------------------------------------ its thread

    def _live(self) -> None:
        try:
            if self._dog is not None:
                self._wake.wait(EVERY_S)  # who has forked may do so again
                if self._stops:
                    return
            self._hello()
            self._exchange()  # at once: the program may crash before the monitors are there
            self._begin()
            took = 0.0
            while not self._stops and not self._sink.is_broken:
                self._wake.wait(max(EVERY_S, took * RESTS))
                began = time.perf_counter()
                self._gather()
                self._exchange()
                took = time.perf_counter() - began
        except Exception:
            self._agent.fail()
        finally:
            for monitor in (self._dog, self._meter):
                if monitor is not None:
                    monitor.close()
            if self._sink.is_broken:
                self._agent.leave()

    def _hello(self) -> None:
        if not self._said_hello:
            self._said_hello = True
            from .program import hello, program_folder

            self._agent.folder = self._agent.folder or program_folder()
            self._sink.put(hello(self._agent.folder, self._agent.began))

    def _begin(self) -> None:
        if self._dog is None:
            assert self._loop is not None
            from ..monitors.dump import DumpFile
            from ..monitors.guilt import SourceFiles
            from ..monitors.threads.states import ThreadStates
            from .watching.loop_watchdog import HiddenMeter, LoopWatchdog

            agent = self._agent
            assert agent.folder is not None
            files = SourceFiles(agent.folder, watched=True)
            dumps = partial(DumpFile, agent.stacks) if agent.has_dumps else None
            self._dog = LoopWatchdog(self._loop, files, agent.over_s, dumps, agent.fail)
            self._dog.told, self._dog.judged = self._see, self._judge
            self._meter, self._states = HiddenMeter(agent.fail), ThreadStates(EVERY_S)
        assert self._meter is not None
        try:
            self._dog.start()
            self._meter.start()
        except RuntimeError:  # no thread is left for them; from Python 3.12 on also when the program ends
            self._stops = True
            return
        self.is_ready.set()

    def _see(self, sighting: Sighting) -> None:
        """The watchdog's thread: a freeze lasts."""
        assert self._dog is not None
        delivered = self._dog.looked_at.delivery(sighting.started, time.perf_counter())
        self._sink.put(Seen(sighting, delivered))
        self._wake.set()

    def _judge(self, freeze: Freeze) -> None:
        """The watchdog's thread: a freeze is over."""
        assert self._dog is not None
        self._sink.put(Frozen(freeze, self._dog.delivery(freeze)))
        self._wake.set()

    def _gather(self, ends_at: float | None = None) -> None:
        """What is new; at the end of all, that moment counts as a beat."""
        dog, meter, loop = self._dog, self._meter, self._loop
        assert dog is not None
        assert meter is not None
        assert loop is not None
        now = time.perf_counter()
        loop.lag.trim()
        self._agent.look_for_errors()
        self._gather_beats(now, [] if ends_at is None else [ends_at])
        since = math.nextafter(self._figures_to, math.inf)
        if waits := meter.waits(since, now):
            self._sink.put(Waits(tuple(waits)))
        held_to = dog.looked_to if ends_at is None else now
        held = tuple(span for span in dog.held(self._held_to, held_to) if span[1] - span[0] > HELD_OVER_S)
        if held:
            self._sink.put(Held(held))
        self._held_to = held_to
        self._figures_to = now
        if changes := self._states.look(hidden.idents):
            self._sink.put(Threads(tuple(changes)))
        if now >= self._usage_at:
            from ..monitors.resources import MIB, resident_bytes

            self._usage_at = now + USAGE_S
            memory_mib = (resident_bytes([os.getpid()]) or 0) / MIB
            threads = len((thread_idents() if has_gil() else thread_names().keys()) - hidden.idents)
            self._sink.put(Usage(now, time.process_time(), memory_mib, threads))

    def _gather_beats(self, now: float, more: list[float]) -> None:
        """The new beats, and such as stand for the time of the program's own lines."""
        assert self._dog is not None
        assert self._loop is not None
        beats = [*self._loop.lag.beats(math.nextafter(self._beats_to, math.inf), now), *more]
        found: list[float] = []
        before = self._beats_to
        for beat in beats:
            if beat - before > SLOW_OVER_S:
                for began, ended in self._dog.looked_at.own_lines(before, beat):
                    found += [began + PERIOD_S * step for step in range(1, int((ended - began) / PERIOD_S))]
                    if ended - began > self._agent.over_s:
                        self._sink.put(Away(began, ended))
            found.append(beat)
            before = beat
        if found:
            self._sink.put(Beats(tuple(found)))
        elif now - self._beats_to > self._agent.over_s and now - self._away_told > self._agent.over_s:
            if own := self._dog.looked_at.own_lines(self._beats_to, now):
                if own[-1][1] == now:
                    self._away_told = now
                    self._sink.put(Away(*own[-1]))
        self._beats_to = before

    def _exchange(self) -> None:
        for ask in self._sink.step():
            if isinstance(ask, Dump):
                from .watching.thread_dumps import dump

                self._sink.put(dump())
            elif isinstance(ask, Interrupt):
                from .watching.interrupting import interrupt

                self._sink.put(interrupt(self._loop))
            self._wake.set()  # it is to go out at once
