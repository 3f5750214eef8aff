"""A wait in a socket lets others compute; where there is none, nobody is asked for a turn."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from workers.transport.deadline_socket import Deadlines, Wire
from workers.transport.errors import Cancelled, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator

PATIENT = Deadlines(5.0, 5.0, 5.0)


class Waits:
    """Counts the blocks in which a wire is away, and may do something as one begins."""

    def __init__(self) -> None:
        self.count = 0
        self.as_one_begins = threading.Event()

    @contextmanager
    def __call__(self) -> Iterator[None]:
        self.count += 1
        self.as_one_begins.set()
        yield


def test_bytes_that_are_there_are_not_waited_for() -> None:
    wire, waits, buffer = Wire(), Waits(), bytearray(8)
    wire.begin(PATIENT, waits)
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"some")
        assert (wire.read(here, buffer), waits.count) == (4, 0)

        def write() -> None:
            waits.as_one_begins.wait(5)
            there.sendall(b"more!")

        writer = threading.Thread(target=write)
        writer.start()
        assert (wire.read(here, buffer), waits.count) == (5, 1)
        writer.join()
        there.close()
        assert (wire.read(here, buffer), waits.count) == (0, 1)


def test_the_end_of_an_aborted_download_is_no_end_of_the_server_s() -> None:
    wire = Wire()
    wire.begin(PATIENT)
    here, there = socket.socketpair()
    with here, there:
        wire.use(here)
        wire.abort()
        with pytest.raises(Cancelled):
            wire.read(here, bytearray(8))


def test_silence_is_told_in_its_time() -> None:
    wire = Wire()
    wire.begin(Deadlines(5.0, 0.01, 5.0))
    here, there = socket.socketpair()
    with here, there, pytest.raises(TransientError, match="sent nothing"):
        wire.read(here, bytearray(8))
