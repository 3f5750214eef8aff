"""Workloads for the contract tests, named as `tests.contract.work:NAME`. They also run on Python 3.9.

What they and a test tell each other they leave in a folder, for they may run in another process.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

    from workers.engine.task import Control

UNIT = "steps"


def steps(index: int, *, count: int = 3) -> Generator[int, None, int]:
    for _ in range(count):
        yield 1
    return index


def endless(index: int) -> Generator[int, None, None]:
    while True:
        threading.Event().wait(0.001)
        yield 1


def third_fails(index: int) -> Generator[int, None, None]:
    yield 1
    if index == 2:
        raise ValueError("the third one fails")
    yield 1


def second_exits(index: int) -> Generator[int, None, None]:
    yield 1
    if index == 1:
        raise SystemExit(3)


def cannot_begin(index: int, wrong: int) -> Generator[int, None, None]:
    yield 1


def silent_read(index: int, *, control: Control) -> Generator[int, None, None]:
    """Reads from a socket that never says anything."""
    ours, theirs = socket.socketpair()

    def end() -> None:
        try:
            ours.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    with ours, theirs, control.on_cancel(end):
        yield 0
        if not ours.recv(1):
            raise ConnectionError("the read was cut short")
        yield 1


def stuck(index: int, *, folder: str) -> Generator[int, None, None]:
    """Heeds no cancel before there is a file `release` in the folder."""
    yield 0
    note(folder, "stuck")
    give_up = time.monotonic() + 20
    while not os.path.exists(os.path.join(folder, "release")) and time.monotonic() < give_up:
        threading.Event().wait(0.005)
    yield 1


def cleans_up(index: int, *, folder: str) -> Generator[int, None, None]:
    try:
        while True:
            threading.Event().wait(0.001)
            yield 1
    finally:
        note(folder, str(index))


def crowd(index: int, *, folder: str) -> Generator[int, None, None]:
    """Notes how many of its kind run at this moment."""
    note(folder, str(index))
    try:
        for _ in range(3):
            yield len(os.listdir(folder))
    finally:
        os.unlink(os.path.join(folder, str(index)))


def note(folder: str, name: str) -> None:
    with open(os.path.join(folder, name), "w"):
        pass


def fails_with_a_result(index: int) -> Generator[int, None, str]:
    yield 1
    if index % 2:
        raise ValueError("this one has no result")
    return f"result {index}"


def stands_still(index: int) -> Generator[int, None, None]:
    """Long enough for a freeze of the thread that it runs in, and for a sample of everything."""
    threading.Event().wait(0.4)
    yield 1
