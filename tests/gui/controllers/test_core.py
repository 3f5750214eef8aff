"""What the running part of the program knows of its own, for whoever gives advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.support.sample_benchmarks import made_benchmark, made_matrix
from workers.benchmark.advice import advise

if TYPE_CHECKING:
    from pathlib import Path

    from gui.controllers.core import Core


def test_what_a_function_did_best_in_is_advised_from_then_on(core: Core, tmp_path: Path) -> None:
    name = f"{tmp_path / 'mine.py'}:work"
    (tmp_path / "mine.py").write_text("def work(): ...\n")
    speeds = {("thread_pool", 2): (1.0, 1.0, 1.0), ("process_pool", 2): (3.0, 3.1, 2.9)}
    ours, theirs = (
        made_benchmark(
            speeds, made_matrix(workers=(2,), workloads=(workload,)), startup_s=0.0, workload=workload
        )
        for workload in ("primes", name)
    )
    core.leader.finished.emit(ours)
    assert core.known.measured == {}, "of what a benchmark of ours showed the next freeze says more"
    core.leader.finished.emit(theirs)
    assert core.known.measured == {name: "process_pool"}
    assert advise(theirs, core.catalog.runners).runner == "process_pool", "what Your function says"
