"""The table: all tasks with their times, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.full_runs import TITLES, event, full_run, run_of, sharing_run
from workers.engine.task import Phase
from workers.exports.csv import FORMULAS, HEADINGS, RESOURCES, pieces, plain, safe


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1499720.0, "1499720"),
        (1e15, "1000000000000000"),
        (33.3333333, "33.3333"),
        (2e-5, "0.00002"),
        (0.0, "0"),
    ],
)
def test_numbers_have_no_exponent(value: float, text: str) -> None:
    assert plain(value) == text


def test_large_amounts_are_told_in_plain_digits() -> None:
    run = run_of([event(0, Phase.STARTED, 0.0), event(0, Phase.DONE, 0.5, 1_499_720.0)], ["a"], 1.0)
    _, row = csv.reader(io.StringIO("".join(pieces(run)), newline=""))
    assert (row[7], row[9]) == ("1499720", "2999440")


def test_texts_are_themselves_but_for_formulas() -> None:
    rows = table()[1:]
    assert [row[1] for row in rows] == ["plain", "'=1+1", *TITLES[2:]]
    assert rows[3][3] == "'=cmd()"


@pytest.mark.parametrize("sign", FORMULAS)
def test_what_begins_like_a_formula_is_text(sign: str) -> None:
    assert safe(f"{sign}SUM(A1)") == f"'{sign}SUM(A1)"
    assert safe(f"a{sign}") == f"a{sign}"


def test_a_run_whose_tasks_waited_for_each_other_says_for_how_long() -> None:
    heading, *rows = csv.reader(io.StringIO("".join(pieces(sharing_run())), newline=""))
    assert heading == [*HEADINGS, *RESOURCES, "blocked_s"]
    assert [row[-1] for row in rows] == ["0.400000", "0.200000"]
