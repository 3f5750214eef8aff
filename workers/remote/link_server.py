"""Where remote workers call: a link to each of them, and what the run's control says passed on to all.

The link server's thread takes the calls; each link has a thread of its own that hears what its remote worker tells.
`relay` is called by the runner's own thread, again and again.
"""

from __future__ import annotations

import itertools
import secrets
import sys
import threading
import time
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener, answer_challenge, deliver_challenge
from typing import TYPE_CHECKING, Any

from ..utils.gil.polite import NICE
from .messages import BATCH_S, hear, say

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from ..engine.task import Control
    from .in_flight import InFlight

GRACE_S = 0.5
"""How long after a cancel a remote worker may take to end its tasks. Then it is ended, where that can be done."""

HANG_UP_S = 1.0


class Link:
    """The connection to one remote worker.

    Attributes:
        seat: which of the places it has, 1 at first; free again when the link has ended.
        pid: the remote worker's process.
        runs: what runs there, such as "PyPy 3.9.16, GIL on"; empty before it has said so.
        told: what it was told last: the tasks that are paused, and whether to cancel.
    """

    def __init__(self, seat: int, wire: Connection) -> None:
        self.seat, self.wire = seat, wire
        self.pid = 0
        self.runs = ""
        self.told: tuple[tuple[int, ...], bool] = ((), False)
        self.thread = threading.current_thread()

    def say(self, *message: Any) -> None:
        """Tell the remote worker something; one that has gone is not told."""
        try:
            say(self.wire, *message)
        except OSError:
            pass  # its own thread sees the end


class LinkServer:
    """Open while the remote workers of one run work; a context manager.

    Attributes:
        call: what a remote worker must know to call: the `address` and `key` of `workers.remote.worker.begin`.
        ready_count: how many remote workers have called so far, and were ready to work.
        place: what the remote workers are called; with {} for their number, where there are several.
        asks: whether to ask them where their tasks stand, by the next `relay`.
        standing: what they have answered, a place each, in words.
    """

    def __init__(
        self, in_flight: InFlight, control: Control, place: str, changed: Callable[[], object] = lambda: None
    ) -> None:
        """Listen.

        Args:
            in_flight: is told what remote workers tell.
            control: what it says is passed on.
            place: what the remote workers are called; with {} for their number, where there are several.
            changed: is called in a link's thread when it is ready, and when tasks ended there.
        """
        self._in_flight, self._control, self.place, self._changed = in_flight, control, place, changed
        self._lock = threading.Lock()
        self._links: list[Link] = []
        self.ready_count = 0
        self.standing: list[str] = []
        self.asks = False
        self._numbers = itertools.count(1)
        self._cancelled_at = 0.0
        self._closed = False
        self._turns_away = threading.Event()
        self._cpu_s: dict[int, float] = {}
        # Linux has addresses that are no files, so nothing is left behind whatever ends the program.
        address = f"\0thaw-{secrets.token_hex(8)}" if sys.platform.startswith("linux") else None
        self._listener = Listener(address)
        self.call = (address or self._listener.address, secrets.token_bytes(16))
        self._thread = threading.Thread(target=self._answer, name="link server", daemon=True)
        self._thread.start()

    @property
    def links(self) -> list[Link]:
        """The remote workers that are ready to work, or at work; a copy."""
        with self._lock:
            return [link for link in self._links if link.runs]

    def relay(self) -> None:
        """Pass on what the run's control says now."""
        state = self._state()
        if state[1] and not self._cancelled_at:
            self._cancelled_at = time.monotonic()
        links = self.links
        asks, self.asks = self.asks, False
        for link in links:
            if asks:
                link.say("stands")
            before, link.told = link.told, state
            if state[0] != before[0]:
                link.say("held", state[0])
            if state[1] and not before[1]:
                link.say("cancel")
        if state[1] and not links:
            self._in_flight.cancel()  # no remote worker has begun them, and whichever comes later is told of the cancel

    def _state(self) -> tuple[tuple[int, ...], bool]:
        return tuple(self._control.held), self._control.cancelled

    @property
    def deadline_passed(self) -> bool:
        """Whether a cancel was passed on so long ago that remote workers should have ended their tasks."""
        return bool(self._cancelled_at) and time.monotonic() - self._cancelled_at > GRACE_S

    def _answer(self) -> None:
        """Runs in the link server's thread: let in whoever calls."""
        while True:
            try:
                wire = self._listener.accept()
            except OSError:
                time.sleep(BATCH_S)  # a caller that went away at once, or no more files may be opened just now
                continue
            if self._closed:
                wire.close()
                return
            thread = threading.Thread(target=self._serve, args=(wire,), name="link", daemon=True)
            while not self._begins(thread):
                if self._turns_away.wait(BATCH_S):
                    wire.close()
                    break

    @staticmethod
    def _begins(thread: threading.Thread) -> bool:
        """Start a thread; returns False where the system gives none just now."""
        try:
            thread.start()
        except RuntimeError:
            return False
        return True

    def turn_away(self) -> None:
        """Let nobody wait any more who has called and not been answered: no tasks are left."""
        self._turns_away.set()

    def _serve(self, wire: Connection) -> None:
        """Runs in a link's own thread, from the call to its end."""
        with self._lock:
            taken = {link.seat for link in self._links}
            link = Link(next(seat for seat in range(1, len(taken) + 2) if seat not in taken), wire)
            self._links.append(link)
        try:
            deliver_challenge(wire, self.call[1])
            answer_challenge(wire, self.call[1])
            while True:
                word, *what = hear(wire)
                if word == "events":
                    with self._lock:
                        self._cpu_s[link.pid] = what[1]
                    if self._in_flight.take(what[0], link.pid):
                        self._changed()
                elif word == "clock":
                    say(wire, "clock", time.perf_counter())
                elif word == "stands":
                    self.standing += what[0]
                elif word == "ready":
                    self._welcome(link, *what)
                    self._changed()
        except (EOFError, OSError, AuthenticationError):
            pass  # it has gone; what was away there is the runner's to see to
        finally:
            with self._lock:
                self._links.remove(link)
            wire.close()

    def _welcome(self, link: Link, runs: str, pid: int) -> None:
        with self._lock:
            # Under the lock: `relay` finds it ready and tells it of changes, or else comes before this look at them.
            link.runs, link.pid = runs, pid
            self.ready_count += 1
            self._cpu_s[pid] = 0.0
            held, cancelled = link.told = self._state()
            niceness = NICE if self._control.scheduler.fair_lock is not None else 0
            crew = self._control.crew
            left = crew.tasks - self._in_flight.ended
            # Seats are taken again: what a process tells of its memory must not be taken for another one's.
            place, name = (self.place.format(number) for number in (link.seat, next(self._numbers)))
            link.say("welcome", place, name, niceness, held, cancelled, crew.first, left)

    def processes(self) -> dict[int, float]:
        """The processor time of all processes that have called so far, in seconds; a copy."""
        with self._lock:
            return dict(self._cpu_s)

    def say_close(self) -> None:
        """Tell all links that nothing more will come: they end."""
        for link in self._all_links():
            link.say("close")

    def hang_up(self, pid: int | None = None) -> None:
        """Wait until links have ended, told to or for reasons of their own, and all they said was passed on.

        Args:
            pid: of that process; None: all links.
        """
        deadline = time.monotonic() + HANG_UP_S
        for link in self._all_links():
            if pid in (None, link.pid):
                link.thread.join(max(0.0, deadline - time.monotonic()))

    def _all_links(self) -> list[Link]:
        """Those too that are not ready yet."""
        with self._lock:
            return self._links[:]

    def __enter__(self) -> LinkServer:
        return self

    def __exit__(self, *error: object) -> None:
        self._closed = True
        self._turns_away.set()
        Client(self.call[0]).close()  # a thread that waits for a call is ended by one
        self._thread.join()
        self._listener.close()
        self.hang_up()
