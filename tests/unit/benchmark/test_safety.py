"""What a benchmark makes of a function that is not thread-safe, and of one of which nobody knows."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.benchmark.test_advice import RUNNERS, measured
from workers.benchmark import safety
from workers.benchmark.advice import advise, program
from workers.benchmark.at_once import question
from workers.benchmark.choice import Choice
from workers.benchmark.files import as_csv, report
from workers.benchmark.findings import findings, remarks
from workers.benchmark.matrix import Cell, make_matrix
from workers.benchmark.page import page
from workers.benchmark.safety import ONE_WORKER, asked
from workers.catalog import lookup
from workers.engine.plan import BLOCKING
from workers.stepping.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from workers.benchmark.results import Benchmark

WRONG = Verdict(
    "wrong", "With 4 threads at once work(index=1) gives 3, and one after the other it gives 4.", calls=9
)
RIGHT = Verdict("right", calls=1_200)
WORKLOADS = lookup.workloads()
SAID = f"It is not thread-safe: one worker, or processes. {WRONG.why} {ONE_WORKER}"


@pytest.fixture
def name(tmp_path: Path) -> str:
    file = tmp_path / "mine.py"
    file.write_text("def work(index): ...\ndef other(): ...\n")
    return f"{file}:work"


def answered(name: str, verdict: Verdict | None, figures: dict[str, Any], **more: Any) -> Benchmark:
    found = measured(name, figures, **more)
    found.matrix = found.matrix._replace(safety=verdict)
    return found


def cells_of(
    name: str, verdict: Verdict, monkeypatch: pytest.MonkeyPatch, *workers: int
) -> list[tuple[str, int]]:
    monkeypatch.setattr(question, "ask", lambda *_: verdict)
    choice = Choice(("thread_pool", "process_pool", "asyncio_loop"), (name,), workers, 2, tasks=8)
    matrix = asked(make_matrix(choice, RUNNERS, {}))
    assert matrix.safety == verdict
    return [(cell.runner, cell.workers) for cell in matrix.cells]


def test_what_is_not_thread_safe_has_one_worker_where_memory_is_shared(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert cells_of(name, WRONG, monkeypatch, 2, 4) == [
        *((BLOCKING, 1), ("thread_pool", 1), ("process_pool", 2), ("asyncio_loop", 1)),
        ("process_pool", 4),
    ]
    assert cells_of(name, RIGHT, monkeypatch, 4) == [
        *((BLOCKING, 1), ("thread_pool", 4), ("process_pool", 4), ("asyncio_loop", 4)),
    ]


def test_nothing_is_asked_where_no_calls_run_at_once_in_one_process(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(question, "ask", lambda *_: pytest.fail("asked"))
    for runners, work, workers in (
        (("thread_pool",), name, 1),
        (("process_pool",), name, 4),
        (("thread_pool",), "sleep", 4),
    ):
        matrix = make_matrix(Choice(runners, (work,), (workers,), 1, tasks=8), RUNNERS, WORKLOADS)
        assert asked(matrix) is matrix


def test_the_answer_is_in_the_advice_and_in_all_files(name: str) -> None:
    figures = {BLOCKING: ((2.0, 2.0), 1900), "thread_pool": ((2.0, 2.0), 8), "process_pool": ((1.0, 1.0), 5)}
    found = answered(name, WRONG, figures, python="3.11.7", platform="Linux")
    assert SAID in advise(found, RUNNERS).text
    assert "It failed on" not in advise(found, RUNNERS).text
    assert SAID in remarks(found)
    assert SAID in findings(found)
    assert SAID in page(found)
    assert report(found)["thread_safety"] == {"verdict": "wrong", "calls": 9, "text": SAID}
    assert {row["thread_safety"] for row in csv.DictReader(io.StringIO(as_csv(found)))} == {SAID}
    fine = answered(name, RIGHT, figures)
    assert "No fault seen in 1,200 calls." in advise(fine, RUNNERS).text
    assert "thread-safe" not in advise(fine, RUNNERS).text
    unasked = answered(name, None, figures)
    assert report(unasked)["thread_safety"] is None


@pytest.mark.parametrize(
    ("processes_s", "runner", "head"),
    [
        (1.0, "process_pool", "Run it in a process pool"),
        (2.1, "thread_pool", "Run it in a thread pool with one worker"),
    ],
)
def test_one_worker_or_processes_whichever_is_faster(
    name: str, processes_s: float, runner: str, head: str
) -> None:
    figures = {
        BLOCKING: ((2.0, 2.0), 1900),
        "thread_pool": ((2.0, 2.0), 8),
        "qthread": ((1.99, 1.98), 8),
        "process_pool": ((processes_s, processes_s), 5),
    }
    one = one_worker(answered(name, WRONG, figures))
    advice = advise(one, RUNNERS)
    assert (advice.runner, advice.head) == (runner, head)
    assert "Threads are no faster" not in advice.text
    assert "ThreadPoolExecutor(1)" in program(one, "thread_pool")
    caution = "# What it calls is not thread-safe: begin no call while another goes on.\n"
    assert [caution in program(one, place) for place in ("thread_pool", "qthread", "process_pool")] == [0, 1, 0]


def one_worker(found: Benchmark) -> Benchmark:
    """The same, with one worker in each place that shares memory."""
    shared = {cell: cell._replace(workers=1) for cell in found.matrix.cells if cell.runner != "process_pool"}
    found.matrix = found.matrix._replace(cells=tuple(shared.get(cell, cell) for cell in found.matrix.cells))
    found._samples = {shared.get(cell, cell): samples for cell, samples in found._samples.items()}
    return found


FAILED = "3 of 100 tasks failed: KeyError: 'b'"


def test_runs_that_fail_in_several_threads_alone_are_told_as_such(name: str) -> None:
    """Nobody could compare its calls; its runs have shown it all the same."""
    figures = {
        BLOCKING: ((2.0, 2.0), 1900),
        "thread_pool": FAILED,
        "qthread": ((0.5, 0.5), 8),
        "asyncio_loop": FAILED,
        "process_pool": ((1.0, 1.0), 5),
    }
    found = answered(name, Verdict("cannot judge", "Its calls cannot be compared."), figures)
    advice = advise(found, RUNNERS)
    assert advice.runner == "process_pool", "QThread was faster: who knows what it gave"
    assert "It failed on" not in advice.text
    assert (
        "It goes wrong only where several calls run at once and share memory, on ThreadPoolExecutor and asyncio "
        f"({FAILED}): so do functions that are not thread-safe. Use one worker, or processes."
    ) in advice.text
    points = {point.runner: point.why_not for point in advice.points}
    assert points["thread_pool"] == f"Not thread-safe: one worker, or processes. {FAILED}"
    assert points["qthread"] == "Not thread-safe: one worker, or processes."
    assert points["process_pool"] == ""
    assert not [line for line in remarks(found) if line.startswith("Went wrong")]
    assert report(found)["thread_safety"]["verdict"] == "wrong"


@pytest.mark.parametrize(
    "figures",
    [
        {BLOCKING: FAILED, "thread_pool": FAILED},
        {BLOCKING: ((2.0, 2.0), 1900), "thread_pool": FAILED, "process_pool": FAILED},
        {BLOCKING: ((2.0, 2.0), 1900), "thread_pool": ((2.0, 2.0), 8), "other_python": FAILED},
    ],
)
def test_what_fails_elsewhere_too_is_no_matter_of_threads(name: str, figures: dict[str, Any]) -> None:
    found = answered(name, None, figures)
    assert safety.spoilt(found) == set()
    assert "It failed on" in advise(found, RUNNERS).text or "failed" in advise(found, RUNNERS).text
    assert "thread-safe" not in advise(found, RUNNERS).text


def test_how_long_a_cell_may_take(name: str) -> None:
    found = answered(name, None, {BLOCKING: ((2.0, 3.0), 1900), "thread_pool": FAILED})
    assert found.limit_s(Cell("thread_pool", name, 4)) == 8 * 3.0 + 8
    assert found.limit_s(Cell("process_per_task", name, 4)) > 8 * (3.0 + 100 * 0.1)
    unmeasured = answered(name, None, {"thread_pool": FAILED})
    assert unmeasured.limit_s(Cell("thread_pool", name, 4)) == 8 * 1.0 + 8, "as long as is expected"


def test_calls_that_go_on_are_told(name: str) -> None:
    found = answered(name, None, {BLOCKING: ((2.0, 2.0), 1900), "thread_pool": "It had not ended after 2 s."})
    found.left.append(Cell("thread_pool", name, 4))
    assert any(
        line.startswith("Calls that nothing could end still go on: work (mine.py) on")
        for line in remarks(found)
    )
