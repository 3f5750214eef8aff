"""A benchmark as one HTML page that needs no network and no scripts, in the style of the report of a run.

Draws a benchmark's bars and curves as SVG texts for its page, in the runners' colours of the window.
"""

from __future__ import annotations

import math
from datetime import datetime
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from ..catalog.lookup import traits
from ..exports.html import COLORS, STYLE
from ..reports.summary import VERSION
from ..utils import formatting
from .findings import findings, times
from .results import fastest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from .results import Benchmark, Result, Spread

MORE_STYLE = """
th { text-align: right; font-weight: 600; font-size: 13px; color: var(--muted); padding: 4px 16px 4px 0 }
table.cells td, table.cells th { text-align: right; white-space: nowrap; width: auto; padding-right: 12px }
table.cells td:first-child, table.cells th:first-child { text-align: left; color: var(--text); width: auto }
.wide { overflow-x: auto } svg text.strong { fill: var(--text) } svg .whisker { stroke: var(--text) }
"""
HEADINGS = ("Runner", "Workers", "Runs", "Speed-up", "once started", "Throughput", "Lag p99", "CPU", "Memory", "Start")


def page(benchmark: Benchmark) -> str:
    """The whole page."""
    return "".join(_parts(benchmark))


def _parts(benchmark: Benchmark) -> Iterator[str]:
    matrix, where = benchmark.matrix, benchmark.environment
    began = datetime.fromtimestamp(benchmark.began).astimezone()
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Thaw: benchmark</title>\n<style>{_colors()}{STYLE}{MORE_STYLE}</style></head>\n<body>\n"
        "<header><h1>Where should this work run?</h1>"
        f'<p class="muted">{benchmark.done:,} of {matrix.runs:,} runs; Python {escape(str(where["python"]))}, '
        f"{where['cpus']:,} cores, {escape(str(where['platform']))}; {began:%d %B %Y, %H:%M}</p></header>\n"
    )
    told = "".join(f"<p>{escape(text)}</p>" for text in findings(benchmark))
    yield f"<section><h2>Findings</h2>{told}</section>\n"
    for workload in benchmark.workloads:
        results = benchmark.results(workload)
        title, size = matrix.workload_titles[workload], matrix.sizes[workload]
        yield f'<section><h2>{escape(title)}</h2><p class="muted">{escape(size.words)}</p>'
        yield bars(results, matrix.runner_titles)
        yield curves(results, matrix.runner_titles)
        yield f'<div class="wide">{_table(results, benchmark)}</div></section>\n'
    yield f'<p class="muted">Made by Thaw {VERSION}.</p>\n</body></html>\n'


def _colors() -> str:
    def block(column: int) -> str:
        return "; ".join(f"--{name}: {pair[column]}" for name, pair in COLORS.items())

    return f"\n:root {{ {block(0)} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {block(1)} }} }}"


def _table(results: list[Result], benchmark: Benchmark) -> str:
    rows = []
    for result in results:
        cells = (
            benchmark.matrix.runner_titles[result.cell.runner],
            f"{result.cell.workers:,}",
            f"{result.runs:,}",
            _said(result.speed_up, times),
            _said(result.started_speed_up, times),
            _said(result.per_s, partial(formatting.rate, unit=result.unit)),
            _said(result.lag_p99_ms, formatting.milliseconds),
            _said(result.cpu_s, formatting.seconds),
            _said(result.peak_memory_mib, formatting.memory),
            _said(result.startup_s, formatting.seconds),
        )
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{name}</th>" for name in HEADINGS)
    return f'<table class="cells"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _said(one: Spread | None, said: Callable[[float], str]) -> str:
    return "–" if one is None else said(one.median)


WIDTH = 960
NAMES, ROW, GAP = 200, 24, 16
LEAST_LAG_MS, MOST_LAG_MS = 1.0, 10_000.0


def bars(results: Sequence[Result], titles: Mapping[str, str]) -> str:
    """A row for each runner with its fastest number of workers: speed-up and lag p99, with whiskers."""
    rows = fastest(results)
    if not rows:
        return ""
    width = (WIDTH - NAMES - GAP) / 2 - 72
    top = max((row.speed_up.high for row in rows if row.speed_up is not None), default=1.0) or 1.0
    decades = math.log10(MOST_LAG_MS / LEAST_LAG_MS)

    def of_lag(value: float) -> float:
        return min(1.0, max(0.0, math.log10(max(value, LEAST_LAG_MS) / LEAST_LAG_MS) / decades))

    parts = [
        f'<text class="strong" x="{NAMES}" y="14">Speed-up over the GUI thread</text>',
        f'<text class="strong" x="{NAMES + width + 72 + GAP}" y="14">Lag p99, logarithmic</text>',
    ]
    for at, row in enumerate(rows):
        y = 24 + at * ROW
        workers = f" ×{row.cell.workers}" if row.cell.workers > 1 else ""
        name = escape(titles[row.cell.runner] + workers)
        parts.append(f'<text class="strong" x="{NAMES - 8}" y="{y + 14}" text-anchor="end">{name}</text>')
        color = traits(row.cell.runner).color
        parts.append(_bar(NAMES, y, width, row.speed_up, lambda value: value / top, times, color))
        left = NAMES + width + 72 + GAP
        parts.append(_bar(left, y, width, row.lag_p99_ms, of_lag, formatting.milliseconds, color))
    height = 24 + len(rows) * ROW + 8
    return _svg(height, "Speed-up and lag by runner", parts)


def _bar(
    left: float,
    y: float,
    width: float,
    one: Spread | None,
    share: Callable[[float], float],
    said: Callable[[float], str],
    color: str,
) -> str:
    if one is None:
        return f'<text x="{left:.1f}" y="{y + 14}">not measured</text>'
    low, median, high = (left + share(value) * width for value in one)
    middle = y + 10
    return (
        f'<rect x="{left:.1f}" y="{y + 3}" width="{max(2.0, median - left):.1f}" height="14" fill="{color}"/>'
        f'<path class="whisker" d="M{low:.1f} {middle}H{high:.1f}M{low:.1f} {middle - 4}v8M{high:.1f} {middle - 4}v8"/>'
        f'<text class="strong" x="{max(median, high) + 6:.1f}" y="{y + 14}">{said(one.median)}</text>'
    )


def curves(results: Sequence[Result], titles: Mapping[str, str]) -> str:
    """The speed-up over the number of workers, a line for each runner that has more than one number of them."""
    lines: dict[str, list[Result]] = {}
    for result in results:
        if result.speed_up is not None:
            lines.setdefault(result.cell.runner, []).append(result)
    lines = {runner: own for runner, own in lines.items() if len(own) > 1}
    if not lines:
        return ""
    counts = sorted({result.cell.workers for own in lines.values() for result in own})
    top = max(1.0, *(result.speed_up.high for own in lines.values() for result in own if result.speed_up)) * 1.05
    left, right, head, foot = 48.0, WIDTH - 240.0, 12.0, 192.0

    def at(workers: int, speed_up: float) -> tuple[float, float]:
        x = left + (right - left) * (counts.index(workers) + 0.5) / len(counts)
        return x, foot - (foot - head) * speed_up / top

    parts = []
    for mark in _marks(top):
        y = at(counts[0], mark)[1]
        parts.append(f'<path class="grid" d="M{left} {y:.1f}H{right}"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{times(mark) if mark else "0"}</text>')
    parts += [f'<text x="{at(n, 0)[0]:.1f}" y="{foot + 16}" text-anchor="middle">{n}</text>' for n in counts]
    parts.append(f'<text x="{right + 8}" y="{foot + 16}">workers</text>')
    for number, (runner, own) in enumerate(lines.items()):
        color = traits(runner).color
        points = [at(result.cell.workers, result.speed_up.median) for result in own if result.speed_up]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in sorted(points))
        parts.append(f'<polyline fill="none" stroke="{color}" stroke-width="2" points="{path}"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in points]
        y = head + 12 + number * 18
        parts.append(f'<rect x="{right + 32}" y="{y - 9}" width="12" height="10" fill="{color}"/>')
        parts.append(f'<text class="strong" x="{right + 52}" y="{y}">{escape(titles[runner])}</text>')
    return _svg(max(foot + 28, head + 12 + len(lines) * 18), "Speed-up over the number of workers", parts)


def _marks(top: float) -> list[float]:
    step = next(step for step in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e9) if top / step <= 6)
    return [step * index for index in range(int(top / step) + 1)]


def _svg(height: float, label: str, parts: Iterable[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:g}" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>\n'
