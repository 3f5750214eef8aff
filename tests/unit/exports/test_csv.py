"""The table: all tasks with their times, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.full_runs import TITLES, full_run
from workers.exports.csv import FORMULAS, HEADINGS, RESOURCES, pieces, safe


def table() -> list[list[str]]:
    return list(csv.reader(io.StringIO("".join(pieces(full_run())), newline="")))


def test_there_is_a_row_for_each_task() -> None:
    heading, *rows = table()
    assert heading == [*HEADINGS, *RESOURCES]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5", "6", "7"]
    assert [row[2] for row in rows] == ["done", "failed", "cancelled", "done", "done", "cancelled", "cancelled"]
    assert rows[0][3:10] == ["pool 0", "0.000000", "0.100000", "1.000000", "30", "steps", "33.3333"]
    assert rows[1][10] == "ValueError: <no> & nothing"
    assert [row[11] for row in rows] == ["", "", "", "'=2+2", "", "", ""]
    assert rows[6][3:10] == ["", "0.000000", "", "", "0", "steps", "0"]


def test_what_the_run_cost_stands_in_every_row() -> None:
    heading, *rows = table()
    assert heading[12:] == ["run_cpu_s", "run_peak_memory_mib", "run_startup_s"]
    assert [row[12:] for row in rows] == [["2.5", "120.25", ""]] * 7


def test_a_run_of_unknown_cost_leaves_that_empty() -> None:
    run = full_run()
    run.resources = None
    *_, last = csv.reader(io.StringIO("".join(pieces(run)), newline=""))
    assert last[12:] == ["", "", ""]


def test_texts_are_themselves_but_for_formulas() -> None:
    rows = table()[1:]
    assert [row[1] for row in rows] == ["plain", "'=1+1", *TITLES[2:]]
    assert rows[3][3] == "'=cmd()"


@pytest.mark.parametrize("sign", FORMULAS)
def test_what_begins_like_a_formula_is_text(sign: str) -> None:
    assert safe(f"{sign}SUM(A1)") == f"'{sign}SUM(A1)"
    assert safe(f"a{sign}") == f"a{sign}"
