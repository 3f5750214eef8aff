"""Four threads add to one number. Each reads it, adds one, and writes it back.

Between reading and writing another thread may have its turn: it reads the same number, adds one, and writes. Then two
additions were made and one of them is lost. The GIL does not prevent that: it keeps Python's own objects whole, and
says nothing of what lies between two lines of yours.

The second run does the same with a lock: who has it is alone between reading and writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..labs import counter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Lost updates"
ORDER = 50
MINUTES = 3
ASKS = "Four threads count to 50 each, in one number. What does it say at the end?"
ANSWERS = {
    "200": "It would, if each thread wrote before another one read. The GIL does not see to that.",
    "About 50": "They go nearly in step: all four read the same number, and all four write the same sum.",
    "More than 200": "No addition is made twice. It is the other way round: of every four, about three are lost.",
}
RIGHT = "About 50"
STEPS = (
    {"says": "Without a lock", "workload": "counter.broken", "look": "timeline"},
    {"says": "With a lock", "workload": "counter.fixed", "look": "timeline"},
)
TAKE_HOME = "What several threads change needs a lock around reading and writing, GIL or not."
TRY = ({"says": "With 8 threads", "step": 1, "tasks": 8, "workers": 8},)
SABOTEUR = {"step": 2, "workload": "counter.broken"}
SNIPPET = """
from threading import Lock, Thread

count = 0
lock = Lock()


def add() -> None:
    global count
    for _ in range(50):
        with lock:  # nobody else is between reading and writing
            count = count + 1


threads = [Thread(target=add) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(count)  # 200
"""


def claims(broken: Run, fixed: Run) -> Iterator[tuple[bool, str]]:
    made, actual, _ = counter.figures(broken).values()
    _, text = counter.loses(broken)
    yield actual < made / 2, text
    yield counter.keeps_all(fixed)
