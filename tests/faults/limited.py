"""Downloads under a limit of the system, in a process of its own: file descriptors, threads, or room on the disk.

    python -m tests.faults.limited thread_pool,qthread --urls LIST --folder FOLDER --descriptors 24 --workers 16

Each runner has two runs: one under the limit, and one after it is lifted. As JSON it prints what came of them.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import resource
import sys
import threading
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from tests.support.runner_harness import Harness
from workers.engine.plan import Settings
from workers.utils.formatting import error_line

MANY = 100_000
ONE_AFTER_THE_OTHER = 8
"""So many pictures at most on the GUI thread, where no two are downloaded at once."""


def one_run(
    harness: Harness, options: argparse.Namespace, count: int, workers: int, *, limited: bool
) -> dict[str, Any]:
    """Run it, under the limits if it is to be; what came of it."""
    folder = f"{options.folder}/{harness.runner}"
    given = (("urls", options.urls), ("folder", folder), *json.loads(os.environ["THAW_LIMITED_PARAMS"]).items())
    settings = Settings.named(harness.runner, "download", count, workers, given)
    if limited and options.descriptors:
        descriptors(options.descriptors)
    if limited and options.threads:
        ctypes.CDLL(None).few_threads(options.threads)
    run = harness.session.start(settings)
    harness.finish()
    at_once = len({event.place for event in harness.events})
    harness.events.clear()
    recorder = run.recorder
    paths = [path for path in Path(folder).iterdir() if path.is_file()]
    found = {path.name: path.stat().st_size for path in paths}
    for path in paths:
        path.unlink()
    return {
        "done": recorder.done,
        "failed": recorder.failed,
        "errors": sorted(error_line(text) for text in recorder.errors.values()),
        "files": found,
        "notes": run.plan.notes,
        "at_once": at_once,
    }


def descriptors(limit: int) -> None:
    """Let this process and its children have so many open files at once."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, most))


def main() -> int:
    """Run everything; returns 0 unless something was left open."""
    parser = argparse.ArgumentParser()
    parser.add_argument("runners")
    parser.add_argument("--urls", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--descriptors", type=int, default=0)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    application = QCoreApplication(["limited"])
    count = len(Path(options.urls).read_text().split())
    lifted = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    found: dict[str, Any] = {}
    for runner in options.runners.split(","):
        harness = Harness(runner)
        limited = min(count, ONE_AFTER_THE_OTHER) if runner == "gui_thread" else count
        first = one_run(harness, options, limited, options.workers, limited=True)
        descriptors(lifted)
        if options.threads:
            ctypes.CDLL(None).few_threads(MANY)
        freed = harness.until(partial(harness.session.close, 0))
        again = one_run(harness, options, 2, 1, limited=False)
        closed = harness.until(partial(harness.session.close, 0))
        found[runner] = {"first": first, "again": again, "freed": freed, "closed": closed}
    open_files = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    for one in threading.enumerate():
        if one is not threading.main_thread():
            one.join(2.0)  # on its way out, or left behind
    threads = sorted(one.name for one in threading.enumerate() if one is not threading.main_thread())
    print(json.dumps({"runners": found, "open_files": open_files, "threads": threads}))  # noqa: T201
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
