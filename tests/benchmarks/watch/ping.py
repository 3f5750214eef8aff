"""A witness of a window's responsiveness from outside: the ping by which window managers find out who is stuck.

Everything runs in the caller's thread. It shares no code with the program that it watches.

    python -m tests.benchmarks.watch.ping --pid 1234 --seconds 5
"""

from __future__ import annotations

import argparse
import json
import select
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from Xlib import X, display
from Xlib.error import BadWindow, CatchError, XError
from Xlib.protocol import event

from tests.benchmarks.figures import Missing
from tests.benchmarks.sizes import PINGS_BEYOND
from tests.benchmarks.watch.display import window_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


EVERY_S = 0.010
LAST_S = 2.0
"""How long one waits for the answers to the last pings."""


class Ping(NamedTuple):
    """One ping: when it was sent (`time.time`), and how long the answer took; `inf` where none came."""

    sent: float
    took_s: float


class Pinger:
    """Sends _NET_WM_PING to a window at fixed times, whether or not the ones before have been answered.

    So each ping stands for the same stretch of time, and percentiles of them are weighted by time. A window answers in
    the thread that handles its events: the answer takes as long as a click would have waited.
    """

    def __init__(self, connection: Any, window: Any) -> None:
        """Make one.

        Args:
            connection: a connection to the X server that nobody else uses meanwhile: its events are taken.
            window: the window to be asked.
        """
        self._connection, self._window = connection, window
        self._protocols = connection.intern_atom("WM_PROTOCOLS")
        self._ping = connection.intern_atom("_NET_WM_PING")
        self._open: dict[int, tuple[float, float]] = {}
        self._pings: list[Ping] = []
        # Answers are sent to the root window, where a window manager hears them, and anybody else who wants to.
        # (Qt sends them as news of the root window itself, not of its children.)
        connection.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask | X.StructureNotifyMask)
        connection.sync()
        for _ in range(connection.pending_events()):
            connection.next_event()  # of a window before, which may have had the same number
        accepted = window.get_full_property(self._protocols, X.AnyPropertyType)
        if accepted is None or self._ping not in accepted.value:
            raise Missing("the window does not take part in _NET_WM_PING")

    def run(self, go_on: Callable[[], bool], every_s: float = EVERY_S) -> list[Ping]:
        """Ping until `go_on` says no or the window is destroyed; returns all pings, in the order of sending.

        `go_on` is asked before each of them, and must be quick. One is sent each `every_s` seconds.
        """
        stamp, due, there = 0, time.perf_counter(), True
        while there and go_on():
            stamp += 1
            self._send(stamp)
            due = max(due + every_s, time.perf_counter())
            there = self._listen(due)
        end = time.perf_counter() + LAST_S
        while there and self._open and time.perf_counter() < end:
            there = self._listen(time.perf_counter() + every_s)
        return self._all()

    def _listen(self, until: float) -> bool:
        """Take in the answers that come until a moment; returns whether the window is still there."""
        while (rest := until - time.perf_counter()) > 0:
            select.select([self._connection.fileno()], [], [], rest)
            if not self._take_answers():
                return False
        return True

    def _send(self, stamp: int) -> None:
        message = event.ClientMessage(
            window=self._window,
            client_type=self._protocols,
            data=(32, [self._ping, stamp, self._window.id, 0, 0]),
        )
        self._open[stamp] = (time.time(), time.perf_counter())
        # The window may have gone a moment ago; its DestroyNotify tells, and the error is no news.
        self._window.send_event(message, event_mask=0, onerror=CatchError(BadWindow))
        self._connection.flush()

    def _take_answers(self) -> bool:
        """Take in what has come; returns whether the window is still there."""
        for _ in range(self._connection.pending_events()):
            news = self._connection.next_event()
            now = time.perf_counter()
            if news.type == X.DestroyNotify and news.window.id == self._window.id:
                return False
            # The highest bit says that a client sent it and not the server.
            if news.type & 0x7F == X.ClientMessage and news.client_type == self._protocols:
                atom, stamp, window = news.data[1][:3]
                if atom == self._ping and window == self._window.id and stamp in self._open:
                    sent, began = self._open.pop(stamp)
                    self._pings.append(Ping(sent, now - began))
        return True

    def _all(self) -> list[Ping]:
        self._pings += [Ping(sent, float("inf")) for sent, _ in self._open.values()]
        self._open.clear()
        return sorted(self._pings)


def between(pings: Sequence[Ping], start: float, end: float) -> list[Ping]:
    """The pings that were sent in a stretch of time, by `time.time`."""
    return [ping for ping in pings if start <= ping.sent <= end]


def percentile_ms(pings: Sequence[Ping], share: float) -> float:
    """The nearest rank of the answers' times, in ms.

    Raises:
        Missing: there are too few of them to say anything.
    """
    if len(pings) * (1 - share) < PINGS_BEYOND:
        raise Missing(f"there were only {len(pings)} pings")
    return sorted(ping.took_s for ping in pings)[int(share * len(pings))] * 1e3


def _summary(pings: Sequence[Ping]) -> Iterator[tuple[str, float | int]]:
    answered = [ping.took_s for ping in pings if ping.took_s != float("inf")]
    yield "sent", len(pings)
    yield "answered", len(answered)
    for share in (0.50, 0.95, 0.99):
        if len(pings) * (1 - share) >= 1:
            yield f"p{share * 100:.0f}", round(percentile_ms(pings, share), 2)
    if answered:
        yield "max", round(max(answered) * 1e3, 2)


def main() -> int:
    """Ping the window of a process and print a JSON object; times are in ms."""
    parser = argparse.ArgumentParser(description="Measure how soon a window answers, from outside.")
    parser.add_argument("--pid", type=int, required=True, help="the process whose largest window is asked")
    parser.add_argument("--seconds", type=float, default=5.0, help="how long to ask")
    parser.add_argument("--wait", type=float, default=20.0, help="how many seconds to wait for the window")
    options = parser.parse_args()
    connection: Any = display.Display()
    deadline = time.monotonic() + options.wait
    while (window := window_of(connection, options.pid)) is None:
        if time.monotonic() > deadline:
            print(f"ping: process {options.pid} has no window on this display.", file=sys.stderr)
            return 2
        time.sleep(0.1)
    end = time.monotonic() + options.seconds
    try:
        pings = Pinger(connection, window).run(lambda: time.monotonic() < end)
    except (Missing, XError) as problem:
        print(f"ping: {problem}.", file=sys.stderr)
        return 2
    print(json.dumps(dict(_summary(pings))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
