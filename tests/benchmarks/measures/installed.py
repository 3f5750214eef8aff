"""Measures the wheel: how soon the installed command answers, and how soon it shows its window."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.program import ROOT, TERMINATED
from tests.benchmarks.sizes import ANSWERS, PAIRS, WARM_UPS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench


def install(bench: Bench) -> Path:
    """Build the wheel and install it, without the packages that it needs, into a new folder; returns that.

    Raises:
        Missing: that cannot be done here.
    """
    folder = bench.new_folder()
    wheels, site = folder / "wheels", folder / "site"
    _call("sh", ROOT / "scripts/package/build", wheels)
    (wheel,) = wheels.glob("thaw_lab-*.whl")
    pip = (sys.executable, "-I", "-m", "pip", "install", "--disable-pip-version-check", "-q")
    _call(*pip, "--no-deps", "--no-index", "--target", site, wheel)
    return site


def _call(*command: str | Path) -> None:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise Missing(f"the wheel cannot be made: {(done.stderr.splitlines() or ['nothing was said'])[-1]}")


@contextmanager
def without_checkout(bench: Bench, site: Path) -> Iterator[Path]:
    """As long as the block lasts processes find the installed program, and no checkout; gives its command."""
    before = bench.variables
    bench.variables = {**before, "PYTHONPATH": str(site)}
    try:
        yield site / "bin" / "thaw"
    finally:
        bench.variables = before


def _installed(bench: Bench, runs: int, tell: Tell) -> Values:
    """Checkout, wheel, checkout, wheel, ...; once before that to warm up."""
    site = install(bench)
    ratios: list[float] = []
    for number in range(-WARM_UPS, max(runs, PAIRS)):
        checkout = bench.first_frame(ROOT / "main.py", code=TERMINATED)
        with without_checkout(bench, site) as command:
            wheel = bench.first_frame(command, code=TERMINATED)
        tell(f"{wheel * 1e3:.0f} ms, checkout {checkout * 1e3:.0f} ms{' (warming up)' if number < 0 else ''}")
        if number >= 0:
            ratios.append(wheel / checkout)
    return {"installed_version": list(_answers(site, tell)), "installed_first_frame": ratios}


def _answers(site: Path, tell: Tell) -> Iterator[float]:
    """How long `thaw --version` takes, from its start to its end, in seconds."""
    for _ in range(ANSWERS):
        began = time.perf_counter()
        # With no time limit: while there is one Python looks for the end from time to time only.
        done = subprocess.run(
            [sys.executable, site / "bin" / "thaw", "--version"],
            env={"PYTHONPATH": str(site), "HOME": str(site)},
            cwd=site,
            capture_output=True,
            text=True,
        )
        took = time.perf_counter() - began
        if not done.stdout.startswith("Thaw "):
            raise Missing(f"the command said {(done.stdout + done.stderr)[:200]!r}")
        tell(f"--version after {took * 1e3:.0f} ms")
        yield took


INSTALLED = Measure(
    (
        Wanted("installed_version", "from the wheel: thaw --version", 0.2, "s"),
        Wanted(
            "installed_first_frame",
            "from the wheel: time to the first painted frame, to the checkout's",
            1.05,
            "ratio",
        ),
    ),
    _installed,
)
