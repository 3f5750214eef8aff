"""What a benchmark of one function showed: where it should run, in words, and why. Plain arithmetic, for any thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workers.benchmark_results import Benchmark
    from workers.discover import Entry


class Point(NamedTuple):
    """What a runner showed, for a chart of speed against lag.

    Attributes:
        runner: its name.
        title: what people call it.
        workers: how many calls at once; of several numbers that were measured the fastest.
        per_s: calls a second, the median of its runs; None where it was not measured.
        lag_ms: the p95 of the window's lag, the median of its runs; None without a window.
        speed_up: how many times as fast as the GUI thread; None where it was not measured.
        why_not: why it was not measured, in a sentence; empty where it was.
        is_best: whether it is the one that is recommended.
    """

    runner: str
    title: str
    workers: int
    per_s: float | None
    lag_ms: float | None
    speed_up: float | None
    why_not: str = ""
    is_best: bool = False


class Advice(NamedTuple):
    """A recommendation.

    Attributes:
        text: it, in a few sentences.
        runner: the recommended runner's name; empty where nothing could be measured.
        snippet: a program with it, to paste.
        points: every runner that was measured or refused, in the order of the menu.
    """

    text: str
    runner: str
    snippet: str
    points: tuple[Point, ...]


def advise(results: Benchmark, runners: Mapping[str, Entry]) -> Advice:
    """Say where the function of a benchmark should run.

    Args:
        results: of a benchmark with one workload, an own function; it may have been cut short.
        runners: all that there are.
    """
    raise NotImplementedError
