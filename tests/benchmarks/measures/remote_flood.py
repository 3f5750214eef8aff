"""Lets a child process tell of progress as fast as it can, and measures what arrives and what that takes of memory.

    python -m tests.benchmarks.measures.remote_flood --events 2000000

No Qt: the main thread takes the events as the window would, 30 times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import deque
from typing import TYPE_CHECKING

from tests.benchmarks.sizes import MANY_EVENTS
from tests.support.image_site import NoServer
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.engine.task import Phase
from workers.monitors.resources import MIB, resident_bytes
from workers.runners.process_pool import ProcessPoolRunner

if TYPE_CHECKING:
    from workers.engine.task import TaskEvent

FRAME_S = 1 / 30
PATIENCE_S = 80.0


def measure(events: int) -> dict[str, float]:
    """How many events a second came, and the most memory that program and child had, in MiB.

    Raises:
        RuntimeError: not all of them came.
    """
    came: deque[TaskEvent] = deque()
    session = Session(came.append, NoServer())
    began = ended = 0.0
    peak = 0
    run = session.start(
        Settings.named("process_pool", "tests.contract.remote_work:flood", 1, 1, (("events", events),))
    )
    runner = session._runner
    assert isinstance(runner, ProcessPoolRunner)
    away = runner._in_flight
    deadline = time.monotonic() + PATIENCE_S
    try:
        while run.ended is None and time.monotonic() < deadline:
            time.sleep(FRAME_S)
            batch = [came.popleft() for _ in range(len(came))]
            for event in batch:
                began = event.time if event.phase is Phase.STARTED else began
                ended = event.time if event.phase is Phase.DONE else ended
            session.fold(batch)
            peak = max(peak, resident_bytes([os.getpid(), *runner.processes()]) or 0)
            session.finish()
    finally:
        session.close(5.0)
    if run.recorder.done != 1 or away.received < events:
        raise RuntimeError(f"{away.received:,} of {events:,} events came")
    return {"per_s": away.received / (ended - began), "peak_mib": peak / MIB}


def main() -> int:
    """Measure once; prints {"per_s": ..., "peak_mib": ...}."""
    parser = argparse.ArgumentParser(description="Measure how many progress events come from a child process.")
    parser.add_argument("--events", type=int, default=MANY_EVENTS, help=f"how many (default {MANY_EVENTS:,})")
    print(json.dumps(measure(parser.parse_args().events)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
