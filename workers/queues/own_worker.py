"""The Celery worker of Thaw's own: a program for itself, which says when it is ready; `here` starts and ends it."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from celery.signals import worker_ready

from .app import app


def main(ready: str, path: str, transport_options: str, processes: str) -> None:
    """Run it to its end.

    Args:
        ready: the line to write when it is ready.
        path: where the program looks for modules, as JSON.
        transport_options: how to reach the broker, whose address is in the environment, as JSON.
        processes: how many.
    """
    sys.path += [one for one in json.loads(path) if one not in sys.path]
    app.conf.broker_transport_options = json.loads(transport_options)

    def tell(**about: Any) -> None:
        os.write(1, f"{ready}\n".encode())  # what is printed goes to Celery's log

    worker_ready.connect(tell)
    app.worker_main(
        [
            "worker",
            f"--concurrency={processes}",
            "--loglevel=WARNING",
            # What workers tell each other; it has nobody to talk to.
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )
