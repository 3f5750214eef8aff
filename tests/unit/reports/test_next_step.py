"""What is said of a run before, during and after it, and which step is offered next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.finished_runs import lag_of, made_run
from workers.catalog import lookup
from workers.catalog.lessons import title_of
from workers.engine.plan import Settings
from workers.monitors.freeze import Freeze, Line
from workers.reports import next_step
from workers.reports.differences import is_same_work
from workers.reports.failures import has_failed
from workers.reports.freeze_advice import MEASURED, Known, advise
from workers.reports.freeze_words import told_of
from workers.reports.next_step import (
    FIRST,
    LEARNED,
    LESSON,
    LESSONS,
    OWN,
    Hint,
    after_run,
    before_run,
    first,
    next_lesson,
    paused,
    run_before,
    while_running,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workers.engine.run import Run

RUNNERS = lookup.runners()
KNOWN = Known(RUNNERS, lookup.workloads())
POOL = "ThreadPoolExecutor"


def settings(runner: str, workload: str = "hashing", **others: Any) -> Settings:
    return Settings.named(runner, workload, 4, 2)._replace(**others)


def ended(chosen: Settings, *gaps_ms: float, kind: str = "", wall_s: float = 2.0) -> Run:
    """A run with these settings that has ended, with a freeze of some kind where one is named."""
    run = made_run(chosen.runner, wall_s=wall_s, lag=lag_of(*gaps_ms or (22,)))
    run.settings = chosen
    if kind:
        span = run.started, run.started + max(gaps_ms) / 1e3
        run.freezes = [Freeze(*span, kind, "GUI thread", (), -1, (), 9, 1.0)]
    return run


def hint_after(
    run: Run, *before: Run, is_tour: bool = False, gil_enabled: bool = True, done: Sequence[str] = ()
) -> Hint:
    return after_run(run, [*before, run], KNOWN._replace(gil_enabled=gil_enabled), is_tour, done)


# ---------------------------------------------------------------- after a run


def test_after_a_freeze_the_same_work_elsewhere_is_offered() -> None:
    run = ended(settings("gui_thread"), 4210, kind="c")
    hint = hint_after(run)
    assert hint.text == "The window was frozen for 4.2 s. Now run exactly the same work off the GUI thread:"
    assert hint.label == f"Run it on {POOL}"
    assert hint.settings == run.settings._replace(runner_entry=RUNNERS["thread_pool"])


def test_a_blocking_run_that_nobody_noticed_is_called_no_freeze() -> None:
    run = ended(settings("gui_thread"), 60)
    assert hint_after(run) == before_run(run.settings)


@pytest.mark.parametrize(
    ("workload", "said"),
    [
        ("primes", "1 of 4 tasks failed, so this run shows little. It ran on"),
        ("transfer.ordered", "1 of 4 tasks failed, so this run shows little. It ran on"),
        (
            "twice.lock",
            "1 of 4 tasks failed, as intended: A Lock makes its own holder wait, for ever. It ran on",
        ),
        ("rounds.timeout", "1 of 4 tasks failed, as intended: The first task fails, so that there is"),
    ],
)
def test_a_failure_that_is_meant_shows_what_it_is_to(workload: str, said: str) -> None:
    run = made_run("thread_pool", failed=1, lag=lag_of(22))
    run.settings = settings("thread_pool", workload)
    assert hint_after(run).text.startswith(said)
    assert has_failed(run) is said.startswith("1 of 4 tasks failed, so")


def test_after_the_same_work_elsewhere_the_difference_is_told() -> None:
    before = ended(settings("gui_thread"), 4010, wall_s=4.0)
    hint = hint_after(ended(settings("thread_pool")), before)
    assert "worst lag 12 ms instead of 4.0 s on the GUI thread, and about 2.0× as fast." in hint.text
    assert hint.label == "Run it with 4 workers"
    assert hint.settings is not None
    assert hint.settings.workers == 4


def test_a_run_on_its_own_is_offered_its_counterpart() -> None:
    hint = hint_after(ended(settings("thread_pool")))
    assert hint.label == "Run it on the GUI thread"
    assert hint.settings is not None
    assert hint.settings.runner == "gui_thread"


def test_a_cancelled_run_teaches_nothing() -> None:
    run = made_run("gui_thread", cancelled=1, lag=lag_of(4010))
    assert hint_after(run) == before_run(run.settings)


def test_a_run_that_failed_is_compared_with_nothing() -> None:
    before = made_run("gui_thread", wall_s=4.0, lag=lag_of(4010))
    hint = hint_after(made_run("process_pool", failed=4, wall_s=0.01, lag=lag_of(22)), before, is_tour=True)
    assert hint.text.startswith("4 of 4 tasks failed")
    assert "as fast" not in hint.text
    assert not hint.label


@pytest.mark.parametrize(
    ("chosen", "kind", "gil_enabled", "to", "polite"),
    [
        (settings("gui_thread"), "c", True, "thread_pool", True),
        (settings("gui_thread", "download"), "io", True, "thread_pool", True),
        (settings("gui_thread", "primes"), "python", True, "process_pool", True),
        (settings("gui_thread", "primes"), "python", False, "thread_pool", True),
        (settings("gui_thread", "hold_gil"), "unknown", True, "process_pool", True),
        (settings("gui_thread", "sleep"), "unknown", True, "thread_pool", True),
        (settings("gui_thread", "sleep"), "", True, "thread_pool", True),
        (settings("cooperative", "sleep"), "unknown", True, "thread_pool", True),
        (settings("thread_pool", "sleep"), "unknown", True, None, True),
        (settings("thread_pool", "hold_gil"), "lock", True, "process_pool", True),
        (settings("qthread", "hold_gil"), "c_gil", True, "process_pool", True),
        (settings("thread_pool", "primes", polite=False), "lock", True, "thread_pool", True),
        (settings("thread_pool", "primes"), "python", True, "process_pool", True),
        (settings("thread_pool", "hashing"), "lock", True, None, True),
        (settings("process_pool", "primes"), "python", True, None, True),
        (settings("cooperative", "hold_gil"), "c_gil", True, "process_pool", True),
    ],
)
def test_hint_and_card_advise_the_same_and_never_where_the_work_is(
    chosen: Settings, kind: str, gil_enabled: bool, to: str | None, polite: bool
) -> None:
    hint = hint_after(ended(chosen, 1010, kind=kind), gil_enabled=gil_enabled)
    card = advise(kind or "unknown", chosen, KNOWN._replace(gil_enabled=gil_enabled))
    if to is None:
        assert card.settings is None
        assert card.text in hint.text
        return
    assert hint.settings == card.settings
    assert hint.label == card.label
    assert card.settings is not None
    assert card.settings.runner == to
    assert card.settings.polite is polite
    assert (card.settings.runner, card.settings.polite) != (chosen.runner, chosen.polite)
    assert is_same_work(card.settings, chosen)


def test_hint_and_line_of_reason_speak_of_the_same_freeze() -> None:
    """The longest has no line, so the reason cannot speak of it; what is advised is against what the reason names."""
    run = ended(settings("gui_thread", "primes"), 4010, kind="c")
    [longest] = run.freezes
    line = Line("/p/mine.py", 3, "work", "total += 1")
    known = longest._replace(ended=longest.started + 2.0, kind="python", stack=(line,), guilty=0)
    shorter = known._replace(ended=longest.started + 1.0, kind="sleep")
    run.freezes = [longest, known, shorter]
    assert told_of(run.freezes) is known
    hint = hint_after(run)
    assert hint.settings is not None
    assert hint.settings.runner == "process_pool"


def test_what_was_measured_is_more_than_what_was_seen() -> None:
    chosen = settings("gui_thread", "hashing")
    run = ended(chosen, 1010, kind="c")
    known = KNOWN._replace(measured={"hashing": "process_pool"})
    card = advise("c", chosen, known)
    assert card.label == "Run it on ProcessPoolExecutor"
    assert card.why.startswith(MEASURED)
    assert after_run(run, [run], known, is_tour=False).settings == card.settings
    there = chosen._replace(runner_entry=RUNNERS["process_pool"])
    assert advise("c", there, known).settings is None, "it is there already"


def test_what_the_runner_had_to_say_is_said() -> None:
    for gaps, before in ((22, []), (22, [ended(settings("gui_thread"), 4010)]), (910, [])):
        run = ended(settings("process_events"), gaps)
        run.notes = ["Up to 4 tasks were nested."]
        assert "Up to 4 tasks were nested." in hint_after(run, *before).text


def test_a_slow_start_of_processes_is_told() -> None:
    before = ended(settings("gui_thread"), 4010, wall_s=4.0)
    run = ended(settings("process_pool"))
    assert "before the first task" not in hint_after(run, before).text
    run.recorder.changes.times[0] += 0.9
    assert "900 ms of it went by before the first task began." in hint_after(run, before).text


@pytest.mark.parametrize(
    ("runner", "said", "not_said"),
    [
        ("thread_pool", "It ran in threads, and yet the window was frozen for 900 ms", "processes"),
        ("asyncio_loop", "It ran in threads", "process pool"),
        ("process_pool", "It ran in a process pool, apart from the window's GIL, and yet", "threads"),
        ("other_python", "It ran in another Python, apart", "threads"),
        ("interpreters", "It ran in a pool of interpreters", "threads"),
        ("cooperative", "It ran on the GUI thread in slices", "in threads"),
        ("process_events", "processEvents helps only as often as it is called", "in threads"),
        ("qt_network", "what is made of them is made on the GUI thread", "in threads"),
        ("somebodys_own", "It ran elsewhere, and yet the window was frozen", "in threads"),
    ],
)
def test_why_a_place_did_not_help_is_told_as_it_is_there(runner: str, said: str, not_said: str) -> None:
    text = hint_after(made_run(runner, lag=lag_of(910))).text
    assert said in text
    assert "frozen for 900 ms" in text
    assert not_said not in text


def test_the_run_before_is_the_latest_of_the_same_work_that_was_done_otherwise() -> None:
    run = made_run()
    twin, older = made_run("gui_thread"), made_run("gui_thread")
    others = [
        made_run("gui_thread", tasks=5),
        made_run("gui_thread", seed=2),
        made_run("gui_thread", params=(("count", 1),)),
        made_run("gui_thread", cancelled=1),
        made_run("gui_thread", failed=1),
        made_run("thread_pool"),
    ]
    assert run_before(run, [older, twin, *others]) is twin
    assert run_before(run, others) is None
    same = [is_same_work(run.settings, other.settings) for other in others]
    assert same == [False, False, False, True, True, True]


def test_a_parameter_of_the_place_makes_no_other_work() -> None:
    elsewhere = made_run("other_python", params=(("python", "pypy3"), ("count", 3)))
    compared = made_run("gui_thread", params=(("count", 3), ("python", "")))
    alone = made_run("gui_thread", params=(("count", 3),))
    assert is_same_work(elsewhere.settings, compared.settings)
    assert is_same_work(elsewhere.settings, alone.settings)
    assert not is_same_work(elsewhere.settings, made_run("gui_thread", params=(("count", 4),)).settings)


# ---------------------------------------------------------------- the tour


def test_the_very_first_hint_offers_the_first_lesson_as_well() -> None:
    hint = first()
    assert hint.text == FIRST
    assert hint.label == "Or begin with lesson 1: A frozen window"
    assert (hint.action, hint.lesson, hint.is_tour) == (LESSON, "frozen_window", False)


def test_what_is_seen_in_live_at_first_is_the_first_lesson() -> None:
    freeze = ended(settings("gui_thread", "download"), 4010, kind="io")
    hint = hint_after(freeze, is_tour=True)
    assert hint.label == f"Run it on {POOL}"
    assert hint.is_tour
    assert hint.settings is not None
    hint = hint_after(ended(hint.settings), freeze, is_tour=True)
    assert "worst lag 12 ms instead of 4.0 s on the GUI thread" in hint.text, "its own figures"
    assert hint.text.endswith(" Next, lesson 2: Waiting is free.")
    assert (hint.action, hint.lesson, hint.label) == (LESSON, "waiting_is_free", "Open lesson 2")
    assert hint.is_tour


@pytest.mark.parametrize(
    "seen", [[], [ended(settings("gui_thread", "sleep"), 4010)], [ended(settings("cooperative", "download"))]]
)
def test_who_saw_something_else_is_offered_the_first_lesson_too(seen: list[Run]) -> None:
    hint = hint_after(ended(settings("thread_pool", "download")), *seen, is_tour=True)
    assert hint.lesson == "frozen_window"


def test_the_next_lesson_is_one_that_was_not_done_and_after_the_last_the_tour_is_over() -> None:
    run = ended(settings("thread_pool", "download"))
    done: list[str] = []
    for number, name in enumerate(LESSONS, 1):
        for hint in (hint_after(run, is_tour=True, done=done), next_lesson(done)):
            assert (hint.lesson, hint.label, hint.is_tour) == (name, f"Open lesson {number}", True)
        done.append(name)
    assert hint_after(run, is_tour=True, done=[*LESSONS[:2], LESSONS[3]]).lesson == LESSONS[2]
    for hint in (hint_after(run, is_tour=True, done=done), next_lesson(done)):
        assert hint.text.endswith(LEARNED)
        assert (hint.action, hint.lesson, hint.is_tour) == (OWN, "", False)


def test_a_lesson_whose_file_cannot_be_read_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = {LESSONS[1]: "Waiting is free"}
    monkeypatch.setattr(next_step, "title_of", lambda name: titles.get(name, ""))
    assert first() == Hint(FIRST, is_of_start=True)
    assert next_lesson([]).lesson == LESSONS[1]
    assert next_lesson(LESSONS[1:2]).text == LEARNED
    assert title_of("no_such_lesson") == ""


def test_what_helps_against_a_freeze_comes_before_a_lesson() -> None:
    for chosen, kind in ((settings("thread_pool", "hold_gil"), "lock"), (settings("gui_thread"), "c")):
        run = ended(chosen, 1010, kind=kind)
        assert hint_after(run, is_tour=True) == hint_after(run)._replace(is_tour=True)


def test_on_the_gui_thread_no_lesson_is_offered() -> None:
    run = ended(settings("gui_thread"), 60)
    assert hint_after(run, is_tour=True) == before_run(run.settings)


def test_without_a_tour_no_lesson_is_offered() -> None:
    hint = hint_after(ended(settings("thread_pool", "download")))
    assert not hint.lesson
    assert not hint.is_tour


# ---------------------------------------------------------------- before and during a run


@pytest.mark.parametrize(
    ("chosen", "which", "said"),
    [
        (settings("gui_thread"), "", "Running on the GUI thread. Frozen from now on."),
        (settings("gui_thread"), "Comparing 1 of 2", "Comparing 1 of 2: GUI thread. Frozen from now on."),
        (
            settings("thread_pool"),
            "Comparing 2 of 2",
            "Comparing 2 of 2: ThreadPoolExecutor. Try it: click, type, scroll.",
        ),
        (settings("thread_pool"), "", "Running on ThreadPoolExecutor. Try it: click, type, scroll."),
        (
            settings("thread_pool", "hold_gil"),
            "",
            "Running on ThreadPoolExecutor. It runs in a thread, but this call keeps the GIL: will the window answer?",
        ),
        (
            settings("qthread", "primes", polite=False),
            "",
            "Running on QThread. Its threads take the GIL without taking turns: will the window answer?",
        ),
        (
            settings("process_pool", "hold_gil"),
            "",
            "Running on ProcessPoolExecutor. Try it: click, type, scroll.",
        ),
        (
            settings("cooperative"),
            "",
            "Running in cooperative slices. It runs on the GUI thread, a slice at a time: the window answers between "
            "two slices.",
        ),
    ],
)
def test_while_it_runs_nothing_is_promised_that_may_not_come(chosen: Settings, which: str, said: str) -> None:
    assert while_running(chosen, which).text == said


@pytest.mark.parametrize("runner", list(RUNNERS))
def test_what_runs_on_the_gui_thread_is_never_said_to_run_elsewhere(runner: str) -> None:
    text = before_run(settings(runner)).text
    assert "elsewhere" not in text
    is_gui = RUNNERS[runner].traits.gil == "gui"
    assert ("stays free" in text) is not is_gui
    if is_gui:
        assert RUNNERS[runner].traits.promise in text


def test_a_paused_run_says_how_far_it_is() -> None:
    run = made_run(tasks=24, cancelled=17, wall_s=1.4)
    hint = paused(run)
    assert hint.text == "Paused after 1.4 s, 7 of 24 done."
    assert hint.label == "Resume"
