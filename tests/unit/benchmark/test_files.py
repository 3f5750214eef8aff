"""Exports of a benchmark: CSV, JSON and HTML."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from tests.support.sample_benchmarks import made_benchmark, made_matrix
from workers.benchmark.figures import FIGURES
from workers.benchmark.files import KINDS, as_csv, as_json, check_suffix, export, report
from workers.benchmark.findings import findings, tables
from workers.benchmark.matrix import Cell
from workers.benchmark.page import page
from workers.benchmark.results import Benchmark

if TYPE_CHECKING:
    from pathlib import Path

SPEEDS = {("thread_pool", 1): (1.0, 1.02), ("process_pool", 2): (1.9, 1.8), ("process_pool", 4): (1.7, 1.75)}


def test_the_report_has_everything() -> None:
    benchmark = made_benchmark(SPEEDS)
    whole = json.loads(as_json(benchmark))
    assert whole == report(benchmark)
    assert list(whole) == ["thaw", "environment", "benchmark", "cells", "refused", "findings"]
    assert whole["benchmark"]["runs"] == 21
    assert whole["benchmark"]["done"] == 9
    assert whole["benchmark"]["sizes"] == {
        "primes": {"tasks": 16, "params": {"numbers": 50_000}, "unit": "numbers"}
    }
    assert [(cell["runner"], cell["workers"]) for cell in whole["cells"]] == [
        *(("gui_thread", 1), ("thread_pool", 1), ("process_pool", 2), ("process_pool", 4))
    ]
    processes = whole["cells"][2]
    assert processes["speed_up"] == {"low": 1.8, "median": 1.85, "high": 1.9}
    assert processes["runs"] == 2
    assert {figure.name for figure in FIGURES} <= set(processes)
    assert whole["findings"] == findings(benchmark)


def test_what_was_not_measured_is_null_and_empty() -> None:
    benchmark = made_benchmark(SPEEDS, lag=None)
    assert report(benchmark)["cells"][1]["lag_p99_ms"] is None
    rows = list(csv.DictReader(io.StringIO(as_csv(benchmark))))
    assert rows[1]["lag_p99_ms_median"] == ""


def test_the_table_has_a_row_for_each_cell() -> None:
    benchmark = made_benchmark(SPEEDS)
    benchmark.take_problem(Cell("thread_pool", "primes", 4), "=1+1")
    rows = list(csv.DictReader(io.StringIO(as_csv(benchmark))))
    assert [(row["runner"], row["workers"], row["runs"]) for row in rows] == [
        *(("gui_thread", "1", "3"), ("thread_pool", "1", "2"), ("process_pool", "2", "2")),
        *(("thread_pool", "4", "0"), ("process_pool", "4", "2")),
    ]
    assert float(rows[2]["speed_up_median"]) == pytest.approx(1.85)
    assert rows[3]["problem"] == "'=1+1", "no spreadsheet computes it"


class Tags(HTMLParser):
    """Checks that every tag is closed, and gathers the texts."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def test_the_page_is_whole_and_needs_no_network() -> None:
    benchmark = made_benchmark(SPEEDS)
    text = page(benchmark)
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    [rows] = tables(benchmark).values()
    assert {text for row in rows for text in (row.place, row.speed, row.verdict)} <= set(tags.texts)
    assert text.count("<svg") == 1
    assert text.count('class="bars"') == 2
    assert "1.9×" in text
    assert "http" not in text
    assert "<script" not in text


def test_the_page_hides_where_the_persons_files_lie() -> None:
    matrix = made_matrix()
    sizes = {
        name: size._replace(params=(("folder", "/mnt/me/pictures"),)) for name, size in matrix.sizes.items()
    }
    text = page(made_benchmark(SPEEDS, matrix._replace(sizes=sizes)))
    assert "folder=pictures" in text
    assert "/mnt" not in text


def test_a_page_of_nothing_is_a_page() -> None:
    tags = Tags()
    tags.feed(page(Benchmark(made_matrix(), has_window=False)))
    assert tags.open == []


@pytest.mark.parametrize("suffix", list(KINDS))
def test_files_are_written_as_their_suffix_says(suffix: str, tmp_path: Path) -> None:
    benchmark = made_benchmark(SPEEDS)
    path = tmp_path / f"it{suffix.upper()}"
    export(benchmark, path)
    assert path.read_bytes().decode() == KINDS[suffix][1](benchmark)
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_another_suffix_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match=r"cannot be exported to .*x\.pdf. There are: \.csv \(table of all combinations\)"
    ):
        check_suffix(tmp_path / "x.pdf")
