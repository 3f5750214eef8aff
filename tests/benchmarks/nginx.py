"""nginx as the server that a benchmark downloads from: with a configuration of its own, on a free loopback port.

One process with one thread, which serves files as the kernel can send them; ended with the block that it was made for.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

READY_S = 5.0
POLL_S = 0.01
TRIES = 3
"""Another program may take the port that was just free."""

CONFIGURATION = """
daemon off;
master_process off;
pid {home}/nginx.pid;
error_log {home}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    types {{ image/jpeg jpg; application/octet-stream bin; }}
    client_body_temp_path {home}/body;
    proxy_temp_path {home}/proxy;
    fastcgi_temp_path {home}/fastcgi;
    uwsgi_temp_path {home}/uwsgi;
    scgi_temp_path {home}/scgi;
    server {{
        listen 127.0.0.1:{port};
        root {files};
    }}
}}
"""


def program() -> str:
    """The path of nginx; empty where there is none."""
    # Debian keeps it where a person's own PATH may not lead.
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/sbin") or ""


class Nginx:
    """A server of a folder's files; use `with`.

    Attributes:
        url: its address, without a slash at the end.
    """

    def __init__(self, files: Path, home: Path) -> None:
        """Start it.

        Args:
            files: what it serves.
            home: a folder for what it writes.

        Raises:
            Missing: it does not start.
        """
        for _ in range(TRIES):
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            self._process = _start(files, home, port)
            if _answers(self._process, port):
                self.url = f"http://127.0.0.1:{port}"
                return
            self.close()
        said = (home / "error.log").read_text(errors="replace").strip().rpartition("\n")[2]
        raise Missing(f"nginx does not start: {said or 'it said nothing'}")

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()

    def __enter__(self) -> Nginx:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _start(files: Path, home: Path, port: int) -> subprocess.Popen[bytes]:
    configuration = home / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(home=home, port=port, files=files))
    # Where it can be had, the kernel ends the server with the benchmark, even after a kill -9.
    tied = [shutil.which("setpriv"), "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
    command = [*tied, program(), "-p", str(home), "-e", str(home / "error.log"), "-c", str(configuration)]
    return subprocess.Popen(
        [str(word) for word in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", "")},
    )


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until it can be connected to; returns False where it has ended before."""
    end = time.monotonic() + READY_S
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=READY_S).close()
        except OSError:
            time.sleep(POLL_S)
        else:
            return True
    return False
