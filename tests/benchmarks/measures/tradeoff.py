"""Plots what smoothness costs: the work's share against the lag's p99, over all that politeness can be set to.

    python -m tests.benchmarks.measures.tradeoff --runs 3 --picture docs/smoothness-tradeoff.png

Primes on four threads of the thread pool, in the real window. In each round the plain script and every setting take
their turn. A picture can be drawn again from the figures of an earlier time (`--figures`).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.benchmarks.command import at_least_one
from tests.benchmarks.figures import Missing
from tests.benchmarks.measures.smooth_loads import PRIMES
from tests.benchmarks.measures.smooth_rows import plain_work, work_arguments
from tests.benchmarks.measures.tradeoff_plot import draw
from tests.benchmarks.program import Bench
from tests.benchmarks.watch.display import Display
from tests.benchmarks.watch.watched import IN_WINDOW, remember_layout, watch_run
from workers.engine.plan import DEFAULT_SWITCH_MS
from workers.utils.gil.polite import TURN_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.benchmarks.measures.smooth_rows import Plain

WORKERS = 4
SWITCHES_MS = (0.1, 0.5, 1.0, 5.0)
TURNS_MS = (5, 10, 20, 40)
GATES_MS = (5, 50)
SLOW_FRAME_MS = 50
"""The default is 33 ms, which makes 30 frames a second."""

SWITCH_MS, TURN_MS = DEFAULT_SWITCH_MS[True], round(TURN_S * 1e3)


class Setting(NamedTuple):
    """One way to be polite.

    Attributes:
        group: the line of the plot on which it lies.
        label: what stands beside its point.
        arguments: of `in_window`.
    """

    group: str
    label: str
    arguments: tuple[str, ...]

    @property
    def name(self) -> str:
        """What it is called in the figures."""
        return f"{self.group}: {self.label}"


def setting(group: str, label: str, switch: float = SWITCH_MS, turn: float = TURN_MS, *more: str) -> Setting:
    """A setting that differs from the default in what is given."""
    turns = ("--set", f"workers.utils.gil.polite:TURN_S={turn / 1e3}")
    return Setting(group, label, (*turns, "--switch-interval", f"{switch:g}", *more))


def settings() -> Iterator[Setting]:
    """All of them; the default comes first."""
    yield setting("default", f"switch interval {SWITCH_MS:g} ms, turns of {TURN_MS} ms")
    for turn in TURNS_MS:
        for switch in SWITCHES_MS:
            if (switch, turn) != (SWITCH_MS, TURN_MS):
                yield setting(f"turns of {turn} ms", f"{switch:g}", switch, turn)
    for gate in GATES_MS:
        yield setting(
            "gate",
            f"time-out {gate} ms",
            SWITCH_MS,
            TURN_MS,
            "--set",
            f"workers.utils.gil.polite:GATE_S={gate / 1e3}",
        )
    for switch in SWITCHES_MS:
        yield setting("no gate, turns only", f"{switch:g}", switch, TURN_MS, "--no-gate")
    slow = ("--set", f"gui.window.window:RUNNING_MS={SLOW_FRAME_MS}")
    yield setting("frames", "20 frames/s", SWITCH_MS, TURN_MS, *slow)
    for switch in SWITCHES_MS:
        yield Setting("not polite", f"{switch:g}", ("--no-polite", "--switch-interval", f"{switch:g}"))


def measure(bench: Bench, runs: int) -> dict[str, Any]:
    """The medians for each setting, by its name."""
    remember_layout(bench)
    workload, tasks, params = PRIMES
    arguments = ("--runner", "thread_pool", *work_arguments(workload, tasks, WORKERS, params))
    found: dict[str, dict[str, list[float]]] = {}

    def script() -> Plain:
        return plain_work(bench, workload, tasks, WORKERS, params)

    all_settings = list(settings())
    before = script()
    for number in range(runs):
        turned = number * len(all_settings) // runs  # nobody comes first each time
        order = all_settings[turned:] + all_settings[:turned]
        seen = {one: watch_run(bench, *IN_WINDOW, *one.arguments, *arguments) for one in order}
        after = script()
        for one, run in seen.items():
            columns = found.setdefault(one.name, {})
            for column, value in (
                ("lag", max(run.inside["p99"], run.outside[0])),
                ("lag_p99", run.inside["p99"]),
                ("ping_p99", run.outside[0]),
                ("lag_max", run.inside["max"]),
                ("cpu", run.workers / mean((before.cores, after.cores))),
                ("rate", run.report["amount"]["per_s"] / mean((before.rate, after.rate))),
            ):
                columns.setdefault(column, []).append(value)
        before = after
        print(f"tradeoff: round {number + 1} of {runs}", file=sys.stderr, flush=True)
    return {
        name: {"group": name.partition(": ")[0], "label": name.partition(": ")[2]}
        | {"lag_least": round(min(columns["lag"]), 4), "lag_greatest": round(max(columns["lag"]), 4)}
        | {column: round(median(values), 4) for column, values in columns.items()}
        for name, columns in ((one.name, found[one.name]) for one in all_settings)
    }


def main() -> int:
    """Measure, draw, and print the figures."""
    parser = argparse.ArgumentParser(description="Plot the work's share against the lag.")
    parser.add_argument("--runs", type=at_least_one, default=3, help="processes for each setting (default 3)")
    parser.add_argument("--picture", type=Path, required=True, help="the picture to draw, a PNG")
    parser.add_argument("--figures", type=Path, help="figures of an earlier time, to be drawn once more")
    options = parser.parse_args()
    if options.figures is not None:
        found = json.loads(options.figures.read_text())
    else:
        try:
            with Display() as display, tempfile.TemporaryDirectory(prefix="thaw-bench-") as folder:
                found = measure(Bench(display, Path(folder)), options.runs)
        except Missing as problem:
            print(f"tradeoff: {problem}", file=sys.stderr)
            return 2
    draw(list(found.values()), options.picture)
    print(json.dumps(found, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
