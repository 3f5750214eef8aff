"""How many processor cores this process may use just now: what others leave, within what it is allowed.

Threads compute hashes, which needs no GIL, and what processor time they got in a moment is the answer. Neither the
number of cores nor the system's load says that: containers are allowed a share, and load counts who waits for a disk.
"""

from __future__ import annotations

import hashlib
import threading
import time

from ..reports.summary import usable_cpus

MEASURED_S = 0.08
ROUNDS = 2_000
"""Of the hash between two looks at the clock: about 1 ms."""

MOMENTS = 4
"""The best of so many counts: what has just been started, such as a server of our own, is soon at rest."""


def free_cores() -> float:
    """Measure it, at full load for a third of a second; not in the GUI thread."""
    return max(in_a_moment() for _ in range(MOMENTS))


def in_a_moment(seconds: float = MEASURED_S) -> float:
    """Measure it once."""
    got: list[float] = []
    began = time.perf_counter()
    until = began + seconds

    def work() -> None:
        before = time.thread_time()
        while time.perf_counter() < until:
            hashlib.pbkdf2_hmac("sha256", b"", b"", ROUNDS)
        got.append(time.thread_time() - before)

    threads = [threading.Thread(target=work, name="free cores") for _ in range(usable_cpus())]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(got) / (time.perf_counter() - began)
