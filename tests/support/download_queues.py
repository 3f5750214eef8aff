"""Queues of downloads in a folder of their own, and runs over them of which nothing is really downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from workers.downloads import queue_delivery
from workers.downloads.queue import DownloadQueue
from workers.engine.plan import Settings
from workers.engine.run import Run

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.plan import Plan


def urls(count: int, first: int = 1) -> list[str]:
    """So many addresses."""
    return [f"https://example.org/pictures/{number:05}.jpg" for number in range(first, first + count)]


def promise(queue: DownloadQueue, item: int, name: str, size: int = 0, sha256: str = "") -> bool:
    """Say that an item's part is whole, as `deliver` does just before it moves it."""
    with queue.write() as sqlite:
        return queue_delivery.promise(sqlite, item, name, size, sha256)


def make_queue(path: Path, waiting: int, done: int = 0, failed: int = 0) -> None:
    """A queue whose first items are done, the next ones failed, and the rest wait."""
    queue = DownloadQueue(path)
    queue.add(urls(waiting + done + failed), str(path.parent / "files"))
    for item in queue.items()[: done + failed]:
        if item.id <= done:
            name = f"{item.id}.jpg"
            promise(queue, item.id, name, 1000 * item.id)
            queue.done(item.id, name, 1000 * item.id)
        else:
            queue.failed(item.id, "The server has no such picture.")
    queue.close()


class QueuedPlan:
    """Stands in for the plan of the download workload: a task for each of some items."""

    unit = "bytes"

    def __init__(self, path: str, items: list[int]) -> None:
        self.settings = Settings.named("thread_pool", "download", len(items), 4, params=(("queue", path),))
        self.count = len(items)
        self.items = items

    def title(self, index: int) -> str:
        """Its name."""
        return f"item {self.items[index]}"


def make_queue_run(path: str, items: list[int], first: int = 0) -> Run:
    """A run over some items of a queue; nothing of it has begun."""
    return Run(cast("Plan", QueuedPlan(path, items)), first)
