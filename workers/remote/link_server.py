"""Where remote workers call: a link to each of them, and what the run's control says passed on to all.

The link server's thread takes the calls; each link has a thread of its own that hears what its remote worker tells.
`relay` is called by the runner's own thread, again and again.
"""

from __future__ import annotations

import itertools
import platform
import secrets
import threading
import time
from multiprocessing import AuthenticationError
from typing import TYPE_CHECKING, Any

from ..utils.gil.polite import NICE
from .link import Link
from .messages import BATCH_S, hear, say
from .wire import answer, cut, listen, prepare_wire, reach

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from multiprocessing.connection import Connection, Listener

    from ..engine.task import Control
    from .in_flight import InFlight
    from .wire import Wire

GRACE_S = 0.5
"""How long after a cancel a remote worker may take to end its tasks. Then it is ended, where that can be done."""

HANG_UP_S = 1.0


class LinkServer:
    """Open while the remote workers of one run work; a context manager.

    Attributes:
        call: what a remote worker must know to call: the `address` and `key` of `workers.remote.worker.begin`. Without
            an address nobody can call yet.
        ready_count: how many remote workers have called so far, and were ready to work.
        place: what the remote workers are called; with {} for their number, where there are several, and {host} for
            their machine's name.
        asks: whether to ask them where their tasks stand, by the next `relay`.
        standing: what they have answered, a place each, in words.
    """

    def __init__(
        self,
        in_flight: InFlight,
        control: Control,
        place: str,
        changed: Callable[[], object] = lambda: None,
        *,
        lost: Callable[[Link], object] = lambda link: None,
        host: str | None = "",
    ) -> None:
        """Listen.

        Args:
            in_flight: is told what remote workers tell.
            control: what it says is passed on.
            place: see the attribute.
            changed: is called in a link's thread when it is ready, and when tasks ended there.
            lost: is called with a link, in its thread, when that has ended without being told to.
            host: see `listen`; None: nobody can call before that is called.
        """
        self._in_flight, self._control, self.place, self._changed = in_flight, control, place, changed
        self._lost = lost
        self._lock = threading.Lock()
        self._links: list[Link] = []
        self._ready: list[Link] = []  # all that were in this run, those that have ended, too
        self.ready_count = 0
        self.standing: list[str] = []
        self.asks = False
        self._numbers, self._link_numbers = itertools.count(1), itertools.count(1)
        self._cancelled_at = 0.0
        self._closed = False
        self._turns_away = threading.Event()
        self.call: tuple[Any, bytes] = (None, secrets.token_bytes(16))
        self._listener: Listener | None = None
        if host is not None:
            self.listen(host)

    def listen(self, host: str = "") -> None:
        """Let remote workers call; once.

        Args:
            host: an address of this machine: they call it by TCP, from wherever it can be reached. Empty: from this
                machine alone, by its quickest means.

        Raises:
            OSError: it is no address of this machine.
        """
        self._listener, address = listen(host)
        self._by_tcp = bool(host)
        self.call = (address, self.call[1])
        self._thread = threading.Thread(
            target=self._answer, args=(self._listener,), name="link server", daemon=True
        )
        self._thread.start()

    def plug(self, wire: Wire) -> None:
        """Take a remote worker that did not call: there is a way to it already, with all the trust that it needs."""
        threading.Thread(target=self._serve, args=(wire,), name="link", daemon=True).start()

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

    def _answer(self, listener: Listener) -> None:
        """Runs in the link server's thread: let in whoever calls."""
        while True:
            try:
                wire = listener.accept()
            except OSError:
                time.sleep(BATCH_S)  # a caller that went away at once, or no more files may be opened just now
                continue
            if self._closed:
                wire.close()
                return
            thread = threading.Thread(target=self._let_in, args=(wire,), name="link", daemon=True)
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

    def _let_in(self, wire: Connection) -> None:
        """Runs in the thread of a link that somebody has called for."""

        def meet() -> None:
            if self._by_tcp:
                prepare_wire(wire)
            answer(wire, self.call[1])

        self._serve(wire, meet)

    def _serve(self, wire: Wire, meet: Callable[[], object] = lambda: None) -> None:
        """Runs in a link's own thread, from the call to its end; `meet` makes sure who has called."""
        with self._lock:
            taken = {link.seat for link in self._links}
            seat = next(seat for seat in range(1, len(taken) + 2) if seat not in taken)
            link = Link(next(self._link_numbers), seat, wire)
            self._links.append(link)
        try:
            meet()
            while True:
                word, *what = hear(wire)
                if word == "events":
                    link.cpu_s = what[1]
                    if self._in_flight.take(what[0], link.number):
                        self._changed()
                elif word == "took":
                    self._in_flight.took(what[0], link.number)
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
            if link.runs and not (link.dismissed or self._closed):
                self._lost(link)

    def _welcome(self, link: Link, runs: str, pid: int, host: str) -> None:
        with self._lock:
            # Under the lock: `relay` finds it ready and tells it of changes, or else comes before this look at them.
            link.runs, link.pid, link.host = runs, pid, host
            self.ready_count += 1
            self._ready.append(link)
            held, cancelled = link.told = self._state()
            niceness = NICE if self._control.scheduler.fair_lock is not None else 0
            crew = self._control.crew
            left = crew.tasks - self._in_flight.ended
            # Seats are taken again: what a process tells of its memory must not be taken for another one's.
            link.place = self.place.format(link.seat, host=host)
            name = self.place.format(next(self._numbers), host=host)
            link.say("welcome", link.place, name, niceness, held, cancelled, crew.first, left)

    def processes(self) -> dict[int, float]:
        """The processor time of all processes that have called so far, in seconds, by their ids.

        What runs on another machine has a number below 0: its id may be that of a process here.
        """
        here = platform.node()
        used: dict[int, float] = {}
        with self._lock:
            for link in self._ready:
                process = link.pid if link.host == here else -link.number
                used[process] = used.get(process, 0.0) + link.cpu_s
        return used

    def numbers_of(self, pids: Collection[int | None]) -> set[int]:
        """The numbers of the links to these processes of this machine, those that have ended, too."""
        with self._lock:
            return {link.number for link in self._ready if link.pid in pids}

    def say_close(self) -> None:
        """Tell all links that nothing more will come: they end."""
        for link in self._all_links():
            link.dismissed = True
            if link.runs:
                link.say("close")
            else:
                cut(link.wire)  # it waits for its welcome, and takes nothing else for one

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
        if self._listener is not None:
            reach(self.call[0]).close()  # a thread that waits for a call is ended by one
            self._thread.join()
            self._listener.close()
        self.hang_up()
        for link in self._all_links():  # it does not listen, or never said who it is
            link.dismissed = True
            cut(link.wire)
