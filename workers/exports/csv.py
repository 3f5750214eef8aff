"""A table with a row for each task, for spreadsheets and data frames: UTF-8, commas, times in seconds since Start."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from ..monitors.resources import Resources
from ..utils.formatting import error_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..engine.run import Run

TITLE = "Table of all tasks"
SUFFIX = ".csv"

HEADINGS = "task title state place queued_s started_s ended_s amount unit amount_per_s error result".split()
RESOURCES = tuple(f"run_{name}" for name in Resources._fields)
"""Columns that are the same in all rows, so that tables of several runs can be put below each other."""
ROWS_A_PIECE = 100
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Spreadsheets compute what begins like this."""


def pieces(run: Run) -> Iterator[str]:
    """The table, some rows at a time. All tasks are queued when Start is pressed, so `queued_s` is 0."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow((*HEADINGS, *RESOURCES))
    recorder, unit = run.recorder, run.plan.unit
    costs = ["" if value is None else f"{value:.6g}" for value in run.resources or (None, None, None)]
    for index in range(recorder.count):
        row = recorder.row(index)
        table.writerow(
            (
                index + 1,
                safe(run.plan.title(index)),
                row.phase.name.lower(),
                safe(row.place),
                "0.000000",
                _since(row.started, run.started),
                _since(row.ended, run.started),
                f"{row.amount:.12g}",
                safe(unit),
                f"{row.speed:.6g}",
                safe(error_line(row.error)) if row.error else "",
                safe(recorder.texts.get(index, "")),
                *costs,
            )
        )
        if index % ROWS_A_PIECE == 0:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def safe(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def _since(moment: float, start: float) -> str:
    return f"{moment - start:.6f}" if moment else ""
