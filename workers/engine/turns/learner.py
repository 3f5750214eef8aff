"""Learns while a run goes on whether its calls hold the GIL, and gives them turns as long as they do.

One thread looks: it sleeps for a millisecond and counts by the system's own figures how often it was put to sleep
until it had the GIL again. The judge (`judge.py`) makes of these looks what is done. At first they come one after the
other; later there are some twenty a second, for a call that waits must not have the others wait.

A thread's switches are told on Linux only; elsewhere nothing is learned, and what declares nothing takes no turns.
"""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING

from ...catalog.user_names import slug
from ...utils.formatting import plural
from ...utils.gil.polite import NEVER, FairLock, Turn
from ..gil_scheduler import NO_TURN
from . import kept
from .judge import ASKED, LOOKS, Judge, Look, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...utils.gil.polite import EventLoopGate
    from ..plan import Settings

try:
    from ctypes import PyDLL, c_uint
    from resource import RUSAGE_THREAD, getrusage
    from time import pthread_getcpuclockid

    _keep_the_gil = PyDLL(None).usleep  # what is called like this does not give it up
    _keep_the_gil.argtypes = (c_uint,)
except (ImportError, AttributeError, TypeError):  # not Linux
    can_look = False
else:
    can_look = True

LOOK_S = 0.001
"""How long a looker sleeps."""

KEEP_S = 0.00015
"""How long it keeps a GIL that it had to ask for: less than a switch interval, so that nobody asks for it back."""

PAUSE_S = 0.040
"""Between two looks, once it is known how it stands."""

TOOK = "{} took turns, so that the window stays smooth"
HOLDS = '{}: {} holds the GIL, as its first calls showed. With GIL = "waits" in its file it would take none.'
HELD = "{}, until {} held the GIL no more."


class LearnedTurn(Turn):
    """What a thread's calls heed, one after the other.

    Attributes:
        is_inside: whether a call goes on.
        used_s: what the thread has used of the processor, as it was looked at last.
    """

    def __init__(self, learner: Learner) -> None:
        super().__init__(None)
        self._learner = learner
        self.is_inside = False
        self.used_s = 0.0
        self._number = threading.get_native_id()
        self._clock = pthread_getcpuclockid(threading.get_ident())
        self._begun_s = time.clock_gettime(self._clock)

    def look(self) -> bool:
        """Look at the thread's clock of processor time, from any thread; returns whether the thread is there."""
        try:
            self.used_s = time.clock_gettime(self._clock) - self._begun_s
        except OSError:
            return False
        return True

    @property
    def is_ready(self) -> bool:
        """Whether the thread computes, or would if the machine had a processor for it."""
        try:
            with open(f"/proc/self/task/{self._number}/stat", "rb") as file:
                return file.read().rpartition(b")")[2].split()[0] == b"R"
        except (OSError, IndexError):
            return False

    def begin(self) -> None:
        """A call begins: with a turn, if calls take turns just now."""
        learner = self._learner
        self._fair_lock = learner.lock
        if self._fair_lock is None:
            self.ends, self.is_inside = NEVER, True
            learner.calls += 1  # one that is lost now and then changes nothing
        else:
            self.ends = 0.0
            learner.taken += 1

    def renew(self, before_waiting: Callable[[], object]) -> bool:
        learner = self._learner
        if self.has_it:
            if not learner.by_call:
                return super().renew(before_waiting)
            super().leave()  # the call is over, and only its result is left to be told
            self.ends = NEVER
            return False
        waited = super().renew(before_waiting)
        learner.calls += 1
        self.is_inside = True
        return waited

    def leave(self) -> None:
        self.is_inside = False
        super().leave()


class Learner:
    """Of one run. Its turns are given in the threads that make the calls; the rest is done in the looker's own.

    Attributes:
        by_call: whether a call is one step, and so one turn.
        lock: what calls that begin now take turns with; None where they take none.
        taken: how many calls took turns.
        calls: how many have begun.
    """

    def __init__(
        self, function: str, key: str, by_call: bool, is_lasting: bool, gate: EventLoopGate, known: str = ""
    ) -> None:
        """Begin with what is known of the function.

        Args:
            function: its name, for people.
            key: its contents, as `kept.key` says.
            by_call: whether a call is one step.
            is_lasting: whether what is learned is there at the next start.
            gate: where calls may have to wait before they begin.
            known: what `kept.verdict` says of it.
        """
        self._gate = gate
        self._function, self._key, self._is_lasting, self.by_call = function, key, is_lasting, by_call
        self._has_held = known == "holds"
        self._judge = Judge(self._has_held)
        self.lock: FairLock | None = FairLock()
        self.taken = self.calls = 0
        self._is_over = False
        self._here = threading.local()
        self._turns: list[LearnedTurn] = []
        self._gone_s = 0.0
        self._idle = 0
        self._beginning = threading.Lock()
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def turn(self) -> Turn:
        """The turn of a call which begins in the calling thread."""
        if self._is_over:
            return NO_TURN
        turn: LearnedTurn = getattr(self._here, "turn", None) or self._join()
        turn.begin()
        return turn

    def _join(self) -> LearnedTurn:
        """The calling thread makes its first call."""
        turn = self._here.turn = LearnedTurn(self)
        self._turns.append(turn)
        with self._beginning:
            if self._thread is None and not (self._is_over or self._ended.is_set()):
                self._thread = threading.Thread(target=self._watch, name="GIL looker", daemon=True)
                try:
                    self._thread.start()
                except RuntimeError:  # the system gives no more threads
                    self._thread = None
                    self._end()
        return turn

    @property
    def notes(self) -> list[str]:
        """What came of it, in a sentence for people."""
        if not self._has_held or not self.taken:
            return []
        said = HOLDS if self._judge.stage is Stage.HOLDS else HELD
        return [said.format(TOOK.format(plural(self.taken, "call")), self._function)]

    def close(self, timeout: float) -> bool:
        """End the looker, waiting at most `timeout` seconds for it; returns whether it has ended."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join(timeout)
        return self._thread is None or not self._thread.is_alive()

    # ---------------------------------------------------------------- in the looker's thread

    def _watch(self) -> None:
        try:
            before, calls = self._used(), self.calls
            while not self._ended.wait(self._pause_s()) and self._judge.stage is not Stage.OVER:
                is_inside, waits = self._is_inside(), self._look()
                now, begun = self._used(), self.calls
                if waits is not None and is_inside and self._is_inside():
                    beside = self._beside() if waits >= ASKED else 0.0
                    self.take_in(Look(waits, now[0] - before[0], now[1] - before[1], begun - calls, beside))
                before, calls = now, begun
        finally:
            self._end()
        kept.keep(self._key, self._judge.verdict, self._is_lasting)

    def _pause_s(self) -> float:
        if self._judge.stage is Stage.PROBATION:
            return 0.0 if self._is_inside() else LOOK_S
        return PAUSE_S

    def _is_inside(self) -> bool:
        """Whether a call goes on: one that waits at the gate has not begun."""
        if self._gate.holds_up:
            return False
        if self.lock is not None:
            return self.lock.is_taken
        return any(turn.is_inside for turn in list(self._turns))

    def _look(self) -> int | None:
        """Sleep, and say how often it was waited for the GIL then; None where that says nothing.

        The GIL may be free only because whoever has the turn, and wants it, has no processor.
        """
        first = next((turn for turn in list(self._turns) if turn.has_it), None)
        used_s = first.used_s if first is not None and first.look() else 0.0
        switches = _switches()
        time.sleep(LOOK_S)
        waits = max(0, _switches() - switches - 1)
        is_idle = waits == 0 and first is not None and first.look() and first.used_s - used_s < LOOK_S / 10
        self._idle = self._idle + 1 if is_idle and first is not None and first.is_ready else 0
        return None if 0 < self._idle < LOOKS else waits

    def _beside(self) -> float:
        """Keep the GIL; returns how much of that time the calls went on: 1 at the most, if another had it meanwhile."""
        used_s, began = self._used()[0], time.perf_counter()
        _keep_the_gil(round(min(KEEP_S, sys.getswitchinterval() / 2) * 1e6))
        return min(1.0, (self._used()[0] - used_s) / (time.perf_counter() - began))

    def _used(self) -> tuple[float, float]:
        """Processor time so far: of the threads that make calls, and of the whole process without this thread."""
        turns = list(self._turns)
        for turn in turns:
            if not turn.look():
                self._gone_s += turn.used_s
                self._turns.remove(turn)
        work_s = self._gone_s + sum(turn.used_s for turn in self._turns)
        return work_s, time.process_time() - time.thread_time()

    def take_in(self, look: Look) -> None:
        """Do what the judge says, after one more look."""
        self._judge.look(look)
        self._has_held |= self._judge.stage is Stage.HOLDS
        if self._judge.take_turns:
            self.lock = self.lock or FairLock()
        elif self.lock is not None:
            self._open()

    def _open(self) -> None:
        lock, self.lock = self.lock, None
        if lock is not None:
            lock.give_up()

    def _end(self) -> None:
        self._is_over = True
        self._open()


def _switches() -> int:
    """How often the calling thread was put to sleep so far: what a busy machine does to it does not count."""
    return getrusage(RUSAGE_THREAD).ru_nvcsw


def learner_of(settings: Settings, workers: int, is_lasting: bool, gate: EventLoopGate) -> Learner | None:
    """Who learns of a run; None where there is nothing to be learned.

    Args:
        settings: of the run.
        workers: how many of its calls there are at once.
        is_lasting: whether what is learned is there at the next start.
        gate: the GUI thread's.
    """
    own, place = settings.workload_entry.own, settings.runner_entry.traits
    if (
        own is None
        or own.is_workload
        or not settings.polite
        or place.gil != "shared"
        or workers < 2
        or not can_look
    ):
        return None
    key = kept.key(settings.workload_entry)
    known = kept.verdict(key, is_lasting)
    if known == "free":
        return None
    return Learner(slug(settings.workload), key, "generator" not in own.kind, is_lasting, gate, known)
