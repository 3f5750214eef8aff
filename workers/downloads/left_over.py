"""What the program left of the usual queue when it ended: for its next start, before anything opens that queue."""

from __future__ import annotations

from contextlib import closing

from .queue import DownloadQueue, default_path


def count_left() -> int:
    """How many downloads wait for somebody to go on; 0 where there is no queue.

    Raises:
        QueueProblem: the queue cannot be read, or another program is at work on it.
    """
    path = default_path()
    if not path.is_file():
        return 0
    with closing(DownloadQueue(path)) as queue:
        queue.hold()
        counts = queue.counts()
    return counts.waiting + counts.promised
