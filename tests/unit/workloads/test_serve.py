"""The socket server: all clients are served either way, and neither end nor cancel leaves a thread or socket behind."""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from contextlib import closing
from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.steps import finish
from workers.engine.task import Control
from workers.utils.errors import BadInput
from workers.workloads.serve import SERVERS, _Clients, plan, serve

TOLD = re.compile(r"[\d,]+ connections/s, (\d+) threads? at most, [+-][\d.]+ MiB")


@pytest.mark.parametrize("how", SERVERS)
def test_all_clients_are_served(how: str) -> None:
    amounts, result = finish(serve(Control(), **plan(1, how=how)[0], connections=40, at_once=10))
    assert sum(amounts) == 40
    found = TOLD.fullmatch(result)
    assert found is not None, result
    # The one that accepts, and those of the clients: an answer takes far longer than it takes ten to come.
    assert 2 < int(found[1]) <= 11 if how == "threads" else int(found[1]) == 1


def test_a_loop_whose_own_tasks_never_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows' loop has one that waits for the next client."""
    start, kept = asyncio.start_server, []

    async def accept_coro() -> None:
        await asyncio.Event().wait()

    async def start_server(*arguments: Any, **options: Any) -> asyncio.Server:
        kept.append(asyncio.create_task(accept_coro()))
        return await start(*arguments, **options)

    monkeypatch.setattr(asyncio, "start_server", start_server)
    amounts, _ = finish(serve(Control(), **plan(1, how="loop")[0], connections=4, at_once=2))
    assert sum(amounts) == 4


@pytest.mark.parametrize("how", SERVERS)
def test_a_cancel_leaves_nothing_behind(how: str) -> None:
    before = threading.active_count()
    steps = serve(Control(), **plan(1, how=how)[0], connections=1_000, at_once=8)
    next(steps)
    steps.close()
    assert threading.active_count() == before


@pytest.mark.parametrize("how", SERVERS)
def test_a_client_that_says_nothing_does_not_keep_the_server_from_ending(how: str) -> None:
    with SERVERS[how]() as served, closing(socket.create_connection(served.address)):
        pass


@pytest.mark.parametrize("has_begun", [False, True])
def test_a_loop_that_fails_is_told(monkeypatch: pytest.MonkeyPatch, has_begun: bool) -> None:
    def fail() -> Any:
        raise OSError("no more files")

    async def start(*arguments: object, **named: object) -> Any:
        return SimpleNamespace(close=fail) if has_begun else fail()

    monkeypatch.setattr("asyncio.start_server", start)
    with pytest.raises(OSError, match="no more files"), SERVERS["loop"]():
        pass


def test_a_server_that_hangs_up_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        closing(_Clients(listener.getsockname())) as clients,
    ):
        clients.come()
        listener.accept()[0].close()
        [client] = clients.wait()
        with pytest.raises((ConnectionError, OSError)):
            clients.go(client)


def test_another_server_is_refused() -> None:
    with pytest.raises(BadInput, match="choose threads or loop"):
        plan(2, how="fibres")
