"""The Celery app: a worker that has it runs tasks for Thaw, on this machine or on any other that reaches the broker.

    celery -A thaw_lab.tasks -b redis://HOST:6379 worker

It has one task, which lasts as long as a task of Thaw's does. Through the broker comes what to run and whom to call;
all that happens to it is told by that call (`workers.remote`), so that progress, pause and cancel take a moment and
nothing is ever written to a result backend.

Who may write to the broker decides what its workers run, as with every Celery app: it wants a password.
"""

from __future__ import annotations

import logging
import pickle
from typing import Any

from celery import Celery

from ..remote import worker

app = Celery("thaw", set_as_current=False)
app.conf.update(
    # Beside other people's apps on the same broker: a queue of our own, and control commands that only ours hear.
    task_default_queue="thaw",
    control_exchange="thaw",
    # A task's events and its result take the call home.
    task_ignore_result=True,
    # One that waits belongs to whichever process is free first.
    worker_prefetch_multiplier=1,
    # A task that was taken and never ended is not the broker's to hand out again: the program sees it sooner.
    task_acks_late=False,
    broker_connection_retry_on_startup=False,
    worker_hijack_root_logger=False,
)
logging.getLogger("kombu").addHandler(logging.NullHandler())  # or warnings of the library would be printed


@app.task(name="thaw.run_task")  # type: ignore[untyped-decorator, unused-ignore]
def run_task(task: bytes, address: Any, key: bytes) -> None:
    """Run one task of a program's run.

    Args:
        task: what to run, pickled.
        address: where the program listens.
        key: of the run; both ends must know it.
    """
    worker.errand(pickle.loads(task), tuple(address), key)
