"""Reads web addresses, redirects included, in one thread; any thread may end it. Each thread has a client of its own.

Where one thread carries out several downloads by turns, each of them has one: deadlines and sockets are not shared.
"""

from __future__ import annotations

import threading
import time
import weakref
from contextlib import contextmanager, nullcontext
from http.client import HTTPException
from typing import TYPE_CHECKING, Protocol

import requests
from urllib3.exceptions import HTTPError

from .answers import REDIRECTS, Answer, too_many_redirects
from .connection import WireAdapter
from .deadline_socket import Away, Deadlines, Wire
from .errors import failure_of
from .host_limit import LOOK_S, HostSlot
from .http.destination import destination
from .http.proxies import Proxy, proxy_for

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator


class Download(Protocol):
    """What the clients ask of a download: they only send, receive and wait.

    Attributes:
        url: where it begins.
        deadlines: how long it may take.
        end: when its time is over, in seconds of `time.monotonic`; for clients that do not keep that themselves.
        ca_file: the authorities that servers are verified against; empty for the usual ones.
        piece: at most so many bytes in one read; a read returns as soon as there are any.
    """

    url: str
    deadlines: Deadlines
    end: float
    ca_file: str
    piece: int

    @property
    def is_whole(self) -> bool:
        """Whether nothing is to be asked for any more."""

    def enter(self, url: str) -> HostSlot | None:
        """A place at an address's host, to be left when its answer has been read; None where there is none just now."""

    def headers(self, url: str) -> dict[str, str]:
        """All that the next request says, which goes to this address."""

    def pause_s(self, size: int) -> float:
        """How long to wait after so many bytes, in seconds, where somebody limits how fast they may come."""

    def judge(self, answer: Answer) -> str | None:
        """What to do with an answer: the address to ask next, or None where its body is to be read.

        Raises:
            DownloadError: the server refuses, or what it sends is not wanted.
        """


class Client:
    """Reads web addresses in one thread, over connections that are kept open in between.

    Attributes:
        wire: its connection: a download begins by `wire.begin`, and any thread may end it by `wire.abort`.
    """

    def __init__(self) -> None:
        self.wire = Wire()
        self._proxy: Proxy | None = None
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WireAdapter(self.wire))

    def __del__(self) -> None:
        # A thread that ends says nothing, but lets go of what is its own.
        self.close()

    def close(self) -> None:
        """Close the connections; the next download opens new ones."""
        self._session.close()

    def rest(self, seconds: float) -> Generator[bytes, None, None]:
        """Wait, in steps of a frame; it does not count for the deadlines.

        Raises:
            Cancelled: the download was aborted.
        """
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.wire.rest(min(left, LOOK_S))
            yield from self._apart(b"")

    def _apart(self, data: bytes) -> Generator[bytes, None, None]:
        """Yield, and let the download have as much more time as that takes: one that is paused is not late."""
        left = time.monotonic()
        yield data
        self.wire.end += time.monotonic() - left

    def read(self, download: Download) -> Generator[bytes, None, None]:
        """Carry out one try of a download that has begun: yields its bytes as they come, and none while it waits.

        The time between two steps does not count.

        Raises:
            DownloadError: it failed, with a sentence for people.
        """
        if download.is_whole:
            return  # an earlier run had all of it
        wire = self.wire
        response: requests.Response | None = None
        place: HostSlot | None = None
        url: str | None = download.url
        try:
            for _ in range(REDIRECTS + 1):
                assert url is not None
                while (place := download.enter(url)) is None:
                    yield from self.rest(LOOK_S)
                response = self._get(url, download)
                url = download.judge(Answer(url, response.status_code, response.reason or "", response.headers))
                if url is None:
                    break
                response.close()
                place.leave()
            else:
                raise too_many_redirects()
            while not download.is_whole and (data := response.raw.read1(download.piece)):
                yield from self.rest(download.pause_s(len(data)))
                yield from self._apart(data)
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            wire.check()
            raise failure_of(error, self._proxy.name if self._proxy else "") from error
        finally:
            wire.use(None)
            if response is not None:
                response.close()  # with bytes unread this closes the connection too
            if place is not None:
                place.leave()

    def _get(self, url: str, download: Download) -> requests.Response:
        """Ask for one address.

        Not by Session.get: that keeps cookies, which nobody is to be known by, and looks at redirects, where a
        malformed one raises what is no RequestException. It takes twice as long, too. The address that requests is
        given is for the connection alone: requests would write its path in another way.
        """
        deadlines = self.wire.deadlines
        self.wire.check()
        to = destination(url)
        self._proxy = proxy = proxy_for(to)
        self.wire.target = to.url if proxy is not None and proxy.forwards(to) else to.target
        request = requests.PreparedRequest()
        request.prepare("GET", f"{to.scheme}://{to.authority}/", headers=download.headers(url))
        adapter = self._session.get_adapter(request.url or "")
        return adapter.send(
            request,
            stream=True,
            timeout=(deadlines.connect_s, deadlines.stall_s),
            verify=download.ca_file or True,
            proxies={to.scheme: proxy.url} if proxy is not None else None,
        )


class Clients:
    """The clients of all threads, each closed when its thread ends or by `close`."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._all: weakref.WeakSet[Client] = weakref.WeakSet()

    @contextmanager
    def lend(self, deadlines: Deadlines, away: Away = nullcontext) -> Iterator[Client]:
        """A client of the calling thread for one download that begins now: the last one's, unless that is in use."""
        free: list[Client] | None = getattr(self._mine, "free", None)
        if free is None:
            free = self._mine.free = []
        if not free:
            made = Client()
            with self._lock:
                self._all.add(made)
            free.append(made)
        client = free.pop()
        try:
            client.wire.begin(deadlines, away)
            yield client
        finally:
            free.append(client)

    def close(self) -> None:
        """Close all connections, of all threads. Called when no download is going on; new ones may follow."""
        with self._lock:
            clients = list(self._all)
        for client in clients:
            client.close()
