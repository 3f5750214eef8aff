"""Runs, queues of downloads and benchmarks that version 0.1 wrote: all that is in them is read as it was then."""

from __future__ import annotations

import csv
import io
import json
import math
import os
import re
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.written_before import FIXTURES, differences, files, read_then
from workers.benchmark.choice import Choice
from workers.benchmark.files import as_csv, as_json
from workers.benchmark.matrix import Cell, Matrix, Refused
from workers.benchmark.results import Benchmark, RunSample
from workers.benchmark.sizes import Size
from workers.catalog import lookup
from workers.downloads.queue import DownloadQueue
from workers.engine.task import Phase
from workers.exports.csv import plain
from workers.reports.summary import report
from workers.run_files.reader import open_run
from workers.run_files.writer import drain, save_run

if TYPE_CHECKING:
    from pathlib import Path

    from workers.engine.run import Run

ROWS = 64
"""Of a large run some rows are told one by one, and all of them by their sums."""


def each(folder: str, suffix: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", files(folder, suffix), ids=lambda path: path.stem)


# ---------------------------------------------------------------- runs


def told_run(run: Run) -> dict[str, Any]:
    """All that is known of a run, in plain data; times are in seconds since its start, None where there is none."""
    recorder, changes = run.recorder, run.recorder.changes

    def since(moment: float) -> float | None:
        return moment - run.started if moment else None

    rows = [recorder.row(index) for index in range(recorder.count)]
    told = [
        [row.phase.name, since(row.started), since(row.seen), since(row.ended), row.amount, row.place]
        for row in rows
    ]
    return {
        "settings": run.settings.plain(),
        "report": report(run),
        "unit": run.plan.unit,
        "began": run.began,
        "idle_lag_ms": run.idle_lag_ms,
        "frames": run.frames,
        "startup_s": run.startup_s,
        "notes": run.notes,
        "weather": run.network and run.network._asdict(),
        "tasks": Counter(row.phase.name for row in rows),
        "places": Counter(row.place for row in rows),
        "rows": told[:: math.ceil(len(told) / ROWS)],
        "sums": [math.fsum(row[column] or 0.0 for row in told) for column in range(1, 5)],  # type: ignore[misc]
        "titles": [run.plan.title(index) for index in range(0, len(told), math.ceil(len(told) / ROWS))],
        "results": {str(index): text for index, text in recorder.texts.items()},
        "throughput": list(recorder.bins),
        "changes": {
            "by_phase": Counter(Phase(phase).name for phase in changes.phases),
            "tasks": sum((at + 1) * task for at, task in enumerate(changes.tasks)),
            "times": math.fsum(time - run.started for time in changes.times),
            "lost": changes.lost,
        },
        "beats": [len(run.beats), math.fsum(beat - run.started for beat in run.beats)],
        "waits": [
            len(run.waits),
            math.fsum(at - run.started for at, _ in run.waits),
            sum(ms for _, ms in run.waits),
        ],
        "held": [[since(begin), since(end)] for begin, end in run.held],
        "freezes": [
            {
                **freeze._asdict(),
                "started": freeze.started - run.started,
                "ended": freeze.ended - run.started,
                "stack": [list(line) for line in freeze.stack],
                "source": [list(line) for line in freeze.source],
            }
            for freeze in run.freezes
        ],
    }


@each("runs", ".thaw")
def test_a_run_is_what_it_was(path: Path) -> None:
    assert differences(told_run(drain(open_run(path))), read_then(path)) == []


@each("runs", ".thaw")
def test_a_run_that_is_saved_again_loses_nothing(path: Path, tmp_path: Path) -> None:
    again = tmp_path / path.name
    drain(save_run(drain(open_run(path)), again))
    assert differences(told_run(drain(open_run(again))), read_then(path)) == []


# ---------------------------------------------------------------- queues


def told_queue(queue: DownloadQueue) -> dict[str, Any]:
    """All that is known of a queue: also what a download that broke off goes on with."""
    items = queue.items()
    return {
        "counts": queue.counts()._asdict(),
        "unfinished": [item.id for item in queue.unfinished()],
        "items": [
            {
                **item._asdict(),
                "part": os.path.basename(queue.part(item)),
                "validator": queue.validator(item.id),
            }
            for item in items
        ],
    }


def copied(path: Path, folder: Path) -> Path:
    """A copy to be opened, with the log that a killed program left beside it."""
    for file in path.parent.glob(f"{path.name}*"):
        shutil.copy(file, folder)
    return folder / path.name


@each("queues", ".sqlite")
def test_a_queue_is_what_it_was(path: Path, tmp_path: Path) -> None:
    queue = DownloadQueue(copied(path, tmp_path))
    try:
        assert differences(told_queue(queue), read_then(path)["opened"]) == []
    finally:
        queue.close()


@each("queues", ".sqlite")
def test_a_queue_is_gone_on_with_as_it_was(path: Path, tmp_path: Path) -> None:
    """None of its files is there any more: what was promised waits again, and all else is left alone."""
    then = read_then(path)
    items = {item["id"]: item for item in (*then["opened"]["items"], *then["settled"])}
    queue = DownloadQueue(copied(path, tmp_path))
    try:
        assert queue.settle() == 0
        assert differences(told_queue(queue)["items"], list(items.values())) == []
    finally:
        queue.close()


# ---------------------------------------------------------------- benchmarks


def measured(path: Path) -> Benchmark:
    """The benchmark that version 0.1 wrote to a file. It never read one: what it held is in the file beside it."""
    then = read_then(path)
    chosen: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in then["choice"].items()
    }
    matrix = Matrix(
        Choice(**chosen),
        tuple(Cell(*cell) for cell in then["cells"]),
        tuple(Refused(*one) for one in then["refused"]),
        {
            name: Size(**{**size, "params": tuple(map(tuple, size["params"]))})
            for name, size in then["sizes"].items()
        },
        {name: name for name, *_ in (*then["cells"], *then["refused"])},
        {name: name for name in then["sizes"]},
        {},
        workloads={name: lookup.named("workloads", name) for name in then["sizes"]},
    )
    benchmark = Benchmark(matrix, then["has_window"])
    benchmark.environment = then["environment"]
    for cell, samples in then["samples"]:
        for sample in samples:
            benchmark.take_sample(Cell(*cell), RunSample(**sample))
    for cell, why in then["problems"]:
        benchmark.take_problem(Cell(*cell), why)
    benchmark.done, benchmark.cancelled = then["done"], then["cancelled"]
    return benchmark


@pytest.mark.parametrize("name", ["tab", "own-function", "problems"])
def test_a_benchmark_s_figures_stand_in_json_where_they_stood(name: str) -> None:
    """Whoever has a program that reads them goes on with it: sentences may change, and keys may come."""
    path = FIXTURES / "benchmarks" / f"{name}.json"
    then = json.loads(path.read_text(encoding="utf-8"))
    found = json.loads(as_json(measured(path)))
    assert {"thaw", "findings"} <= found.keys()
    assert ("advice" in then) == ("advice" in found)
    assert then.get("advice", {}).keys() <= found.get("advice", {}).keys()
    figures = {key: then[key] for key in ("environment", "benchmark", "cells", "refused")}
    assert differences(found, figures) == []


@pytest.mark.parametrize("name", ["headless", "cancelled"])
def test_a_benchmark_s_figures_stand_in_the_table_where_they_stood(name: str) -> None:
    path = FIXTURES / "benchmarks" / f"{name}.csv"
    # The numbers had exponents then: 1.20456e+06.
    before = re.sub(r"[\d.]+e\+\d+", lambda number: plain(float(number[0])), path.read_bytes().decode())
    then = list(csv.DictReader(io.StringIO(before)))
    found = list(csv.DictReader(io.StringIO(as_csv(measured(path)))))
    assert then
    assert differences(found, then) == []
