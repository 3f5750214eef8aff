"""A plain Celery app for `tests.benchmarks.plain.cluster`: a module with two tasks, which workers load by its name."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery

ADDRESS = "THAW_BENCH_BROKER"
"""The variable that says to workers where the broker is."""

_url = os.environ.get(ADDRESS, "")
app = Celery("plain", broker=_url or None, backend=_url or None, set_as_current=False)
app.conf.update(worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)


@app.task(name="plain.work")  # type: ignore[untyped-decorator, unused-ignore]
def work(workload: str, arguments: dict[str, Any]) -> float:
    """One task of a workload."""
    from tests.benchmarks.plain.remote import work

    return work(workload, arguments)


@app.task(name="plain.nothing")  # type: ignore[untyped-decorator, unused-ignore]
def nothing() -> float:
    """A task that does nothing."""
    return 0.0
