"""Web addresses read with requests under our own deadlines, and ended at once by a cancel.

One `Client` serves one thread, but for `Client.abort`, which any thread and any signal handler may call. What requests
and urllib3 lack is put in where they make and read their connections:

- their read time-out is for each recv, so that a server which drips a byte a second is never late: here each wait for
  the socket is cut to what is left of the stall and total deadlines;
- before the headers are there nobody can end a request: here the connection is known from its first moment on, and
  `abort` shuts its socket down, which ends a wait in it at once.

Where a shutdown ends no wait (Windows, and while names are looked up), waits are in slices of SLICE_S.
"""

from __future__ import annotations

import contextlib
import functools
import io
import ipaddress
import queue
import select
import socket
import threading
import time
import weakref
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SLICE_S = 0.1
REDIRECTS = 10
CHUNK = 256 * 1024
"""At most so many bytes in one read; a read returns as soon as there are any."""

HEADERS = {"User-Agent": "Thaw", "Accept": "image/*", "Accept-Encoding": "identity"}
"""Identity: pictures do not get smaller by gzip, and 194 KB of it can become 200 MB."""

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})


class DownloadError(Exception):
    """A download that failed; the message is a sentence for people."""


class Deadlines(NamedTuple):
    """How long a download may take, in seconds.

    Attributes:
        connect_s: for each connection, looking up its name included.
        stall_s: without a single byte.
        total_s: from the request to the last byte.
    """

    connect_s: float = 5.0
    stall_s: float = 10.0
    total_s: float = 60.0


class Wire:
    """The connection of one thread's download, with its deadlines.

    Attributes:
        deadlines: of the download that is going on.
        end: when its total time is over, in seconds of `time.monotonic`.
    """

    def __init__(self) -> None:
        self.deadlines = Deadlines()
        self.end = 0.0
        self._aborted = False
        self._socket: socket.socket | None = None

    def begin(self, deadlines: Deadlines) -> None:
        """A download begins now."""
        self.deadlines = deadlines
        self.end = time.monotonic() + deadlines.total_s
        self._aborted = False

    def use(self, sock: socket.socket | None) -> None:
        """From now on `abort` shuts this socket down."""
        self._socket = sock
        if self._aborted:  # it came in between: `abort` sets the flag before it reads the socket
            self.abort()

    def abort(self) -> None:
        """End what is going on, at once. Neither blocks nor raises; any thread may call it, and again."""
        self._aborted = True
        sock = self._socket
        if sock is not None:
            with contextlib.suppress(OSError):  # not connected, or closed already
                sock.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        """Raise where the download was aborted or has used up its time."""
        if self._aborted:
            raise DownloadError("The download was cancelled.")
        if time.monotonic() >= self.end:
            raise DownloadError(f"The download was not finished within {self.deadlines.total_s:g} s.")

    def slices(self, limit: float, late: str) -> Iterator[float]:
        """Lengths of waits, until somebody stops asking. Raises with `late` when `limit` seconds have passed."""
        begun = time.monotonic()
        while True:
            self.check()
            now = time.monotonic()
            left = min(begun + limit, self.end) - now
            if left <= 0:
                self.check()
                raise DownloadError(late)
            yield min(left, SLICE_S)

    def connect(self, host: str, port: int, options: Any) -> socket.socket:
        """A socket that is connected, with the first address of `host` that answers."""
        late = f"{host} did not answer within {self.deadlines.connect_s:g} s."
        waits = self.slices(self.deadlines.connect_s, late)
        error: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in look_up(host, port, waits):
            sock = socket.socket(family, kind, protocol)
            try:
                for option in options or ():
                    sock.setsockopt(*option)
                sock.setblocking(False)
                code = sock.connect_ex(address)
                self.use(sock)
                # A connection that was refused is 'writable' too; on Windows it is 'exceptional' instead.
                while not any(select_write(sock, next(waits))):
                    pass
                code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
                if code:
                    raise OSError(code, describe(code))
                sock.getpeername()  # raises where the connection was shut down half way
                return sock
            except OSError as failure:
                sock.close()
                error = failure
                self.check()
            except BaseException:
                sock.close()
                raise
        raise DownloadError(f"{host} cannot be reached: {error.strerror or error}.") from error

    def read(self, sock: socket.socket, buffer: Any) -> int:
        """Like `sock.recv_into`, within the deadlines."""
        for wait in self.slices(
            self.deadlines.stall_s, f"The server sent nothing for {self.deadlines.stall_s:g} s."
        ):
            sock.settimeout(wait)
            try:
                size = sock.recv_into(buffer)
            except TimeoutError:
                continue
            if not size:
                self.check()  # a shutdown looks like the server's end
            return size
        raise AssertionError("the slices never end by themselves")


def select_write(sock: socket.socket, wait: float) -> tuple[bool, bool]:
    """Whether a connection attempt has ended, within `wait` seconds."""
    if hasattr(select, "poll"):  # select() fails on numbers over 1,023
        poll = select.poll()
        poll.register(sock, select.POLLOUT)
        return bool(poll.poll(wait * 1000)), False
    _, done, failed = select.select([], [sock], [sock], wait)
    return bool(done), bool(failed)


def describe(code: int) -> str:
    """What an error number of the system means, as in `Connection refused`."""
    import os

    return os.strerror(code)


def look_up(host: str, port: int, waits: Iterator[float]) -> list[Any]:
    """The addresses of a host. A look-up cannot be ended: it has a thread of its own, which is left behind if late."""
    host = host.strip("[]")
    with contextlib.suppress(OSError):
        return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    answers: queue.SimpleQueue[Any] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as failure:
            answers.put(failure)

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    for wait in waits:
        with contextlib.suppress(queue.Empty):
            found = answers.get(timeout=wait)
            if isinstance(found, Exception):
                raise DownloadError(f"There is no host {host}, or no network.") from found
            return list(found)
    raise AssertionError("the slices never end by themselves")


class _Stream(io.RawIOBase):
    """What http.client reads from: the socket, within the deadlines."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, wire: Wire) -> None:
        self._raw, self._sock, self._wire = raw, sock, wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._wire.read(self._sock, buffer)

    def close(self) -> None:
        self._raw.close()  # the socket counts who reads from it, and closes after the last
        super().close()


class _Response(HTTPResponse):
    """A response whose bytes come through the wire."""

    def __init__(self, sock: socket.socket, *args: Any, wire: Wire, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Stream(self.fp.detach(), sock, wire))


class _Connection(HTTPConnection):
    """A connection that is made and read through the wire."""

    def __init__(self, *args: Any, wire: Wire, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wire = wire
        self._handle: socket.socket | None = None
        self.response_class = functools.partial(_Response, wire=wire)

    def _new_conn(self) -> socket.socket:
        sock = self._wire.connect(self._dns_host, self.port or 0, self.socket_options)
        # TLS takes the socket over for its handshake; a second handle of it can be shut down all the while.
        self._handle = sock.dup() if isinstance(self, HTTPSConnection) else sock
        self._wire.use(self._handle)
        sock.settimeout(self._wire.deadlines.connect_s)
        return sock

    def putrequest(self, *args: Any, **options: Any) -> None:
        self._wire.use(self._handle)  # a connection that was kept open since the last download
        super().putrequest(*args, **options)

    def close(self) -> None:
        super().close()
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.close()


class _SecureConnection(_Connection, HTTPSConnection):
    """The same over TLS."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class _Adapter(HTTPAdapter):
    """Gives the connections of a session their wire, behind a proxy as well."""

    def __init__(self, wire: Wire) -> None:
        self._pools = {
            "http": functools.partial(_Pool, wire=wire),
            "https": functools.partial(_SecurePool, wire=wire),
        }
        super().__init__(pool_connections=4, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._pools
        return manager


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
            self._session.mount(scheme, _Adapter(self._wire))

    def __del__(self) -> None:
        # A thread that ends says nothing, but lets go of what is its own.
        self.close()

    @property
    def abort(self) -> Callable[[], None]:
        """Ends the download that is going on; for `Control.on_cancel`."""
        return self._wire.abort

    def close(self) -> None:
        """Close the connections; the next download opens new ones."""
        self._session.close()

    def extend(self, seconds: float) -> None:
        """Give the download as much longer as it was paused."""
        self._wire.end += seconds

    def read(self, url: str, deadlines: Deadlines, most: int) -> Iterator[bytes]:
        """Read one address, redirects followed; yields the bytes as they come.

        Closing the iterator ends the download. Call `begin` first.

        Args:
            url: an http or https address.
            deadlines: how long it may take.
            most: more bytes than this are refused.

        Raises:
            DownloadError: it failed, with a sentence for people.
        """
        self._wire.begin(deadlines)
        response: requests.Response | None = None
        try:
            response = self._open(url, deadlines)
            size = _length(response)
            if size is not None and size > most:
                raise DownloadError(f"The file is too large: {size:,} bytes, and {most:,} are allowed.")
            got = 0
            raw = response.raw
            while data := raw.read1(CHUNK):
                got += len(data)
                if got > most:
                    raise DownloadError(f"The file is too large: more than {most:,} bytes.")
                yield data
        except (requests.RequestException, HTTPError, HTTPException, OSError, ValueError) as error:
            self._wire.check()
            raise DownloadError(_words(error)) from error
        finally:
            self._wire.use(None)
            if response is not None:
                response.close()

    def _open(self, url: str, deadlines: Deadlines) -> requests.Response:
        for _ in range(REDIRECTS + 1):
            parts = urlsplit(url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise DownloadError(f"The server sent us on to an address that is no web page: {url:.80}.")
            self._wire.check()
            # Proxies from the environment are for the network. A proxy cannot know what runs on this machine.
            self._session.trust_env = not _is_loopback(parts.hostname)
            response = self._session.get(url, stream=True, timeout=(deadlines.connect_s, deadlines.stall_s))
            if response.status_code == 200:
                return response
            location = response.headers.get("Location") if response.status_code in _REDIRECTS else None
            try:
                if location is None:
                    raise DownloadError(_refusal(response))
                url = urljoin(url, location)
                urlsplit(url).port  # noqa: B018 - raises ValueError where the port is no number
            except ValueError:
                raise DownloadError(
                    f"The server sent us on to an address that makes no sense: {location:.80}."
                ) from None
            finally:
                response.close()
        raise DownloadError(f"The server sent us on more than {REDIRECTS} times.")


_REDIRECTS = frozenset({301, 302, 303, 307, 308})


def _is_loopback(host: str) -> bool:
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.endswith(".localhost")


def _refusal(response: requests.Response) -> str:
    words = f"The server answered {response.status_code} {response.reason or ''}".rstrip()
    if wait := response.headers.get("Retry-After", ""):
        words += f" and asks to come back {f'in {wait} s' if wait.isdigit() else f'after {wait:.40}'}"
    return f"{words}."


def _length(response: requests.Response) -> int | None:
    text = response.headers.get("Content-Length")
    if text is None or "chunked" in response.headers.get("Transfer-Encoding", "").lower():
        return None
    if not (text.isascii() and text.isdigit()):
        raise DownloadError(f"The server gave a length that makes no sense: {text!r:.40}.")
    return int(text)


def _words(error: Exception) -> str:
    """What went wrong, for people: the errors of four layers, from their names and causes."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    names = {type(link).__name__ for link in chain}
    text = " ".join(str(link) for link in chain)
    if isinstance(error, requests.exceptions.SSLError) or "SSL" in text:
        return f"The server's identity could not be verified: {chain[-1]}."
    if "ProxyError" in names:
        return "The proxy that the environment names cannot be reached."
    if names & {"IncompleteRead", "InvalidChunkLength"}:
        return "The connection ended before the whole file had come."
    if "LineTooLong" in names or "got more than" in text:
        return "The server's headers are too long."
    if "BadStatusLine" in names and "RemoteDisconnected" not in names or "UnknownProtocol" in names:
        return "The server did not answer in HTTP."
    if "RemoteDisconnected" in names:
        return "The server closed the connection without an answer."
    if names & {"ConnectionResetError", "BrokenPipeError", "ConnectionAbortedError"}:
        return "The server broke the connection off."
    if names & {"InvalidURL", "LocationParseError", "InvalidSchema", "MissingSchema", "UnicodeError"}:
        return "The address makes no sense."
    return f"The download failed: {str(error)[:200].rstrip('.')}."


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
