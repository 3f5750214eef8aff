"""Cancels 64 downloads whose server says nothing, in the real session with its bridge and event loop; no window.

Prints how long it took from Cancel until the last of them was cancelled. Everything but the downloads runs in the GUI
thread.

    python -m tests.benchmarks.measures.stalled --runner qthread
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from gui.controllers.bridge import Bridge
from gui.controllers.run import Director
from tests.benchmarks.sizes import STALLED
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.image_server.conditions import NetworkConditions
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Callable

    from workers.engine.run import Run

HOUR_MS = 3_600_000.0
SETTLE_S = 0.3
"""After the last connection is made, for the last request to reach the server."""

PATIENCE_S = 20.0


class Stalled:
    """A run of downloads that all wait for a server.

    Attributes:
        run: the run; None before it has begun.
        refused: why it could not begin.
    """

    def __init__(self, runner: str, server: ImageServer, urls: Path) -> None:
        self._bridge = Bridge()
        self._session = Session(self._bridge.post, server)
        self._director = Director(self._session, self._bridge)
        self._director.refused.connect(self._refuse)
        self._settings = Settings.named(runner, "download", STALLED, STALLED, (("urls", str(urls)),))
        self._port = int(server.url().rpartition(":")[2])
        self._connected_at = 0.0
        self.refused = ""
        self.run: Run | None = None

    def _refuse(self, why: str) -> None:
        self.refused = why

    def start(self) -> None:
        """Press Start."""
        self._director.start(self._settings)

    def all_wait(self) -> bool:
        """Whether each download has been connected to the server for a while, and none has ended."""
        self.run = self._session.run
        connections = [
            found
            for found in psutil.Process().net_connections("tcp")
            if found.status == psutil.CONN_ESTABLISHED and found.raddr and found.raddr.port == self._port
        ]
        if len(connections) < STALLED:
            self._connected_at = time.perf_counter()
            return False
        return time.perf_counter() - self._connected_at > SETTLE_S

    def cancel(self) -> None:
        """Press Cancel."""
        self._director.cancel()

    def all_ended(self) -> bool:
        """Whether every final event has been folded into the recorder."""
        return self.run is not None and self.run.recorder.finals == STALLED

    def close(self) -> None:
        """Free the threads."""
        self._session.close(PATIENCE_S)


def until(condition: Callable[[], bool], every_ms: int) -> bool:
    """Run the event loop until a condition holds; returns whether it did in time."""
    loop, poll = QEventLoop(), QTimer(interval=every_ms)
    deadline = time.monotonic() + PATIENCE_S

    def look() -> None:
        if condition() or time.monotonic() > deadline:
            loop.quit()

    poll.timeout.connect(look)
    poll.start()
    loop.exec()
    poll.stop()
    return condition()


def measure(runner: str, server: ImageServer, urls: Path) -> float:
    """Milliseconds from Cancel to the last final event.

    Raises:
        RuntimeError: the downloads did not come as far as to be stalled, or did not end as cancelled.
    """
    stalled = Stalled(runner, server, urls)
    try:
        stalled.start()
        if not until(stalled.all_wait, 50):
            raise RuntimeError(stalled.refused or f"the {STALLED} downloads were not all connected in time")
        assert stalled.run is not None
        if stalled.run.recorder.finals:
            raise RuntimeError("a download had ended before the cancel")
        began = time.perf_counter()
        stalled.cancel()
        ended_all = until(stalled.all_ended, 1)
        took = time.perf_counter() - began
        if not ended_all:
            raise RuntimeError(
                f"only {stalled.run.recorder.finals} of {STALLED} had ended {PATIENCE_S:.0f} s later"
            )
        if stalled.run.recorder.cancelled != STALLED:
            raise RuntimeError(f"only {stalled.run.recorder.cancelled} ended as cancelled")
    finally:
        stalled.close()
    return took * 1e3


def main() -> int:
    """Cancel stalled downloads once; prints {"cancel_ms": ...}."""
    parser = argparse.ArgumentParser(description="Measure how soon stalled downloads are cancelled.")
    parser.add_argument("--runner", required=True, help="where they run")
    options = parser.parse_args()
    application = QCoreApplication(sys.argv)  # noqa: F841 (held, for there is no event loop without it)
    with (
        tempfile.TemporaryDirectory() as folder,
        ImageServer(settings=NetworkConditions(latency_ms=HOUR_MS, spread=0.0, bandwidth_kib=0.0)) as server,
    ):
        urls = Path(folder) / "urls.txt"
        urls.write_text("".join(f"{server.url()}/pictures/{number}\n" for number in range(STALLED)))
        try:
            took = measure(options.runner, server, urls)
        except RuntimeError as problem:
            print(f"stalled: {problem}.", file=sys.stderr)
            return 1
    print(json.dumps({"cancel_ms": took}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
