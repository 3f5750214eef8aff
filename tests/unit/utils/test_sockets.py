"""A read that waits in another thread ends, also where a shutdown alone does not end it."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING

from workers.utils import sockets

if TYPE_CHECKING:
    import pytest


def test_which_hosts_are_this_machine() -> None:
    here = ["127.0.0.1", "127.9.9.9", "::1", "localhost", "thaw.localhost"]
    elsewhere = ["10.0.0.5", "fe80::1%eth0", "cluster.example", ""]
    assert list(map(sockets.is_loopback, here + elsewhere)) == [True] * len(here) + [False] * len(elsewhere)


def test_a_read_that_waits_ends() -> None:
    ours, theirs = socket.socketpair()
    begun, ended = threading.Event(), threading.Event()

    def read() -> None:
        begun.set()
        with contextlib.suppress(OSError):
            ours.recv(1)
        ended.set()

    thread = threading.Thread(target=read)
    with ours, theirs:
        thread.start()
        begun.wait()
        sockets.shut_down(ours)
        assert ended.wait(20)
        thread.join()


def test_where_a_shutdown_wakes_nobody_the_socket_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SHUTDOWN_WAKES", False)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        sockets.shut_down(ours)
        assert ours.fileno() == -1
        sockets.shut_down(ours)
        assert theirs.recv(1) == b""
