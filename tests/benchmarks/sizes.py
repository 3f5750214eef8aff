"""How large each measurement is: in full, and as small as `scripts/bench --smoke` makes it to see that it still runs.

Whoever sets THAW_SMOKE in the environment gets the small sizes, here and in the processes that are measured.
"""

from __future__ import annotations

import os
from typing import NamedTuple, TypeVar

T = TypeVar("T")

SMOKE = "THAW_SMOKE" in os.environ


def size(full: T, smoke: T) -> T:
    """The one that counts here."""
    return smoke if SMOKE else full


def pause(seconds: float) -> float:
    """How long to wait or to look on."""
    return seconds / size(1, 10)


# ---------------------------------------------------------------- work; a task of primes takes about 0.1 s

NUMBERS = size("numbers=90000", "numbers=20000")
PRIMES_TASKS = size(32, 4)
"""In full some 3.5 s that 1, 4 and 16 threads can share out evenly, and two processes, too."""

MANY_PRIMES_TASKS = size(96, 4)
"""Some twelve seconds: a witness is still starting in the first of them."""

LAG_TASKS = size(64, 4)
EMPTY_TASKS, WAITING_TASKS = size((200, 80), (8, 8))
COMPILED = size(8, 1)
"""A Python that compiles is about so many times as fast, and is given so many times as many tasks."""

HASHING_TASKS, HASHING_PARAM = size((24, "megabytes=350"), (4, "megabytes=30"))
MANDELBROT_TASKS, MANDELBROT_PARAM = size((24, "detail=500"), (24, "detail=10"))
YIELDS = size(5_000_000, 100_000)
"""By each of four threads."""

DRIVEN_YIELDS = size(500_000, 10_000)
LOOPS = size(48, 8)
"""Calls of a loop of some 0.1 s."""

QUEUEABLE, WAITS_TASKS = size((20, 24), (3, 8))
"""How many functions must not be made to queue, and calls of each."""

BUSY_PROCESSES = size(2, 1)
SHORT_TASKS = size(10_000, 500)
FEW_TASKS = 100
SLEEPS = size(100_000, 2_000)
CALLS = size(100_000, 2_000)
FEW_EVENTS, MANY_EVENTS = size((200_000, 2_000_000), (2_000, 20_000))
KILLS, KILLED_TASKS = size((20, 60), (2, 10))
CLUSTER_NUMBERS, CLUSTER_TASKS = size(("numbers=250000", 24), ("numbers=20000", 4))
"""A task takes about 0.3 s."""

EMPTY_TASKS, CANCELS = size((600, 20), (40, 2))
CLUSTER_KILLS, CLUSTER_KILLED_TASKS = size((20, 200), (1, 12))
HOST_TASKS, HOST_TASK_S = size((10_000, 0.1), (64, 0.01))
CONTRACT = size("tests/contract", "tests/contract/test_qt_places.py")

# ---------------------------------------------------------------- downloads

WORKERS, MANY_WORKERS = size((16, 64), (4, 8))
IMAGES = size(1_000, 32)
FEW_IMAGES = size(60, 4)
"""One by one, with 50 ms each; some four seconds' worth."""

MANY_IMAGES = size(2_000, 32)
IMAGES_IN_TURN = size(800, 32)
PHOTOS = size(500, 16)
DIFFERENT_PHOTOS = size(10, 1)
"""So many are encoded; the others differ in their comments. It is their decoding that counts."""

LARGE = size(1 << 30, 1 << 23)
STALLED = size(64, 8)
QUEUED = size(10_000, 60)

# ---------------------------------------------------------------- runs that were made up, and freezes

TIMELINE_TASKS, TIMELINE_FRAMES = size((100_000, 400), (2_000, 40))
KEPT_TASKS = size(100_000, 2_000)
FREEZES = size(200, 4)
BLOCKING = {
    "primes": ("--param", "numbers=90000"),
    "sleep": ("--param", "seconds=0.1"),
    "hold_gil": ("--param", "blanks=7000"),
    "hashing": ("--param", "megabytes=40"),
    "download": (),
}
"""Workloads whose tasks take about a tenth of a second each with these parameters."""

BLOCKING_TASKS = size((3, 6, 10, 20, 50), (3,))
"""How many of them freeze the window: for 0.3 to 5 s."""

WITNESS_TASKS = size(
    {"primes": 36, "mandelbrot": 36, "hashing": 36, "hold_gil": 9, "sleep": 30, "download": 48},
    {"sleep": 10},
)
"""For some seven seconds."""

MIN_FROZEN_S = size(2.0, 0.2)
"""A shorter stretch in red says nothing."""

# ---------------------------------------------------------------- labs


class LabSizes(NamedTuple):
    """Parameters of labs with 16 threads, for some two seconds each, and how many pictures are downloaded without."""

    counts: str
    visits: str
    items: str
    meals: str
    images: int


LAB_ROUNDS = size(50, 1)
RIGHT_RUNS = size(200, 12)
SHORT_RUNS = size(100_000, 2_000)
LAB_LAGS = LabSizes(
    *size(
        ("counts=320", "visits=160", "items=1500", "meals=10000", 1_000),
        ("counts=5", "visits=5", "items=50", "meals=200", 32),
    )
)

# ---------------------------------------------------------------- lessons

LESSONS = size(100, 2)
"""So many of them are measured at the most, the first ones."""

LESSON_RUNS = size({"--headless": 20, "--offscreen": 5}, {"--headless": 1, "--offscreen": 1})
"""Of each lesson; those with its saboteur are headless."""

LESSONS_IN_PROCESS = 5
LESSON_COURSE_S = 120.0

# ---------------------------------------------------------------- functions of a person's own

OWN_FUNCTIONS = size(20, 1)
OWN_CALLS = size(1, 20)
"""By how many the calls of each are divided."""

OWN_PAIRS = size(10, 1)
LAYOUT_COUNT = size(12, 1)
PROJECT_MODULES, LONG_FUNCTIONS = size((2_000, 131), (100, 30))

# ---------------------------------------------------------------- programs that are watched

EXAMPLES, EXAMPLE_S, ALONE_RUNS = size((1_000, 5.0, 3), (2, 1.0, 1))
"""How many of pyqtgraph's examples at the most, for how long each, and how often each by itself."""

USED_S = size(60.0, 3.0)
WATCHED_S = size(8.0, 1.0)
LONG_FREEZES, LONGEST_FREEZE_S = size((50, 5.0), (2, 0.4))
WATCH_KILLS = size(20, 1)
WATCH_MINUTES = size(60, 1)
WATCH_MINUTE_S = size(60.0, 3.0)

# ---------------------------------------------------------------- how often, and how long

PAIRS, WARM_UPS = size((9, 1), (1, 0))
"""Starts vary more than anything else."""

PLAIN_STARTS = size(5, 1)
ANSWERS = size(15, 2)
"""Of a command that only says its version."""

KEYS = size(60, 4)
PINGS_BEYOND = size(1.0, 0.01)
"""How many pings must lie beyond a percentile, or there are too few to tell it."""

MINUTES, MINUTE_S = size((10, 60.0), (2, 0.5))
IDLE_AFTER_S, IDLE_S = size((9.0, 4.0), (1.5, 1.0))
"""When the idle window begins to be looked at, counted from its first frame, and for how long."""
