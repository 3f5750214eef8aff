"""Each place where work can run costs something before the work begins.

A thread costs a stack and little else. A process, unless it is a fork of another, starts a whole Python: it loads the
interpreter, imports your modules once more, and keeps all of that in memory of its own. What goes there and back is
copied. A pool pays that once for each of its processes, and hands out many tasks afterwards.

Interpreters in one process (Python 3.14) lie in between: each imports its own modules, but shares the process.

Here nothing is computed: the threads and processes only sleep, so what you see is the price of the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "What a place costs"
ORDER = 190
MINUTES = 3
ASKS = "How long does it take to start a process, compared with a thread?"
ANSWERS = {
    "About as long": "A process is more than one more thread: it has to load a whole Python first.",
    "About twice as long": "It is far more: a process has to load a whole Python, and your modules in it.",
    "More than ten times as long": "A process has to load a whole Python, and a thread needs little but a stack.",
}
RIGHT = "More than ten times as long"
STEPS = (
    {
        "says": "100 threads, all at once",
        "workload": "sleep",
        "runner": "thread_per_task",
        "tasks": 100,
        "workers": 100,
        "params": {"seconds": 0.3},
        "look": "graphs",
    },
    {
        "says": "3 processes, all at once",
        "workload": "sleep",
        "runner": "process_per_task",
        "tasks": 3,
        "workers": 3,
        "params": {"seconds": 0.3},
        "look": "graphs",
    },
    {
        "says": "100 tasks in a pool of one process",
        "workload": "sleep",
        "runner": "process_pool",
        "tasks": 100,
        "workers": 1,
        "params": {"seconds": 0.0},
        "look": "graphs",
    },
    {
        "says": "3 interpreters in one process",
        "workload": "sleep",
        "runner": "interpreters",
        "tasks": 3,
        "workers": 3,
        "params": {"seconds": 0.3},
        "look": "graphs",
        "may_lack": True,
    },
)
TAKE_HOME = (
    "Start threads as you need them; start processes once, in a pool, and give them work that is worth it."
)
TRY = (
    {"says": "250 threads", "step": 1, "tasks": 250, "workers": 250},
    {
        "says": "A process for each of 10 tasks that do nothing",
        "step": 2,
        "tasks": 10,
        "params": {"seconds": 0.0},
    },
)
SABOTEUR = (
    {"step": 2, "runner": "thread_per_task"},
    {"step": 3, "runner": "thread_per_task"},
)
SNIPPET = """
import subprocess
import sys
import threading
import time


def nothing() -> None:
    pass


def start_thread() -> None:
    thread = threading.Thread(target=nothing)
    thread.start()
    thread.join()


def start_process() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


for start, times in ((start_thread, 100), (start_process, 3)):
    began = time.perf_counter()
    for _ in range(times):
        start()
    each = (time.perf_counter() - began) / times
    print(f"{start.__name__}: {each * 1e3:.2f} ms each")
"""


def claims(threads: Run, processes: Run, pool: Run, interpreters: Run | None) -> Iterator[tuple[bool, str]]:
    thread, process, task = (_start_ms(run) for run in (threads, processes, pool))
    yield (
        process > 10 * thread,
        f"A thread took {thread:,.2f} ms to start and end, and a process {process:,.0f} ms.",
    )
    yield (
        process > 3 * task,
        f"In a pool a task took {task:,.2f} ms, with the start of the pool shared among {pool.recorder.count:,} tasks.",
    )
    small, large = (
        run.resources.peak_memory_mib if run.resources is not None else None for run in (threads, processes)
    )
    if small is not None and large is not None:
        yield (
            large > small,
            f"With {threads.recorder.count:,} threads the program took {small:,.0f} MiB of memory, and with "
            f"{processes.recorder.count:,} processes {large:,.0f} MiB.",
        )
    if interpreters is not None:
        each = _start_ms(interpreters)
        yield each > thread, f"An interpreter took {each:,.0f} ms."


def _start_ms(run: Run) -> float:
    """What each task took beside the seconds for which it sleeps, all of them at the same time; in ms."""
    return max(0.0, run.wall_s - float(run.settings.param("seconds"))) / run.recorder.count * 1e3
