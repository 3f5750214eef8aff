"""The handle on the local image server: starts its process, passes settings on, ends it; any thread may call.

The child says its port, what it did for the last run, and its complaints; a thread hears them
(`workers.utils.kept_process`).
"""

from __future__ import annotations

import json
import logging
import sys
import threading
from typing import TYPE_CHECKING

from ..utils.child import PRIVATE, RESOURCES, private
from ..utils.errors import ThawError, limit_of
from ..utils.kept_process.process import KeptProcess
from .conditions import FaultCounts, NetworkConditions, changed

if TYPE_CHECKING:
    from pathlib import Path

PICTURES = RESOURCES / "pictures"
BEGIN = f"from {PRIVATE}.image_server.__main__ import main; main()"


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
        self._lock = (
            threading.Lock()
        )  # guards the process, the settings and the counts; never held while waiting
        self._process: KeptProcess | None = None
        self._answered = threading.Event()  # the port is known, or the child has gone
        self._port: int | None = None
        self.fault_counts = FaultCounts()
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
            process = KeptProcess("image server", command, self._hear, self._answered.set, guards_itself=True)
            try:
                process.start()
            except (OSError, RuntimeError) as error:
                why = limit_of(error) or f"It cannot be started with {sys.executable}: {error}"
                raise ServerError(f"There is no image server. {why}") from error
            self._process = process

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
            complaints = self._process.complaints if self._process is not None else ()
            said = " ".join(complaints) or "It said nothing; try again, or use other addresses."
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
            if changes and self._process is not None:
                self._process.say(json.dumps(changes).encode())

    @property
    def alive(self) -> bool:
        process = self._process
        return process is not None and process.alive

    @property
    def pid(self) -> int | None:
        process = self._process
        return None if process is None else process.pid

    def close(self) -> None:
        """End the process; may be called again."""
        with self._lock:
            self._closed = True
            process = self._process
        if process is not None:
            process.close()

    def _hear(self, line: bytes) -> bool:
        """In the reader's thread: what the child says; returns whether it was no complaint."""
        try:
            said = json.loads(line)
            if "port" in said:
                self._port = int(said["port"])
                self._answered.set()
                logging.getLogger("thaw").info("server ready: port %d", self._port)
                return True
            fault_counts = FaultCounts(**said["tally"])
        except (ValueError, KeyError, TypeError):
            return False
        with self._lock:
            if fault_counts.run == self.fault_counts.run:
                self.fault_counts = fault_counts
        return True

    def __enter__(self) -> ImageServer:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
