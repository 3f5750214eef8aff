"""A process of the cluster on this machine: its scheduler, or one of its workers with one thread.

What a person starts by hand is the same: `dask scheduler --host 127.0.0.1 --port 0`, and
`dask worker ADDRESS --nthreads 1 --no-nanny`. It listens on the loopback alone, takes up nothing of what a person has
set up for other clusters, and says on standard output where it listens. Who started it ends it (`utils.kept_process`).
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from functools import partial
from typing import Any

HOST = "127.0.0.1"

SETTINGS: dict[str, Any] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,  # which looks at all stacks a hundred times a second
    "logging.distributed": "error",
}


def main() -> None:
    """Begin; `sys.argv[1:]` are a worker's scheduler, its name and its niceness, or nothing for a scheduler."""
    import dask.config

    dask.config.refresh(paths=[], env={})
    dask.config.set(SETTINGS)
    folder = tempfile.mkdtemp(prefix="thaw-dask-")
    signal.signal(signal.SIGTERM, partial(_leave, folder))
    asyncio.run(_serve(folder, *sys.argv[1:]))


def _leave(folder: str, *_: object) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


async def _serve(folder: str, scheduler: str = "", name: str = "", niceness: str = "0") -> None:
    from distributed import Scheduler, Worker

    page: dict[str, Any] = {"host": HOST, "dashboard": False, "dashboard_address": f"{HOST}:0"}
    if scheduler:
        # Without a limit: a worker that is near one pauses, and nobody would know why the run does not go on.
        alone: dict[str, Any] = {"nthreads": 1, "memory_limit": 0, "local_directory": folder}
        server: Any = Worker(scheduler, name=name, **alone, **page)
    else:
        server = Scheduler(port=0, **page)
    async with server:
        if hasattr(os, "nice"):
            os.nice(int(niceness))  # now: on a busy machine it would take long to be ready
        sys.stdout.write(f"{json.dumps({'address': server.address, 'folder': folder})}\n")
        sys.stdout.flush()
        await server.finished()
    shutil.rmtree(folder, ignore_errors=True)
