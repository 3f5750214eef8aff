"""Two threads make items and two others use them; a queue lies in between.

It hands each item to one thread, and whoever finds it empty sleeps until there is something. You need no lock.

The makers are ten times as quick here. With no limit the queue grows as long as they run, and so does the memory: what
was made early just lies there. With room for five they have to wait for a free place. That is called backpressure.

A queue can also tell when all is done: `join` waits until `task_done` was called once for each item that was put in.
Forget that, or let an error skip it, and `join` never returns. It belongs in a `finally`. In the last run nobody calls
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import pipeline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Producer and consumer"
ORDER = 100
MINUTES = 3
ASKS = "The makers are ten times as quick as the users. What does a queue with room for only five items change?"
ANSWERS = {
    "It gets slower, for the makers have to wait": "The makers do wait, but the users do not: there is "
    "always something in the queue for them.",
    "Items are lost when it is full": "None is: `put` waits for room. It is `put_nowait` that gives up.",
    "Nothing piles up, and it takes about as long": "The users set the pace. Either items wait in the queue, or the "
    "makers wait for room in it.",
}
RIGHT = "Nothing piles up, and it takes about as long"
STEPS = (
    {
        "says": "A queue without a limit",
        "workload": "pipeline.endless",
        "params": {"items": 40, "make_s": 0.0005, "use_s": 0.005},
        "look": "timeline",
    },
    {
        "says": "A queue with room for five",
        "workload": "pipeline.queue",
        "params": {"items": 40, "make_s": 0.0005, "use_s": 0.005},
        "look": "timeline",
    },
    {"says": "Nobody calls task_done", "workload": "pipeline.no_task_done", "look": "waits"},
)
TAKE_HOME = "Put a queue with a limit between those who make and those who use."
TRY = (
    {"says": "Users as quick as makers", "step": 1, "params": {"use_s": 0.0005}},
    {"says": "A list in place of a queue", "step": 2, "workload": "pipeline.list_and_sleep"},
)
SABOTEUR = {"step": 2, "workload": "pipeline.endless"}
SNIPPET = """
from queue import Queue
from threading import Thread

jobs: Queue[int | None] = Queue(maxsize=5)
used: list[int] = []


def use() -> None:
    while True:
        item = jobs.get()
        try:
            if item is None:
                return
            used.append(item)
        finally:
            jobs.task_done()  # whatever happens


user = Thread(target=use)
user.start()
for number in range(100):
    jobs.put(number)  # waits while there are five
jobs.put(None)  # no more comes
jobs.join()
user.join()
print(len(used))  # 100
"""


def claims(endless: Run, queue: Run, no_task_done: Run) -> Iterator[tuple[bool, str]]:
    yield pipeline.is_bounded(queue)
    yield pipeline.piles_up(endless)
    yield pipeline.never_ends(no_task_done)
    users = queue.recorder.count // 2
    least_s = pipeline.figures(queue)["items"] * queue.settings.param("use_s") / users
    yield (
        min(endless.wall_s, queue.wall_s) >= least_s,
        f"To use them all takes {users} users {least_s:.2f} s at least, limit or not: it took {endless.wall_s:.2f} s "
        f"without a limit, and {queue.wall_s:.2f} s with one.",
    )
