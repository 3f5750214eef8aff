"""A process of the cluster on this machine: its scheduler, or one of its workers with one thread.

What a person starts by hand is the same: `dask scheduler --host 127.0.0.1 --port 0`, and
`dask worker ADDRESS --nthreads 1 --no-nanny`, both with TLS. It listens on the loopback alone, lets in who has the pair
of the cluster (`pair.py`), takes up nothing of what a person has set up for other clusters, and says on standard output
where it listens. Who started it ends it, and removes its folder (`utils.kept_process`).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

HOST = "127.0.0.1"

SETTINGS: dict[str, Any] = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.profile.enabled": False,  # which looks at all stacks a hundred times a second
    "logging.distributed": "error",
}


def main() -> None:
    """Begin; `sys.argv[1:]` are its folder and, for a worker, its scheduler's and a name."""
    import dask.config

    dask.config.refresh(paths=[], env={})
    dask.config.set(SETTINGS)
    asyncio.run(_serve(*sys.argv[1:]))


async def _serve(folder: str, scheduler: str = "", name: str = "") -> None:
    from distributed import Scheduler, Worker

    from .pair import FILE, as_members

    page: dict[str, Any] = {"host": HOST, "dashboard": False, "dashboard_address": f"{HOST}:0"}
    page |= {"protocol": "tls", "security": as_members(os.path.join(scheduler or folder, FILE))}
    file = os.path.join(scheduler or folder, "scheduler.json")
    if scheduler:
        # Without a limit: a worker that is near one pauses, and nobody would know why the run does not go on.
        alone: dict[str, Any] = {"nthreads": 1, "memory_limit": 0, "local_directory": folder}
        server: Any = Worker(scheduler_file=file, name=name, **alone, **page)  # which waits for that
    else:
        server = Scheduler(port=0, scheduler_file=file, **page)
    async with server:
        sys.stdout.write(f"{json.dumps({'address': server.address})}\n")
        sys.stdout.flush()
        await server.finished()
