"""Whether what Thaw advises for twenty functions is what plain scripts find: in threads, or in processes.

Half of the functions are pyperformance's (https://github.com/python/pyperformance), unchanged, from its package; the
other half, `tests/benchmarks/own/everyday.py`, does with a library each what its users do.
"""

from __future__ import annotations

import json
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import SERVER, Measure
from tests.benchmarks.program import HERE, LONG_S, ROOT
from tests.benchmarks.sizes import OWN_CALLS, OWN_FUNCTIONS, OWN_PAIRS
from workers.catalog import lookup
from workers.image_server.process import ImageServer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

WORKERS = 4
MAY_COST = 0.9
"""The place that is advised has to reach so much of the speed of the fastest."""

MUST_TELL = 1.25
"""Where plain scripts differ by more, Thaw must tell the places apart."""

MAX_UNSURE = 4


class Function(NamedTuple):
    """One to bring: its file, its name, its arguments, and how many calls a second or so has."""

    file: Path
    name: str
    arguments: Mapping[str, Any]
    calls: int


def published(bench: str, name: str, calls: int, **arguments: Any) -> Function:
    """A function of pyperformance.

    Raises:
        Missing: the package is not there.
    """
    found = find_spec("pyperformance")
    if found is None or found.origin is None or find_spec("pyperf") is None:
        raise Missing("pyperformance is not installed: pip install pyperformance pyperf")
    file = Path(found.origin).parent / "data-files" / "benchmarks" / f"bm_{bench}" / "run_benchmark.py"
    return Function(file, name, arguments, calls)


def everyday(name: str, calls: int, **arguments: Any) -> Function:
    return Function(HERE / "own" / "everyday.py", name, arguments, calls)


def functions(url: str) -> Iterator[Function]:
    """All twenty, one after the other: small, the first is enough, and needs no other package."""
    yield everyday("compress_zlib", 40)
    yield published("nbody", "bench_nbody", 60, loops=1, reference="sun", iterations=2_000)
    yield everyday("derive_key", 40)
    yield published("fannkuch", "fannkuch", 12, n=8)
    yield everyday("fetch", 80, url=url)
    yield published("spectral_norm", "bench_spectral_norm", 12, loops=1)
    yield everyday("round_trip", 100)
    yield published("deltablue", "delta_blue", 100, n=100)
    yield everyday("count_words", 60)
    yield published("go", "versus_cpu", 6)
    yield everyday("query", 60)
    yield published("float", "benchmark", 16, n=20_000)
    yield everyday("shrink", 12)
    yield published("nqueens", "bench_n_queens", 16, queen_count=7)
    yield everyday("multiply", 200)
    yield published("hexiom", "main", 60, loops=1, level=25)
    yield everyday("compress_bz2", 20)
    yield published("raytrace", "bench_raytrace", 10, loops=1, width=60, height=60, filename=None)
    yield everyday("compress_lzma", 60)
    yield published("pidigits", "calc_ndigits", 20, n=1_000)


def plain(bench: Bench, function: Function) -> dict[str, list[float]]:
    """Calls a second in threads and in processes, pair by pair."""
    calls = max(1, function.calls // OWN_CALLS)
    numbers = map(str, (calls, WORKERS, OWN_PAIRS))
    script = HERE / "plain" / "places.py"
    return bench.one_line(script, function.file, function.name, repr(dict(function.arguments)), *numbers)


def advised(bench: Bench, function: Function) -> dict[str, Any]:
    """What Thaw's benchmark says of it.

    Raises:
        Missing: it was refused.
    """
    values = {name: one if isinstance(one, str) else repr(one) for name, one in function.arguments.items()}
    params = [f"{name}={value}" for name, value in values.items()]
    said = [part for one in params for part in ("--param", one)]
    few = ["--tasks", "4", "--repeat", "1"] if OWN_CALLS > 1 else []
    name = f"{function.file}:{function.name}"
    report = bench.new_folder() / "report.json"
    command: list[str | Path] = [
        ROOT / "main.py",
        "--offscreen",
        "--benchmark",
        "--json",
        "--report",
        report,
        "--exit-zero",
    ]
    with bench.process(*command, "--workload", name, *said, *few) as process:
        process.wait(timeout=LONG_S)
    found: dict[str, Any] = json.loads(report.read_text())["advice"]
    return found


def advice() -> Measure:
    """How many functions were accepted, how many got good advice, and of how many it could not be told."""
    wanted = (
        Wanted("accepted", "functions that were accepted", OWN_FUNCTIONS, "calls", at_least=True),
        Wanted("good", "  the advice is within 10 % of the fastest", OWN_FUNCTIONS - MAX_UNSURE, "calls", True),
        Wanted("bad", "  the advice is worse, and told as sure", 0.0, "calls"),
        Wanted("unsure", "  could not be told apart", MAX_UNSURE, "calls"),
        Wanted("must_tell", "  though plain scripts differ by 25 %", 0.0, "calls"),
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        counts = dict.fromkeys((one.key for one in wanted), 0)
        with ImageServer(settings=SERVER) as server:
            for function in islice(functions(f"{server.url()}/pictures/1"), OWN_FUNCTIONS):
                title = f"{function.file.parent.name}/{function.name}"
                try:
                    found = advised(bench, function)
                except Missing as problem:
                    tell(f"{title}: refused: {problem}")
                    continue
                counts["accepted"] += 1
                for count in judged(found, plain(bench, function), title, tell):
                    counts[count] += 1
        return {key: [float(count)] for key, count in counts.items()}

    return Measure(wanted, take)


def judged(found: Mapping[str, Any], rates: Mapping[str, list[float]], title: str, tell: Tell) -> list[str]:
    """What a piece of advice counts as."""
    pairs = zip(rates["processes"], rates["threads"], strict=True)
    gain = median(ours / theirs for ours, theirs in pairs)
    apart = bool(found["runner"]) and lookup.traits(found["runner"]).is_apart
    share = min(1.0, gain if apart else 1 / gain)
    tell(
        f"{title}: {found['runner'] or 'no advice'}{'' if found['is_sure'] else ', not sure'}; by plain scripts "
        f"processes are {gain:.2f} times as fast as threads"
    )
    if found["runner"] and share >= MAY_COST:
        return ["good"] if found["is_sure"] else ["good", "unsure"]
    if found["is_sure"]:
        return ["bad"]
    return ["unsure", "must_tell"] if max(gain, 1 / gain) > MUST_TELL else ["unsure"]
