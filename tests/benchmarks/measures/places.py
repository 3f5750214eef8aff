"""The measurements of `scripts/bench places`: the same work in every place, on this machine and on several.

Each round runs the work on the GUI thread as well, in the same minute. What runs on several machines has its workers in
network namespaces of this one (`tests/benchmarks/machines.py`), so it computes with the same cores.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks import machines, sizes
from tests.benchmarks.figures import Wanted
from tests.benchmarks.measure import Measure, turns
from tests.benchmarks.measures.runners import Load, headless
from workers.catalog import lookup
from workers.catalog.compatibility import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

EMPTY = Load("sleep", sizes.EMPTY_TASKS, 2, ("seconds=0",))
WAITS = Load("sleep", sizes.WAITING_TASKS, 8, ("seconds=0.1",))
WAIT_S = 0.1
PRIMES = Load("primes", sizes.PRIMES_TASKS // 2, 2, (sizes.NUMBERS,))

FIGURES = (
    ("ready", "ready after", "ms"),
    ("empty", "a task that does nothing", "ms"),
    ("primes", "primes, to the GUI thread", "ratio"),
    ("waits", "waits at a time, of 8", "ratio"),
    ("lag", "the window's lag, p99", "ms"),
)
"""What each place has of figures: the end of a key, what it is, its unit."""

FAR_WORKERS, FAR_AT_ONCE = 2, 4
"""On several machines: so many have a worker, which runs so many tasks at once."""


class Place(NamedTuple):
    """A row.

    Attributes:
        key: its name for the command line.
        title: for people.
        runner: the name of the runner.
        is_far: whether its workers are on several machines.
    """

    key: str
    title: str
    runner: str
    is_far: bool = False


def places() -> Iterator[Place]:
    """All of them, those on this machine first."""
    entries = {
        name: entry
        for name, entry in lookup.runners().items()
        if name in machines.CLUSTERS or "NOT_MEASURED" not in entry.constants
    }
    for name, entry in entries.items():
        yield Place(name, entry.title, name)
    for name in machines.CLUSTERS:
        if name in entries:
            yield Place(f"{name}_far", f"{entries[name].title}, {FAR_WORKERS} machines", name, True)


@contextmanager
def far_cluster(runner: str) -> Iterator[tuple[str, ...]]:
    """A cluster on several machines; gives what of a command line names it."""
    parameter, start = machines.CLUSTERS[runner]
    with machines.machines(FAR_WORKERS + 1) as (middle, *others), start(middle, others, FAR_AT_ONCE) as address:
        yield "--param", f"{parameter}={address}"


def measure(place: Place) -> Measure:
    """All figures of a place."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {f"{place.key}_{figure}": [] for figure, _, _ in FIGURES}
        with far_cluster(place.runner) if place.is_far else nullcontext(()) as where:

            def run(load: Load) -> tuple[float, float]:
                report = headless(bench, place.runner, load, *where)
                startup_s = float(report["resources"]["startup_s"])
                return float(report["wall_s"]) - startup_s, startup_s

            def on_gui_thread() -> float:
                return float(headless(bench, "gui_thread", PRIMES)["wall_s"])

            for before, (primes_s, _), after in turns(runs, on_gui_thread, lambda: run(PRIMES)):
                empty_s, ready_s = run(EMPTY)
                waits_s, _ = run(WAITS)
                work = ("--workload", "primes", "--tasks", str(PRIMES.tasks), "--param", sizes.NUMBERS)
                seen = bench.run_in_window("--runner", place.runner, *work, "--workers", "2", *where)
                found = (
                    ready_s * 1e3,
                    empty_s / EMPTY.tasks * 1e3,
                    mean((before, after)) / primes_s,
                    WAITS.tasks * WAIT_S / waits_s,
                    seen.report["gui"]["lag_ms"]["p99"],
                )
                for key, value in zip(values, found, strict=True):
                    values[key].append(value)
                tell(
                    ", ".join(f"{figure[1]}: {value:.3g}" for figure, value in zip(FIGURES, found, strict=True))
                )
        return values

    wanted = (Wanted(f"{place.key}_{end}", f"{place.title}: {what}", None, unit) for end, what, unit in FIGURES)
    return Measure(tuple(wanted), take)


def left_out() -> dict[str, str]:
    """Places that cannot be measured here, and why."""
    work = lookup.workloads()["primes"]
    found = {place.key: refusal(lookup.runners()[place.runner], work, {}) for place in places()}
    return {name: why for name, why in found.items() if why}


def measures() -> dict[str, Measure]:
    """All that can be measured here, by the names of places."""
    absent = left_out()
    return {place.key: measure(place) for place in places() if place.key not in absent}
