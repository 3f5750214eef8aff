"""Connections of urllib3 that are made and read through a `Wire`. All of it runs in the thread of the download.

urllib3's read time-out is for each recv, so that a server which drips a byte now and then is never late; and before the
headers have come nobody outside can reach its socket. Both are put right where connections are made.
"""

from __future__ import annotations

import functools
import importlib
import io
from http.client import HTTPResponse
from socket import AF_INET, AF_INET6
from typing import TYPE_CHECKING, Any, cast

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from .answers import length_of
from .errors import NO_ANSWER, TransientError
from .http import heads
from .http.bodies import Body
from .http.proxies import Proxy, read_proxy

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

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


class _Chunks(io.RawIOBase):
    """What http.client reads chunks from: they are made anew."""

    def __init__(self, body: io.BufferedReader, mended: Body) -> None:
        self._body, self._mended = body, mended
        self._made = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._made and not self._mended.is_over:
            data = self._body.read1(io.DEFAULT_BUFFER_SIZE * 32)
            self._made = self._mended.take(data) if data else self._mended.end()
            if not data:
                break
        data, self._made = self._made[: len(buffer)], self._made[len(buffer) :]
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._body.close()
        super().close()


class _Response(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, wire: Wire, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = io.BufferedReader(_Stream(self.fp.detach(), sock, wire))

    def begin(self) -> None:
        # http.client takes a 1xx for the answer, and makes nothing of all headers after a line that is none.
        body = self.fp
        head = _read_head(body)
        self.fp = io.BytesIO(head)  # type: ignore[assignment]  # it reads lines, too
        try:
            super().begin()
            # urllib3 refuses some, too, and leaves the connection open.
            length_of(cast("Mapping[str, str]", self.headers))
        finally:
            self.fp = io.BufferedReader(_Chunks(body, Body(head))) if self.chunked else body


def _read_head(reader: io.BufferedReader) -> bytes:
    """The head of the final answer, mended; or what the parser is to refuse.

    Raises:
        TransientError: the server closes in the middle of it.
    """
    data = head = b""
    while not head and (line := reader.readline(heads.MAX_HEAD)):
        data += line
        if line.strip() == b"" or len(data) >= heads.MAX_HEAD or not data.startswith(b"HTTP/"):
            head, data = heads.take(data)
    if not head and data and b"HTTP/".startswith(data[:5]):
        raise TransientError(NO_ANSWER)
    return head or data


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, wire: Wire, socks: Proxy | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self._wire, self._socks = wire, socks
        self._handle: socket.socket | None = None
        self.response_class = functools.partial(_Response, wire=wire)  # type: ignore[assignment]  # a call makes one, too

    def _new_conn(self) -> socket.socket:
        try:
            if self._socks is not None:
                sock = self._connect_by_socks(self._socks)
            else:
                sock = self._wire.connect(self._dns_host, self.port or 0, self.socket_options)
        except TransientError as error:
            if self.proxy is None:
                raise
            raise read_proxy(str(self.proxy)).does_not_work(error) from error
        # TLS takes the socket over for its handshake; a second handle of it can be shut down all the while.
        self._handle = sock.dup() if isinstance(self, HTTPSConnection) else sock
        self._wire.use(self._handle)
        sock.settimeout(self._wire.deadlines.connect_s)
        return sock

    def _connect_by_socks(self, proxy: Proxy) -> socket.socket:
        try:
            socks = importlib.import_module("socks")
        except ImportError:
            raise proxy.needs("PySocks") from None
        sock: socket.socket = socks.socksocket(AF_INET6 if ":" in proxy.host else AF_INET)
        try:
            kind = socks.SOCKS4 if proxy.scheme.startswith("socks4") else socks.SOCKS5
            login = (proxy.user or None, proxy.password or None)
            # Without types of its own it is a plain socket to mypy.
            sock.set_proxy(kind, proxy.host, proxy.port, proxy.looks_names_up, *login)  # type: ignore[attr-defined]
            sock.settimeout(self._wire.deadlines.connect_s)
            self._wire.use(sock)
            sock.connect((self._dns_host, self.port or 0))
        except OSError as error:  # its own errors are such, too
            sock.close()
            self._wire.check()
            raise proxy.does_not_work(f"{error}.") from error
        return sock

    def connect(self) -> None:
        with self._wire.away():  # a handshake waits, too
            super().connect()

    def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
        self._wire.use(self._handle)  # a connection that was kept open since the last download
        super().putrequest(method, self._wire.target, *args, **options)

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
        self._wire = wire
        super().__init__(pool_connections=4, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools()

    def _pools(self, socks: Proxy | None = None) -> dict[str, Any]:
        kinds = {"http": _Pool, "https": _SecurePool}
        return {scheme: functools.partial(kind, wire=self._wire, socks=socks) for scheme, kind in kinds.items()}

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        socks = read_proxy(proxy)
        if not socks.is_socks:
            manager = super().proxy_manager_for(proxy, **options)
            manager.pool_classes_by_scheme = self._pools()
        elif (manager := self.proxy_manager.get(proxy)) is None:
            manager = self.proxy_manager[proxy] = PoolManager(num_pools=4, maxsize=1)
            manager.pool_classes_by_scheme = self._pools(socks)
        return manager
