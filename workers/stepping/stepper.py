"""Lets real threads on one at a time, from one line of a person's file to the next, in an order that is chosen.

One thread at a time has its turn; at each line of the file it asks who is next. What the threads wait for is of
`workers.sync`, which asks here in place of blocking: who waits is never chosen. Time is the order's own: it passes when
nobody can go on, up to the next time-out. So nothing depends on how fast anything is.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, NoReturn

from ..sync.pace import Pace
from ..sync.thing import Stopped
from .stand_ins.stepped import BLOCKED, ENDED, OUTSIDE, READY, TURNS, Stepped
from .tracing import Tracer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .left.sections import Sections

    Choose = Callable[[list[int], int | None], int]
    """Takes the numbers of the threads that can go on, and of the one that stops here, where it is one of them."""

TICK_S = 1e-6
"""So much of its own time each step takes: no two things happen at once."""

IDLE_S = 0.02
"""Where a thread is outside and all others wait, their time passes in real steps of this size at most."""

SLACK_S = 1e-3
"""Who sleeps until about the same time wakes up together: no clock tells them apart."""

MAX_STEPS = 20_000
PATIENCE = 20
"""A thread that catches so many of the errors that are to end it will not end."""

GRACE = 500
"""A thread is asked so often to end after a cancel: most come to a yield by then, and clean up as on other runners."""


class Stepper(Pace):
    """The threads of one run, and whose turn it is.

    Attributes:
        tracer: stops the threads.
        look: is called after each step with the thread that has made it; None: nobody looks.
        threads: in the order in which they were added.
        current: whose turn it is.
        switches: how often the turn was taken from a thread that could have gone on.
        choices: the number of the thread that was chosen at each step so far.
        made: how many threads the file has made itself.
        now_s: the order's own time.
        waited: whether a thread has waited for another, but for its end.
        has_expired: whether a wait has ended by its time-out.
        is_endless: whether it was ended for it had not come to an end.
        over: released when the last thread has ended.
        sections: is told of the locks that threads take; None: nothing is.
    """

    stuck_s = 0.0

    def __init__(
        self,
        choose: Choose,
        files: Collection[str],
        *,
        opcodes: bool = False,
        naps: bool = True,
        most: int | None = None,
        look: Callable[[Stepped], None] | None = None,
        is_cancelled: Callable[[], bool] = bool,
    ) -> None:
        """Make it; threads are added before and after `begin`.

        Args:
            choose: chooses whose turn it is.
            files: whose functions are stepped.
            opcodes: whether threads stop before each instruction that others could notice, and not each line only.
            naps: whether who sleeps is out of it until that time has come; else a sleep may be over at once.
            most: ends the run after so many steps; None: never.
            look: is called after each step with the thread that has made it.
            is_cancelled: whether all threads are to end soon.
        """
        self._choose, self._naps, self._is_cancelled = choose, naps, is_cancelled
        self.tracer = Tracer(files, opcodes, self._stop_here)
        self._most, self.look = most, look
        self.threads: list[Stepped] = []
        self.choices: list[int] = []
        self.now_s = 1_000.0
        self.waited = self.has_expired = self.is_endless = self.is_ending = False
        self.sections: Sections | None = None
        self.over = threading.Lock()
        self.over.acquire()
        self._lock = threading.Lock()
        self.current: Stepped | None = None
        self.switches = self.made = 0
        self._has_begun = False

    # ---------------------------------------------------------------- threads

    def add(self, name: str) -> Stepped:
        """Add a thread, whose work is to be handed to `carry_out` in it. Its first turn comes by choice."""
        one = Stepped(self, len(self.threads), name)
        self.threads.append(one)
        return one

    def begin(self) -> None:
        """Let the first thread on; returns at once."""
        with self._lock:
            self._has_begun = True
            self._pass_on()

    def carry_out(self, one: Stepped, work: Callable[[], object], told: Callable[[], object] = bool) -> None:
        """Run a thread's work, in that thread: stepped, from its first turn on; `told` is called at its end."""
        one.gate.acquire()
        TURNS.mine = one
        try:
            if not self.is_ending:
                self.tracer.begin()
                work()
        except Stopped:
            pass
        except BaseException as error:
            one.error = error
        finally:
            self.tracer.end()
            one.state = ENDED
            one.line, one.function = 0, ""
            told()
            self.finish(one)

    def finish(self, one: Stepped) -> None:
        """A thread has ended, which has its turn."""
        TURNS.mine = one.frame = None
        if self.look is not None:
            self.look(one)
        with self._lock:
            self.is_ending |= all(other.is_helper for other in self.threads if not other.has_ended)
            if all(other.has_ended for other in self.threads):
                self.current = None
                self.over.release()
            else:
                self._pass_on()

    def ready(self) -> list[int]:
        """The numbers of the threads that can go on now."""
        return [one.number for one in self.threads if one.state is READY]

    def leave(self, one: Stepped) -> None:
        """The calling thread is about to wait for something that no thread here gives: the others go on meanwhile."""
        with self._lock:
            one.state = OUTSIDE
            self._pass_on()

    def come_back(self, one: Stepped) -> None:
        """Wait for the next turn after `leave`."""
        with self._lock:
            one.state = READY
            if self.current is None and self._has_begun:
                self.current = one
                return
        one.gate.acquire()

    # ---------------------------------------------------------------- whose turn it is

    def _pass_on(self, me: Stepped | None = None) -> bool:
        """Give the turn to who is next; returns whether that is `me`. The lock is held."""
        chosen = self._next(me)
        self.current = chosen
        if chosen is not None and chosen is not me:
            chosen.gate.release()
        return chosen is me

    def _next(self, me: Stepped | None) -> Stepped | None:
        while not (ready := self.ready()):
            waiting = [one for one in self.threads if one.state is BLOCKED]
            if not waiting:
                return None
            until = min(one.until for one in waiting)
            if any(one.state is OUTSIDE for one in self.threads):
                self._lock.release()
                try:
                    time.sleep(min(IDLE_S, max(0.0, until - self.now_s)))
                finally:
                    self._lock.acquire()
            for one in waiting:
                if one.until <= until + SLACK_S or self.is_ending:
                    one.state = READY
                    self.now_s = max(self.now_s, one.until)
        current = me.number if me is not None and me.state is READY else None
        number = self._choose(ready, current)
        self.choices.append(number)
        self.switches += current is not None and number != current
        self.now_s += TICK_S
        return self.threads[number]

    def _switch(self, me: Stepped) -> None:
        if self.look is not None:
            TURNS.mine = None  # what looks is not stepped
            self.look(me)
            TURNS.mine = me
        with self._lock:
            is_mine = self._pass_on(me)
        if not is_mine:
            me.gate.acquire()

    # ---------------------------------------------------------------- lines

    def _stop_here(self, me: Stepped) -> None:
        self._end_where_due(me)
        self._switch(me)
        self._end_where_due(me)

    def _end_where_due(self, me: Stepped) -> None:
        if self._most is not None and len(self.choices) >= self._most and not self.is_ending:
            self.is_endless = self.is_ending = True
        me.asked += self._is_cancelled()
        if self.is_ending or me.asked > GRACE:
            self._stop(me)

    def _stop(self, me: Stepped) -> NoReturn:
        """End the calling thread, which has its turn, by an error; one that goes on all the same stays here."""
        me.stops += 1
        self.tracer.watch()
        if me.stops > PATIENCE:
            self.tracer.end()
            me.state = ENDED
            self.finish(me)
            me.gate.acquire()
        raise Stopped

    # ---------------------------------------------------------------- as the pace of what they wait for

    def now(self) -> float:
        """The order's own time, in seconds."""
        return self.now_s

    def read_clock(self) -> float:
        """The same for who asks for the time itself, and may do so until some has passed."""
        self.now_s += 100 * TICK_S
        return self.now_s

    def block(self, woken: threading.Lock, seconds: float) -> None:
        me = TURNS.mine
        if me is None:
            super().block(woken, seconds)
            return
        if not woken.acquire(blocking=False):
            self.waited |= not (me.joins or me.is_timer)
            me.woken = woken
            self._wait(me, seconds)
            me.woken = None
            woken.acquire(blocking=False)
        self._end_where_due(me)

    def wake(self, woken: threading.Lock) -> None:
        woken.release()
        for one in self.threads:
            if one.woken is woken and one.state is BLOCKED:
                one.state = READY

    def hold(self, thing: object, is_held: bool) -> None:
        mine = TURNS.mine
        if self.sections is not None and mine is not None:
            self.sections.hold(mine.number, thing, is_held)

    def expire(self) -> None:
        mine = TURNS.mine
        self.has_expired |= mine is None or not mine.is_timer

    def sleep(self, seconds: float) -> None:
        me = TURNS.mine
        if me is None:
            super().sleep(seconds)
            return
        if self._naps:
            self._wait(me, seconds)
        else:
            ends = self.now_s + seconds
            self._switch(me)
            self.now_s = max(self.now_s, ends)
        self._end_where_due(me)

    def _wait(self, me: Stepped, seconds: float) -> None:
        me.until = self.now_s + seconds
        me.state = BLOCKED
        self._switch(me)
