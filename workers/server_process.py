"""The handle on the local image server: starts its process, passes settings on, ends it; any thread may call.

One daemon thread a server reads the child's pipes: first its port, then its complaints. It ends with the
child. (A thread rather than select(), which takes no pipes on Windows.)
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from types import TracebackType

PICTURES = Path(__file__).parent.parent / "resources" / "pictures"
CLOSE_SECONDS = 1.0  # for the child to leave by itself; it needs some 10 ms


class ServerError(RuntimeError):
    """The image server cannot be reached; the message says what to do."""


class ServerSettings(NamedTuple):
    """How slow the server is."""

    latency_ms: float = 120.0  # before the headers
    spread: float = 0.3  # 0 to 1, the part of the latency that varies from picture to picture
    bandwidth_kib: float = 8192.0  # KiB/s on each connection, 0 = unlimited


class ImageServer:
    """The local image server's process: start() it, ask for its url(), close() it; or use `with`."""

    def __init__(self, pictures: Path = PICTURES, settings: ServerSettings | None = None, seed: int = 1) -> None:
        self._pictures = pictures
        self._settings = settings or ServerSettings()
        self._seed = seed
        self._lock = threading.Lock()  # guards the process, its stdin and the settings; never held while waiting
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._answered = threading.Event()  # the port is known, or the child has gone
        self._port: int | None = None
        self._complaints: deque[str] = deque(maxlen=20)
        self._closed = False

    def start(self) -> None:
        """Start the process and return at once, before it is ready; a second call does nothing."""
        with self._lock:
            if self._closed:
                raise ServerError("The image server was closed: make a new ImageServer.")
            if self._process is not None:
                return
            script = Path(__file__).with_name("image_server.py")
            # -I keeps this folder off the child's path, so that no module here hides one of the standard
            # library; with -S it need not look through site-packages either and starts sooner.
            command = [sys.executable, "-I", "-S", str(script), "--pictures", str(self._pictures)]
            for name, value in self._settings._asdict().items():
                command.append(f"--{name.replace('_', '-')}={value}")
            try:
                self._process = subprocess.Popen(
                    [*command, f"--seed={self._seed}"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    start_new_session=True,  # Ctrl+C in the terminal is ours to answer, also while the child starts
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except OSError as error:
                raise ServerError(f"The image server cannot be started with {sys.executable}: {error}") from error
            self._reader = threading.Thread(
                target=self._read, args=(self._process,), name="image-server-reader", daemon=True
            )
            self._reader.start()

    def url(self, timeout: float = 10.0) -> str:
        """The base URL, such as http://127.0.0.1:40123, as soon as the server is ready.

        Blocks up to `timeout` seconds; ServerError, saying what to do, if it is late or has ended.
        """
        if self._process is None:
            raise ServerError("The image server is not running: call start() first.")
        if not self._answered.wait(timeout):
            raise ServerError(
                f"The image server was not ready within {timeout:g} s. The machine may be busy: try again."
            )
        if self._closed:
            raise ServerError("The image server was closed: make a new ImageServer.")
        if self._port is None or not self.alive:
            said = " ".join(self._complaints) or "It said nothing; try again, or use other addresses."
            raise ServerError(f"The image server has ended. {said}")
        return f"http://127.0.0.1:{self._port}"

    def configure(
        self,
        *,
        latency_ms: float | None = None,
        spread: float | None = None,
        bandwidth_kib: float | None = None,
    ) -> None:
        """Change settings, before the start or live; returns at once.

        Requests that wait or are being answered follow them too. ValueError if one is out of range.
        """
        given = {"latency_ms": latency_ms, "spread": spread, "bandwidth_kib": bandwidth_kib}
        changes = {name: value for name, value in given.items() if value is not None}
        if any(not value >= 0 for value in changes.values()) or changes.get("spread", 0) > 1:
            raise ValueError(f"latency and bandwidth are 0 or more, spread is 0 to 1: {changes}")
        with self._lock:
            self._settings = self._settings._replace(**changes)
            stdin = self._process.stdin if self._process is not None else None
            if changes and stdin is not None and not stdin.closed:
                try:
                    stdin.write(json.dumps(changes).encode() + b"\n")
                    stdin.flush()
                except OSError:
                    pass  # the child has gone; url() and alive tell that

    @property
    def settings(self) -> ServerSettings:
        """The settings that were asked for last."""
        return self._settings

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        process = self._process
        return process is not None and process.poll() is None

    @property
    def pid(self) -> int | None:
        """The process's id; None before the start."""
        process = self._process
        return None if process is None else process.pid

    def close(self) -> None:
        """End the process by closing its stdin, or by force after a second; may be called again."""
        with self._lock:
            self._closed = True
            process, reader = self._process, self._reader
            if process is not None and process.stdin is not None:
                try:
                    process.stdin.close()
                except OSError:
                    pass  # what was still buffered for a child that has gone
        if process is None or reader is None:
            return
        try:
            process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()  # both pipes have ended with the child; the reader closes them

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        """In the reader thread: the port, then what the child complains about, until it ends."""
        assert process.stdout is not None
        assert process.stderr is not None
        with process.stdout, process.stderr:
            try:
                self._port = int(json.loads(process.stdout.readline())["port"])
            except (ValueError, KeyError, TypeError):
                process.wait()  # no port: it is leaving, and what it says on stderr is the reason
            else:
                self._answered.set()
            for line in process.stderr:  # read to the end, or a full pipe would stop the child
                self._complaints.append(line.decode(errors="replace").strip())
        self._answered.set()

    def __enter__(self) -> ImageServer:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
