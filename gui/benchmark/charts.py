"""The charts of the page Benchmark: bars by runner, and the page that shows one kind of work. In the GUI thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.charts.bars import BarSpread, ChartBar, RunnerBars
from gui.charts.page import ChartPage
from gui.charts.scales import speed_up_ticks
from workers.benchmark.findings import times
from workers.benchmark.results import fastest
from workers.reports.scales import fitting_top
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gui.charts.bars import Scale
    from gui.charts.curves import BenchmarkCurves
    from gui.theme.theme import Theme
    from workers.benchmark.results import Benchmark, CellResult


class BenchmarkChartPage(ChartPage):
    """One kind of work of a benchmark: the first until a person chooses another."""

    def __init__(
        self, theme: Theme, chart: BenchmarkBars | BenchmarkCurves, caption: str, nothing: tuple[str, str]
    ) -> None:
        super().__init__(theme, chart, "Which work is shown", nothing)
        self._chart = chart
        self._benchmark: Benchmark | None = None
        self.explain(caption)

    def show_benchmark(self, benchmark: Benchmark) -> None:
        if benchmark is not self._benchmark:
            self._benchmark = benchmark
            self.menu.clear()
            for workload in benchmark.matrix.sizes:
                self.menu.add(workload, benchmark.matrix.workload_titles[workload])
            self.menu.choose_first()
        self.redraw()

    def draw(self, chosen: str) -> bool:
        if self._benchmark is not None:
            titles, cores = self._benchmark.matrix.runner_titles, int(self._benchmark.environment["cpus"])
            self._chart.show_results(self._benchmark.results(chosen), titles, cores)
        return not self._chart.is_empty


class BenchmarkBars(RunnerBars):
    """A row for each runner, with the number of workers that was its fastest."""

    NAME = "Speed-up and lag by runner"
    FILE = "benchmark-bars"

    def show_results(self, results: Sequence[CellResult], titles: Mapping[str, str], cores: int) -> None:
        bars = []
        for result in fastest(results):
            runner, workers = result.cell.runner, result.cell.workers
            if result.gains is not None:
                note = f"{plural(workers, 'worker')}, {plural(result.runs, 'run')}"
                lag = BarSpread(*result.lag_p99_ms) if result.lag_p99_ms else None
                speed_up = BarSpread(*result.gains)
                bars.append(ChartBar(runner, titles[runner], result.runs, note, workers, speed_up, lag))
        self.show_bars(bars, "")

    def _told(self, bar: ChartBar) -> str:
        return f"{bar.title}: {times(bar.rate.median)} with {bar.note}"

    def _rate_scale(self) -> Scale:
        end = fitting_top(max(1.0, *(bar.rate.high for bar in self.shown)), 0.0)
        return "Speed-up over the GUI thread", speed_up_ticks(end), float, times
