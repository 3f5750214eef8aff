"""One client's connection to the image server: when each answer is sent, and how fast. In the server's loop."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from .conditions import delay_s
from .request import MALFORMED, Request, parse

if TYPE_CHECKING:
    from collections.abc import Callable

    from .site import Site

CHUNK = 16 * 1024  # bytes written at a time when the bandwidth is limited
MAX_HEAD = 32 * 1024  # bytes of a request's head; a longer one is refused
MAX_WAITING = 64  # pipelined requests on one connection; more is refused rather than stored
MAX_S = 86_400  # the selector refuses a time-out of ages, and settings_changed() comes before
NOTHING = memoryview(b"")


class Connection(asyncio.Protocol):
    """One client: answers its requests in order, each after its latency and at the pace that is set."""

    def __init__(self, site: Site, loop: asyncio.AbstractEventLoop) -> None:
        self.site = site
        self.loop = loop
        self.transport: asyncio.Transport | None = None
        self.received = b""
        self.waiting: deque[Request] = deque()  # requests not yet begun
        self.timer: asyncio.TimerHandle | None = None
        self.busy = False  # a request is being answered; the ones behind it wait
        self.head = b""  # headers not yet sent: while there are any, the request waits for its latency
        self.body = NOTHING  # what is still to be sent
        self.later = NOTHING  # what follows it after a silence
        self.silent = False  # the silence has begun
        self.stalls_first = False  # the silence comes before the headers
        self.number: int | None = None  # the picture's, which decides the latency
        self.since = 0.0  # when the latency, the silence or the pacing began
        self.sent = 0  # bytes sent since then
        self.full = False  # the client reads more slowly than we send
        self.keep_alive = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.site.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.site.connections.discard(self)
        self.transport = None
        self.stop_timer()
        self.waiting.clear()
        self.body = self.later = NOTHING

    def data_received(self, data: bytes) -> None:
        """Cut the bytes into requests; one that is malformed is answered with 400 and ends the connection."""
        if not self.keep_alive:
            return  # what comes after the last request is not kept
        self.received += data
        while self.keep_alive and b"\r\n\r\n" in self.received[:MAX_HEAD]:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            parsed = parse(head)
            if parsed is None or len(self.waiting) >= MAX_WAITING:
                self.refuse()
                return
            request, self.keep_alive = parsed
            self.waiting.append(request)
        if self.keep_alive and len(self.received) >= MAX_HEAD:
            self.refuse()
        else:
            self.begin()

    def refuse(self) -> None:
        """Answer 400 after what was asked before it, then close."""
        self.received, self.keep_alive = b"", False
        self.waiting.append(MALFORMED)
        self.begin()

    def begin(self) -> None:
        """Start on the next request, or close after the last; while one is being answered it does nothing."""
        if self.busy or self.transport is None:
            return
        if not self.waiting:
            if not self.keep_alive:
                self.transport.close()
            return
        answer = self.site.answer(self.waiting.popleft())
        if answer.closes:
            self.received, self.keep_alive = b"", False
            self.waiting.clear()
        last = b"" if self.keep_alive or self.waiting else b"Connection: close\r\n"
        self.head = b"%s%s\r\n" % (answer.head, last)
        at = answer.stall if answer.stall > 0 else len(answer.body)
        self.body, self.later = answer.body[:at], answer.body[at:]
        self.stalls_first = answer.stall == 0
        self.number = answer.number
        self.busy = True
        self.since = self.loop.time()
        self.wait_or_send()

    def wait_or_send(self) -> None:
        """Wait for the rest of this request's latency, and of a silence before the headers; send when it is over."""
        wait = 0.0 if self.number is None else delay_s(self.site.network, self.number)
        if not self.is_early(wait + (self.site.stall_s if self.stalls_first else 0.0), self.wait_or_send):
            head, self.head = self.head, b""
            self.send_body(head)

    def be_silent(self) -> None:
        """Wait for the rest of a silence in the middle of a body, then go on."""
        if not self.is_early(self.site.stall_s, self.be_silent):
            self.silent = False
            self.body, self.later = self.later, NOTHING
            self.send_body(b"")

    def is_early(self, wait: float, then: Callable[[], None]) -> bool:
        """Whether `wait` seconds have not gone by since it began; then `then` is called when they have."""
        self.stop_timer()
        due, now = self.since + wait, self.loop.time()
        if due > now:
            self.timer = self.loop.call_at(min(due, now + MAX_S), then)
        return due > now

    def send_body(self, head: bytes) -> None:
        """Send the headers, if any, and begin with the body; where there is no limit they go together."""
        assert self.transport is not None
        if not self.site.rate or not len(self.body):
            # Joined, not writelines(): in Python 3.12 and 3.13.0 that one never calls pause_writing().
            self.transport.write(b"".join((head, self.body)) if len(self.body) else head)
            self.finish()
            return
        self.transport.write(head)
        self.since, self.sent = self.loop.time(), 0
        self.pump()

    def pump(self) -> None:
        """Send what the bandwidth allows by now, and come back when the next chunk is due."""
        self.stop_timer()
        if self.transport is None or self.full:
            return  # resume_writing() goes on
        rate, now = self.site.rate, self.loop.time()
        # The due time counts from the start of the body, so that late timers do not add up to a slower rate.
        allowed = len(self.body) if not rate else int((now - self.since) * rate) - self.sent
        if allowed > 0:
            size = min(allowed, len(self.body))
            piece, self.body = self.body[:size], self.body[size:]
            self.sent += size
            self.transport.write(piece)
        if not len(self.body):
            self.finish()
        elif not self.full:
            chunk = min(CHUNK, max(1, int(rate * 0.05)), len(self.body))
            self.timer = self.loop.call_at(self.since + (self.sent + chunk) / rate, self.pump)

    def finish(self) -> None:
        """The answer is written, or all before its silence; the next begins when the client has room for it."""
        self.body = NOTHING
        if len(self.later):
            self.silent, self.since = True, self.loop.time()
            self.be_silent()
            return
        self.busy = self.full  # while the client is slow, resume_writing() begins the next
        if not self.busy and (self.waiting or not self.keep_alive):
            self.loop.call_soon(self.begin)

    def settings_changed(self) -> None:
        """The site's settings are new: count a waiting request's latency again, or an answer's pace."""
        if self.head:
            self.wait_or_send()
        elif self.silent:
            self.be_silent()
        elif len(self.body):
            self.since, self.sent = self.loop.time(), 0
            self.pump()

    def pause_writing(self) -> None:
        self.full = True

    def resume_writing(self) -> None:
        self.full = False
        if self.silent:
            return  # be_silent() goes on when it is over
        if len(self.body):
            # A slow reader must not earn a burst for the time it did not read.
            self.since, self.sent = self.loop.time(), 0
            self.pump()
        else:
            self.busy = False
            self.begin()

    def stop_timer(self) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
