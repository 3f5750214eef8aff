"""A program that is killed while a cluster or a queue of its own runs: nothing of it may be left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0


def assert_nothing_is_left(runner: str, temporary: Path, processes: int, folders: tuple[str, int]) -> None:
    """Start a long run, kill the program when all is there, and look that all has gone.

    Args:
        runner: that of the run, which starts processes of its own.
        temporary: the folder of temporary files.
        processes: so many there are to be, at the least.
        folders: a pattern of folders' names, and how many such there are while it runs.
    """
    command = [sys.executable, "main.py", "--headless", "--runner", runner, "--workload", "sleep"]
    program = subprocess.Popen(
        [*command, "--param", "seconds=60", "--tasks", "2"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(temporary)},
    )
    assert program.stderr is not None
    try:
        mother = psutil.Process(program.pid)
        everyone: list[psutil.Process] = []
        deadline = time.monotonic() + PATIENCE_S
        while len(everyone) < processes and time.monotonic() < deadline:
            everyone = mother.children(recursive=True)
            threading.Event().wait(0.05)
        assert len(everyone) >= processes
        pattern, count = folders
        assert len(list(temporary.glob(pattern))) == count
        program.kill()
        program.wait()
        assert psutil.wait_procs(everyone, 20)[1] == []
        assert b"Traceback" not in program.stderr.read()
        assert not list(temporary.glob(pattern))
    finally:
        program.kill()
        program.wait()
        program.stderr.close()
