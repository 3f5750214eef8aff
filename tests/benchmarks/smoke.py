"""Each measurement of each benchmark, once and small: whether it still runs, and whether its figures are numbers.

`scripts/bench --smoke` runs them with pytest, three at a time on two processors, for windows wait a lot. What a figure
must be is not asked.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import (
    bench_cluster,
    bench_downloads,
    bench_instruments,
    bench_labs,
    bench_lessons,
    bench_long,
    bench_main,
    bench_own,
    bench_places,
    bench_runners,
    bench_smoothness,
    bench_watch,
    bench_window,
)
from tests.benchmarks.command import measure
from tests.benchmarks.program import Bench
from tests.benchmarks.watch.display import Display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.benchmarks.command import Benchmark

BENCHMARKS = [
    module.benchmark()
    for module in (
        bench_cluster,
        bench_downloads,
        bench_instruments,
        bench_labs,
        bench_lessons,
        bench_long,
        bench_main,
        bench_own,
        bench_places,
        bench_runners,
        bench_smoothness,
        bench_watch,
        bench_window,
    )
]
ROWS = [
    pytest.param(benchmark, name, id=f"{benchmark.name}-{name}")
    for benchmark in BENCHMARKS
    for name in (*benchmark.measures, *benchmark.left_out)
]


@pytest.fixture(scope="session")
def bench_for(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Benchmark], Bench]]:
    """What a benchmark measures with; prepared once for all that are prepared alike."""
    with Display() as display:
        benches: dict[object, Bench] = {}

        def bench_for(benchmark: Benchmark) -> Bench:
            if benchmark.prepare not in benches:
                bench = Bench(display, tmp_path_factory.mktemp("bench"))
                benchmark.prepare(bench)
                benches[benchmark.prepare] = bench
            return benches[benchmark.prepare]

        yield bench_for


@pytest.mark.parametrize(("benchmark", "name"), ROWS)
def test_row(benchmark: Benchmark, name: str, bench_for: Callable[[Benchmark], Bench]) -> None:
    if name in benchmark.left_out:
        pytest.skip(f"{benchmark.name} {name}: {benchmark.left_out[name]}")
    results = measure(name, benchmark.measures[name], bench_for(benchmark), 1)
    for result in results:
        key, values = result.wanted.key, result.values
        assert values, f"{key}: {result.problem}"
        assert all(map(isfinite, values)), f"{key}: {values}"
