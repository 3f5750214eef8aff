"""Ways to freeze a window, each with the line that is to blame marked by a comment. Plain Python, no Qt.

Each function blocks its caller for about so many seconds. What it needs from outside (a thread that lets it go, a
server that is slow) it makes itself and takes away again.
"""

from __future__ import annotations

import ctypes
import hashlib
import http.server
import json
import os
import queue
import random
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AFTER_S = 0.1
"""A thread that is to hold the GIL does so after this time."""

nap = time.sleep
C_WITH_GIL: Any = ctypes.PyDLL(None)
TRIM = re.compile("[\\s\u200c]+$")
BUFFER = os.urandom(2_000_000)


class Way(NamedTuple):
    """One way to freeze.

    Attributes:
        name: the function's name.
        freeze: the function; its argument is a number of seconds.
        kind: what it does, a key of `workers.monitors.freeze.KINDS`.
        line: the number of the line to blame, in this file.
        holder: the name of the thread to blame.
    """

    name: str
    freeze: Callable[[float], object]
    kind: str
    line: int
    holder: str


@contextmanager
def later(seconds: float, action: Callable[[], object]) -> Iterator[None]:
    """Call `action` in another thread after so many seconds; at the end of the block it has been called."""

    def wait() -> None:
        time.sleep(seconds)
        action()

    thread = threading.Thread(target=wait, name="helper")
    thread.start()
    try:
        yield
    finally:
        thread.join()


# ---------------------------------------------------------------- Python


def python_loop(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        sum(number * number % 7 for number in range(2_000))  # guilty: python_loop


def python_function(seconds: float) -> None:
    _outer(seconds)


def _outer(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        _inner()


def _inner() -> None:
    for number in range(3_000):
        number * number % 7  # guilty: python_function


def python_sorted(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        sorted(range(50), key=_slow_key)


def _slow_key(number: int) -> int:
    return max(number * other % 7 for other in range(300))  # guilty: python_sorted


def python_json(seconds: float) -> None:
    until, rows = time.perf_counter() + seconds, [{"number": number, "text": "x" * 9} for number in range(300)]
    while time.perf_counter() < until:
        json.dumps(rows, indent=1)  # guilty: python_json


def python_re(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        re.sub("x", _replaced, "x" * 20)


def _replaced(found: re.Match[str]) -> str:
    return str(sum(number % 3 for number in range(500)))  # guilty: python_re


def python_builtins(seconds: float) -> None:
    until, text = time.perf_counter() + seconds, "x" * 40
    while time.perf_counter() < until:
        [len(text) + abs(number) + ord(text[0]) for number in range(2_000)]  # guilty: python_builtins


# ---------------------------------------------------------------- input and output, the network


def network_recv(seconds: float) -> None:
    here, there = socket.socketpair()
    with here, there, later(seconds, lambda: there.send(b"x")):
        here.recv(10)  # guilty: network_recv


def network_recv_nested(seconds: float) -> None:
    here, there = socket.socketpair()
    with here, there, later(seconds, lambda: there.send(b"x" * 10)):
        _read_all(here.makefile("rb"), 10)


def _read_all(file: Any, count: int) -> bytes:
    data: bytes = file.read(count)  # guilty: network_recv_nested
    file.close()
    return data


def network_http(seconds: float) -> None:
    class Slow(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            time.sleep(seconds)
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Slow)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="server")
    thread.start()
    urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/").close()  # guilty: network_http
    threading.Thread(target=server.shutdown).start()
    thread.join()
    server.server_close()


def io_pipe(seconds: float) -> None:
    read_end, write_end = os.pipe()
    with later(seconds, lambda: os.write(write_end, b"x")):
        os.read(read_end, 1)  # guilty: io_pipe
    os.close(read_end)
    os.close(write_end)


def io_lines(seconds: float) -> None:
    read_end, write_end = os.pipe()
    with later(seconds, lambda: os.close(write_end)), os.fdopen(read_end) as file:
        for _ in file:  # guilty: io_lines
            pass


def io_process(seconds: float) -> None:
    subprocess.run(["sleep", f"{seconds:.3f}"], check=True)  # guilty: io_process


def io_process_output(seconds: float) -> None:
    subprocess.run(["sleep", f"{seconds:.3f}"], check=True, capture_output=True)  # guilty: io_process_output


# ---------------------------------------------------------------- sleep


def sleep_plain(seconds: float) -> None:
    time.sleep(seconds)  # guilty: sleep_plain


def sleep_alias(seconds: float) -> None:
    nap(seconds)  # guilty: sleep_alias


def sleep_nested(seconds: float) -> None:
    min(range(10), key=lambda number: _sleep_deep(seconds / 10))


def _sleep_deep(seconds: float) -> int:
    return _sleep_deeper(seconds)


def _sleep_deeper(seconds: float) -> int:
    return time.sleep(seconds) or 0  # type: ignore[func-returns-value]  # guilty: sleep_nested


def sleep_json(seconds: float) -> None:
    json.dumps([object()] * 10, default=lambda thing: _sleep_ten(seconds))


def _sleep_ten(seconds: float) -> str:
    time.sleep(seconds / 10)  # guilty: sleep_json
    return "x"


# ---------------------------------------------------------------- C that holds the GIL


def c_gil_power(seconds: float) -> None:
    3 ** int(_SPEED["power"] * seconds ** (1 / 1.585))  # guilty: c_gil_power


def c_gil_sum(seconds: float) -> None:
    sum(range(int(_SPEED["sum"] * seconds)))  # guilty: c_gil_sum


def c_gil_sort(seconds: float) -> None:
    numbers = _NUMBERS[: int(_SPEED["sort"] * seconds)]
    numbers.sort()  # guilty: c_gil_sort


def c_gil_re(seconds: float) -> None:
    line = "x" + " " * int(_SPEED["re"] * seconds**0.5) + "x"
    TRIM.search(line)  # guilty: c_gil_re


def c_gil_nested(seconds: float) -> None:
    list(map(_count, [int(_SPEED["sum"] * seconds)]))


def _count(most: int) -> int:
    return sum(range(most))  # guilty: c_gil_nested


def c_gil_sleep(seconds: float) -> None:
    C_WITH_GIL.usleep(int(seconds * 1e6))  # guilty: c_gil_sleep


def c_gil_json(seconds: float) -> None:
    json.loads("[" + "1.5," * int(_SPEED["json"] * seconds) + "1]")  # guilty: c_gil_json


def thread_c_gil_sum(seconds: float) -> threading.Thread:
    return _start(lambda: sum(range(int(_SPEED["sum"] * seconds))))  # guilty: thread_c_gil_sum


def thread_c_gil_sleep(seconds: float) -> threading.Thread:
    return _start(lambda: C_WITH_GIL.usleep(int(seconds * 1e6)))  # guilty: thread_c_gil_sleep


def _start(action: Callable[[], object]) -> threading.Thread:
    def work() -> None:
        time.sleep(AFTER_S)  # meanwhile the GUI thread goes back to its event loop
        action()

    thread = threading.Thread(target=work, name="the hog")
    thread.start()
    return thread


# ---------------------------------------------------------------- C without the GIL


def c_hash(seconds: float) -> None:
    until, digest = time.perf_counter() + seconds, hashlib.sha256()
    while time.perf_counter() < until:
        digest.update(BUFFER)  # guilty: c_hash


def c_zlib(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        zlib.compress(BUFFER)  # guilty: c_zlib


# ---------------------------------------------------------------- locks


def lock_acquire(seconds: float) -> None:
    lock = threading.Lock()
    lock.acquire()
    with later(seconds, lock.release):
        lock.acquire()  # guilty: lock_acquire


def lock_with(seconds: float) -> None:
    lock = threading.Lock()
    lock.acquire()
    with later(seconds, lock.release):
        with lock:  # guilty: lock_with
            pass


def lock_event(seconds: float) -> None:
    event = threading.Event()
    with later(seconds, event.set):
        event.wait()  # guilty: lock_event


def lock_queue(seconds: float) -> None:
    things: queue.Queue[int] = queue.Queue()
    with later(seconds, lambda: things.put(1)):
        things.get()  # guilty: lock_queue


def lock_simple_queue(seconds: float) -> None:
    things: queue.SimpleQueue[int] = queue.SimpleQueue()
    with later(seconds, lambda: things.put(1)):
        things.get()  # guilty: lock_simple_queue


def lock_join(seconds: float) -> None:
    thread = threading.Thread(target=time.sleep, args=(seconds,))
    thread.start()
    thread.join()  # guilty: lock_join


def lock_future(seconds: float) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(time.sleep, seconds).result()  # guilty: lock_future


# ---------------------------------------------------------------- all of them

_SPEED: dict[str, float] = {}
_NUMBERS: list[int] = []


def calibrate() -> None:
    """Find out how much of each kind of work in C takes a second here."""

    def speed(amount: float, work: Callable[[], object]) -> float:
        began = time.perf_counter()
        work()
        return amount / (time.perf_counter() - began)

    rng = random.Random(1)
    _NUMBERS.extend(rng.randrange(1 << 40) for _ in range(200_000))
    _SPEED["sort"] = speed(len(_NUMBERS), lambda: sorted(_NUMBERS)) * 0.85
    _NUMBERS.extend(rng.randrange(1 << 40) for _ in range(max(0, int(_SPEED["sort"] * 0.65) - len(_NUMBERS))))
    _SPEED["sum"] = speed(3_000_000, lambda: sum(range(3_000_000)))
    _SPEED["json"] = speed(300_000, lambda: json.loads("[" + "1.5," * 300_000 + "1]"))
    _SPEED["re"] = speed(1, lambda: TRIM.search("x" + " " * 8_000 + "x")) ** 0.5 * 8_000
    _SPEED["power"] = speed(1, lambda: 3**300_000) ** (1 / 1.585) * 300_000


def ways() -> list[Way]:
    """All of them: their names begin with their kinds."""
    marked = {}
    for number, text in enumerate(Path(__file__).read_text().splitlines(), 1):
        if found := re.search(r"\bguilty: (\w+)$", text):
            marked[found[1]] = number
    found_ways = []
    for name, number in marked.items():
        in_thread = name.startswith("thread_")
        kind = name.removeprefix("thread_")
        kind = "c_gil" if kind.startswith("c_gil") else kind.partition("_")[0]
        function = getattr(sys.modules[__name__], name)
        found_ways.append(Way(name, function, kind, number, "the hog" if in_thread else "GUI thread"))
    return found_ways
