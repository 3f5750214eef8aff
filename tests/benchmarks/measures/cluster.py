"""The measurements of `scripts/bench cluster`: each engine's runner beside the process pool and the engine by itself.

Each script is one process and measures all that is compared there in turn.
"""

from __future__ import annotations

import importlib.util
import shutil
from functools import partial
from typing import TYPE_CHECKING

from tests.benchmarks import sizes
from tests.benchmarks.figures import Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.measures.cluster_hosts import HOSTS, PLACES
from tests.benchmarks.measures.cluster_runs import ENGINES
from tests.benchmarks.measures.runners import lag
from workers.catalog import lookup
from workers.utils.formatting import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

LAG_MS = 12.0
NEEDS = {"dask_cluster": "distributed", "celery_queue": "celery"}
CENTRE = {"dask_cluster": "scheduler", "celery_queue": "broker"}


def missing(engine: str) -> str:
    """Why an engine cannot be measured here; empty where it can."""
    if lookup.entry("runners", engine) is None:
        return f"there is no {engine}"
    if importlib.util.find_spec(NEEDS[engine]) is None:
        return f"{NEEDS[engine]} is not installed here"
    if engine == "celery_queue" and shutil.which("redis-server") is None:
        return "redis-server is not installed here"
    return ""


def script(name: str, *arguments: str) -> tuple[str, ...]:
    """The command of one of the scripts beside this file."""
    return ("-m", f"tests.benchmarks.measures.cluster_{name}", *arguments)


def speed(engine: str) -> Measure:
    """Primes to the process pool, and to the engine by itself."""
    title = f"primes, {sizes.CLUSTER_TASKS} tasks on {engine} with 2 workers, once started: speed to"
    wanted = (
        Wanted(f"{engine}_to_pool", f"{title} the process pool's", 0.95, "ratio", True),
        Wanted(f"{engine}_to_plain", f"{title} the engine's own", 0.95, "ratio", True),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        found = bench.one_line(*script("speed", "--engine", engine, "--rounds", str(runs)), judges=True)
        for seconds, pool, plain in zip(found["seconds"], found["pool"], found["plain"], strict=True):
            tell(f"{seconds:.2f} s, to the pool {pool:.3f}, to the engine {plain:.3f}")
        return {wanted[0].key: found["pool"], wanted[1].key: found["plain"]}

    return Measure(wanted, take)


def empty(engine: str) -> Measure:
    """What a task costs that does nothing."""
    wanted = (
        Wanted(f"{engine}_empty", f"an empty task on {engine}: times of the engine's own", 4.0, "ratio"),
        Wanted(f"{engine}_empty_ms", f"an empty task on {engine}", None, "ms"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        command = script("speed", "--empty", "--engine", engine, "--rounds", str(runs))
        found = bench.one_line(*command, judges=True)
        for run_ms, plain_ms, times in zip(found["run_ms"], found["plain_ms"], found["times"], strict=True):
            tell(f"{run_ms:.2f} ms, the engine {plain_ms:.2f} ms: {times:.2f} times")
        return {wanted[0].key: found["times"], wanted[1].key: found["run_ms"]}

    return Measure(wanted, take)


def cancels(engine: str) -> Measure:
    """From a cancel to the last final event."""
    title = f"cancel on {engine} to the last final event, p95 of {sizes.CANCELS}"
    wanted = Wanted(f"{engine}_cancel", title, 200.0, "ms")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values = []
        for _ in range(runs):
            found = bench.one_line(*script("ends", "--what", "cancels", "--engine", engine), judges=True)
            took = sorted(found["cancel_ms"])
            values.append(took[min(len(took) - 1, int(0.95 * len(took)))])
            tell(f"p95 {values[-1]:.1f} ms, median {took[len(took) // 2]:.1f}, worst {took[-1]:.1f}")
        return {wanted.key: values}

    return Measure((wanted,), take)


def kills(engine: str) -> Measure:
    """Workers that are killed while they work."""
    title = f"{sizes.CLUSTER_KILLS} workers of {engine} killed in a run of {sizes.CLUSTER_KILLED_TASKS} tasks:"
    wanted = (
        Wanted(f"{engine}_lost", f"{title} tasks lost", 0.0, "calls"),
        Wanted(f"{engine}_twice", f"{title} tasks done twice", 0.0, "calls"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {one.key: [] for one in wanted}
        for _ in range(runs):
            found = bench.one_line(*script("ends", "--what", "kills", "--engine", engine), judges=True)
            for one, key in zip(wanted, ("lost", "twice"), strict=True):
                values[one.key].append(float(found[key]))
            tell(
                f"{found['killed']} killed, {found['lost']} lost, {found['twice']} twice, {found['seconds']:.1f} s"
            )
        return values

    return Measure(wanted, take)


def centre(engine: str) -> Measure:
    """The scheduler or the broker is killed."""
    title = f"the {CENTRE[engine]} of {engine} killed:"
    wanted = (
        Wanted(f"{engine}_centre", f"{title} until the run has ended", 5.0, "s"),
        Wanted(f"{engine}_unsaid", f"{title} tasks that failed without a sentence", 0.0, "calls"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {one.key: [] for one in wanted}
        for _ in range(runs):
            found = bench.one_line(*script("ends", "--what", "centre", "--engine", engine), judges=True)
            for one, key in zip(wanted, ("seconds", "unsaid"), strict=True):
                values[one.key].append(float(found[key]))
            tell(f"ended after {found['seconds']:.2f} s, {found['failed']} failed, {found['unsaid']} unsaid")
        return values

    return Measure(wanted, take)


def hosts(engine: str) -> Measure:
    """Many short tasks on four addresses of this machine."""
    title = f"{number(sizes.HOST_TASKS)} tasks of 100 ms on {engine}, {len(HOSTS)} workers with {PLACES} places each:"
    wanted = (
        Wanted(f"{engine}_undone", f"{title} tasks that were not done", 0.0, "calls"),
        Wanted(f"{engine}_overhead", f"{title} overhead of a task", None, "ms"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        # Once: it takes minutes, and what it must be is a count.
        found = bench.one_line(*script("hosts", "--engine", engine), judges=True)
        tell(f"{found['seconds']:.1f} s in {found['places']} places, {found['overhead_ms']:.2f} ms a task")
        undone = float(sizes.HOST_TASKS - found["done"])
        return {wanted[0].key: [undone], wanted[1].key: [max(0.0, found["overhead_ms"])]}

    return Measure(wanted, take)


MEASURES: dict[str, Callable[[str], Measure]] = {
    "speed": speed,
    "empty": empty,
    "lag": partial(lag, max_ms=LAG_MS),
    "cancel": cancels,
    "kills": kills,
    "centre": centre,
    "hosts": hosts,
}


def measures() -> dict[str, Measure]:
    """All that can be measured here, by the names that the command line knows."""
    return {
        f"{engine}_{name}": make(engine)
        for engine in ENGINES
        if not missing(engine)
        for name, make in MEASURES.items()
    }


def left_out() -> dict[str, str]:
    """What cannot be measured here, and why."""
    return {f"{engine}_{name}": why for engine in ENGINES if (why := missing(engine)) for name in MEASURES}
