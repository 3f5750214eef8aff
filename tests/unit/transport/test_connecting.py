"""Names become addresses, and a connection attempt is known to have ended."""

from __future__ import annotations

import asyncio
import select
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.single_downloads import FORMS
from workers.transport.deadline_socket import look_up, select_write

if TYPE_CHECKING:
    from tests.support.misbehaving_server import MisbehavingServer

needs_aiohttp = FORMS[1].marks


@pytest.mark.parametrize("has_poll", [True, False])
def test_a_connection_attempt_ends(
    has_poll: bool, server: MisbehavingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not has_poll:  # as on Windows
        monkeypatch.delattr(select, "poll", raising=False)
    with socket.socket() as sock:
        sock.setblocking(False)
        sock.connect_ex(("127.0.0.1", server.port))
        assert any(select_write(sock, 5.0))


def test_a_name_is_looked_up_in_a_thread() -> None:
    assert socket.SOCK_STREAM in {kind for _, kind, *_ in look_up("localhost", 80, iter([5.0] * 2))}


@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_aiohttp)])
def test_a_name_is_looked_up_for_an_event_loop(_: int) -> None:
    from workers.transport.async_client import _Resolver

    found = asyncio.run(_Resolver().resolve("localhost", 80))
    assert {one["hostname"] for one in found} == {"localhost"}
    assert {one["port"] for one in found} == {80}


@pytest.mark.parametrize("_", [pytest.param(0, marks=needs_aiohttp)])
def test_a_look_up_that_comes_too_late_does_no_harm(_: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.transport import async_client

    asked, go = threading.Event(), threading.Event()

    def slow(*about: Any) -> list[Any]:
        asked.set()
        go.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)

    async def main() -> None:
        looking = asyncio.ensure_future(async_client._Resolver().resolve("localhost", 80))
        await asyncio.to_thread(asked.wait, 5)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        go.set()
        for thread in threading.enumerate():
            if thread.name == "look up localhost":
                await asyncio.to_thread(thread.join, 5)
        await asyncio.sleep(0)  # what the thread has posted is called

    asyncio.run(main())
