"""Writes a benchmark to files: a table for spreadsheets, the figures as JSON, a page for people. For any thread.

The files are small (a line for each cell), so they are written in one piece.
"""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from ..catalog.callables.literals import encoded_each
from ..catalog.lookup import runners
from ..catalog.user_names import is_own, short
from ..exports.csv import plain, safe
from ..reports.summary import VERSION
from ..transport.redaction import public
from ..utils.atomic_file import part_file
from ..utils.errors import BadInput
from . import safety
from .advice import advise
from .figures import FIGURES
from .findings import findings
from .page import page

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .results import Benchmark, CellResult


def report(benchmark: Benchmark) -> dict[str, Any]:
    """The whole of it as plain data. A figure is None where it was not measured, else its low, median and high."""
    matrix = benchmark.matrix
    choice = matrix.choice
    return {
        "thaw": VERSION,
        "environment": benchmark.environment,
        "benchmark": {
            "repeat": choice.repeat,
            "runs": benchmark.runs,
            "done": benchmark.done,
            "cancelled": benchmark.cancelled,
            "polite": choice.polite,
            "switch_interval_ms": choice.switch_interval_ms,
            "seed": choice.seed,
            "sizes": {
                short(name): {
                    "tasks": size.tasks,
                    "params": encoded_each(public(dict(size.params))),
                    "unit": size.unit,
                }
                for name, size in matrix.sizes.items()
            },
        },
        "cells": [_cell(result) for result in benchmark.results()],
        "refused": [{**each._asdict(), "workload": short(each.workload)} for each in matrix.refused],
        "findings": findings(benchmark),
        **_advice(benchmark),
    }


def _advice(benchmark: Benchmark) -> dict[str, Any]:
    """Whether a person's own function is thread-safe, and where it should run; nothing of other workloads."""
    if not is_own(benchmark.matrix.choice.workloads[0]):
        return {}
    advice = advise(benchmark, runners())
    told = {"text": advice.text, "runner": advice.runner, "is_sure": advice.is_sure, "snippet": advice.snippet}
    return {"thread_safety": safety.data(benchmark), "advice": told}


def _cell(result: CellResult) -> dict[str, Any]:
    figures = {figure.name: figure.of(result) for figure in FIGURES}
    return {
        **result.cell._asdict(),
        "workload": short(result.cell.workload),
        "unit": result.unit,
        "runs": result.runs,
        **{
            name: None
            if one is None
            else {part: float(f"{value:.6g}") for part, value in one._asdict().items()}
            for name, one in figures.items()
        },
        "problem": result.problem,
    }


def as_json(benchmark: Benchmark) -> str:
    """The report as a text."""
    return json.dumps(report(benchmark), indent=2) + "\n"


def as_csv(benchmark: Benchmark) -> str:
    """A row for each cell, with three columns for each figure: its low, median and high; the last is of all."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(
        ["runner", "workload", "workers", "runs", "unit"]
        + [f"{figure.name}_{part}" for figure in FIGURES for part in ("low", "median", "high")]
        + ["problem", "thread_safety"]
    )
    said = safe(safety.words(benchmark))
    for result in benchmark.results():
        runner, workload, workers = result.cell
        row: list[Any] = [runner, safe(short(workload)), workers, result.runs, result.unit]
        for figure in FIGURES:
            one = figure.of(result)
            row += ["", "", ""] if one is None else [plain(value) for value in one]
        table.writerow([*row, safe(result.problem), said])
    return text.getvalue()


KINDS: dict[str, tuple[str, Callable[[Benchmark], str]]] = {
    ".csv": ("Table of all combinations", as_csv),
    ".json": ("Figures for other programs", as_json),
    ".html": ("Report with graphs", page),
}
"""How a file's name ends -> what people call it, and what makes its text."""


def check_suffix(path: Path) -> None:
    """Find out before a benchmark whether it can be written to this file.

    Raises:
        BadInput: the name says of no kind that there is, with a sentence that lists them.
    """
    if path.suffix.lower() not in KINDS:
        there = ", ".join(f"{suffix} ({title[0].lower()}{title[1:]})" for suffix, (title, _) in KINDS.items())
        raise BadInput(f"A benchmark cannot be exported to {path}. There are: {there}.")


def export(benchmark: Benchmark, path: Path) -> None:
    """Write it as what the file's suffix says. A reader sees the whole file, or the one before.

    Raises:
        OSError: it cannot be written.
        BadInput: the suffix says nothing.
    """
    check_suffix(path)
    _, text = KINDS[path.suffix.lower()]
    with part_file(path) as file:
        file.write(text(benchmark).encode("utf-8", "replace"))
