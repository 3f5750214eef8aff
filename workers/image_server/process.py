"""The handle on the local image server: starts its process, passes settings on, ends it; any thread may call.

One daemon thread a server reads what the child says: its port, what it did for the last run, and its complaints. It
ends with the child. (A thread rather than select(), which takes no pipes on Windows.)
"""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from ..utils.child import PRIVATE, RESOURCES, UNSEEN, private
from ..utils.errors import ThawError, limit_of
from .conditions import FaultCounts, NetworkConditions, changed

if TYPE_CHECKING:
    from pathlib import Path

PICTURES = RESOURCES / "pictures"
BEGIN = f"from {PRIVATE}.image_server.__main__ import main; main()"
CLOSE_SECONDS = 1.0  # for the child to leave by itself; it needs some 10 ms


class ServerError(ThawError, RuntimeError):
    """The image server cannot be reached; the message says what to do."""


class ImageServer:
    """The local image server's process: start() it, ask for its url(), close() it; or use `with`.

    Attributes:
        settings: those that were asked for last.
        fault_counts: what the server did for the last run, not older than half a second. It is replaced as a whole.
    """

    def __init__(self, pictures: Path = PICTURES, settings: NetworkConditions | None = None) -> None:
        self._pictures = pictures
        self.settings = settings or NetworkConditions()
        # Guards the process, its stdin and the settings; never held while waiting.
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._reader: threading.Thread | None = None
        self._answered = threading.Event()  # the port is known, or the child has gone
        self._port: int | None = None
        self.fault_counts = FaultCounts()
        self._complaints: deque[str] = deque(maxlen=20)
        self._closed = False

    def start(self) -> None:
        """Start the process and return at once, before it is ready; a second call does nothing."""
        with self._lock:
            if self._closed:
                raise ServerError("The image server was closed: make a new ImageServer.")
            if self._process is not None:
                return
            # -S: it need not look through site-packages, and starts sooner.
            command = private(BEGIN, "--pictures", str(self._pictures), flags=("-I", "-S"))
            for name, value in self.settings._asdict().items():
                command.append(f"--{name.replace('_', '-')}={value}")
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # Ctrl+C in the terminal is ours to answer, also while the child starts
                    creationflags=UNSEEN,
                )
            except OSError as error:
                why = limit_of(error) or f"It cannot be started with {sys.executable}: {error}"
                raise ServerError(f"There is no image server. {why}") from error
            reader = threading.Thread(
                target=self._read, args=(self._process,), name="image-server-reader", daemon=True
            )
            try:
                reader.start()
            except RuntimeError as error:
                process, self._process = self._process, None
                process.communicate()
                raise ServerError(limit_of(error)) from error
            self._reader = reader

    def url(self, timeout: float = 10.0) -> str:
        """The base URL, such as http://127.0.0.1:40123, as soon as the server is ready.

        Blocks up to `timeout` seconds; ServerError, saying what to do, if it is late or has ended.
        """
        if self._process is None:
            self.start()  # it could not be before, or nobody has wanted it
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

    def begin_run(self) -> str:
        """The base URL for a new run, for which faults start over; `fault_counts` counts that run from now on.

        Blocks and raises as `url` does.
        """
        base = self.url()
        with self._lock:
            self.fault_counts = FaultCounts(self.fault_counts.run + 1)
            return f"{base}/runs/{self.fault_counts.run}"

    def configure(self, **changes: float) -> None:
        """Change settings of `NetworkConditions` by name, before the start or live; returns at once.

        Requests that wait or are being answered follow them too. ValueError if one is out of range.
        """
        with self._lock:
            self.settings = changed(self.settings, changes)
            stdin = self._process.stdin if self._process is not None else None
            if changes and stdin is not None and not stdin.closed:
                with suppress(OSError):  # the child has gone; url() and alive tell that
                    stdin.write(json.dumps(changes).encode() + b"\n")
                    stdin.flush()

    @property
    def alive(self) -> bool:
        process = self._process
        return process is not None and process.poll() is None

    @property
    def pid(self) -> int | None:
        process = self._process
        return None if process is None else process.pid

    def close(self) -> None:
        """End the process by closing its stdin, or by force after a second; may be called again."""
        with self._lock:
            self._closed = True
            process, reader = self._process, self._reader
            if process is not None and process.stdin is not None:
                with suppress(OSError):  # what was still buffered for a child that has gone
                    process.stdin.close()
        if process is None or reader is None:
            return
        try:
            process.wait(CLOSE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join()  # the pipe has ended with the child; the reader closes it

    def _read(self, process: subprocess.Popen[bytes]) -> None:
        """In the reader thread: what the child says, until it ends."""
        assert process.stdout is not None
        with process.stdout:
            for line in process.stdout:  # read to the end, or a full pipe would stop the child
                self._take(line)
        process.wait()  # where there was no port it is leaving, and its complaints are the reason
        self._answered.set()

    def _take(self, line: bytes) -> None:
        try:
            said = json.loads(line)
            if "port" in said:
                self._port = int(said["port"])
                self._answered.set()
                logging.getLogger("thaw").info("server ready: port %d", self._port)
                return
            fault_counts = FaultCounts(**said["tally"])
        except (ValueError, KeyError, TypeError):
            self._complaints.append(line.decode(errors="replace").strip())
            return
        with self._lock:
            if fault_counts.run == self.fault_counts.run:
                self.fault_counts = fault_counts

    def __enter__(self) -> ImageServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
