"""A benchmark on the terminal: a bar while it runs, a table and the findings at its end, and the files asked for.

In the GUI thread, with a window and without one. The bar has no thread of its own: that would compete with the work.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, TextIO

from PySide6.QtCore import Slot
from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from gui.process import ending, streams
from gui.terminal.teller import Teller, console_for
from workers.benchmark.advice import advise
from workers.benchmark.figures import CPU, GAINS, MEMORY, NOT_MEASURED, P99, SPEED, START, from_to
from workers.benchmark.files import export, report
from workers.benchmark.findings import findings
from workers.catalog import lookup
from workers.catalog.user_names import is_own, slug
from workers.reports.summary import write
from workers.utils.formatting import seconds

if TYPE_CHECKING:
    from gui.controllers.benchmark import BenchmarkLeader
    from workers.benchmark.advice import Advice
    from workers.benchmark.choice import Choice
    from workers.benchmark.figures import Figure
    from workers.benchmark.results import Benchmark
    from workers.command_line.parser import Options

BAR = 20
"""Characters; what stands beside the bar is as wide all the time, so that nothing jumps."""

LEFT = 16
"""Characters for the time left: "12 min 34 s left"."""

UNBOUNDED = 10_000
GIVES_WAY = (START, MEMORY, CPU, SPEED)
"""Figures that are left out of the table one after the other where the terminal is too narrow for it."""

HEADINGS = {SPEED: "speed", P99: "lag p99", CPU: "CPU", MEMORY: "memory", START: "start"}
"""Of the figures that stand beside the speed-up, from the left."""

NOTHING = "Cancelled before anything was measured."


class BenchmarkTerminal(Teller):
    """Follows a leader, and tells of its benchmark."""

    def __init__(self, options: Options, choice: Choice, leader: BenchmarkLeader) -> None:
        super().__init__(options)
        self._choice, self._leader = choice, leader
        self._progress = Progress(
            BarColumn(BAR),
            MofNCompleteColumn(),
            TextColumn(f"{{task.fields[left]:<{LEFT}}}"),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            auto_refresh=False,
            disable=not (options.exit_after_run and sys.stderr.isatty()),
            transient=True,
        )
        self._bar = self._progress.add_task("", total=None, left="")
        leader.begun.connect(self._show_bar)
        leader.progressed.connect(self._show)
        leader.finished.connect(self._end)
        leader.refused.connect(self._refuse)

    def begin(self) -> None:
        self._leader.start(self._choice)

    @Slot(object)
    def _show_bar(self, benchmark: Benchmark) -> None:
        self._progress.update(self._bar, total=benchmark.runs)
        self._progress.start()

    @Slot()
    def _show(self) -> None:
        benchmark, cell, left = self._leader.benchmark, self._leader.current, self._leader.time_left_s
        if benchmark is None or self._progress.disable:
            return
        beside = BAR + len(f" {benchmark.runs}/{benchmark.runs} ") + LEFT + 1
        # By their short names, as in the table: the titles of both take up a whole line.
        title = Text(
            f"{slug(cell.workload)} on {cell.runner}, {cell.workers:,} at once" if cell is not None else ""
        )
        title.truncate(max(1, self._progress.console.width - beside), overflow="ellipsis")
        self._progress.update(
            self._bar,
            total=benchmark.runs,
            completed=benchmark.done,
            description=title.plain,
            left=f"{seconds(left)} left" if left is not None else "",
        )
        self._progress.refresh()

    @Slot(str)
    def _refuse(self, why: str) -> None:
        self.problem = why
        self._end()

    @Slot()
    def _end(self) -> None:
        self._progress.stop()
        self.done.emit()

    def _tell(self) -> int:
        self._progress.stop()
        self._leader.cancel()
        if self.problem:
            return ending.FAILED
        benchmark = self._leader.benchmark
        if benchmark is None:
            streams.say(NOTHING)  # the last word on the terminal
            return 0
        report_path = self._options.report
        if report_path is not None:
            self._save(report_path, lambda: write(report_path, report(benchmark)))
        for path in self._options.exports:
            self._save(path, partial(export, benchmark, path))
        with streams.printing() as out:
            self._print(benchmark, out)
        self.problem = self.problem or streams.problem
        failed = any(result.problem and not result.runs for result in benchmark.results())
        return ending.FAILED if self.problem else int(failed and not self._options.exit_zero)

    def _print(self, benchmark: Benchmark, out: TextIO) -> None:
        if self._options.json:
            print(json.dumps(report(benchmark), indent=2), file=out)
        else:
            console = console_for(out)
            for workload in benchmark.workloads:
                size = benchmark.matrix.sizes[workload]
                title = f"{benchmark.matrix.workload_titles[workload]}: {size.words}"
                console.print(Text(title, style="bold"))
                console.print(fitting_table(benchmark, workload, console))
                console.print()
            own = is_own(benchmark.matrix.choice.workloads[0])
            advice = advise(benchmark, lookup.runners()) if own else None
            for paragraph in findings(benchmark):
                if advice is None or paragraph not in advice.text:  # which has it, too
                    console.print(Text(paragraph))
            if advice is not None:
                _print_advice(console, advice)


def _print_advice(console: Console, advice: Advice) -> None:
    """Where a person's own function should run, and a program that does so; that one as it is, to be copied."""
    console.print()
    console.print(Text(advice.text, style="bold"))
    if advice.snippet:
        console.print()
        console.print(Text(advice.snippet), soft_wrap=True)


def fitting_table(benchmark: Benchmark, workload: str, console: Console) -> Table:
    """The figures of one workload, with as many columns as the console has room for."""
    for count in range(len(GIVES_WAY) + 1):
        table = _table(benchmark, workload, GIVES_WAY[:count])
        # Within no bounds, for the console's own measure never says more than its width.
        if console.measure(table, options=console.options.update(max_width=UNBOUNDED)).maximum <= console.width:
            break
    return table


def _table(benchmark: Benchmark, workload: str, without: tuple[Figure, ...]) -> Table:
    without = without if benchmark.has_window else (*without, P99)
    figures = [figure for figure in HEADINGS if figure not in without]
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    table.add_column("runner", no_wrap=True)
    table.add_column("workers", justify="right", no_wrap=True)
    table.add_column("speed-up", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)  # from the slowest run to the fastest
    for figure in figures:
        table.add_column(HEADINGS[figure], justify="right", no_wrap=True)
    for result in benchmark.results(workload):
        range_ = from_to(result)
        spread = "" if range_ == NOT_MEASURED else range_
        texts = (result.cell.runner, f"{result.cell.workers:,}", GAINS.text(result), spread)
        table.add_row(*map(Text, (*texts, *(figure.text(result) for figure in figures))))
    return table
