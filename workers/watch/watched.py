"""Folds what a watched program tells into a `Run` of one task, the program. In the watcher's thread."""

from __future__ import annotations

import os
import platform
import time
from array import array
from bisect import bisect_right
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..agent import messages
from ..agent.loops import GRAPHICAL
from ..catalog.lookup import WATCH
from ..engine.plan import Settings
from ..engine.run import Run
from ..engine.task import Phase, TaskEvent
from ..monitors.dump import guilty_line
from ..monitors.freeze import CARD_OVER_S, GUI, Freeze
from ..monitors.guilt import SourceFiles
from ..monitors.lag import PERIOD_S, between, summarize_beats
from ..monitors.resources import Resources
from ..reports.summary import usable_cpus
from ..run_files.writer import SavedPlan
from ..utils.formatting import seconds

if TYPE_CHECKING:
    from ..monitors.freeze import Line
    from .program import Program

NUMBER = 0
"""Of the one task."""

LOOPS = {"qt": "Qt", "tk": "tkinter", "asyncio": "asyncio"}
MAX_NOTES, MAX_UNCAUGHT = 50, 1_000
"""More are only counted."""

MAX_KNOWN = 50_000
"""So many different calls and stacks are known at a time, to be shared."""

Plain = TypeVar("Plain")


class Watched:
    """A run that grows.

    Attributes:
        run: what is known by now. It is only added to until `end`, so it may be looked at in any thread.
        hello: what the agent said first; None before it did.
        loops: the event loops that were watched, the oldest first.
        uncaught: the tracebacks of exceptions that nobody caught, the newest MAX_UNCAUGHT of `uncaught_count`.
        said_bye: whether the program came to its own end.
        sighting: what is seen of a freeze that lasts; None while the loop runs.
        cpu_s: the processor time that it has used, in seconds.
        memory_mib: the most memory that it had, in MiB; 0.0 where that is not known.
    """

    def __init__(self, program: Program, started: float) -> None:
        """Begin a run.

        Args:
            program: what is watched.
            started: when it was started, or found running, in seconds of `time.perf_counter`.
        """
        settings = Settings.named(WATCH, WATCH, 1, 1, (("program", program.title),))
        self.run = run = Run(SavedPlan(settings, "programs", [program.title]), NUMBER)
        run.started = run.recorder.started = run.recorder.last_final = run.idle_since = started
        run.began = time.time() - (time.perf_counter() - started)
        run.recorder.fold([TaskEvent(NUMBER, Phase.STARTED, started, 0.0, program.name)])
        run.environment = {"platform": platform.platform(), "cpus": usable_cpus()}
        self.hello: messages.Hello | None = None
        self.loops: list[messages.Loop] = []
        self.uncaught: list[str] = []
        self.uncaught_count = 0
        self.said_bye = False
        self.sighting: messages.Seen | None = None
        self.cpu_s = self.memory_mib = self._away_until = self._beat_told = 0.0
        self._away: dict[float, float] = {}
        self._known: dict[Any, Any] = {}

    def take(self, message: messages.Message) -> None:
        """Take in what the agent tells."""
        run = self.run
        if isinstance(message, messages.Beats):
            run.beats.extend(message.moments)
            self._beat_told = max((self._beat_told, *message.moments))
            if message.moments and self.sighting and message.moments[-1] > self.sighting.sighting.started:
                self.sighting = None
        elif isinstance(message, messages.Waits):
            run.waits += message.samples
        elif isinstance(message, messages.Held):
            run.held += message.spans
        elif isinstance(message, messages.Away):
            self._away_until = message.ended
            self._away[message.started] = message.ended  # told again while it lasts
        elif isinstance(message, messages.Seen):
            self.sighting = message
        elif isinstance(message, messages.Frozen):
            run.freezes.append(self._kept(message.freeze, delivered(message.delivery)))
            self.sighting = None
            self._fill(message.freeze.started)
        elif isinstance(message, messages.Threads):
            for change in message.changes:
                run.threads.add(*change)
        elif isinstance(message, messages.Leaks):
            run.threads.leaks = [left.name for left in message.threads]
        elif isinstance(message, messages.Usage):
            self.cpu_s, self.memory_mib = message.cpu_s, max(self.memory_mib, message.memory_mib)
        elif isinstance(message, messages.Uncaught):
            self.uncaught_count += 1
            self.uncaught.append(message.text)
            del self.uncaught[:-MAX_UNCAUGHT]
        elif isinstance(message, messages.Trouble):
            self.note(f"The watching went wrong in the program, which is a fault of Thaw's own: {message.text}")
        elif isinstance(message, messages.Hello):
            self._greet(message)
        elif isinstance(message, messages.Loop):
            self._begin_loop(message)
        elif isinstance(message, messages.Bye):
            self.said_bye = True

    def _kept(self, freeze: Freeze, by: str) -> Freeze:
        """One object for all that is equal: a line that freezes a program once a second does so with few stacks."""
        shared = self._shared
        stacks = tuple(stack._replace(calls=shared(tuple(map(shared, stack.calls)))) for stack in freeze.stacks)
        return freeze._replace(
            stacks=stacks,
            delivered=by,
            stack=shared(tuple(map(shared, freeze.stack))),
            source=shared(freeze.source),
        )

    def _shared(self, one: Plain) -> Plain:
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        known: Plain = self._known.setdefault(one, one)
        return known

    def note(self, sentence: str) -> None:
        """There is more to be said of the run; each sentence but once."""
        if sentence not in self.run.notes and len(self.run.notes) < MAX_NOTES:
            self.run.notes.append(sentence)

    def _greet(self, hello: messages.Hello) -> None:
        self.hello = hello
        self.run.environment |= {"python": hello.python, "gil_enabled": hello.has_gil}

    def _begin_loop(self, loop: messages.Loop) -> None:
        if not self.loops:
            self.run.beats.insert(0, self.run.started)
        if not self.loops or self.loops[-1].thread != loop.thread:
            # Before it there was no loop that could have been late, or one that ran no more.
            self._fill(loop.moment)
        self.run.environment |= {"event_loop": loop_words(loop), "loop_thread": loop.name}
        self.loops.append(loop)

    def _fill(self, moment: float) -> None:
        """Up to a moment nothing was late since the beat before it, whoever told or did not tell of that time."""
        beats = self.run.beats
        at = bisect_right(beats, moment)
        last = beats[at - 1] if at else moment
        more = [last + number * PERIOD_S for number in range(1, int((moment - last) / PERIOD_S) + 1)]
        beats[at:at] = array("d", [*more, moment])

    # ---------------------------------------------------------------- the end

    def end(
        self,
        moment: float,
        code: int | None,
        why: str,
        *,
        cancelled: bool = False,
        heard_until: float | None = None,
        dump: str = "",
    ) -> Run:
        """The program has ended, or is not watched any more; returns the run, which changes no more.

        Args:
            moment: when that was noticed, in seconds of `time.perf_counter`.
            code: the exit code, 128 and more for a signal; None where it goes on.
            why: what went wrong, as a traceback or a sentence; empty where nothing did.
            cancelled: whether somebody ended it from outside.
            heard_until: when the link ended, likewise; None: just then.
            dump: what faulthandler wrote last while C held the GIL.
        """
        run = self.run
        run.ended = moment
        run.exit_code = code
        self._settle_beats(moment, min(moment, heard_until or moment), dump)
        phase = Phase.CANCELLED if cancelled else Phase.FAILED if why else Phase.DONE
        detail = why if phase == Phase.FAILED else None
        run.recorder.fold([TaskEvent(NUMBER, phase, moment, 0.0 if why else 1.0, "", detail)])
        self._tell_own_lines()
        if self.loops:
            run.beats = between(array("d", sorted(run.beats)), run.started, moment)
            run.lag = summarize_beats(run.beats, run.started, moment)
        else:
            run.beats = array("d")
        if self.cpu_s or self.memory_mib:
            run.resources = Resources(self.cpu_s, self.memory_mib or None, None)
        return run

    def _tell_own_lines(self) -> None:
        """That a window stood still between two turns of its loop: no line is blamed for that, nor a freeze told."""
        if not self.loops or self.loops[-1].kind not in GRAPHICAL:
            return
        began, ended = self.loops[0].moment, self._beat_told
        lasted = [end - start for start, end in self._away.items() if began < start and end < ended]
        if not lasted:
            return
        longest = seconds(max(lasted))
        times = f" ({len(lasted):,} times, {longest} at the longest)" if len(lasted) > 1 else ""
        self.note(
            f"It was in lines of its own for {seconds(sum(lasted))}{times} between two turns of its event loop, such "
            "as in a loop around processEvents or update. The window stands still meanwhile; that counts as no freeze."
        )

    def _settle_beats(self, moment: float, heard_until: float, dump: str) -> None:
        """After the last beat: a freeze in which the program was ended, or what it did after its loop."""
        run = self.run
        if run.beats and self._away_until > run.beats[-1]:
            self._fill(min(self._away_until, moment))
        last = run.beats[-1] if run.beats else moment
        if not self.said_bye and self.loops and heard_until - last - PERIOD_S > CARD_OVER_S:
            run.freezes.append(self._last_freeze(last, heard_until, dump))
            run.beats.append(heard_until)
        self._fill(moment)

    def _last_freeze(self, start: float, end: float, dump: str) -> Freeze:
        """What is known of a freeze whose end nobody saw: as it was sighted, or as faulthandler wrote it down."""
        kind, holder, by = "unknown", GUI, ""
        line: Line | None = None
        if self.sighting is not None:
            seen = self.sighting.sighting
            kind, holder, line, by = seen.kind, seen.holder, seen.line, delivered(self.sighting.delivery)
        elif found := guilty_line(dump, self.loops[-1].thread, self._files()):
            kind, line = "c_gil", found[0]
            holder = GUI if found[1] else "another thread"
        if line is None:
            return Freeze(start, end, kind, holder, (), -1, (), 0, 0.0)
        return Freeze(start, end, kind, holder, (line,), 0, ((line.number, line.text),), 1, 1.0, (), by)

    def _files(self) -> SourceFiles:
        hello = self.hello
        if hello is None:
            return SourceFiles()
        return SourceFiles(Path(hello.folder), watched=True, libraries=hello.libraries)


def delivered(delivery: messages.Delivery) -> str:
    """What an event loop had called, in words: "slot Window.on_click (window.py:12)"; empty where that is not known."""
    if not delivery.kind:
        return ""
    where = f" ({os.path.basename(delivery.file)}:{delivery.line})" if delivery.file else ""
    return f"{delivery.kind} {delivery.name}{where}"


def loop_words(loop: messages.Loop) -> str:
    """What a loop is, in words: "Qt (PySide6 6.8.1)", "asyncio (uvloop 0.21)"."""
    kind = LOOPS[loop.kind]
    about = " ".join(one for one in (loop.binding if loop.binding != kind else "", loop.version) if one)
    return f"{kind} ({about})" if about else kind
