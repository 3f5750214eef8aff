"""Connections of urllib3 that are made and read through a `Wire`. All of it runs in the thread of the download.

urllib3's read time-out is for each recv, so that a server which drips a byte now and then is never late; and before the
headers have come nobody outside can reach its socket. Both are put right where connections are made.
"""

from __future__ import annotations

import functools
import io
from http.client import HTTPResponse
from typing import TYPE_CHECKING, Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from .errors import DownloadError, TransientError

if TYPE_CHECKING:
    import socket

    from .deadline_socket import Wire


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
    def __init__(self, sock: socket.socket, *args: Any, wire: Wire, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Stream(self.fp.detach(), sock, wire))

    def begin(self) -> None:
        super().begin()
        # Of all headers after a line that is none http.client makes nothing, and says nothing: the length may be gone.
        if self.headers.get_payload():
            raise DownloadError("The server's headers make no sense.")


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, wire: Wire, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wire = wire
        self._handle: socket.socket | None = None
        self.response_class = functools.partial(_Response, wire=wire)  # type: ignore[assignment]  # a call makes one, too

    def _new_conn(self) -> socket.socket:
        try:
            sock = self._wire.connect(self._dns_host, self.port or 0, self.socket_options)
        except TransientError as error:
            if self.proxy is None:
                raise
            raise TransientError(f"The proxy that the environment names does not work: {error}") from error
        # TLS takes the socket over for its handshake; a second handle of it can be shut down all the while.
        self._handle = sock.dup() if isinstance(self, HTTPSConnection) else sock
        self._wire.use(self._handle)
        sock.settimeout(self._wire.deadlines.connect_s)
        return sock

    def connect(self) -> None:
        with self._wire.away():  # a handshake waits, too
            super().connect()

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


class WireAdapter(HTTPAdapter):
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
