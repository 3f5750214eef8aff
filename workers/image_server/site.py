"""What the image server serves, what the network conditions make of it, and counts of both. In the server's loop."""

from __future__ import annotations

import json
import time
import zlib
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from .conditions import RATES, Fault, FaultCounts, NetworkConditions, changed, fault
from .pages import page, page_number
from .request import Request, byte_range

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


REASONS = {
    200: b"OK",
    206: b"Partial Content",
    400: b"Bad Request",
    404: b"Not Found",
    416: b"Range Not Satisfiable",
    429: b"Too Many Requests",
    500: b"Internal Server Error",
    502: b"Bad Gateway",
    503: b"Service Unavailable",
}
ERRORS = (503, 500, 429, 502)
RETRY_AFTER_S = 1
NOTHING = memoryview(b"")
MAX_RUNS = 8
"""So many runs are remembered; what was done for older ones is forgotten."""

MAX_NAME = 250
PAGE = b"<!DOCTYPE html><html><title>Please sign in</title><p>This is a web page where a picture should be.</html>\n"


class Listener(Protocol):
    """A connection."""

    def settings_changed(self) -> None:
        """The site's settings are new."""


class ServerAnswer(NamedTuple):
    """What is sent for one request.

    Attributes:
        head: the status line and the headers, each with its line's end; all but `Connection`.
        body: what follows them; empty for HEAD.
        number: the picture's, which decides the latency; None where there is none.
        closes: whether the connection is closed behind the body, come what may.
        stall: how many bytes of the body come before the silence; 0: it comes before the headers; -1: there is none.
    """

    head: bytes
    body: memoryview
    number: int | None = None
    closes: bool = False
    stall: int = -1


class ServedPicture:
    """A file that is served."""

    def __init__(self, content: bytes, modified: float) -> None:
        self.content = content
        self._modified = modified

    @cached_property
    def tag(self) -> bytes:
        """Its strong ETag, made of its contents when it is first wanted."""
        return b'"%x-%08x"' % (len(self.content), zlib.crc32(self.content))

    @cached_property
    def date(self) -> bytes:
        return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(self._modified)).encode()

    @cached_property
    def fields(self) -> bytes:
        return b"Content-Type: image/jpeg\r\nAccept-Ranges: bytes\r\nETag: %s\r\nLast-Modified: %s\r\n" % (
            self.tag,
            self.date,
        )

    @cached_property
    def whole(self) -> tuple[bytes, memoryview]:
        """Head and body of the usual answer, made once."""
        size = len(self.content)
        return _head(200, b"%sContent-Length: %d\r\n" % (self.fields, size)), memoryview(self.content)


class ServedRun:
    """What was done for one run: how often each picture in trouble was asked for, and what came of all."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.served = 0
        self.wrong = dict.fromkeys(RATES, 0)
        self._attempts: dict[int, int] = {}

    def goes_wrong(self, number: int, found: Fault) -> bool:
        """Count an attempt at picture `number`; whether the trouble comes true in it."""
        attempt = self._attempts[number] = self._attempts.get(number, 0) + 1
        self.wrong[found.kind] += attempt <= found.times
        return attempt <= found.times

    @property
    def fault_counts(self) -> FaultCounts:
        return FaultCounts(self.number, self.served, **self.wrong)


class Site:
    """What is served and how; one for the process, shared by its connections.

    Attributes:
        network: how it behaves now.
        rate: bytes a second on each connection, 0 = unlimited.
        stall_s: how long a silence lasts, in seconds; 0 once there are to be none.
        connections: those that are open.
        on_served: called when a picture was asked for by a run that has a number.
    """

    def __init__(self, pictures: Sequence[ServedPicture], network: NetworkConditions) -> None:
        self._pictures = pictures
        self._runs: dict[int, ServedRun] = {}
        self.connections: set[Listener] = set()
        self.on_served: Callable[[ServedRun], None] = lambda run: None
        self._take(network)

    def _take(self, network: NetworkConditions) -> None:
        self.network = network
        self.rate = network.bandwidth_kib * 1024
        self.stall_s = network.stall_s if network.stall_rate else 0.0
        self._is_fair = not network.is_faulty

    def apply(self, settings: Mapping[str, Any]) -> None:
        """Take new settings, for requests to come and for those that wait or are being sent.

        Raises:
            ValueError, TypeError: one of them is no setting, or out of range; nothing was changed.
        """
        self._take(changed(self.network, settings))
        for connection in tuple(self.connections):
            connection.settings_changed()

    def answer(self, request: Request) -> ServerAnswer:
        if not request.path:
            return _text(request, 400, b"That is no GET or HEAD request of HTTP/1.1.\n")
        path, _, query = request.path.partition("?")
        run, path = _run_of(path)
        if path in ("/", ""):
            return _whole(
                request, 200, b"Content-Type: application/json\r\n", json.dumps(self._facts(run)).encode()
            )
        if run is not None and (number := page_number(path)) is not None:
            fields = b"Content-Type: text/html; charset=utf-8\r\n"
            return _whole(request, 200, fields, page(number))._replace(number=number)
        number = _number(path.removeprefix("/pictures/"))
        if number is None or run is None or not path.startswith("/pictures/"):
            return _text(
                request,
                404,
                b"No such page. Pictures are at /pictures/<number>, pages at /sites/<number>/0.html.\n",
            )
        return self._picture(request, self._run(run), number, query)

    def _facts(self, run: int | None) -> dict[str, Any]:
        """With the settings: they come by another way than requests, and so a client can see what holds."""
        fault_counts = self._runs[run].fault_counts if run in self._runs else FaultCounts(run or 0)
        facts: dict[str, Any] = {"pictures": len(self._pictures), **self.network._asdict()}
        return {**facts, **fault_counts._asdict(), "went_wrong": fault_counts.went_wrong}

    def _run(self, number: int) -> ServedRun:
        run = self._runs.get(number)
        if run is None:
            run = self._runs[number] = ServedRun(number)
            if len(self._runs) > MAX_RUNS:
                del self._runs[next(iter(self._runs))]
        return run

    def _picture(self, request: Request, run: ServedRun, number: int, query: str) -> ServerAnswer:
        picture = self._pictures[number % len(self._pictures)]
        found = None
        if request.with_body:  # HEAD asks without downloading anything: the network conditions leave it alone
            run.served += 1
            found = None if self._is_fair else fault(self.network, number)
            if found is not None and not run.goes_wrong(number, found):
                found = None
            if run.number:
                self.on_served(run)
        if found is None and not query and not request.range:
            head, body = picture.whole
            return ServerAnswer(head, body if request.with_body else NOTHING, number)
        return _unusual(request, picture, found, query)._replace(number=number)


def _unusual(request: Request, picture: ServedPicture, found: Fault | None, query: str) -> ServerAnswer:
    """A picture that is in trouble, or of which a part or another name is asked for."""
    fields = picture.fields + (_disposition(query) if "name=" in query else b"")
    if found is not None and found.kind in ("error", "wrong"):
        return _error(request, found) if found.kind == "error" else _wrong(request, picture, found)
    try:
        part = _part(request, picture)
    except ValueError:
        size = b"Content-Range: bytes */%d\r\n" % len(picture.content)
        return _text(request, 416, b"The picture has no such byte.\n", size)
    status, sent = 200, picture.whole[1]
    if part is not None:
        fields += b"Content-Range: bytes %d-%d/%d\r\n" % (part[0], part[1] - 1, len(sent))
        status, sent = 206, sent[slice(*part)]
    answer = _whole(request, status, fields, sent)
    if found is None:
        return answer
    at = int(found.place * len(sent))
    if found.kind == "stall":
        return answer._replace(stall=0 if found.variant % 2 else max(1, at))
    return _cut(request, answer, status, fields, at, found.variant)


def _run_of(path: str) -> tuple[int | None, str]:
    """The number of a run and the rest of a path that begins with it; 0 and the path where it names none."""
    if not path.startswith("/runs/"):
        return 0, path
    digits, slash, rest = path[6:].partition("/")
    return _number(digits), slash + rest


def _number(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


def _head(status: int, fields: bytes) -> bytes:
    return b"HTTP/1.1 %d %s\r\n%s" % (status, REASONS[status], fields)


def _whole(request: Request, status: int, fields: bytes, body: bytes | memoryview) -> ServerAnswer:
    head = _head(status, b"%sContent-Length: %d\r\n" % (fields, len(body)))
    return ServerAnswer(head, memoryview(body) if request.with_body else NOTHING)


def _text(request: Request, status: int, text: bytes, fields: bytes = b"") -> ServerAnswer:
    return _whole(request, status, fields + b"Content-Type: text/plain\r\n", text)


def _part(request: Request, picture: ServedPicture) -> tuple[int, int] | None:
    """Which bytes of a picture are wanted; None: all. Raises ValueError where there are no such bytes."""
    if not request.range or not request.with_body:
        return None
    if request.if_range and request.if_range not in (picture.tag, picture.date):
        return None  # it is another picture than the one of which the client has a part
    return byte_range(request.range, len(picture.content))


def _disposition(query: str) -> bytes:
    """A header that names the file as the query asks, whatever that name is: to distrust it is the client's part."""
    from urllib.parse import parse_qs, quote  # only here: the server starts sooner

    name = parse_qs(query, keep_blank_values=True).get("name", [""])[0][:MAX_NAME]
    plain = "".join(sign if " " <= sign <= "~" and sign not in '"\\' else "_" for sign in name)
    encoded = quote(name, safe="")
    return f"Content-Disposition: attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}\r\n".encode()


def _error(request: Request, found: Fault) -> ServerAnswer:
    status = ERRORS[found.variant % len(ERRORS)]
    fields = b"Retry-After: %d\r\n" % RETRY_AFTER_S if status in (429, 503) else b""
    return _text(request, status, b"On purpose: the network is bad.\n", fields)


def _wrong(request: Request, picture: ServedPicture, found: Fault) -> ServerAnswer:
    """Something else in the place of a picture, sent whole and called a picture."""
    size = len(picture.content)
    noise = bytes(range(1, 256)) * (size // 255 + 1)
    body = (PAGE, picture.content[: size // 2], noise[:size])[found.variant % 3]
    return _whole(request, 200, b"Content-Type: image/jpeg\r\n", body)


def _cut(
    request: Request, answer: ServerAnswer, status: int, fields: bytes, at: int, variant: int
) -> ServerAnswer:
    """The same answer, but the connection ends after `at` bytes: with a length, without, or before the last chunk."""
    form, body = variant % 3, answer.body[:at]
    if form == 1:
        return ServerAnswer(_head(status, fields), body, closes=True)
    if form == 2 and request.is_new:
        chunk = b"%x\r\n%s\r\n" % (at, body) if at else b""  # an empty chunk would be the end
        head = _head(status, fields + b"Transfer-Encoding: chunked\r\n")
        return ServerAnswer(head, memoryview(chunk), closes=True)
    return answer._replace(body=body, closes=True)
