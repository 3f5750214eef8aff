"""A benchmark as one HTML page that needs no network, in the style of the report of a run.

Draws a benchmark's bars and curves in the runners' colours of the window.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from ..catalog.lookup import traits
from ..exports.local_paths import local, without_folders
from ..exports.page import END, Bar, bars, begin, key, paragraphs, section, table
from ..exports.svg import WIDTH, element, plot
from ..reports.palette import line_colors
from ..reports.scales import LAG_MS, nice_ticks
from ..utils.formatting import milliseconds, plural
from .figures import SHOWN
from .findings import HEADINGS, remarks, tables, times
from .results import fastest, gain, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .results import Benchmark, CellResult, Spread


HEIGHT = 180
TITLE = "Speed-up over the number of workers"


def page(benchmark: Benchmark) -> str:
    """The whole page."""
    return "".join(_parts(benchmark))


def _parts(benchmark: Benchmark) -> Iterator[str]:
    matrix, where = benchmark.matrix, benchmark.environment
    began = datetime.fromtimestamp(benchmark.began).astimezone()
    about = (
        f"{benchmark.done:,} of {benchmark.runs:,} runs; Python {where['python']}, {plural(where['cpus'], 'core')}, "
        f"{where['platform']}; {began:%d %B %Y, %H:%M}"
    )
    colors = {_name(runner): line_colors(traits(runner).color) for runner in matrix.runner_titles}
    yield begin("benchmark", "Where should this work run?", about, colors=colors)
    found = "".join(
        f"<h3>{escape(title)}</h3>{table([(*row[:3], row.verdict) for row in rows], HEADINGS, 'cells words')}"
        for title, rows in tables(benchmark).items()
    )
    yield section("Findings", found + paragraphs([*map(without_folders, remarks(benchmark))]))
    for workload in benchmark.workloads:
        results, size, titles = benchmark.results(workload), matrix.sizes[workload], matrix.runner_titles
        said = [(name, local(value) if isinstance(value, str) else value) for name, value in size.params]
        content = bars_of(results, titles) + curves(results, titles) + _table(results, titles)
        yield section(matrix.workload_titles[workload], content, size._replace(params=tuple(said)).words)
    yield END


def _name(runner: str) -> str:
    """What its colour is called in the style."""
    return f"runner-{runner}"


def _table(results: list[CellResult], titles: Mapping[str, str]) -> str:
    rows = [
        (
            titles[result.cell.runner],
            f"{result.cell.workers:,}",
            f"{result.runs:,}",
            *(figure.text(result) for figure in SHOWN),
        )
        for result in results
    ]
    return table(rows, ("Runner", "Workers", "Runs", *(figure.title for figure in SHOWN)))


def bars_of(results: Sequence[CellResult], titles: Mapping[str, str]) -> str:
    """A row for each runner with its fastest number of workers: speed-up and lag p99, with whiskers."""
    rows = fastest(results)
    top = max((row.gains.high for row in rows if row.gains is not None), default=1.0) or 1.0
    names = [
        f"{titles[row.cell.runner]}{f' ×{row.cell.workers}' if row.cell.workers > 1 else ''}" for row in rows
    ]
    speeds = [
        _bar(row, name, row.gains, lambda value: value / top, times)
        for row, name in zip(rows, names, strict=True)
    ]
    late = [
        _bar(row, name, row.lag_p99_ms, LAG_MS.share, milliseconds)
        for row, name in zip(rows, names, strict=True)
    ]
    return bars("Speed-up over the GUI thread", speeds) + bars("Lag p99, logarithmic", late)


def _bar(
    row: CellResult,
    name: str,
    one: Spread | None,
    share: Callable[[float], float],
    said: Callable[[float], str],
) -> Bar:
    color = f"--{_name(row.cell.runner)}"
    if one is None:
        return Bar(name, color, 0.0, "not measured")
    low, median, high = map(share, one)
    return Bar(name, color, median, said(one.median), (low, high))


def curves(results: Sequence[CellResult], titles: Mapping[str, str]) -> str:
    """The speed-up over the number of workers, a line for each runner that has more than one number of them."""
    by_runner = grouped((result.cell.runner, result) for result in results if result.gains is not None)
    lines = {runner: own for runner, own in by_runner.items() if len(own) > 1}
    if not lines:
        return ""
    counts = sorted({result.cell.workers for own in lines.values() for result in own})
    top = max(1.0, *(result.gains.high for own in lines.values() for result in own if result.gains)) * 1.05
    shares = {workers: (number + 0.5) / len(counts) for number, workers in enumerate(counts)}
    parts = []
    for runner, own in lines.items():
        points = sorted(
            (shares[result.cell.workers] * WIDTH, (1 - gain(result) / top) * HEIGHT) for result in own
        )
        style = f"stroke:var(--{_name(runner)})"
        spots = [f"{x:.1f} {y:.1f}" for x, y in points]
        parts.append(element("path", class_="curve", style=style, d=f"M{'L'.join(spots)}"))
        parts.append(element("path", class_="spots", style=style, d="".join(f"M{spot}h0" for spot in spots)))
    marks = [(mark / top, times(mark) if mark else "0") for mark in nice_ticks(0.0, top, 6)]
    below = [(at, str(n)) for n, at in shares.items()]
    graph = plot(TITLE, HEIGHT, marks, below, "".join(parts), has_lines=True)
    return f"<h3>{TITLE}</h3>{graph}" + key((f"--{_name(runner)}", titles[runner]) for runner in lines)
