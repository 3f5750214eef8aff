"""Exports of a program that was watched: its threads as lanes, what was delivered, and no words of runners."""

from __future__ import annotations

import csv
import io
import json

from tests.support.watched_runs import LINE, busy_threads, frozen, watched_run
from workers.agent import messages
from workers.exports import chrome_trace, html
from workers.exports import csv as table
from workers.utils.words import quote_word


def test_the_page_has_the_threads_and_what_was_delivered() -> None:
    left = messages.Left(11, "<counter>", False, LINE)
    page = "".join(html.pieces(watched_run(frozen(2.0, 3.5), told=[*busy_threads(4), messages.Leaks((left,))])))
    assert "<h2>Threads</h2>" in page
    assert "counter 3" in page
    assert "Left running at its end: &lt;counter&gt;." in page
    assert "stroke:var(--bad)" in page  # the window's thread waits for the GIL
    assert "It was called by the slot Window.on_click (app.py:10)." in page
    assert "It starved" in page
    assert "<title>Thaw: app.py --its" in page
    for word in ("Throughput", "Workers", "Runner", "Its own process"):
        assert word not in page


def test_the_page_of_two_runs_says_before_and_now() -> None:
    run = watched_run()
    run.compared_with = watched_run(frozen(2.0, 3.5))
    page = "".join(html.pieces(run))
    assert "Before, the window froze once, 1.5 s in all; now, it never freezes" in page
    assert "Not all of the work" not in page


def test_the_trace_has_a_lane_for_each_thread() -> None:
    events = json.loads("".join(chrome_trace.pieces(watched_run(frozen(2.0, 3.5), told=busy_threads(2)))))[
        "traceEvents"
    ]
    names = {event["tid"]: event["args"]["name"] for event in events if event["name"] == "thread_name"}
    told = [
        (names[each["tid"]], each["name"]) for each in events if each["ph"] == "X" and each["tid"] >= 10_000
    ]
    assert told == [
        ("MainThread", "waited for the GIL"),
        ("counter 0", "ran Python"),
        ("counter 1", "ran Python"),
    ]
    assert [each["args"]["delivered"] for each in events if each.get("cat") == "freeze"] == [
        "slot Window.on_click (app.py:10)"
    ]


def test_the_table_has_the_program_its_freezes_and_its_threads() -> None:
    run = watched_run(frozen(2.0, 3.5), told=busy_threads(1), code=3, why="Ended with exit code 3.")
    rows = list(csv.DictReader(io.StringIO("".join(table.pieces(run)))))
    assert [(row["title"], row["state"], row["place"]) for row in rows] == [
        (f"app.py --its {quote_word('a b')}", "failed", "app.py"),
        ("app.py:12", "frozen: sleep", "GUI thread"),
        ("MainThread", "gil", "MainThread"),
        ("counter 0", "python", "counter 0"),
    ]
    assert (rows[1]["started_s"], rows[1]["ended_s"]) == ("2.000000", "3.500000")
    assert (rows[0]["error"], rows[1]["result"]) == (
        "Ended with exit code 3.",
        "slot Window.on_click (app.py:10)",
    )
