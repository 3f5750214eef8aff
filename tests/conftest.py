"""What every test stands on: Qt off screen, and no thread or process left behind by a test."""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ["QT_QPA_PLATFORM"] = "offscreen"
LEAVE_S = 2.0
"""What a test started may take this long to be gone after it."""


def _threads() -> set[threading.Thread]:
    # A dummy stands for a thread that Python did not start, such as a QThread; it stays on the list for ever.
    return {thread for thread in threading.enumerate() if not isinstance(thread, threading._DummyThread)}


def _processes() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


@pytest.fixture(autouse=True)
def nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread or a process running."""
    threads, processes = _threads(), _processes()
    yield
    deadline = time.monotonic() + LEAVE_S
    while time.monotonic() < deadline and (_threads() - threads or _processes() - processes):
        threading.Event().wait(0.005)
    assert not _threads() - threads, "threads were left running"
    assert not _processes() - processes, "processes were left running"
