"""Reads web addresses, redirects included, in one thread; any thread may end it. One client for each thread."""

from __future__ import annotations

import threading
import time
import weakref
from http.client import HTTPException
from typing import TYPE_CHECKING

import requests
from urllib3.exceptions import HTTPError

from workers.net.answers import (
    HEADERS,
    REDIRECTS,
    check_length,
    check_size,
    host_of,
    is_loopback,
    sent_on_to,
    too_many_redirects,
)
from workers.net.connection import WireAdapter
from workers.net.failures import words_for
from workers.net.wire import DownloadError, Wire

if TYPE_CHECKING:
    from collections.abc import Generator

    from workers.net.wire import Deadlines

CHUNK = 256 * 1024
"""At most so many bytes in one read; a read returns as soon as there are any."""


class _Session(requests.Session):
    """A session that leaves redirects to `Client`: a malformed one would raise what is no RequestException."""

    def get_redirect_target(self, response: requests.Response) -> None:
        return None


class Client:
    """Reads web addresses in one thread, over connections that are kept open in between."""

    def __init__(self) -> None:
        self._wire = Wire()
        self._session = _Session()
        self._session.headers.clear()
        self._session.headers.update(HEADERS)
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WireAdapter(self._wire))

    def __del__(self) -> None:
        # A thread that ends says nothing, but lets go of what is its own.
        self.close()

    def close(self) -> None:
        """Close the connections; the next download opens new ones."""
        self._session.close()

    def begin(self, deadlines: Deadlines) -> None:
        """A download begins: its time runs, and from now on `abort` ends it."""
        self._wire.begin(deadlines)

    def abort(self) -> None:
        """End the download that is going on, at once. Neither blocks nor raises; any thread may call it, and again."""
        self._wire.abort()

    def read(self, url: str, most: int) -> Generator[bytes, None, None]:
        """Read one address after `begin`; yields its bytes as they come. The time between two steps does not count.

        Args:
            url: an http or https address.
            most: a file of more bytes than this is refused.

        Raises:
            DownloadError: it failed, with a sentence for people.
        """
        wire = self._wire
        response: requests.Response | None = None
        try:
            response = self._open(url)
            check_length(response.headers, most)
            got = 0
            while data := response.raw.read1(CHUNK):
                got += len(data)
                check_size(got, most)
                left = time.monotonic()
                yield data
                wire.end += time.monotonic() - left  # a paused download is not late
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            wire.check()
            raise DownloadError(words_for(error)) from error
        finally:
            wire.use(None)
            if response is not None:
                response.close()  # with bytes unread this closes the connection too

    def _open(self, url: str) -> requests.Response:
        deadlines = self._wire.deadlines
        for _ in range(REDIRECTS + 1):
            host = host_of(url)
            self._wire.check()
            # Proxies from the environment are for the network. A proxy cannot know what runs on this machine.
            self._session.trust_env = not is_loopback(host)
            response = self._session.get(url, stream=True, timeout=(deadlines.connect_s, deadlines.stall_s))
            if response.status_code == 200:
                return response
            try:
                url = sent_on_to(url, response.status_code, response.reason or "", response.headers)
            finally:
                response.close()
        raise too_many_redirects()


class Clients:
    """One `Client` for each thread that asks, closed when its thread ends or by `close`."""

    def __init__(self) -> None:
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._all: weakref.WeakSet[Client] = weakref.WeakSet()

    def mine(self) -> Client:
        """The calling thread's client."""
        client: Client | None = getattr(self._mine, "client", None)
        if client is None:
            client = self._mine.client = Client()
            with self._lock:
                self._all.add(client)
        return client

    def close(self) -> None:
        """Close all connections, of all threads. Called when no download is going on; new ones may follow."""
        with self._lock:
            clients = list(self._all)
        for client in clients:
            client.close()
