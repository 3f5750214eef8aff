"""Workloads for the contract tests, named as `tests.contract.work:NAME`."""

from __future__ import annotations

import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

    from workers.task import Control

UNIT = "steps"
RELEASE = threading.Event()
"""Ends `stuck`; a test sets it."""

AT_ONCE: list[int] = []
"""One entry for each task of `crowd` that runs just now."""


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


def stuck(index: int) -> Generator[int, None, None]:
    """Heeds no cancel before RELEASE is set."""
    yield 0
    RELEASE.wait(20)
    yield 1


def cleans_up(index: int, *, log: Any) -> Generator[int, None, None]:
    try:
        while True:
            threading.Event().wait(0.001)
            yield 1
    finally:
        log.append(index)


def crowd(index: int) -> Generator[int, None, None]:
    """Notes how many of its kind run at this moment."""
    AT_ONCE.append(1)
    try:
        for _ in range(3):
            yield len(AT_ONCE)
    finally:
        AT_ONCE.pop()


def fails_with_a_result(index: int) -> Generator[int, None, str]:
    yield 1
    if index % 2:
        raise ValueError("this one has no result")
    return f"result {index}"
