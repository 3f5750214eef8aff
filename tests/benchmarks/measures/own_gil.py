"""What is measured of work that declares nothing: where it holds the GIL it is smooth, and else it never queues.

Runs with learned turns and without any take turns: without, learned, without, ..., without.
"""

from __future__ import annotations

from contextlib import nullcontext
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure, turns
from tests.benchmarks.measures.downloads import own_function
from tests.benchmarks.measures.runners import Load, headless
from tests.benchmarks.measures.smooth_rows import work_arguments
from tests.benchmarks.plain.own_waits import FUNCTIONS
from tests.benchmarks.program import HERE
from tests.benchmarks.sizes import BUSY_PROCESSES, LOOPS, QUEUEABLE, WAITS_TASKS
from tests.benchmarks.watch import ping
from tests.benchmarks.watch.watched import PROGRAM, watch_run
from workers.monitors.lag import summarize_beats
from workers.run_files.reader import open_run
from workers.run_files.writer import drain

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

FIRST_S = 1.0
"""The first second is not judged: in it there may still be calls that began before anything was known."""

SAVED_S = 1.5
"""After a run, for its file to be written."""

TOOK_TURNS = "took turns"
CALL_US = {"gui_thread": 8.0, "thread_pool": 10.0}


class Seen(NamedTuple):
    """What came of one run: work a second, lag p99 from the second second on, inside and outside, and its notes."""

    rate: float
    inside: float
    outside: float
    notes: list[str]


def _run(bench: Bench, function: str, workers: int) -> Seen:
    kept = bench.new_folder() / "run.thaw"
    arguments = work_arguments(f"{HERE / 'plain/own_loop.py'}:{function}", LOOPS, workers, ())
    seen = watch_run(bench, *PROGRAM, "--runner", "thread_pool", "--save", kept, *arguments, settle_s=SAVED_S)
    run, report = drain(open_run(kept)), seen.report
    later = min(FIRST_S, run.wall_s / 2)
    lag = summarize_beats(run.beats, run.span[0] + later, run.span[1])
    pings = ping.between(seen.pings, report["began"] + later, report["began"] + report["wall_s"])
    return Seen(report["tasks_per_s"], lag.p99, ping.percentile_ms(pings, 0.99), run.notes)


def smooth(workers: int) -> Measure:
    """A plain function of pure Python that declares nothing, in the window."""
    key, title = f"undeclared_{workers}", f"an undeclared loop, {workers} threads:"
    wanted = (
        Wanted(f"{key}.lag_p99", f"{title} lag p99 from the second second on, inside", 12.0, "ms"),
        Wanted(f"{key}.ping_p99", f"{title} the same, outside", 12.0, "ms"),
        Wanted(f"{key}.work", f"{title} work to the same without turns", 0.95, "ratio", True),
        Wanted(f"{key}.told", f"{title} runs whose notes say that it took turns", 1.0, "ratio", True),
        Wanted(f"{key}.without_p99", "  without turns: lag p99 inside", None, "ms"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        rows = []
        for before, seen, after in turns(
            runs, lambda: _run(bench, "free", workers), lambda: _run(bench, "loop", workers)
        ):
            ratio = seen.rate / mean((before.rate, after.rate))
            told = float(any(TOOK_TURNS in note for note in seen.notes))
            rows.append((seen.inside, seen.outside, ratio, told, before.inside))
            tell(
                f"p99 {seen.inside:.1f} and {seen.outside:.1f} ms, without turns {before.inside:.0f} ms; "
                f"work {ratio:.2f}; {' '.join(seen.notes) or 'no turns'}"
            )
        return {one.key: list(values) for one, values in zip(wanted, zip(*rows, strict=True), strict=True)}

    return Measure(wanted, take)


def queues(busy: bool) -> Measure:
    """Functions that wait, or compute in C without the GIL: how many of them are made to queue."""
    beside = f", beside {BUSY_PROCESSES} busy processes" if busy else ""
    key = "queues_busy" if busy else "queues"
    wanted = Wanted(key, f"of {len(FUNCTIONS)} that wait or let go of the GIL{beside}: queues", 0.0, "calls")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        found = []
        with bench.busy(BUSY_PROCESSES) if busy else nullcontext():
            for _ in range(runs):
                queued = [name for name in FUNCTIONS[:QUEUEABLE] if _is_queued(bench, name)]
                tell(f"{len(queued)} queued: {', '.join(queued)}")
                found.append(float(len(queued)))
        return {key: found}

    return Measure((wanted,), take)


def _is_queued(bench: Bench, function: str) -> bool:
    load = Load(f"{HERE / 'plain/own_waits.py'}:{function}", WAITS_TASKS, 4)
    try:
        report = headless(bench, "thread_pool", load)
    except Missing as problem:
        raise Missing(f"{function}: {problem}") from None
    return any(TOOK_TURNS in note for note in report.get("notes", ()))


def measures() -> dict[str, Measure]:
    """All of them, by the names that the command line knows."""
    return {
        "undeclared_4": smooth(4),
        "undeclared_16": smooth(16),
        "queues": queues(busy=False),
        "queues_busy": queues(busy=True),
        **{f"call_{runner}": own_function(runner, limit) for runner, limit in CALL_US.items()},
    }
