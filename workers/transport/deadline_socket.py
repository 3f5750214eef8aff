"""A socket that keeps our own deadlines and can be ended from any thread; and looking up names, likewise.

A download's thread connects and reads here. Any other thread, and a signal handler, may call `Wire.abort`: it shuts the
socket down, which ends a wait in it at once. Where a shutdown ends no wait (on Windows, and while a name is looked up),
waits are in slices of SLICE_S.
"""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from concurrent import futures
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ..utils.errors import meaning
from .errors import Cancelled, DownloadError, TransientError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Away: TypeAlias = "Callable[[], contextlib.AbstractContextManager[None]]"

SLICE_S = 0.1
"""The longest wait in one piece, in seconds."""


class Deadlines(NamedTuple):
    """How long a download may take, in seconds.

    Attributes:
        connect_s: for each connection, looking up its name included.
        stall_s: without a single byte.
        total_s: from the request to the last byte, further tries included and waiting between them not.
    """

    connect_s: float
    stall_s: float
    total_s: float

    def no_connection(self, host: str) -> TransientError:
        """What to raise where `connect_s` has passed."""
        return TransientError(f"{host} did not answer within {self.connect_s:g} s.")

    def silence(self) -> TransientError:
        """What to raise where `stall_s` has passed."""
        return TransientError(f"The server sent nothing for {self.stall_s:g} s.")

    def no_end(self) -> DownloadError:
        """What to raise where `total_s` has passed."""
        return DownloadError(f"The download was not finished within {self.total_s:g} s.")


class Wire:
    """The connection of one thread's download, with its deadlines.

    Attributes:
        deadlines: of the download that is going on.
        end: when its total time is over, in seconds of `time.monotonic`.
        away: makes the block in which it waits: others may compute meanwhile (`Control.away`).
        target: what the next request asks for, as it goes out.
    """

    deadlines: Deadlines
    target: str

    def __init__(self) -> None:
        self.away: Away = contextlib.nullcontext
        self.end = 0.0
        self._aborted = False
        self._socket: socket.socket | None = None
        # Held all the time; `abort` lets it go. A plain lock, for signal handlers may do that: an Event has a lock
        # inside that the interrupted thread may hold.
        self._bell = threading.Lock()

    def begin(self, deadlines: Deadlines, away: Away = contextlib.nullcontext) -> None:
        """A download begins: its time runs, and from now on `abort` ends it."""
        self.deadlines, self.away = deadlines, away
        self.end = time.monotonic() + deadlines.total_s
        self._aborted = False
        self._bell.acquire(blocking=False)

    def use(self, sock: socket.socket | None) -> None:
        """From now on `abort` shuts this socket down."""
        self._socket = sock
        if self._aborted:  # it came in between: `abort` sets the flag before it reads the socket
            self.abort()

    def abort(self) -> None:
        """End what is going on, at once. Neither blocks nor raises; any thread may call it, and again."""
        self._aborted = True
        with contextlib.suppress(RuntimeError):  # it was let go before
            self._bell.release()
        sock = self._socket
        if sock is not None:
            with contextlib.suppress(OSError):  # not connected, or closed already
                sock.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        """Raise where the download was aborted or has used up its time."""
        if self._aborted:
            raise Cancelled("The download was cancelled.")
        if time.monotonic() >= self.end:
            raise self.deadlines.no_end()

    def rest(self, seconds: float) -> None:
        """Wait, and let the download have as much more time. Raises Cancelled as soon as it is aborted."""
        begun = time.monotonic()
        with self.away():
            self._bell.acquire(timeout=seconds)
        self.end += time.monotonic() - begun
        self.check()

    def slices(self, limit: float, late: Callable[[], TransientError]) -> Iterator[float]:
        """Lengths of waits, until somebody stops asking. Raises what `late` makes after `limit` seconds."""
        begun = time.monotonic()
        while True:
            self.check()
            left = min(begun + limit, self.end) - time.monotonic()
            if left <= 0:
                self.check()
                raise late()
            yield min(left, SLICE_S)

    def connect(self, host: str, port: int, options: Any) -> socket.socket:
        """A socket that is connected, with the first address of `host` that answers."""
        waits = self.slices(self.deadlines.connect_s, lambda: self.deadlines.no_connection(host))
        error: OSError = OSError(f"{host} has no address")
        for family, kind, protocol, _, address in look_up(host, port, waits):
            sock = socket.socket(family, kind, protocol)
            try:
                for option in options or ():
                    sock.setsockopt(*option)
                sock.setblocking(False)
                sock.connect_ex(address)
                self.use(sock)
                # A connection that was refused is 'writable' too; on Windows it is 'exceptional' instead.
                while not any(select_write(sock, next(waits))):
                    pass
                if code := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                    raise OSError(code, meaning(code))
                sock.getpeername()  # raises where the connection was shut down half way
                return sock
            except OSError as failure:
                sock.close()
                error = failure
                self.check()
            except BaseException:
                sock.close()
                raise
        raise TransientError(f"{host} cannot be reached: {error.strerror or error}.") from error

    def read(self, sock: socket.socket, buffer: Any) -> int:
        """Like `sock.recv_into`, within the deadlines."""
        for wait in self.slices(self.deadlines.stall_s, self.deadlines.silence):
            sock.settimeout(wait)
            try:
                with self.away():
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


def look_up(host: str, port: int, waits: Iterator[float]) -> list[Any]:
    """The addresses of a host; `waits` are the lengths of waits until the next look whether they have come."""
    host = host.strip("[]")
    with contextlib.suppress(OSError):
        return socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM, 0, socket.AI_NUMERICHOST)
    found = look_up_in_thread(host, port)
    for seconds in waits:
        if futures.wait([found], seconds).done:
            failure = found.exception()
            if failure is not None:
                raise no_host(host, failure) from failure
            return found.result()
    raise AssertionError("the slices never end by themselves")


def look_up_in_thread(host: str, port: int, family: int = 0) -> futures.Future[list[Any]]:
    """The addresses of a host, or an OSError, as soon as they are known.

    A look-up cannot be ended: it has a thread of its own, for which nobody waits and which is left behind if late.
    """
    found: futures.Future[list[Any]] = futures.Future()
    found.set_running_or_notify_cancel()  # nobody can take it back, so the thread may always set it

    def ask() -> None:
        try:
            found.set_result(socket.getaddrinfo(host, port, family, socket.SOCK_STREAM))
        except (OSError, UnicodeError) as failure:
            found.set_exception(failure if isinstance(failure, OSError) else socket.gaierror(str(failure)))

    threading.Thread(target=ask, name=f"look up {host}", daemon=True).start()
    return found


def no_host(host: str, failure: BaseException | None = None) -> DownloadError:
    """What to raise where a host's name was not found: a TransientError where that may be the network's fault."""
    words = f"There is no host {host}, or no network."
    is_passing = isinstance(failure, OSError) and failure.errno == socket.EAI_AGAIN
    return TransientError(words) if is_passing else DownloadError(words)
