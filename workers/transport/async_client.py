"""Reads web addresses in an event loop, with aiohttp; the same limits and deadlines as `workers.transport.client`.

All of it runs in the event loop's thread, but for looking up names. A cancel of the asyncio task ends a wait at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import ssl
import time
import weakref
from socket import AF_INET, AI_NUMERICHOST, AddressFamily
from typing import TYPE_CHECKING

import aiohttp
import certifi
from aiohttp.abc import AbstractResolver, ResolveResult

from .answers import HEADERS, REDIRECTS, Answer, host_of, is_loopback, too_many_redirects
from .deadline_socket import Deadlines, look_up_in_thread, no_host
from .errors import DownloadError, TransientError, failure_of
from .host_limit import LOOK_S

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from .client import Download


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
        self._sessions: dict[bool, aiohttp.ClientSession] = {}

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()

    def _session(self, host: str) -> aiohttp.ClientSession:
        # Proxies from the environment are for the network. A proxy cannot know what runs on this machine.
        trust_env = not is_loopback(host)
        session = self._sessions.get(trust_env)
        if session is None:
            session = self._sessions[trust_env] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0, resolver=_Resolver()),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=HEADERS,
                auto_decompress=False,
                trust_env=trust_env,
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
                    data = content.read_nowait()  # what is here already needs no deadline
                    if not data:
                        if content.at_eof():
                            return
                        async with asyncio.timeout(download.end - time.monotonic()):
                            data = await content.readany()
                    left = time.monotonic()
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
                response = await self._get(url, download.headers(), download.deadlines)
            closing.callback(response.release)  # with bytes unread this closes the connection
            url = download.judge(Answer(url, response.status, response.reason or "", response.headers))
            if url is None:
                yield response
                return
            response.release()
            place.leave()
        raise too_many_redirects()

    async def _get(self, url: str, headers: dict[str, str], deadlines: Deadlines) -> aiohttp.ClientResponse:
        timeout = aiohttp.ClientTimeout(total=None, connect=deadlines.connect_s, sock_read=deadlines.stall_s)
        host = host_of(url)
        verified = _tls() if url.startswith("https") else True  # made only where it is wanted: it takes 30 ms
        asked = self._session(host).get(
            url, headers=headers, allow_redirects=False, timeout=timeout, ssl=verified
        )
        try:
            return await asked
        except aiohttp.ConnectionTimeoutError as late:
            raise TransientError(f"{host} did not answer within {deadlines.connect_s:g} s.") from late


@functools.cache
def _tls() -> ssl.SSLContext:
    """What servers are verified against: the same authorities as requests takes."""
    return ssl.create_default_context(cafile=certifi.where())


def _failure(error: Exception, deadlines: Deadlines) -> DownloadError:
    if isinstance(error, aiohttp.SocketTimeoutError):
        return TransientError(f"The server sent nothing for {deadlines.stall_s:g} s.")
    if type(error) is TimeoutError:
        return DownloadError(f"The download was not finished within {deadlines.total_s:g} s.")
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return no_host(error.host, error.os_error)
    if type(error) in {aiohttp.ClientConnectorError, aiohttp.ClientProxyConnectionError}:
        assert isinstance(error, aiohttp.ClientConnectorError)
        why = os.strerror(error.errno) if error.errno else error.strerror
        words = f"{error.host} cannot be reached: {why}."
        is_proxy = isinstance(error, aiohttp.ClientProxyConnectionError)
        return TransientError(
            f"The proxy that the environment names does not work: {words}" if is_proxy else words
        )
    return failure_of(error)


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
