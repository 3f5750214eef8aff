"""What is measured of labs: claims, deadlocks and false alarms, cancels, the window's lag, and what others pay.

Most runs of labs are made in the process that measures, without a window, at the settings of their claims.
"""

from __future__ import annotations

import json
import math
import time
from contextlib import nullcontext
from itertools import cycle, islice
from statistics import mean, stdev
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import SERVER, Measure, write_urls
from tests.benchmarks.measures.smooth_rows import Row, take_in, wanted, work_arguments
from tests.benchmarks.program import ROOT
from tests.benchmarks.sizes import BUSY_PROCESSES, LAB_LAGS, LAB_ROUNDS, RIGHT_RUNS, SHORT_RUNS
from tests.benchmarks.watch.watched import PROGRAM, watch_run
from tests.support.lab_runs import cancel_lab, claims_of, run_lab
from workers.catalog import labs
from workers.engine.task import Phase
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from workers.engine.run import Run

STUCK = {
    "transfer.crossed": ("transfer 1", "transfer 2"),
    "twice.lock": ("twice 1",),
    "philosophers.naive": tuple(f"philosophers {number}" for number in range(1, 6)),
    "bell.notify": ("bell 2",),
    "pipeline.no_task_done": ("pipeline 1", "pipeline 3"),
    "rounds.one_dies": ("rounds 2", "rounds 3", "rounds 4"),
    "rounds.too_few": ("rounds 1", "rounds 2"),
    "pool.waits_for_itself": ("pool 1", "pool 2"),
}
"""Versions of which tasks are stuck, and which of them are in the first deadlock."""

SLOW_TO_CANCEL_S = 0.1
CRITICAL = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23, 2.20, 2.18, 2.16, 2.14, 2.13)
"""Student's t for an interval of 95 %, by the number of pairs less one; with more pairs it is about 2."""

UNCHANGED = {
    "primes": work_arguments("primes", 16, 4, ("numbers=60000",)),
    "downloads": ("--workload", "download", "--workers", "16"),
    "short_tasks": work_arguments("sleep", SHORT_RUNS, 4, ("seconds=0",)),
}
"""Runs without labs, which must not pay for them."""


def claims(lab: str, busy: bool) -> Measure:
    """How often all that a lab says was so."""
    beside = f", beside {BUSY_PROCESSES} busy processes" if busy else ""
    key = f"{lab}.{'busy' if busy else 'quiet'}"

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        held = 0
        with bench.busy(BUSY_PROCESSES) if busy else nullcontext():
            for _ in range(LAB_ROUNDS):
                found = claims_of(lab)
                held += all(claim.holds for claim in found)
                for claim in found:
                    if not claim.holds:
                        tell(f"does not hold: {claim.text}")
        tell(f"{held} of {LAB_ROUNDS} times all {len(found)} claims held")
        return {key: [held / LAB_ROUNDS]}

    return Measure((Wanted(key, f"{lab}: all claims hold{beside}", 1.0, "share", True),), take)


def stuck_s(run: Run) -> float:
    """From the moment since when the tasks of a run's first deadlock were stuck to the moment when it was named."""
    changes = run.recorder.changes
    failed = next(row for row, phase in enumerate(changes.phases) if phase == Phase.FAILED)
    waits = [changes.times[row] for row in run.recorder.sharing.rows if row < failed]
    return float(changes.times[failed] - max(waits))


def deadlocks(bench: Bench, runs: int, tell: Tell) -> Values:
    """Deadlocks of every kind."""
    named, times = [], []
    for version, members in STUCK.items():
        for _ in range(LAB_ROUNDS):
            run = run_lab(version)
            first = next(iter(run.recorder.sharing.deadlocks), "")
            named.append(float(all(f"{member} waits for" in first for member in members)))
            if version != "rounds.one_dies":  # there the first to fail is the one that the others wait for
                times.append(stuck_s(run))
        tell(f"{version}: {first}; named after {times[-1]:.2f} s")
    return {"deadlocks.named": [mean(named)], "deadlocks.seconds": [max(times)]}


def false_alarms(bench: Bench, runs: int, tell: Tell) -> Values:
    """Runs that are right, of labs whose tasks wait for each other or for a lock."""
    found = [
        version.entry.name
        for lab in labs.labs().values()
        for version in lab.versions
        if version.is_right and version.entry.constants["TASKS"] > 1
    ]
    alarms = 0
    for version in islice(cycle(found), RIGHT_RUNS):
        told = run_lab(version).recorder.sharing.deadlocks
        alarms += bool(told)
        if told:
            tell(f"{version}: {told[0]}")
    return {"false_alarms": [float(alarms)]}


def later_than(seconds: float) -> Callable[[Run], bool]:
    """Says of a run whether this time has passed from now on."""
    ends = time.perf_counter() + seconds
    return lambda run: time.perf_counter() >= ends


def cancels(bench: Bench, runs: int, tell: Tell) -> Values:
    """How long a cancel takes while tasks wait, the worst of all versions."""
    took: list[float] = []
    for version in labs.versions():
        for number in range(max(1, LAB_ROUNDS // 10)):
            run, moment = cancel_lab(version, later_than(0.02 + 0.03 * number))
            if moment and run.recorder.cancelled:
                took.append((run.recorder.last_final - moment) * 1e3)
                if took[-1] > SLOW_TO_CANCEL_S * 1e3:
                    tell(f"{version}: {took[-1]:.0f} ms")
    tell(f"{len(took)} cancels, the worst took {max(took):.0f} ms")
    return {"cancel": [max(took)]}


def short(version: str) -> Measure:
    """The window with a lab that computes, at the settings of its claims."""
    key = version.replace(".", "_")
    said = labs.versions()[version].constants
    arguments = work_arguments(version, said["TASKS"], said["WORKERS"], ())

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        reports = [bench.run_in_window(*arguments, "--runner", said["RUNNER"]).report for _ in range(runs)]
        values = {
            f"{key}.wall": [report["wall_s"] for report in reports],
            f"{key}.lag_max": [report["gui"]["lag_ms"]["max"] for report in reports],
        }
        tell(", ".join(f"{name} {figures}" for name, figures in values.items()))
        return values

    return Measure(
        (
            Wanted(f"{key}.wall", f"{version}: it takes", 0.5, "s"),
            Wanted(f"{key}.lag_max", f"{version}: worst lag", None, "ms"),
        ),
        take,
    )


def lag(row: Row, version: str, params: tuple[str, ...]) -> Measure:
    """The window with a lab of 16 threads that wait."""

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        values: Values = {f"{row.key}.wall": []}
        for _ in range(runs):
            seen = watch_run(bench, *PROGRAM, *work_arguments(version, 16, 16, params), *row.arguments)
            values[f"{row.key}.wall"].append(seen.report["wall_s"])
            tell(take_in(values, row, seen))
        return values

    took = Wanted(f"{row.key}.wall", f"{row.title}: it took", None, "s")
    return Measure(wanted(row, took, work=False), take)


def cost(name: str, other: Path, pairs: int) -> Measure:
    """A run without labs here and in another working copy, in pairs: how long it takes here, as a share of there.

    Each of a pair is the least of several runs that take turns: what else a machine does only ever adds to a time.
    """
    keys = [f"{name}.{part}" for part in ("ratio", "low", "high", "width")]

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        def one(copy: Path, arguments: tuple[str | Path, ...]) -> float:
            report = bench.new_folder() / "report.json"
            with bench.process(copy / "main.py", *arguments, "--headless", "--report", report) as process:
                process.wait()
            found = json.loads(report.read_text())
            if found["counts"]["done"] != found["run"]["tasks"]:
                raise Missing(
                    f"only {found['counts']['done']:,} of {found['run']['tasks']:,} tasks were done in {copy}"
                )
            return float(found["wall_s"])

        def in_pairs(arguments: tuple[str | Path, ...]) -> list[float]:
            ratios = []
            for number in range(pairs):
                copies = {"here": ROOT, "there": other}
                order = list(copies) if number % 2 else list(copies)[::-1]
                took = dict.fromkeys(order, math.inf)
                for _ in range(runs):
                    for where in order:
                        took[where] = min(took[where], one(copies[where], arguments))
                ratios.append(math.log(took["here"] / took["there"]))
                tell(f"{took['here']:.2f} s here, {took['there']:.2f} s there")
            return ratios

        if name == "downloads":
            with ImageServer(settings=SERVER) as server:
                urls = write_urls(bench, server, LAB_LAGS.images)
                tasks = ("--tasks", str(LAB_LAGS.images), "--param", f"urls={urls}")
                ratios = in_pairs((*UNCHANGED[name], *tasks))
        else:
            ratios = in_pairs(UNCHANGED[name])
        if pairs < 2:
            raise Missing("an interval needs two pairs at the least")
        critical = CRITICAL[pairs - 2] if pairs - 2 < len(CRITICAL) else 2.0
        wide = critical * stdev(ratios) / math.sqrt(pairs)
        middle = mean(ratios)
        low, high = math.exp(middle - wide), math.exp(middle + wide)
        found = (math.exp(middle), low, high, high - low)
        return {key: [value] for key, value in zip(keys, found, strict=True)}

    title = f"{name}, without labs: time here to time there"
    return Measure(
        (
            Wanted(keys[0], title, None, "share"),
            Wanted(keys[1], f"{title}, lower end of the 95 % interval", 1.0, "share"),
            Wanted(keys[2], f"{title}, upper end", 1.0, "share", True),
            Wanted(keys[3], f"{title}, width", 0.02, "share"),
        ),
        take,
    )
