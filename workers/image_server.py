"""The local image server, a process of its own: one thread, one asyncio loop, the standard library only.

It stands in for a web site: pictures with a latency and a bandwidth that can be set while it runs, the same
in every run with the same seed. It prints one JSON line {"port": N} when it is ready, reads settings as JSON
lines from stdin, and leaves when stdin ends: the pipe breaks however the program dies, so the server cannot
outlive it.

One file, for it runs isolated (python -I) and imports nothing of its neighbours.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import sys
import threading
from collections import deque
from pathlib import Path

CHUNK = 16 * 1024  # bytes written at a time when the bandwidth is limited
MAX_HEAD = 32 * 1024  # bytes of a request's head; a longer one is refused
MAX_WAITING = 64  # pipelined requests on one connection; more is refused rather than stored
MASK = (1 << 64) - 1
REASONS = {200: b"OK", 400: b"Bad Request", 404: b"Not Found"}


class Site:
    """What is served and how slowly; one for the process, shared by its connections.

    Attributes:
        latency: seconds before the headers of a picture.
        spread: 0 to 1, the part of the latency that varies from picture to picture.
        rate: bytes a second on each connection, 0 = unlimited.
        connections: those that are open.
    """

    def __init__(self, pictures: list[bytes], seed: int) -> None:
        self.pictures = pictures
        self.seed = seed
        self.latency = 0.0
        self.spread = 0.0
        self.rate = 0.0
        self.connections: set[Connection] = set()

    def delay(self, number: int) -> float:
        """Seconds that picture `number` waits before its headers; the same in every run with one seed."""
        if not self.spread:
            return self.latency
        x = (self.seed * 1_000_003 + number + 1) * 0x9E3779B97F4A7C15 & MASK  # splitmix64: no import of random
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
        x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
        u = 2.0 * ((x ^ x >> 31) / MASK) - 1.0
        return max(0.0, self.latency * (1.0 + self.spread * u))

    def apply(self, settings: dict[str, float]) -> None:
        """Take new settings, for requests to come and for those that wait or are being sent."""
        latency = float(settings.get("latency_ms", self.latency * 1000)) / 1000
        spread = float(settings.get("spread", self.spread))
        rate = float(settings.get("bandwidth_kib", self.rate / 1024)) * 1024
        # Only now, when all three are known to be numbers, is anything changed.
        self.latency, self.spread, self.rate = max(0.0, latency), min(1.0, max(0.0, spread)), max(0.0, rate)
        for connection in tuple(self.connections):
            connection.settings_changed()

    def answer(self, path: str) -> tuple[int, bytes, bytes, int | None]:
        """Status, content type, body and a picture's number; an empty path is a malformed request."""
        if not path:
            return 400, b"text/plain", b"That is no GET or HEAD request of HTTP/1.1.\n", None
        path = path.partition("?")[0]
        if path == "/":
            # With the settings: they come by another way than requests, and so a client can see what holds.
            facts = {
                "pictures": len(self.pictures),
                "latency_ms": self.latency * 1000,
                "spread": self.spread,
                "bandwidth_kib": self.rate / 1024,
            }
            return 200, b"application/json", json.dumps(facts).encode(), None
        digits = path.removeprefix("/pictures/")
        if digits != path and digits.isascii() and digits.isdigit() and len(digits) <= 18:
            number = int(digits)
            return 200, b"image/jpeg", self.pictures[number % len(self.pictures)], number
        return 404, b"text/plain", b"No such page. Pictures are at /pictures/<number>.\n", None


class Connection(asyncio.Protocol):
    """One client: answers its requests in order, each after its latency and at the pace that is set."""

    def __init__(self, site: Site, loop: asyncio.AbstractEventLoop) -> None:
        self.site = site
        self.loop = loop
        self.transport: asyncio.Transport | None = None
        self.received = b""
        self.waiting: deque[tuple[str, bool]] = deque()  # (path, with a body) of requests not yet begun
        self.timer: asyncio.TimerHandle | None = None
        self.busy = False  # a request is being answered; the ones behind it wait
        self.head = b""  # headers not yet sent: while there are any, the request waits for its latency
        self.body = memoryview(b"")  # what is still to be sent
        self.number: int | None = None  # the picture's, which decides the latency
        self.since = 0.0  # when the latency, and later the pacing, began
        self.sent = 0  # bytes sent since then
        self.full = False  # the client reads more slowly than we send
        self.keep_alive = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client came; asyncio has set TCP_NODELAY on its socket."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.site.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client left, perhaps in the middle of an answer."""
        self.site.connections.discard(self)
        self.transport = None
        self.stop_timer()
        self.waiting.clear()
        self.body = memoryview(b"")

    def data_received(self, data: bytes) -> None:
        """Cut the bytes into requests; one that is malformed is answered with 400 and ends the connection."""
        if not self.keep_alive:
            return  # what comes after the last request is not kept
        self.received += data
        while self.keep_alive and b"\r\n\r\n" in self.received[:MAX_HEAD]:
            head, _, self.received = self.received.partition(b"\r\n\r\n")
            request = parse(head)
            if request is None or len(self.waiting) >= MAX_WAITING:
                self.refuse()
                return
            path, with_body, self.keep_alive = request
            self.waiting.append((path, with_body))
        if self.keep_alive and len(self.received) >= MAX_HEAD:
            self.refuse()
        elif not self.busy:
            self.begin()

    def refuse(self) -> None:
        """Answer 400 after what was asked before it, then close."""
        self.received, self.keep_alive = b"", False
        self.waiting.append(("", True))
        if not self.busy:
            self.begin()

    def begin(self) -> None:
        """Start on the next request, or close after the last."""
        if self.busy or self.transport is None:
            return
        if not self.waiting:
            if not self.keep_alive:
                self.transport.close()
            return
        path, with_body = self.waiting.popleft()
        status, kind, body, number = self.site.answer(path)
        last = b"" if self.keep_alive or self.waiting else b"Connection: close\r\n"
        self.head = b"HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nAccept-Ranges: none\r\n%s\r\n" % (
            status,
            REASONS[status],
            kind,
            len(body),
            last,
        )
        self.body = memoryview(body if with_body else b"")
        self.number = number
        self.busy = True
        self.since = self.loop.time()
        self.wait_or_send()

    def wait_or_send(self) -> None:
        """Wait for the rest of this request's latency; send when it is over."""
        self.stop_timer()
        due = self.since + (0.0 if self.number is None else self.site.delay(self.number))
        now = self.loop.time()
        if due <= now:
            self.send_head()
        else:  # a day at most: the selector refuses a time-out of ages, and settings_changed() comes before
            self.timer = self.loop.call_at(min(due, now + 86400), self.wait_or_send)

    def send_head(self) -> None:
        """Send the headers, and with them the whole body when there is no limit."""
        assert self.transport is not None
        head, self.head = self.head, b""
        if not self.site.rate or not len(self.body):
            if len(self.body):
                # Joined, not writelines(): in Python 3.12 and 3.13.0 that one never calls pause_writing().
                self.transport.write(b"".join((head, self.body)))
            else:
                self.transport.write(head)
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
        """The answer is written; the next request begins when the client has room for it."""
        self.body = memoryview(b"")
        self.busy = self.full  # while the client is slow, resume_writing() begins the next
        if not self.busy and (self.waiting or not self.keep_alive):
            self.loop.call_soon(self.begin)

    def settings_changed(self) -> None:
        """The site's settings are new: count a waiting request's latency again, or an answer's pace."""
        if self.head:
            self.wait_or_send()
        elif len(self.body):
            self.since, self.sent = self.loop.time(), 0
            self.pump()

    def pause_writing(self) -> None:
        """asyncio: the client's buffers are full."""
        self.full = True

    def resume_writing(self) -> None:
        """asyncio: the client reads again."""
        self.full = False
        if len(self.body):
            # A slow reader must not earn a burst for the time it did not read.
            self.since, self.sent = self.loop.time(), 0
            self.pump()
        else:
            self.busy = False
            self.begin()

    def stop_timer(self) -> None:
        """Forget the call that was to come."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None


def parse(head: bytes) -> tuple[str, bool, bool] | None:
    """Path, whether a body is wanted (GET, not HEAD) and keep-alive of a head; None if malformed."""
    request_line, _, fields = head.partition(b"\r\n")
    words = request_line.split(b" ")
    if len(words) != 3 or words[0] not in (b"GET", b"HEAD") or not words[1].startswith(b"/"):
        return None
    if words[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
        return None
    keep_alive = words[2] == b"HTTP/1.1"
    for field in fields.split(b"\r\n") if fields else ():
        name, colon, value = field.partition(b":")
        if not colon or not name or name != name.strip():
            return None
        if name.lower() == b"connection":
            keep_alive = b"close" not in value.lower() and (keep_alive or b"keep-alive" in value.lower())
    return words[1].decode("latin-1"), words[0] == b"GET", keep_alive


def read_pictures(folder: Path) -> list[bytes]:
    """The folder's JPEG files by name, read whole; SystemExit, after a sentence, if there are none."""
    pictures = [path.read_bytes() for path in sorted(folder.glob("*.jpg"))] if folder.is_dir() else []
    if not pictures:
        sys.stderr.write(f"No pictures (*.jpg) in {folder}: run 'python scripts/make_pictures.py' to make them.\n")
        raise SystemExit(2)
    return pictures


def follow_stdin(site: Site, loop: asyncio.AbstractEventLoop) -> None:
    """Pass settings on, leave when stdin ends; in a thread, for Windows cannot select pipes."""
    for line in sys.stdin.buffer:
        try:
            settings = json.loads(line)
            if not isinstance(settings, dict):
                raise TypeError("settings are a JSON object")
        except (ValueError, TypeError) as error:
            sys.stderr.write(f"Settings not understood: {error}\n")
        else:
            loop.call_soon_threadsafe(take_settings, site, settings)
    os._exit(0)  # not sys.exit: nothing here needs tidying, and a busy loop must not delay the end


def take_settings(site: Site, settings: dict[str, float]) -> None:
    """In the loop: apply settings; a value that is no number is told on stderr."""
    try:
        site.apply(settings)
    except (ValueError, TypeError) as error:
        sys.stderr.write(f"Settings not understood: {error}\n")


async def serve(site: Site) -> None:
    """Listen on a free port of the loopback interface, tell it on stdout, serve until the process ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(site, loop), "127.0.0.1", 0, backlog=1024)
    sys.stdout.write(json.dumps({"port": server.sockets[0].getsockname()[1]}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=follow_stdin, args=(site, loop), name="settings", daemon=True).start()
    await server.serve_forever()


def main() -> None:
    """Read the command line and serve."""
    # Ctrl+C in a terminal goes to the whole process group; when to end is for the parent to decide.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parser = argparse.ArgumentParser(description="Serve pictures on the loopback interface, slowly if wanted.")
    parser.add_argument("--pictures", type=Path, required=True, help="folder of *.jpg files")
    parser.add_argument("--latency-ms", type=float, default=120.0, help="milliseconds before the headers")
    parser.add_argument("--spread", type=float, default=0.3, help="part of the latency that varies, 0 to 1")
    parser.add_argument("--bandwidth-kib", type=float, default=8192.0, help="KiB/s a connection, 0 = unlimited")
    parser.add_argument("--seed", type=int, default=1, help="decides which pictures are late")
    options = parser.parse_args()
    site = Site(read_pictures(options.pictures), options.seed)
    chosen = {key: getattr(options, key) for key in ("latency_ms", "spread", "bandwidth_kib")}
    site.apply(chosen)
    asyncio.run(serve(site))


if __name__ == "__main__":
    main()
