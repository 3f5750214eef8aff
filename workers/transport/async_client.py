"""Reads web addresses in an event loop, with aiohttp; the same limits and deadlines as `workers.transport.client`.

All of it runs in the event loop's thread, but for looking up names. A cancel of the asyncio task ends a wait at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import importlib
import ssl
import time
import weakref
from socket import AF_INET, AI_NUMERICHOST, AddressFamily
from typing import TYPE_CHECKING, Any

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.client_proto import ResponseHandler
from yarl import URL

from ..utils.errors import meaning
from .answers import REDIRECTS, Answer, too_many_redirects
from .deadline_socket import look_up_in_thread, no_host
from .errors import DownloadError, TransientError, failure_of
from .host_limit import LOOK_S
from .http import heads
from .http.bodies import Body
from .http.destination import destination
from .http.proxies import Proxy, proxy_for

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .client import Download
    from .deadline_socket import Deadlines

STEP_S = 0.1
"""The longest sleep in one piece, in seconds."""


class _Protocol(ResponseHandler):
    """Reads answers as servers send them, before aiohttp parses them."""

    _head: bytes | None = None  # what has come of one; None where none is to come
    _body: Body | None = None  # of the answer whose head has come

    def set_response_params(self, **options: Any) -> None:
        self._head, self._body = b"", None
        super().set_response_params(**options)

    def data_received(self, data: bytes) -> None:
        if self._head is not None:
            head, self._head = heads.take(self._head + data)
            if not head:
                self._reschedule_timeout()  # it has sent something
                return
            self._body = Body(head)
            data, self._head = head + self._body.take(self._head), None
        elif self._body is not None:
            came, data = data, self._body.take(data)
            if came and not data:
                self._reschedule_timeout()
        if self._body is not None and self._body.has_more:
            self.force_close()
        super().data_received(data)

    def connection_lost(self, exc: BaseException | None) -> None:
        data = self._head or (self._body.end() if self._body is not None else b"")
        self._head = None
        if data:
            super().data_received(data)
        if exc is not None and self._payload is not None and self._body is not None and self._body.is_open:
            # Broken off: that is no end of a body which nothing else ends.
            self._payload.set_exception(aiohttp.ClientPayloadError(repr(exc)))
        super().connection_lost(exc)


class _Resolver(AbstractResolver):
    """Looks names up in threads that nobody waits for: aiohttp's own would hold up the loop's end."""

    async def resolve(self, host: str, port: int = 0, family: AddressFamily = AF_INET) -> list[ResolveResult]:
        found = await asyncio.wrap_future(look_up_in_thread(host, port, family))
        return [
            {
                "hostname": host,
                "host": address[0],
                "port": port,
                "family": kind,
                "proto": proto,
                "flags": AI_NUMERICHOST,
            }
            for kind, _, proto, _, address in found
        ]

    async def close(self) -> None:
        """Nothing is kept."""


class AsyncClient:
    """Reads web addresses in one event loop, over connections that are kept open in between; made within it."""

    def __init__(self) -> None:
        self._sessions: dict[Proxy | None, aiohttp.ClientSession] = {}

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()

    def _session(self, proxy: Proxy | None) -> aiohttp.ClientSession:
        """The one for such a proxy: a connector either goes through one of SOCKS, or knows none."""
        key = proxy if proxy is not None and proxy.is_socks else None
        session = self._sessions.get(key)
        if session is None:
            connector = _connector(key)
            made: Any = functools.partial(_Protocol, loop=asyncio.get_running_loop())
            connector._factory = made  # nothing public makes its connections
            session = self._sessions[key] = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                max_line_size=heads.MAX_FIELD,
                max_field_size=heads.MAX_FIELD,
            )
        return session

    async def read(self, download: Download) -> AsyncGenerator[bytes, None]:
        """Carry out one try of a download: yields its bytes as they come, and none while it waits for a place.

        The time between two steps does not count. Making a connection secure counts as connecting.

        Raises:
            DownloadError: it failed, with a sentence for people.
        """
        if download.is_whole:
            return  # an earlier run had all of it
        try:
            with contextlib.ExitStack() as closing:
                async for response in self._open(download, closing):
                    if response is None:
                        yield b""
                assert response is not None
                content = response.content
                while not download.is_whole:
                    data = content.read_nowait(download.piece)  # what is here already needs no deadline
                    if not data:
                        if content.at_eof():
                            return
                        async with asyncio.timeout(download.end - time.monotonic()):
                            data = await content.read(download.piece)
                    left = time.monotonic()
                    pause_s = download.pause_s(len(data))
                    while (rest_s := left + pause_s - time.monotonic()) > 0:
                        await asyncio.sleep(min(rest_s, STEP_S))
                        yield b""
                    if data:
                        yield data
                    download.end += time.monotonic() - left  # a paused download is not late
        except (aiohttp.ClientError, OSError, ValueError) as error:  # a TimeoutError is an OSError
            raise _failure(error, download.deadlines) from error

    async def _open(
        self, download: Download, closing: contextlib.ExitStack
    ) -> AsyncGenerator[aiohttp.ClientResponse | None, None]:
        """Ask, also where the server sends us on to: yields the answer that is to be read, and None while waiting."""
        url: str | None = download.url
        for _ in range(REDIRECTS + 1):
            assert url is not None
            while (place := download.enter(url)) is None:
                left = time.monotonic()
                await asyncio.sleep(LOOK_S)
                yield None
                download.end += time.monotonic() - left
            closing.callback(place.leave)
            async with asyncio.timeout(download.end - time.monotonic()):
                response = await self._get(url, download)
            closing.callback(response.release)  # with bytes unread this closes the connection
            url = download.judge(Answer(url, response.status, response.reason or "", response.headers))
            if url is None:
                yield response
                return
            response.release()
            place.leave()
        raise too_many_redirects()

    async def _get(self, url: str, download: Download) -> aiohttp.ClientResponse:
        deadlines = download.deadlines
        to = destination(url)
        proxy = proxy_for(to)
        # All of it as a path: an empty query would be dropped.
        address = URL.build(scheme=to.scheme, authority=to.authority, path=to.target, encoded=True)
        fields, through = download.headers(url), dict[str, Any]()
        if proxy is not None and not proxy.is_socks:
            # The headers are said where it is asked for a tunnel.
            through = {"proxy": proxy.name, "proxy_headers": proxy.fields}
            fields |= proxy.fields if proxy.forwards(to) else {}
        asked = self._session(proxy).get(
            address,
            headers=fields,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=None, connect=deadlines.connect_s, sock_read=deadlines.stall_s),
            # Made only where it is wanted: it takes 30 ms.
            ssl=_tls(download.ca_file) if to.scheme == "https" else True,
            **through,
        )
        try:
            return await asked
        except aiohttp.ConnectionTimeoutError as late:
            raise deadlines.no_connection(to.host) from late
        except Exception as error:  # those of SOCKS are of no class that aiohttp has; it may wrap them
            kinds = {type(each).__name__ for each in (error, error.__cause__)}
            if proxy is None or not any("Proxy" in kind for kind in kinds):
                raise
            if isinstance(error, aiohttp.ClientHttpProxyError):
                raise failure_of(error, proxy.name) from error
            raise proxy.does_not_work(f"{proxy.host} cannot be reached: {_why(error)}.") from error


def _connector(proxy: Proxy | None) -> aiohttp.TCPConnector:
    if proxy is None:
        return aiohttp.TCPConnector(limit=0, resolver=_Resolver())
    try:
        socks = importlib.import_module("aiohttp_socks")
    except ImportError:
        raise proxy.needs("aiohttp-socks") from None
    connector: aiohttp.TCPConnector = socks.ProxyConnector(
        proxy_type=socks.ProxyType.SOCKS4 if proxy.scheme.startswith("socks4") else socks.ProxyType.SOCKS5,
        host=proxy.host,
        port=proxy.port,
        username=proxy.user or None,
        password=proxy.password or None,
        rdns=proxy.looks_names_up,
        limit=0,
    )
    return connector


@functools.lru_cache(maxsize=8)
def _tls(ca_file: str) -> ssl.SSLContext:
    """What servers are verified against: the same authorities as requests takes."""
    return ssl.create_default_context(cafile=ca_file or certifi.where())


def _failure(error: Exception, deadlines: Deadlines) -> DownloadError:
    if isinstance(error, aiohttp.SocketTimeoutError):
        return deadlines.silence()
    if type(error) is TimeoutError:
        return deadlines.no_end()
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return no_host(error.host, error.os_error)
    if type(error) is aiohttp.ClientConnectorError:
        return TransientError(f"{error.host} cannot be reached: {_why(error)}.")
    return failure_of(error)


def _why(error: Exception) -> str:
    below: Any = getattr(error, "os_error", error)
    if getattr(below, "winerror", None):  # of an event loop of Windows, which has numbers of its own
        return str(below.strerror).rstrip(" .")
    number = getattr(error, "errno", None)
    return meaning(number) if number else str(getattr(error, "strerror", None) or error)


# Those that this process keeps between its downloads.
_clients: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, AsyncClient] = weakref.WeakKeyDictionary()


def client_of_loop() -> AsyncClient:
    """The client of the running event loop."""
    loop = asyncio.get_running_loop()
    client = _clients.get(loop)
    if client is None:
        client = _clients[loop] = AsyncClient()
    return client


async def close_client() -> None:
    """Close the connections of the running event loop."""
    client = _clients.pop(asyncio.get_running_loop(), None)
    if client is not None:
        await client.close()
