"""What is said of a program that was watched: its end, its lines, who starved, and what a fix changed."""

from __future__ import annotations

import pytest

from tests.support.watched_runs import HELLO, STARTED, busy_threads, frozen, watched_run
from workers.agent import messages
from workers.monitors.freeze import GUI, Line
from workers.reports.failures import has_failed
from workers.reports.freeze_words import groups, what_text
from workers.reports.verdict import compare_verdict, verdict
from workers.reports.watched import rows, starved
from workers.utils.words import quote_word

COUNT = Line("/home/me/shop/app.py", 30, "count", "total += 1")


def test_the_line_that_took_most_time_comes_first() -> None:
    run = watched_run(
        *(frozen(start, start + 0.6, COUNT, "python") for start in (1.0, 2.0, 3.0)), frozen(5.0, 6.0)
    )
    worst, other = rows(run)
    assert (worst.group.longest.line, worst.times) == (COUNT, 3)
    assert worst.total_s == pytest.approx(1.77)
    assert worst.longest_s == pytest.approx(0.59)
    assert worst.what == "The GUI thread computed in Python."
    assert "Another process" in worst.advice
    assert other.delivered == "slot Window.on_click (app.py:10)"
    assert "waits without blocking" in other.advice


@pytest.mark.parametrize(
    ("kind", "holder", "says"),
    [
        ("python", GUI, "Another process has a GIL of its own"),
        ("python", "counter", "let it take turns (docs/politeness.md)"),
        ("c_gil", GUI, "only another process helps"),
        ("c", GUI, "it runs beside the window"),
        ("network", GUI, "waits for the network"),
        ("unknown", GUI, "not known"),
    ],
)
def test_advice_is_for_a_program_of_ones_own(kind: str, holder: str, says: str) -> None:
    [row] = rows(watched_run(frozen(1.0, 2.0, kind=kind, holder=holder)))
    assert says in row.advice
    assert "Run it on" not in row.advice


def test_without_a_gil_threads_help() -> None:
    run = watched_run(frozen(1.0, 2.0, kind="python"), told=[HELLO._replace(has_gil=False)])
    assert "this Python has no GIL" in rows(run)[0].advice


def test_the_loop_of_a_server_is_no_window() -> None:
    loop = messages.Loop("asyncio", "asyncio", "", 1, "MainThread", STARTED + 0.5)
    run = watched_run(frozen(1.0, 2.5), loop=loop)
    assert (
        verdict(run)
        == f"app.py --its {quote_word('a b')} ended after 10 s: the event loop was frozen for 1.5 s."
    )
    assert what_text(groups(run.freezes)[0], run) == "The event loop's thread slept."


@pytest.mark.parametrize(
    ("code", "why", "said"),
    [
        (0, "", "ended after 10 s"),
        (3, "Ended with exit code 3.", "ended with exit code 3 after 10 s"),
        (1, "Traceback (most recent call last):\nValueError: no", "ended with exit code 1 after 10 s"),
        (139, "Ended by SIGSEGV.\n\nFatal Python error", "was ended by SIGSEGV after 10 s"),
        (
            0xC0000005,
            "Ended by an access violation (0xC0000005).",
            "was ended by an access violation (0xC0000005) after 10 s",
        ),
        (None, "", "was watched for 10 s"),
    ],
)
def test_how_it_ended(code: int | None, why: str, said: str) -> None:
    run = watched_run(code=code, why=why)
    assert verdict(run).startswith(f"app.py --its {quote_word('a b')} {said}: the window stayed smooth")


@pytest.mark.parametrize("code", [0, 143, 137, 1])
def test_one_that_was_asked_to_end_was_stopped_however_it_took_that(code: int) -> None:
    run = watched_run(code=code, why=f"Ended with exit code {code}." if code else "", cancelled=True)
    assert verdict(run).startswith("app.py --its 'a b' was stopped after 10 s: the window")


def test_who_starves_is_told_with_those_who_take_the_gil() -> None:
    said = starved(watched_run(told=busy_threads(4)))
    assert said.startswith("It starved: for 9.8 s whoever wanted the GIL waited for it, 32 ms as a rule")
    assert 'threads "counter 0", "counter 1", "counter 2" and 1 other compute in Python' in said
    assert "docs/politeness.md" in said
    assert 'thread "counter 0" computes in Python' in starved(watched_run(told=busy_threads(1)))


def test_a_program_whose_threads_wait_does_not_starve() -> None:
    assert not starved(watched_run())
    threads, waits = busy_threads(2)
    assert isinstance(waits, messages.Waits)
    short = messages.Waits(tuple((moment, 0.4) for moment, _ in waits.samples))
    assert not starved(watched_run(told=[threads, short]))
    assert not starved(watched_run(told=[waits]))  # for nobody: the machine had no processor left


def test_what_a_fix_changed() -> None:
    before, after = watched_run(frozen(1.0, 2.5), frozen(3.0, 5.0)), watched_run()
    assert (
        compare_verdict(before, after)
        == "Before, the window froze 2 times, 3.5 s in all; now, it never freezes, and is at most 0 ms late."
    )
    assert compare_verdict(after, before).endswith("now, it froze 2 times, 3.5 s in all.")
    loopless = watched_run()
    loopless.lag = None
    assert "ran no event loop" in compare_verdict(before, loopless)


def test_a_run_with_a_bad_exit_code_is_no_failure_of_thaws() -> None:
    assert not has_failed(watched_run(code=3, why="Ended with exit code 3."))
