"""Who may tell: the one who knows the key, and nobody else."""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support.watched_runs import HELLO, QT
from workers.agent import invitation, messages
from workers.agent.proof import prove_as_agent
from workers.watch.listener import Listener

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENCE_S = 20.0


class Heard:
    """What a listener hears."""

    def __init__(self) -> None:
        self.messages: list[messages.Message] = []
        self.came = threading.Semaphore(0)

    def take(self, message: messages.Message) -> None:
        self.messages.append(message)
        self.came.release()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def listener(heard: Heard) -> Iterator[Listener]:
    made = Listener(heard.take)
    yield made
    made.close()
    assert not made.folder.exists()


def invited(listener: Listener) -> tuple[str, bytes]:
    """The address and the key that a program is told."""
    file = listener.invite({})[invitation.VARIABLE]
    told = invitation.Invitation(*json.loads(Path(file).read_text()))
    return told.address, bytes.fromhex(told.key)


def connected(address: str) -> socket.socket:
    if os.path.exists(address):
        link = socket.socket(socket.AF_UNIX)
        link.connect(address)
        return link
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)))


def test_who_knows_the_key_is_heard(listener: Listener, heard: Heard) -> None:
    address, key = invited(listener)
    with connected(address) as link:
        prove_as_agent(link, key)
        link.sendall(messages.encode(HELLO) + messages.encode(QT))
        for _ in range(2):
            assert heard.came.acquire(timeout=PATIENCE_S)
        assert heard.messages == [HELLO, QT]
        assert listener.ask(messages.Dump())
        assert next(messages.Frames().feed(link.recv(1000))) == messages.Dump()
    assert listener.lost.wait(PATIENCE_S)
    assert not listener.ask(messages.Dump())
    assert not listener.trouble


def test_who_does_not_know_it_is_refused_and_the_next_one_heard(listener: Listener, heard: Heard) -> None:
    address, key = invited(listener)
    with connected(address) as link, pytest.raises(PermissionError):
        prove_as_agent(link, bytes(32))
    with connected(address) as link:
        prove_as_agent(link, key)
        link.sendall(messages.encode(HELLO))
        assert heard.came.acquire(timeout=PATIENCE_S)
    assert heard.messages == [HELLO]


def test_who_tells_nonsense_is_heard_no_more(listener: Listener, heard: Heard) -> None:
    address, key = invited(listener)
    with connected(address) as link:
        prove_as_agent(link, key)
        link.sendall(messages.encode(HELLO) + b"\0\0\0\2{}")
        assert listener.lost.wait(PATIENCE_S)
    assert heard.messages == [HELLO]
    assert "heard no more" in listener.trouble


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_the_folder_is_its_owners_alone(listener: Listener) -> None:
    invited(listener)
    assert listener.folder.stat().st_mode & 0o777 == 0o700
    assert (listener.folder / "invitation").stat().st_mode & 0o077 == 0


def test_where_the_folders_path_is_too_long_for_a_socket_it_has_a_port(
    heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / ("long" * 30)
    folder.mkdir(mode=0o700)
    monkeypatch.setattr("workers.agent.invitation.make_folder", lambda: folder)
    listener = Listener(heard.take)
    address, key = invited(listener)
    assert address.startswith("127.0.0.1:")
    with connected(address) as link:
        prove_as_agent(link, key)
        link.sendall(messages.encode(HELLO))
        assert heard.came.acquire(timeout=PATIENCE_S)
    listener.close()
    assert not folder.exists()


def test_what_was_told_before_the_end_is_heard_though_the_link_stays_open(
    listener: Listener, heard: Heard
) -> None:
    address, key = invited(listener)
    with connected(address) as link:
        prove_as_agent(link, key)
        link.sendall(messages.encode(HELLO))
        assert heard.came.acquire(timeout=PATIENCE_S)
        link.sendall(messages.encode(QT))
        listener.finish()  # a child of the program's holds it open
        assert heard.messages == [HELLO, QT]
