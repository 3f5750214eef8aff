"""What a benchmark runs: its cells, their order, how much work they have, and what cannot be run."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.sample_benchmarks import made_matrix
from workers.benchmark.choice import Choice, default_choice
from workers.benchmark.matrix import Cell, make_matrix
from workers.benchmark.results import BETWEEN_S, Pace
from workers.benchmark.sizes import CELL_S, size_of
from workers.catalog import lookup
from workers.catalog.compatibility import Chosen, starts_too_often
from workers.engine.plan import BLOCKING, Settings
from workers.pythons import asking, finding
from workers.remote import pythons

# As where everything is installed: here nothing is run.
RUNNERS = {name: entry._replace(missing="") for name, entry in lookup.runners().items()}
WORKLOADS = {name: entry._replace(missing="") for name, entry in lookup.workloads().items()}
NET = ("qt_network",)


def choice(**parts: Any) -> Choice:
    return Choice(("thread_pool",), ("sleep",), (1, 2), 1)._replace(**parts)


def test_the_gui_thread_is_measured_once_for_each_workload() -> None:
    matrix = make_matrix(
        choice(runners=(BLOCKING, "thread_pool", "process_pool"), workloads=("sleep", "primes")),
        RUNNERS,
        WORKLOADS,
    )
    assert matrix.cells[:5] == (
        Cell(BLOCKING, "sleep", 1),
        Cell("thread_pool", "sleep", 1),
        Cell("process_pool", "sleep", 1),
        Cell("thread_pool", "sleep", 2),
        Cell("process_pool", "sleep", 2),
    )
    assert [cell for cell in matrix.cells if cell.runner == BLOCKING] == [
        Cell(BLOCKING, "sleep", 1),
        Cell(BLOCKING, "primes", 1),
    ]


def test_a_place_that_would_only_begin_tasks_is_left_out_unless_their_number_was_chosen() -> None:
    slow = RUNNERS["thread_pool"]._replace(
        name="slow", title="Slow", traits=RUNNERS["thread_pool"].traits._replace(start_s=3.0)
    )
    runners = {**RUNNERS, "slow": slow}
    wanted = choice(runners=("slow", "thread_pool"))
    matrix = make_matrix(wanted, runners, WORKLOADS)
    assert {cell.runner for cell in matrix.cells} == {BLOCKING, "thread_pool"}
    [refused] = matrix.refused
    assert (refused.runner, refused.workload) == ("slow", "sleep")
    assert refused.why == "To begin 16 tasks there takes about 48 s: it is tried with fewer and longer ones."
    assert "slow" in {cell.runner for cell in make_matrix(wanted._replace(tasks=16), runners, WORKLOADS).cells}


def test_another_python_is_begun_once_for_all_tasks() -> None:
    assert starts_too_often(lookup.runners()["other_python"], 100_000) == ""


def test_which_python_it_was_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def choose(wanted: str) -> asking.Python:
        asked.append(wanted)
        return asking.Python("/opt/python3.13t", "CPython", (3, 13, 1), gil=False)

    monkeypatch.setattr(pythons, "refusal", lambda workload, params: "")
    monkeypatch.setattr(finding, "choose", choose)
    runners = ("thread_pool", "other_python")
    matrix = make_matrix(choice(runners=runners, params=(("python", "pypy3"),)), RUNNERS, WORKLOADS)
    assert matrix.chosen == {
        "thread_pool": None,
        "other_python": Chosen("Python 3.13.1t", "/opt/python3.13t"),
    }
    assert asked == ["pypy3"]


def test_every_repetition_has_all_cells_and_every_second_one_goes_backwards() -> None:
    matrix = made_matrix(repeat=3)
    order = list(matrix.order())
    count = len(matrix.cells)
    assert matrix.runs == len(order) == 3 * count
    assert order[:count] == order[2 * count :] == list(matrix.cells)
    assert order[count : 2 * count] == list(reversed(matrix.cells))


def test_what_does_not_fit_is_told_and_left_out() -> None:
    matrix = make_matrix(
        choice(runners=("thread_pool", "qt_network"), workloads=("sleep", "download")), RUNNERS, WORKLOADS
    )
    assert [(one.runner, one.workload) for one in matrix.refused] == [("qt_network", "sleep")]
    assert "only downloads" in matrix.refused[0].why
    assert Cell("qt_network", "download", 2) in matrix.cells
    assert Cell("qt_network", "sleep", 2) not in matrix.cells


def test_a_workload_that_fits_nowhere_is_not_measured_on_the_gui_thread_either() -> None:
    matrix = make_matrix(choice(runners=NET, workloads=("sleep", "download")), RUNNERS, WORKLOADS)
    assert {cell.workload for cell in matrix.cells} == {"download"}
    assert list(matrix.sizes) == ["download"]


def test_where_nothing_fits_there_is_a_sentence() -> None:
    with pytest.raises(ValueError, match="only downloads"):
        make_matrix(choice(runners=NET), RUNNERS, WORKLOADS)


@pytest.mark.parametrize(
    "parts", [{"runners": ()}, {"runners": (BLOCKING,)}, {"workloads": ()}, {"workers": ()}]
)
def test_an_empty_choice_is_a_sentence(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Choose a workload"):
        make_matrix(choice(**parts), RUNNERS, WORKLOADS)


@pytest.mark.parametrize("workload", ["primes", "hashing", "hold_gil", "sleep"])
def test_a_cell_is_about_a_second_for_the_gui_thread(workload: str) -> None:
    size = size_of(WORKLOADS[workload], choice(workers=(1, 2, 4, 8)))
    assert size.tasks == 16
    ((name, value),) = size.params
    assert value == float(f"{value:.2g}"), "the same the next time"
    if workload == "hashing":  # it is tried on this machine, whatever else that does
        assert 0.05 < size.expected_s < 20
    else:
        assert size.expected_s == pytest.approx(CELL_S, rel=0.12)
    assert f"{name}=" in size.words


def test_where_the_size_of_a_task_is_fixed_there_are_as_many_as_it_takes() -> None:
    size = size_of(WORKLOADS["download"], choice(workers=(1, 2, 4)))
    assert (size.tasks, size.params, size.unit) == (8, (), "bytes")
    assert size.expected_s == pytest.approx(8 * 0.16)


def test_tiles_of_one_picture_are_the_same_work_however_many_there_are() -> None:
    size = size_of(WORKLOADS["mandelbrot"], choice())
    assert size.tasks == 16
    assert size.expected_s == pytest.approx(4.0)


def test_a_workload_that_was_disturbed_when_it_tried_itself_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = iter([9.0, 1.0, 7.0, 8.0, 9.0])
    monkeypatch.setattr("workers.benchmark.sizes.usual_seconds", lambda workload, tasks, params: next(told))
    assert size_of(WORKLOADS["sleep"], choice(tasks=1, params=(("seconds", 1.0),))).expected_s == 1.0


@pytest.mark.parametrize(
    ("workers", "tasks"), [((1,), 16), ((3,), 18), ((1, 2, 3, 4), 24), ((5, 7), 35), ((100,), 100)]
)
def test_tasks_go_evenly_into_the_workers(workers: tuple[int, ...], tasks: int) -> None:
    size = size_of(WORKLOADS["sleep"], choice(workers=workers))
    assert size.tasks == tasks
    assert all(tasks % count == 0 for count in workers)


def test_uneven_numbers_of_workers_do_not_make_thousands_of_tasks() -> None:
    assert size_of(WORKLOADS["sleep"], choice(workers=(7, 11, 13))).tasks == 26


def test_what_a_person_chose_is_not_scaled() -> None:
    size = size_of(WORKLOADS["sleep"], choice(tasks=3, params=(("seconds", 0.5), ("python", "x"))))
    assert (size.tasks, size.params) == (3, (("seconds", 0.5),))
    assert size.expected_s == pytest.approx(1.5)
    assert size.words == "3 tasks, seconds=0.5; speeds in seconds"


def test_the_settings_of_a_cell() -> None:
    matrix = make_matrix(
        choice(tasks=4, params=(("seconds", 0.1),), seed=7, polite=False, switch_interval_ms=5.0),
        RUNNERS,
        WORKLOADS,
    )
    assert matrix.settings(Cell("thread_pool", "sleep", 2)) == Settings.named(
        "thread_pool", "sleep", 4, 2, (("seconds", 0.1),), 7, False, 5.0
    )


def test_the_usual_choice_is_one_of_each_kind_that_is_available() -> None:
    usual = default_choice(RUNNERS, WORKLOADS)
    assert usual.runners == ("thread_pool", "process_pool", "asyncio_loop", "cooperative")
    assert usual.workloads == ("primes", "hashing", "download")
    without = {**RUNNERS, "cooperative": RUNNERS["cooperative"]._replace(missing="needs a window")}
    assert default_choice(without, WORKLOADS).runners == usual.runners[:3]
    few = {name: RUNNERS[name] for name in (BLOCKING, "qthread")}
    assert default_choice(few, WORKLOADS).runners == ("qthread",)


def test_time_left_is_what_the_cells_took() -> None:
    matrix = made_matrix(workloads=("primes", "hashing"), workers=(1,))
    pace = Pace(matrix)
    blocking, threads, processes = matrix.cells[:3]
    assert pace.left_s(matrix.cells) == pytest.approx(len(matrix.cells) * (1.0 + BETWEEN_S))
    pace.took(blocking, 2.0)
    pace.took(blocking, 4.0)
    assert pace.left_s([blocking]) == pytest.approx(3.0)
    pace.took(threads, 1.0)
    assert pace.left_s([threads, processes]) == pytest.approx(1.0 + 7 / 3), (
        "another cell takes as long as those of it"
    )
    assert pace.left_s([]) == 0.0
