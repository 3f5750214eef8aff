"""Kills the processes of a pool again and again while they work, and looks what came of the tasks.

    python -m tests.benchmarks.measures.remote_kills --kills 20

No Qt: the main thread takes the events as the window would.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections import deque
from typing import TYPE_CHECKING

import psutil

from tests.benchmarks.sizes import KILLED_TASKS, KILLS
from tests.support.image_site import NoServer
from workers.engine.plan import Settings
from workers.engine.session import Session
from workers.engine.task import Phase
from workers.runners.process_pool import ProcessPoolRunner

if TYPE_CHECKING:
    from workers.engine.task import TaskEvent

WORKERS, STEPS = 2, 20
LOOK_S = 0.005
PATIENCE_S = 80.0


def measure(kills: int) -> dict[str, float]:
    """Run tasks, and kill the process of one that has just begun for the first time: none is killed twice.

    Raises:
        RuntimeError: the run ended before so many were killed, or did not end at all.
    """
    came: deque[TaskEvent] = deque()
    session = Session(came.append, NoServer())
    before = set(psutil.Process().children(recursive=True))
    started = time.perf_counter()
    work = Settings.named(
        "process_pool", "tests.contract.remote_work:slow", KILLED_TASKS, WORKERS, (("steps", STEPS),)
    )
    run = session.start(work)
    runner = session._runner
    assert isinstance(runner, ProcessPoolRunner)
    killed: list[int] = []
    everyone: set[psutil.Process] = set()
    deadline = time.monotonic() + PATIENCE_S
    try:
        while run.ended is None and time.monotonic() < deadline:
            time.sleep(LOOK_S)
            batch = [came.popleft() for _ in range(len(came))]
            session.fold(batch)
            everyone |= set(psutil.Process().children(recursive=True)) - before
            begun = [event.number for event in batch if event.phase is Phase.STARTED]
            guilty = [
                one.link for number in begun if (one := runner._in_flight._in_flight.get(number)) and one.link
            ]
            if len(killed) < kills and guilty and guilty[0] not in killed:
                killed.append(guilty[0])
                os.kill(guilty[0], signal.SIGKILL)
            session.finish()
    finally:
        session.close(5.0)
    if run.ended is None or len(killed) < kills:
        raise RuntimeError(
            f"{len(killed)} of {kills} processes were killed, and the run has not ended as it should"
        )
    # Python's own tracker of shared memory comes with the first process and ends with the program.
    _, left = psutil.wait_procs([one for one in everyone if "tracker" not in _command(one)], 3.0)
    return {
        "killed": len(killed),
        "lost": KILLED_TASKS - run.recorder.done,
        "orphans": len(left),
        "seconds": time.perf_counter() - started,
    }


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def main() -> int:
    """Measure once; prints {"killed": ..., "lost": ..., "orphans": ..., "seconds": ...}."""
    parser = argparse.ArgumentParser(description="Kill the processes of a pool while they work.")
    parser.add_argument("--kills", type=int, default=KILLS, help=f"how many (default {KILLS})")
    print(json.dumps(measure(parser.parse_args().kills)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
