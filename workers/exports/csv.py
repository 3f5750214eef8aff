"""A table with a row for each task, for spreadsheets and data frames: UTF-8, commas, times in seconds since Start."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

from ..monitors.resources import Resources
from ..reports.labs.reasons import blocked_s
from ..reports.watched import is_watched
from ..utils.formatting import error_line
from .local_paths import short_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Table of all tasks"
SUFFIX = ".csv"

HEADINGS = "task title state place queued_s started_s ended_s amount unit amount_per_s error result".split()
RESOURCES = tuple(f"run_{name}" for name in Resources._fields)
"""Columns that are the same in all rows, so that tables of several runs can be put below each other."""
ROWS_A_PIECE = 100
BLOCKED = "blocked_s"
"""A column that only a table has whose tasks waited for what they share: for how long each did."""

BOTH = "run_runner"
"""The last column, where a table has the tasks of both runs of a comparison."""

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Spreadsheets compute what begins like this."""


def pieces(run: Run) -> Iterator[str]:
    """The table, some rows at a time. All tasks are queued when Start is pressed, so `queued_s` is 0."""
    text = io.StringIO()
    table = csv.writer(text)
    before = run.compared_with
    runs = [run] if before is None else [before, run]
    shares = any(each.recorder.sharing.reasons for each in runs)
    more = [*([BLOCKED] if shares else []), *([BOTH] if before is not None else [])]
    table.writerow((*HEADINGS, *RESOURCES, *more))
    for each in runs:
        runner = [] if before is None else [each.settings.runner_entry.title]
        blocked = blocked_s(each)
        for index, row in enumerate(_rows(each)):
            waited = [f"{blocked.get(index, 0.0):.6f}"] if shares else []
            table.writerow((*row, *waited, *runner))
            if index % ROWS_A_PIECE == 0:
                yield text.getvalue()
                text.seek(0)
                text.truncate()
    yield text.getvalue()


def _rows(run: Run) -> Iterator[tuple[object, ...]]:
    recorder, unit = run.recorder, run.plan.unit
    if is_watched(run):
        yield from _watched_rows(run)
        return
    costs = ["" if value is None else plain(value) for value in run.resources or (None, None, None)]
    for index in range(recorder.count):
        row = recorder.row(index)
        yield (
            index + 1,
            safe(run.plan.title(index)),
            row.phase.name.lower(),
            safe(row.place),
            "0.000000",
            _since(row.started, run.started),
            _since(row.ended, run.started),
            plain(row.amount, 12),
            safe(unit),
            plain(row.speed),
            safe(error_line(row.error)) if row.error else "",
            safe(recorder.texts.get(index, "")),
            *costs,
        )


def _watched_rows(run: Run) -> Iterator[tuple[object, ...]]:
    """A watched program: itself, its freezes with their lines, and what each of its threads did."""
    costs = ["" if value is None else plain(value) for value in run.resources or (None, None, None)]

    def row(
        title: str, state: str, place: str, span: tuple[float, float], error: str = "", more: str = ""
    ) -> list[object]:
        times = [f"{moment - run.started:.6f}" for moment in span]
        return [
            1,
            safe(title),
            state,
            safe(place),
            "0.000000",
            *times,
            "",
            "",
            "",
            safe(error),
            safe(more),
            *costs,
        ]

    own, name = run.recorder.row(0), run.plan.title(0)
    yield tuple(
        row(name, own.phase.name.lower(), own.place, run.span, error_line(own.error) if own.error else "")
    )
    for freeze in run.freezes:
        line = freeze.line
        where = f"{short_path(line.file)}:{line.number}" if line is not None else ""
        yield tuple(
            row(
                where,
                f"frozen: {freeze.kind}",
                freeze.holder,
                (freeze.started, freeze.ended),
                "",
                freeze.delivered,
            )
        )
    for thread, state, start, end in run.threads.stretches(run.span[1]):
        yield tuple(row(run.threads.names[thread], state, run.threads.names[thread], (start, end)))


def plain(value: float, digits: int = 6) -> str:
    """A number in so many digits that mean something, and never with an exponent: 1499720, 33.3333, 0.00002."""
    return f"{Decimal(f'{value:.{digits}g}'):f}"


def safe(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _since(moment: float, start: float) -> str:
    return f"{moment - start:.6f}" if moment else ""
