"""Where a person's function should run: from figures to words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from workers.benchmark.advice import NO_ADVICE, Advice, advise, again, program
from workers.benchmark.advice_words import NO_WINDOW
from workers.benchmark.choice import Choice, everywhere
from workers.benchmark.findings import POLITE
from workers.benchmark.matrix import Cell, Matrix, Refused
from workers.benchmark.results import Benchmark, RunSample
from workers.benchmark.sizes import Size
from workers.catalog import lookup, user_functions
from workers.catalog.compatibility import Chosen, refusal
from workers.engine.plan import BLOCKING
from workers.pythons import finding

if TYPE_CHECKING:
    from pathlib import Path

RUNNERS = {  # as where there is Qt
    name: entry._replace(missing="") if "PySide6" in entry.missing else entry
    for name, entry in lookup.runners().items()
}
TASKS = 100


@pytest.fixture
def name(tmp_path: Path) -> str:
    file = tmp_path / "mine.py"
    file.write_text("def work(size: int = 3): ...\nasync def waits(): ...\n")
    return f"{file}:work"


def measured(
    name: str,
    figures: dict[str, Any],
    refused: dict[str, str] | None = None,
    tasks: int | None = None,
    **more: Any,
) -> Benchmark:
    """A benchmark: of each runner its wall times in s, and the p95 of the lag in ms; or what went wrong."""
    has_window, starts = more.pop("has_window", True), more.pop("starts", {})
    cells = tuple(Cell(runner, name, 1 if runner == BLOCKING else 4) for runner in figures)
    matrix = Matrix(
        Choice(tuple(figures), (name,), (4,), 2, tasks),
        cells,
        tuple(Refused(runner, name, why) for runner, why in (refused or {}).items()),
        {name: Size(TASKS, (("size", 5),), 1.0, "calls")},
        {runner: entry.title for runner, entry in RUNNERS.items()},
        {name: "work (mine.py)"},
        {},
        workloads={name: lookup.named("workloads", name)},
        chosen={"other_python": Chosen("Python 3.13.1t", "/opt/python3.13t")},
    )
    made = Benchmark(matrix, has_window)
    made.environment = {"cpus": 2, "gil_enabled": True, **more}
    for cell, figure in zip(cells, figures.values(), strict=True):
        if isinstance(figure, str):
            made.take_problem(cell, figure)
            continue
        walls, lag = figure
        for wall in walls:
            p95, p99, most = (lag, lag * 2, lag * 3) if has_window else (None, None, None)
            made.take_sample(
                cell, RunSample(TASKS / wall, wall, p99, most, 1.0, 50.0, starts.get(cell.runner, 0.0), p95)
            )
    return made


def advice(*args: Any, **kwargs: Any) -> Advice:
    return advise(measured(*args, **kwargs), RUNNERS)


def test_pure_python_belongs_in_processes(name: str) -> None:
    found = advice(
        name,
        {
            "gui_thread": ((2.0, 2.1), 1900),
            "qthread": ((2.0, 2.05), 12),
            "thread_pool": ((2.05, 2.1), 12),
            "process_pool": ((1.1, 1.05), 4),
            "cooperative": ((2.0, 2.1), 25),
        },
    )
    assert found.runner == "process_pool"
    assert found.text == (
        "Run it in a process pool: 1.9 times as fast as on the GUI thread, and the window stays smooth (lag p95 "
        "4.0 ms). Threads are no faster here: it holds the GIL. On the GUI thread each call keeps the window waiting "
        f"for 20 ms. {POLITE[True]}"
    )
    assert "from mine import work" in found.snippet
    assert "ProcessPoolExecutor" in found.snippet
    assert "{'size': 5}" in found.snippet


@pytest.mark.parametrize("walls", [(1.4, 1.95), (1.5, 1.7)])
def test_what_may_be_chance_is_claimed_nowhere(name: str, walls: tuple[float, float]) -> None:
    """Pure Python on an event loop cannot be faster: two runs of each were so on a busy machine."""
    found = advice(name, {"gui_thread": ((2.3, 1.9), 1900), "asyncio_loop": (walls, 8)})
    assert found.runner == "asyncio_loop"
    assert found.text.startswith("Run it in an asyncio event loop")
    assert "times as fast" not in found.text
    assert "several calls go on at the same time" not in found.text
    assert (
        ": neither clearly faster nor clearly slower than on the GUI thread, and the window stays" in found.text
    )


def test_nothing_is_read_again_for_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The window asks for it while the benchmark goes on, and a project may have thousands of files."""
    results = measured(name, {"gui_thread": ((2.0, 2.0), 1900), "thread_pool": ((1.0, 1.0), 5)})
    monkeypatch.setattr(user_functions, "entry", lambda *_: pytest.fail("it was read"))
    assert advise(results, RUNNERS).snippet
    assert again(results) == []


def test_the_program_for_another_python_names_the_one_that_was_measured(name: str) -> None:
    figures = {BLOCKING: ((2.0, 2.0), 1900), "other_python": ((1.0, 1.0), 5), "thread_pool": ((2.0, 2.0), 8)}
    results = measured(name, figures)
    assert "\nPYTHON = '/opt/python3.13t'\n" in program(results, "other_python")
    assert program(results, "other_python") == advise(results, RUNNERS).snippet
    assert "from mine import work" in program(results, "thread_pool")


def test_what_waits_belongs_in_threads(name: str) -> None:
    found = advice(
        name,
        {
            "gui_thread": ((4.0, 4.0), 3900),
            "qthread": ((1.0, 1.02), 2),
            "thread_pool": ((1.01, 1.03), 3),
            "process_pool": ((1.1, 1.12), 5),
        },
    )
    assert found.runner == "thread_pool"
    assert found.text == (
        "Run it in a thread pool: 3.9 times as fast as on the GUI thread, and the window stays smooth (lag p95 "
        "3.0 ms). It waits, or lets go of the GIL: several calls go on at the same time. Other processes are not "
        f"faster, and cost more. On the GUI thread each call keeps the window waiting for 40 ms. {POLITE[True]}"
    )


def test_another_python_is_not_advised_where_processes_do_nearly_as_well(name: str) -> None:
    figures = {
        "gui_thread": ((2.0, 2.0), 1900),
        "thread_pool": ((2.0, 2.0), 8),
        "process_pool": ((1.9, 1.9), 5),
        "other_python": ((1.1, 1.1), 5),
    }
    found = advice(name, figures)
    assert found.runner == "thread_pool"
    assert "Python 3.13.1t is 1.8 times as fast as that, for a program that can bring it along." in found.text
    assert advice(name, {**figures, "process_pool": ((1.7, 1.7), 5)}).runner == "process_pool"


def test_a_faster_python_does_not_say_that_work_holds_the_gil(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "choose", None)  # it is not asked again which one it was
    figures = {
        "gui_thread": ((2.0, 2.0), 1900),
        "asyncio_loop": ((2.0, 2.0), 8),
        "other_python": ((0.5, 0.5), 5),
    }
    found = advice(name, figures)
    assert found.runner == "other_python"
    assert "Run it in Python 3.13.1t (/opt/python3.13t): 4.0 times as fast" in found.text
    assert found.head == "Run it in Python 3.13.1t (/opt/python3.13t)"
    assert found.rest.startswith("4.0 times as fast")
    points = {point.runner: point.title for point in found.points}
    assert points["other_python"] == "Python 3.13.1t at /opt/python3.13t"
    assert "Threads are no faster here. " in found.text
    assert "Other processes" not in found.text, "it is one"
    assert "it holds the GIL" in advice(name, {**figures, "process_pool": ((1.0, 1.0), 5)}).text


def test_the_start_of_a_place_is_told_and_not_counted(name: str) -> None:
    figures = {
        "gui_thread": ((2.0, 2.0), 1900),
        "thread_pool": ((2.0, 2.0), 5),
        "process_pool": ((1.5, 1.5), 5),
    }
    found = advice(name, figures, starts={"process_pool": 0.5})
    assert found.runner == "process_pool"
    assert "2.0 times as fast as on the GUI thread" in found.text
    assert "Its start takes 500 ms, which is not counted here: start it once and keep it." in found.text


def test_a_fast_place_that_makes_the_window_lag_is_not_taken(name: str) -> None:
    found = advice(
        name,
        {
            "gui_thread": ((2.0, 2.0), 1900),
            "thread_pool": ((2.0, 2.0), 8),
            "process_pool": ((1.0, 1.0), 140),
        },
    )
    assert found.runner == "thread_pool"
    assert "Other processes are 2.0 times as fast, but the window lags more." in found.text


def test_where_it_lags_everywhere_the_least_is_taken_and_told(name: str) -> None:
    found = advice(
        name, {"gui_thread": ((2.0, 2.0), 1900), "thread_pool": ((2.0, 2.1), 250), "qthread": ((2, 2), 80)}
    )
    assert found.runner == "qthread"
    assert "the window's lag is noticeable (p95 80 ms), which is the least there is" in found.text


def test_a_little_faster_is_not_worth_another_kind_of_place(name: str) -> None:
    found = advice(
        name,
        {"gui_thread": ((2.0, 2.0), 1900), "thread_pool": ((2.0, 2.0), 5), "process_pool": ((1.9, 1.91), 5)},
    )
    assert found.runner == "thread_pool"
    assert found.text.startswith(
        "Run it in a thread pool: as fast as on the GUI thread, and the window stays smooth"
    )


def test_what_cannot_be_told_apart_is_run_again_and_said_in_the_end(name: str) -> None:
    """Two runs of each on a busy machine: processes may be slower, or twice as fast."""
    figures: dict[str, Any] = {
        "gui_thread": ((2.0, 2.0), 1900),
        "thread_pool": ((2.0, 1.5), 5),
        "process_pool": ((1.3, 1.7), 5),
        "qthread": ((2.0, 1.6), 5),
    }
    results = measured(name, figures)
    assert [cell.runner for cell in again(results)] == ["thread_pool", "process_pool"]
    found = advise(results, RUNNERS)
    assert not found.is_sure
    assert (
        "It could not be told apart from running it in a process pool: in 2 runs of each it was" in found.text
    )
    assert "Other processes" not in found.text
    clear = {**figures, "thread_pool": ((2.0, 2.1), 5), "qthread": ((2.0, 2.1), 5)}
    assert again(measured(name, {**clear, "process_pool": ((1.3, 1.35), 5)})) == []
    assert advice(name, {**clear, "process_pool": ((1.3, 1.35), 5)}).is_sure
    often = {**figures, "thread_pool": ((2.0, 1.5) * 5, 5), "process_pool": ((1.3, 1.7) * 5, 5)}
    assert again(measured(name, often)) == [], "there is an end to it"


def test_slices_are_for_short_calls(name: str) -> None:
    """A machine that is half as fast makes calls of twice the length: the window would stutter there."""
    figures = {
        "gui_thread": ((1.0, 1.0), 900),
        "cooperative": ((1.0, 1.0), 12),
        "thread_pool": ((1.0, 1.0), 14),
    }
    assert advice(name, figures).runner == "thread_pool"  # 10 ms a call
    short = {**figures, "gui_thread": ((0.4, 0.4), 400), "cooperative": ((0.3, 0.3), 12)}
    assert advice(name, short).runner == "cooperative"


def test_threads_of_a_library_are_told(name: str) -> None:
    figures = {"gui_thread": ((0.5, 0.5), 400), "thread_pool": ((0.5, 0.5), 5)}
    assert "One call keeps 2.0 processors busy by itself" in advice(name, figures).text
    assert "by itself" not in advice(name, {**figures, "gui_thread": ((1.0, 1.0), 400)}).text


def test_a_short_call_is_as_long_as_it_was_by_itself(name: str) -> None:
    results = measured(name, {"gui_thread": ((0.5, 0.5), 50), "thread_pool": ((0.5, 0.5), 2)})
    results.matrix.sizes[name] = results.matrix.sizes[name]._replace(call_s=15e-9)  # type: ignore[index]
    assert ": one takes 15 ns. " in advise(results, RUNNERS).text


def test_two_kinds_of_threads_are_one_unless_the_difference_is_large(name: str) -> None:
    figures = {"gui_thread": ((2.0, 2.0), 1900), "thread_pool": ((2.0, 2.0), 5)}
    assert advice(name, {**figures, "qthread": ((1.5, 1.5), 5)}).runner == "thread_pool"
    assert advice(name, {**figures, "qthread": ((1.2, 1.2), 5)}).runner == "qthread"


def test_a_short_call_needs_no_other_place(name: str) -> None:
    found = advice(name, {"gui_thread": ((0.05, 0.05), 50), "thread_pool": ((0.05, 0.05), 2)})
    assert found.head == "Make a single call right where you are, and many in a row in a thread pool"
    assert found.text.startswith(f"{found.head}: one takes 0.5 ms. Many run as fast as on the GUI thread")
    assert "On the GUI thread 33 calls in a row are more than a frame, and the window stutters." in found.text


def test_few_short_calls_are_made_at_once_where_a_person_said_how_many(name: str) -> None:
    found = advice(name, {"gui_thread": ((0.03, 0.03), 20), "thread_pool": ((0.03, 0.03), 2)}, tasks=TASKS)
    assert found.runner == "gui_thread"
    assert found.text == (
        "Call it right where you are, in the GUI thread: all of these calls take 30 ms, which nobody sees. "
        f"{POLITE[True]}"
    )
    assert "class Window" in found.snippet


def test_without_a_window_long_calls_are_kept_off_the_gui_thread_all_the_same(name: str) -> None:
    figures = {"gui_thread": ((4.0, 4.0), 0), "cooperative": ((1.0, 1.0), 0), "thread_pool": ((4.0, 4.1), 0)}
    found = advice(name, figures, has_window=False)
    assert found.runner == "thread_pool"
    assert found.text.endswith(f"{NO_WINDOW} {POLITE[True]}")
    assert "lag p95" not in found.text


def test_a_mistake_is_never_advised(name: str) -> None:
    found = advice(
        name,
        {"gui_thread": ((2.0, 2.0), 1900), "process_events": ((0.5, 0.5), 1), "thread_pool": ((2.0, 2.0), 20)},
    )
    assert found.runner == "thread_pool"


def test_an_async_function_has_nothing_to_be_compared_with(name: str) -> None:
    waits = name.replace(":work", ":waits")
    found = advice(waits, {"asyncio_loop": ((1.0, 1.0), 3)}, {"gui_thread": "waits is async."})
    assert found.runner == "asyncio_loop"
    assert found.text == (
        "Run it in an asyncio event loop: 100 calls a second, 4 at once, and the window stays smooth (lag p95 3.0 ms). "
        f"{POLITE[True]}"
    )
    assert "await waits(**ARGUMENTS)" in found.snippet


def test_of_several_numbers_of_workers_the_fastest_is_told(name: str) -> None:
    waits = name.replace(":work", ":waits")
    made = measured(waits, {"asyncio_loop": ((1.0, 1.0), 3)}, {"gui_thread": "waits is async."})
    more = Cell("asyncio_loop", waits, 8)
    made.matrix = made.matrix._replace(cells=(*made.matrix.cells, more))
    made.take_sample(more, RunSample(2 * TASKS, 0.5, 2.0, 3.0, 1.0, 50.0, 0.0, 1.0))
    assert advise(made, RUNNERS).text.startswith(
        "Run it in an asyncio event loop: 200 calls a second, 8 at once"
    )


def test_every_runner_is_a_point_or_has_a_reason(name: str) -> None:
    found = advice(
        name,
        {
            "gui_thread": ((2.0, 2.0), 1900),
            "thread_pool": ((1.0, 1.1), 5),
            "qthread": "1 of 100 tasks failed: no",
        },
        {"process_pool": "work cannot be pickled."},
    )
    points = {point.runner: point for point in found.points}
    assert list(points) == list(RUNNERS)
    best = points["thread_pool"]
    assert found.runner == "thread_pool"
    assert (best.title, best.short, best.why_not) == ("ThreadPoolExecutor", "pool", "")
    assert best.per_s == pytest.approx(95.5, abs=0.1)
    assert best.lag_ms == 5
    assert found.text.startswith("Run it in a thread pool: 1.9 times as fast as on the GUI thread")
    assert points["process_pool"].why_not == "work cannot be pickled."
    assert points["qthread"].why_not == "1 of 100 tasks failed: no"
    assert "only downloads" in points["qt_network"].why_not
    assert points["cooperative"].why_not == "It was not chosen."
    assert "It failed on QThread: 1 of 100 tasks failed: no." in found.text


def test_where_nothing_could_be_measured_the_reason_is_told(name: str) -> None:
    found = advice(name, {"gui_thread": "100 of 100 tasks failed: KeyError: 'b'", "thread_pool": "the same"})
    assert found.text == (
        "It is not known where work (mine.py) should run. 100 of 100 tasks failed: KeyError: 'b'"
    )
    assert (found.head, found.runner, found.snippet) == (NO_ADVICE, "", "")


def test_where_only_the_gui_thread_was_measured_there_is_no_advice(name: str) -> None:
    found = advice(name, {"gui_thread": ((2.0, 2.0), 1900)})
    assert found.text.endswith("Only the GUI thread was measured.")
    assert found.runner == ""


def test_what_needs_the_gui_thread_is_told_what_to_do(name: str) -> None:
    with open(name.rpartition(":")[0], "a") as file:
        file.write("NEEDS_GUI_THREAD = True\n")
    found = advice(name, {"gui_thread": ((2.0, 2.0), 1900), "cooperative": ((2.0, 2.0), 21)})
    assert found.runner == "cooperative"
    assert (
        "It can run in the GUI thread only: let each call do less, a few milliseconds at a time." in found.text
    )


def test_a_benchmark_that_was_ended_says_so(name: str) -> None:
    made = measured(name, {"gui_thread": ((2.0,), 1900), "thread_pool": ((1.0,), 5)})
    made.cancelled = True
    assert "a place that it did not reach may be better." in advise(made, RUNNERS).text


def test_what_was_measured_impolitely_says_so(name: str) -> None:
    made = measured(name, {"gui_thread": ((2.0, 2.0), 1900), "thread_pool": ((1.0, 1.0), 5)})
    made.matrix = made.matrix._replace(choice=made.matrix.choice._replace(polite=False))
    assert advise(made, RUNNERS).text.endswith(POLITE[False])


def test_everywhere_is_every_place_that_does_more_than_one_thing(name: str) -> None:
    entry = lookup.entry("workloads", name)
    assert entry is not None
    chosen = everywhere(entry, RUNNERS, (("size", 2),))
    usable = {runner for runner, one in RUNNERS.items() if not one.missing}
    assert set(chosen.runners) == usable - {
        "gui_thread",
        "qt_network",
        "stepped",
        "celery_queue",
        "dask_cluster",
    }
    assert (chosen.workloads, chosen.params, chosen.tasks) == ((name,), (("size", 2),), None)
    assert refusal(RUNNERS["thread_pool"], entry, {}, ask=False) == ""
    assert "only downloads" in refusal(RUNNERS["qt_network"], entry, {}, ask=False)
