"""Bars of a benchmark: for each runner its speed-up over the GUI thread and the window's lag. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.charts.bars import Bar, RunnerBars, Scale, Spread
from gui.charts.scales import fitting_top, speed_up_marks
from workers.benchmark.findings import times
from workers.benchmark.results import fastest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workers.benchmark.results import Result


class BenchmarkBars(RunnerBars):
    """A row for each runner, with the number of workers that was its fastest."""

    NAME = "Speed-up and lag by runner"
    PICTURE_NAME = "benchmark-bars"

    def show_results(self, results: Sequence[Result], titles: Mapping[str, str]) -> None:
        """Show the cells of one workload."""
        self._workers: dict[str, int] = {}
        bars = []
        for result in fastest(results):
            runner = result.cell.runner
            self._workers[runner] = result.cell.workers
            if result.speed_up is not None:
                lag = result.lag_p99_ms
                speed_up = Spread(*result.speed_up)
                bars.append(Bar(runner, titles[runner], result.runs, speed_up, Spread(*lag) if lag else None))
        self.show_bars(bars, "")

    def _told(self, bar: Bar) -> str:
        return f"{bar.title}: {times(bar.rate.median)} with {self._note(bar)}"

    def _rate_scale(self) -> Scale:
        end = fitting_top(max(1.0, *(bar.rate.high for bar in self._bars)), 0.0)
        return Scale("Speed-up over the GUI thread", speed_up_marks(end), lambda value: value / end, times)

    def _note(self, bar: Bar) -> str:
        workers = self._workers[bar.runner]
        return f"{workers:,} worker{'' if workers == 1 else 's'}, {super()._note(bar)}"

    def _only_title(self, bar: Bar) -> str:
        workers = self._workers[bar.runner]
        return bar.title if workers == 1 else f"{bar.title} ×{workers:,}"
