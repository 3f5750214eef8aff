"""Plain functions as a person might bring them, which declare nothing and must never be made to queue for the GIL.

A call takes some 50 ms. Ten of them wait; ten compute in C without the GIL.
"""

from __future__ import annotations

import asyncio
import bz2
import hashlib
import lzma
import os
import queue
import select
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import zlib

import numpy

WAIT_S = 0.05
BYTES = bytes(range(256)) * 4096
NUMBERS = numpy.random.default_rng(1).random(600_000)
SQUARE = NUMBERS[:360_000].reshape(600, 600)
PACKED = zlib.compress(BYTES, 1)

# ---------------------------------------------------------------- they wait


def sleeps() -> None:
    time.sleep(WAIT_S)


def waits_for_an_event() -> bool:
    return threading.Event().wait(WAIT_S)


def waits_for_a_lock() -> bool:
    lock = threading.Lock()
    lock.acquire()
    return lock.acquire(timeout=WAIT_S)


def waits_for_a_queue() -> object:
    try:
        return queue.Queue().get(timeout=WAIT_S)
    except queue.Empty:
        return None


def waits_for_a_socket() -> object:
    near, far = socket.socketpair()
    with near, far:
        return select.select([near], [], [], WAIT_S)[0]


def reads_what_comes_late() -> bytes:
    near, far = socket.socketpair()
    with near, far:
        timer = threading.Timer(WAIT_S, far.sendall, (b"at last",))
        timer.start()
        got = near.recv(16)
        timer.join()
        return got


def waits_for_a_program() -> int:
    return subprocess.run([sys.executable, "-S", "-c", "import time; time.sleep(0.03)"], check=False).returncode


def runs_an_event_loop() -> None:
    asyncio.run(asyncio.sleep(WAIT_S))


def computes_then_sleeps() -> int:
    total = sum(number * number for number in range(20_000))
    time.sleep(WAIT_S)
    return total


def writes_to_the_disk() -> int:
    with tempfile.TemporaryFile() as file:
        for _ in range(3):
            file.write(BYTES)
            file.flush()
            os.fsync(file.fileno())
        return file.tell()


# ---------------------------------------------------------------- they compute in C without the GIL


def hashes() -> str:
    return hashlib.sha256(BYTES * 20).hexdigest()


def hashes_in_pieces() -> str:
    found = hashlib.sha256()
    for _ in range(400):
        found.update(BYTES[: 1 << 16])
    return found.hexdigest()


def derives_a_key() -> bytes:
    return hashlib.pbkdf2_hmac("sha256", b"secret", b"salt", 60_000)


def compresses() -> int:
    return len(zlib.compress(BYTES * 6, 6))


def decompresses() -> int:
    return sum(len(zlib.decompress(PACKED)) for _ in range(40))


def compresses_by_blocks() -> int:
    return len(bz2.compress(BYTES[: 1 << 18]))


def compresses_well() -> int:
    return len(lzma.compress(BYTES))


def asks_a_database() -> object:
    numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 150000)"
    with sqlite3.connect(":memory:") as connection:
        found = connection.execute(f"{numbers} SELECT sum(x % 7) FROM n").fetchone()
    connection.close()
    return found


def multiplies() -> float:
    return float((SQUARE @ SQUARE).sum())


def sorts() -> float:
    return float(numpy.sort(NUMBERS)[0])


FUNCTIONS = tuple(
    name
    for name, one in list(globals().items())
    if getattr(one, "__module__", "") == __name__ and callable(one)
)
"""Their names: 20."""
