"""A benchmark as one HTML page that needs no network and no scripts, in the style of the report of a run."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from html import escape
from typing import TYPE_CHECKING

from .benchmark_svg import bars, curves
from .benchmark_words import findings, times
from .exports.html import COLORS, STYLE
from .monitors.resources import memory_words
from .reports.summary import VERSION
from .utils import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .benchmark_results import Benchmark, Result, Spread

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
            _said(result.peak_memory_mib, memory_words),
            _said(result.startup_s, formatting.seconds),
        )
        rows.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
    head = "".join(f"<th>{name}</th>" for name in HEADINGS)
    return f'<table class="cells"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _said(one: Spread | None, said: Callable[[float], str]) -> str:
    return "–" if one is None else said(one.median)
