"""A broker of a test's own, and Celery workers there as people start them: in processes that end with the block."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from workers.queues.address import parse
from workers.queues.connection import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = shutil.which("redis-server")
NEEDS_SERVER = pytest.mark.skipif(
    SERVER is None and not ("CI" in os.environ and sys.platform.startswith("linux")),
    reason="there is no redis-server here",
)
"""For tests that want a broker. In CI `scripts/setup` installs it, and where it could not they fail."""

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
PASSWORD = "open-sesame-9"


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as asked:
        asked.bind((host, 0))
        return int(asked.getsockname()[1])


@contextmanager
def broker(host: str = "127.0.0.1") -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A redis-server that wants a password: its address, and its process."""
    assert SERVER is not None, "there is no redis-server"
    port = free_port(host)
    with subprocess.Popen([SERVER, "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        lines = f"port {port}", f"bind {host}", f"requirepass {PASSWORD}", 'save ""', "appendonly no"
        process.stdin.write("\n".join(lines).encode())
        process.stdin.close()
        until = time.monotonic() + PATIENCE_S
        while True:
            try:
                socket.create_connection((host, port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until
                threading.Event().wait(0.01)
        try:
            yield f"redis://:{PASSWORD}@{host}:{port}", process
        finally:
            process.kill()


@contextmanager
def worker(url: str, *arguments: str, others: int = 0) -> Iterator[subprocess.Popen[bytes]]:
    """A Celery worker as the line starts it that Thaw shows, ready to work, beside so many others."""
    command = [
        sys.executable,
        "-m",
        "celery",
        "--workdir",
        str(ROOT / "scripts" / "package"),
        "-A",
        "thaw_lab.tasks",
    ]
    with subprocess.Popen(
        [*command, "-b", url, "worker", "--loglevel", "ERROR", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            with opened(parse(url)) as queue:
                until = time.monotonic() + PATIENCE_S
                while len(queue.ask("ping", others + 1)) <= others:
                    assert time.monotonic() < until, "the worker did not begin"
            yield process
        finally:
            if process.poll() is None:
                for child in psutil.Process(process.pid).children():
                    child.kill()
            process.kill()
