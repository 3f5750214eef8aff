"""A benchmark as one HTML page that needs no network and no scripts, in the style of the report of a run.

Draws a benchmark's bars and curves as SVG texts for its page, in the runners' colours of the window.
"""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import TYPE_CHECKING

from ..catalog.lookup import traits
from ..exports.page import END, begin, paragraphs, section, table
from ..exports.svg import WIDTH, Area, element, picture, polyline
from ..reports.scales import LAG_MS, nice_ticks
from ..utils.formatting import milliseconds, plural
from .figures import SHOWN
from .findings import HEADINGS, remarks, tables, times
from .results import fastest, gain, grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .results import Benchmark, CellResult, Spread


def page(benchmark: Benchmark) -> str:
    """The whole page."""
    return "".join(_parts(benchmark))


def _parts(benchmark: Benchmark) -> Iterator[str]:
    matrix, where = benchmark.matrix, benchmark.environment
    began = datetime.fromtimestamp(benchmark.began).astimezone()
    about = (
        f"{benchmark.done:,} of {matrix.runs:,} runs; Python {where['python']}, {plural(where['cpus'], 'core')}, "
        f"{where['platform']}; {began:%d %B %Y, %H:%M}"
    )
    yield begin("benchmark", "Where should this work run?", about)
    found = "".join(
        f"<h3>{escape(title)}</h3>{table([(*row[:3], row.verdict) for row in rows], HEADINGS)}"
        for title, rows in tables(benchmark).items()
    )
    yield section("Findings", found + paragraphs(remarks(benchmark)))
    for workload in benchmark.workloads:
        results, size = benchmark.results(workload), matrix.sizes[workload]
        graphs = bars(results, matrix.runner_titles) + curves(results, matrix.runner_titles)
        figures = f'<div class="wide">{_table(results, matrix.runner_titles)}</div>'
        yield section(matrix.workload_titles[workload], graphs + figures, size.words)
    yield END


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


NAMES, ROW, GAP, WORDS = 200, 24, 16, 72
BAR_WIDTH = (WIDTH - NAMES - GAP) / 2 - WORDS


def bars(results: Sequence[CellResult], titles: Mapping[str, str]) -> str:
    """A row for each runner with its fastest number of workers: speed-up and lag p99, with whiskers."""
    rows = fastest(results)
    if not rows:
        return ""
    top = max((row.speed_up.high for row in rows if row.speed_up is not None), default=1.0) or 1.0
    lefts = (NAMES, NAMES + BAR_WIDTH + WORDS + GAP)
    titles_of = ("Speed-up over the GUI thread", "Lag p99, logarithmic")
    parts = [
        element("text", text, class_="strong", x=left, y=14)
        for left, text in zip(lefts, titles_of, strict=True)
    ]
    for at, row in enumerate(rows):
        y = 24 + at * ROW
        workers = f" ×{row.cell.workers}" if row.cell.workers > 1 else ""
        name, color = titles[row.cell.runner] + workers, traits(row.cell.runner).color
        parts.append(element("text", name, class_="strong", x=NAMES - 8, y=y + 14, text_anchor="end"))
        parts.append(_bar(lefts[0], y, row.speed_up, lambda value: value / top, times, color))
        parts.append(_bar(lefts[1], y, row.lag_p99_ms, LAG_MS.share, milliseconds, color))
    return picture(24 + len(rows) * ROW + 8, "Speed-up and lag by runner", parts)


def _bar(
    left: float,
    y: float,
    one: Spread | None,
    share: Callable[[float], float],
    said: Callable[[float], str],
    color: str,
) -> str:
    if one is None:
        return element("text", "not measured", x=left, y=y + 14)
    low, median, high = (left + share(value) * BAR_WIDTH for value in one)
    middle = y + 10
    whisker = f"M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"
    return (
        element("rect", x=left, y=y + 3, width=max(2.0, median - left), height=14, fill=color)
        + element("path", class_="whisker", d=whisker)
        + element("text", said(one.median), class_="strong", x=max(median, high) + 6, y=y + 14)
    )


def curves(results: Sequence[CellResult], titles: Mapping[str, str]) -> str:
    """The speed-up over the number of workers, a line for each runner that has more than one number of them."""
    by_runner = grouped((result.cell.runner, result) for result in results if result.speed_up is not None)
    lines = {runner: own for runner, own in by_runner.items() if len(own) > 1}
    if not lines:
        return ""
    counts = sorted({result.cell.workers for own in lines.values() for result in own})
    top = (
        max(1.0, *(result.speed_up.high for own in lines.values() for result in own if result.speed_up)) * 1.05
    )
    area = Area(48.0, 12.0, WIDTH - 240.0, 192.0)
    shares = {workers: (number + 0.5) / len(counts) for number, workers in enumerate(counts)}
    parts = [area.rows((mark / top, times(mark) if mark else "0") for mark in nice_ticks(0.0, top, 6))]
    parts += [
        element("text", str(n), x=area.x(at), y=area.bottom + 16, text_anchor="middle")
        for n, at in shares.items()
    ]
    parts.append(element("text", "workers", x=area.right + 8, y=area.bottom + 16))
    for number, (runner, own) in enumerate(lines.items()):
        color = traits(runner).color
        points = [(area.x(shares[result.cell.workers]), area.y(gain(result) / top)) for result in own]
        parts.append(polyline(sorted(points), fill="none", stroke=color, stroke_width=2))
        parts += [element("circle", cx=x, cy=y, r=3.5, fill=color) for x, y in points]
        y = area.top + 12 + number * 18
        parts.append(element("rect", x=area.right + 32, y=y - 9, width=12, height=10, fill=color))
        parts.append(element("text", titles[runner], class_="strong", x=area.right + 52, y=y))
    height = max(area.bottom + 28, area.top + 12 + len(lines) * 18)
    return picture(height, "Speed-up over the number of workers", parts)
