"""What a benchmark measured, and what it says of that in words."""

from __future__ import annotations

import pytest

from tests.support.finished_runs import made_run
from tests.support.sample_benchmarks import made_benchmark, made_matrix
from workers.benchmark.findings import POLITE, curve, findings, headline, tables, times
from workers.benchmark.matrix import Cell, Refused
from workers.benchmark.places import ratio
from workers.benchmark.results import Benchmark, Spread, fastest, spread
from workers.engine.plan import BLOCKING

THREADS = {("thread_pool", count): (1.0, 1.02, 0.98) for count in (1, 2, 4)}
PROCESSES = {
    ("process_pool", 1): (0.95, 0.93, 0.97),
    ("process_pool", 2): (1.9, 1.85, 1.92),
    ("process_pool", 4): (1.88, 1.9, 1.91),
}


def test_the_speed_up_is_over_the_median_of_the_gui_thread() -> None:
    benchmark = made_benchmark({("process_pool", 2): (1.8, 2.0, 1.9)}, base=(1.0, 0.9, 1.1))
    result = benchmark.result(Cell("process_pool", "primes", 2))
    assert result.speed_up is not None
    assert result.speed_up == pytest.approx((1.8, 1.9, 2.0))
    assert result.per_s == pytest.approx((1800, 1900, 2000))
    assert result.runs == 3
    base = benchmark.result(Cell(BLOCKING, "primes", 1))
    assert base.speed_up == pytest.approx((0.9, 1.0, 1.1))


def test_without_the_gui_thread_there_is_no_speed_up_yet() -> None:
    benchmark = made_benchmark({("process_pool", 2): (1.8,)}, base=())
    result = benchmark.result(Cell("process_pool", "primes", 2))
    assert result.per_s is not None
    assert result.speed_up is result.started_speed_up is None
    assert benchmark.results() == [result]
    assert findings(benchmark) == [
        "Some combinations ran only once: how far such figures spread is not known. Repeat to find out."
    ]


def test_once_started_a_place_is_faster_than_it_is_in_all() -> None:
    benchmark = made_benchmark({("process_pool", 2): (1.5, 1.5, 1.5)}, startup_s=1 / 6)
    result = benchmark.result(Cell("process_pool", "primes", 2))
    assert result.started_speed_up == pytest.approx((2.0, 2.0, 2.0))
    assert "2 workers: 1.5×, lag 12 ms. " in findings(benchmark)[0]
    assert "2.0× once started, which took 167 ms." in findings(benchmark)[0]


def test_a_result_is_worked_out_once_after_each_run() -> None:
    benchmark, cell = made_benchmark({("process_pool", 2): (1.8,)}), Cell("process_pool", "primes", 2)
    assert benchmark.result(cell) is benchmark.result(cell)
    benchmark.take_problem(cell, "It broke.")
    assert benchmark.result(cell).problem == "It broke."


def test_figures_of_a_real_run() -> None:
    benchmark = Benchmark(made_matrix(), has_window=False)
    cell = Cell("thread_pool", "primes", 1)
    benchmark.take(cell, made_run(wall_s=2.0))
    result = benchmark.result(cell)
    assert result.per_s == pytest.approx((20.0, 20.0, 20.0))
    assert result.wall_s == pytest.approx((2.0, 2.0, 2.0))
    assert result.lag_p99_ms is result.cpu_s is None
    assert benchmark.done == 1


def test_a_run_that_failed_gives_its_reason_and_no_figures() -> None:
    benchmark = Benchmark(made_matrix(), has_window=False)
    cell = Cell("thread_pool", "primes", 1)
    benchmark.take(cell, made_run(failed=2))
    assert benchmark.result(cell).problem == "2 of 4 tasks failed: ValueError: nothing there"
    assert benchmark.result(cell).runs == 0
    said = findings(benchmark)
    assert said == [
        "Went wrong: Prime numbers (pure Python) on ThreadPoolExecutor, 1 worker. "
        "2 of 4 tasks failed: ValueError: nothing there"
    ]


def test_it_says_what_it_found() -> None:
    benchmark = made_benchmark({**THREADS, **PROCESSES})
    assert findings(benchmark) == [
        "Prime numbers (pure Python), on 2 cores:\n"
        "  GUI thread: 1.0×, lag 990 ms. The window freezes.\n"
        "  Threads (ThreadPoolExecutor), 1 worker: 1.0×, lag 12 ms. As fast, and the window stays smooth. No faster "
        "with more than 1 worker.\n"
        "  Processes (ProcessPoolExecutor), 2 workers: 1.9×, lag 12 ms. Faster, and the window stays smooth. More "
        "than 2 workers do not help.",
        "Medians of 3 runs.",
    ]
    assert headline(benchmark) == (
        "Prime numbers (pure Python): 1.9× the GUI thread's speed on Processes (ProcessPoolExecutor), 2 workers. "
        "Faster, and the window stays smooth. More than 2 workers do not help."
    )


def test_it_weighs_speed_against_the_window() -> None:
    def verdict(speed: float, lag: float) -> str:
        [[_, row]] = tables(made_benchmark({("thread_pool", 1): (speed,) * 3}, lag=lag)).values()
        return row.verdict

    assert verdict(0.5, 5.0) == "Slower, but the window stays smooth"
    assert verdict(0.5, 900.0) == "Slower, and the window freezes"
    assert verdict(1.8, 50.0) == "Faster, and the window lags a little"
    assert verdict(1.8, 300.0) == "Faster, but the window is slow"


def test_lag_is_judged_as_it_is_shown() -> None:
    [[_, row]] = tables(made_benchmark({("thread_pool", 1): (1.8,) * 3}, lag=100.3)).values()
    assert (row.lag, row.band) == ("100 ms", "noticeable")


def test_the_best_place_is_that_of_the_largest_speed_up_however_it_is_written() -> None:
    def best(threads: float, processes: float) -> str:
        speeds = {("thread_pool", 1): (threads,) * 3, ("process_pool", 1): (processes,) * 3}
        return headline(made_benchmark(speeds))

    assert "14× the GUI thread's speed on Processes" in best(13.6, 14.4)
    assert "1,234× the GUI thread's speed on Processes" in best(1.5, 1234.0)


def test_without_a_window_nothing_is_said_of_lag() -> None:
    said = " ".join(findings(made_benchmark(THREADS, lag=None)))
    assert "lag" not in said
    assert "window" not in said


def test_a_kind_is_as_good_as_the_best_of_its_runners() -> None:
    matrix = made_matrix(("thread_pool", "qthread"), (1,))
    said = findings(made_benchmark({("thread_pool", 1): (1.2,) * 3, ("qthread", 1): (1.4,) * 3}, matrix))
    assert "Threads (QThread), 1 worker: 1.4×" in said[0]
    assert "ThreadPoolExecutor" not in said[0]


def test_a_speed_that_was_measured_once_is_no_finding() -> None:
    benchmark = made_benchmark({("thread_pool", 1): (0.6,)}, base=(1.0,))
    said = findings(benchmark)
    assert "0.6" not in said[0]
    assert said[0].endswith(
        "Threads (ThreadPoolExecutor), 1 worker: –, lag 12 ms. Measured only once; the window stays smooth."
    )
    assert said[-1].startswith("Some combinations ran only once: how far such figures spread is not known.")
    assert headline(benchmark).endswith("measured once in each place. Repeat it to know which is the fastest.")


def test_more_workers_may_be_slower_or_still_help() -> None:
    falling = {("thread_pool", 1): (1.0,) * 3, ("thread_pool", 2): (1.9,) * 3, ("thread_pool", 4): (1.2,) * 3}
    assert "More than 2 workers do not help, and 4 are slower (1.2×)." in findings(made_benchmark(falling))[0]
    rising = {("thread_pool", 1): (1.0,) * 3, ("thread_pool", 2): (2.0,) * 3, ("thread_pool", 4): (4.0,) * 3}
    assert "Still faster with 4 workers, the most that were tried." in findings(made_benchmark(rising))[0]


def test_a_gain_within_the_noise_is_no_gain() -> None:
    noisy = {("thread_pool", 1): (1.0, 1.5, 2.0), ("thread_pool", 2): (1.8, 1.2, 2.2)}
    found = curve(made_benchmark(noisy).results(), "thread_pool")
    assert found is not None
    assert (found.enough, found.largest, found.falls_to) == (1, 2, None)
    assert curve(made_benchmark({("thread_pool", 1): (1.0,)}).results(), "thread_pool") is None


@pytest.mark.parametrize(
    ("one", "other", "is_told"),
    [
        ((1.2, 1.0, 1.1), (1.15, 1.4, 1.3), False),
        ((1.0, 1.1, 1.2), (1.3, 1.4, 1.5), True),  # the machine grew faster, and both with it
        ((1.0, 1.2), (1.3, 1.5), True),
        ((1.2, 1.0), (1.3, 1.5), False),  # of two runs and two others, every third time none overlap by chance
        ((1.0, 1.0, 1.0), (1.04, 1.04, 1.04), False),
        ((1.0, 1.0, 1.0), (1.1, 1.1, 1.1), True),
        ((1.0,), (1.4,), False),
        ((1.0,), (1.6,), True),
        ((0.0, 0.0), (1.0, 1.0), False),
    ],
)
def test_what_may_be_chance_is_not_told(
    one: tuple[float, ...], other: tuple[float, ...], is_told: bool
) -> None:
    assert ratio(one, other).is_told is ratio(other, one).is_told is is_told


def test_a_ratio_lies_between_its_bounds_either_way_round() -> None:
    one, other = (2.0, 2.2, 1.9), (1.0, 1.0, 1.1)
    there, back = ratio(one, other), ratio(other, one)
    assert there.low < there.middle == 2.0 < there.high
    assert (back.low, back.middle, back.high) == pytest.approx((1 / there.high, 0.5, 1 / there.low))


def test_what_was_not_run_is_told_once_with_its_reason() -> None:
    why = "It only downloads."
    refused = (Refused("qt_network", "primes", why), Refused("qt_network", "sleep", why))
    said = findings(made_benchmark(THREADS, made_matrix(refused=refused)))
    assert said[1] == (
        "Not run: Prime numbers (pure Python) on QNetworkAccessManager and Sleep (waits only) on "
        "QNetworkAccessManager. It only downloads."
    )


def test_what_was_not_run_is_called_as_what_was() -> None:
    matrix = made_matrix(refused=(Refused("gui_thread", "primes", "It is async."),))
    said = findings(made_benchmark(THREADS, matrix))
    assert said[1] == "Not run: Prime numbers (pure Python) on the GUI thread. It is async."


def test_what_was_measured_impolitely_says_so() -> None:
    matrix = made_matrix()
    impolite = matrix._replace(choice=matrix.choice._replace(polite=False))
    assert POLITE[False] in findings(made_benchmark(THREADS, impolite))
    assert POLITE[False] not in findings(made_benchmark(THREADS, matrix))


def test_a_cancelled_one_says_how_far_it_came() -> None:
    benchmark = made_benchmark({("thread_pool", 1): (1.0, 1.0)})
    benchmark.cancelled = True
    assert "Cancelled after 5 of 21 runs." in findings(benchmark)
    nothing = Benchmark(made_matrix(), has_window=True)
    nothing.cancelled = True
    assert findings(nothing) == ["Cancelled before anything was measured."]


@pytest.mark.parametrize(
    ("value", "said"), [(0.064, "0.064×"), (0.95, "0.9×"), (1.0, "1.0×"), (1.94, "1.9×"), (14.2, "14×")]
)
def test_speed_ups_in_words(value: float, said: str) -> None:
    assert times(value) == said


def test_the_fastest_of_each_runner() -> None:
    found = fastest(made_benchmark({**THREADS, **PROCESSES}).results())
    assert [(one.cell.runner, one.cell.workers) for one in found] == [
        (BLOCKING, 1),
        ("thread_pool", 1),
        ("process_pool", 2),
    ]


def test_a_spread_of_nothing_is_none() -> None:
    assert spread([None, None]) is None
    assert spread([3.0, None, 1.0]) == Spread(1.0, 2.0, 3.0)
