"""The installed program: how soon it answers, and how soon it paints, beside the checkout."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure, turns
from tests.benchmarks.program import ROOT, TERMINATED

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench

WHEEL = ROOT / ".cache" / "wheel"


def installed() -> Path:
    """The command of the wheel, in an environment of its own. Raises Missing where there is none."""
    thaw = WHEEL / "bin" / "thaw"
    if not thaw.exists():
        raise Missing("there is no .cache/wheel/bin/thaw: install the wheel into an environment there")
    return thaw


def version() -> Measure:
    """How long `thaw --version` takes."""
    wanted = Wanted("version", "thaw --version, from the wheel", 0.2, "s")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        took = []
        for _ in range(runs):
            began = time.perf_counter()
            with bench.process("--version", python=installed()) as process:
                process.wait()
                took.append(time.perf_counter() - began)
            tell(f"{took[-1]:.3f} s")
        return {wanted.key: took}

    return Measure((wanted,), take)


def first_frame() -> Measure:
    """The first painted frame, to that of the checkout."""
    wanted = Wanted("wheel_first_frame", "first frame of the wheel, to the checkout's", 1.05, "ratio")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        thaw, ratios = installed(), []
        python = thaw.with_name("python")
        for before, own, after in turns(
            runs,
            lambda: bench.first_frame(ROOT / "main.py", code=TERMINATED, python=python),
            lambda: bench.first_frame(code=TERMINATED, python=thaw),
        ):
            ratios.append(2 * own / (before + after))
            tell(f"{own:.2f} s, the checkout {before:.2f} and {after:.2f} s")
        return {wanted.key: ratios}

    return Measure((wanted,), take)
