"""Threads of a Python without a GIL, beside a pool of processes: what does a second worker gain in each?"""

from __future__ import annotations

from statistics import mean
from typing import TYPE_CHECKING

from tests.benchmarks import sizes
from tests.benchmarks.figures import Wanted
from tests.benchmarks.measure import Measure, turns
from tests.benchmarks.measures import runners
from tests.support.pythons import kept
from workers.pythons import finding
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

WANTED = Wanted(
    "free_threaded",
    "primes on threads without a GIL, 2 at once: speed-up over 1, to the process pool's",
    0.9,
    "ratio",
    True,
)


def python() -> str:
    """The first without a GIL: on PATH, or got by scripts/other-pythons; empty where there is none."""
    try:
        return finding.choose(finding.FREE_THREADED).path
    except BadInput:
        return next((str(path) for path in kept() if path.name.endswith("t")), "")


def missing() -> str:
    """Why it cannot be measured here."""
    return (
        "" if python() else "there is no Python without a GIL: scripts/other-pythons free-threaded builds one"
    )


def speed_up(bench: Bench, runs: int, tell: Tell) -> Values:
    """Pool, threads, pool, threads, ..., pool; at each place one worker, then two."""
    path = python()

    def gain(runner: str, *more: str) -> float:
        load = runners.Load("primes", sizes.PRIMES_TASKS, 1, (sizes.NUMBERS,))
        one, two = (
            runners.headless(bench, runner, load._replace(workers=count), *more)["wall_s"] for count in (1, 2)
        )
        tell(f"{runner}: {one:.2f} s with one worker, {two:.2f} s with two")
        return float(one / two)

    ratios = []
    for before, threads, after in turns(
        runs, lambda: gain("process_pool"), lambda: gain("other_python", "--param", f"python={path}")
    ):
        ratios.append(threads / mean((before, after)))
        tell(
            f"speed-up {threads:.2f} without a GIL, {before:.2f} and {after:.2f} in processes: {ratios[-1]:.2f}"
        )
    return {WANTED.key: ratios}


def measure() -> Measure:
    """The speed-up of threads without a GIL, to the process pool's in the same minutes."""
    return Measure((WANTED,), speed_up)
