"""The guilty lines of a program's freezes, watched from another process, with every Python and every event loop."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.program import LONG_S
from tests.benchmarks.sizes import FREEZES, SMOKE
from tests.benchmarks.watch.watching import ASK, BINDINGS, LOOPS, environments, here, laid_out, watch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from tests.benchmarks.watch.watching import Environment

HAVE_WHEELS = {
    "3.9": (*BINDINGS, *LOOPS),
    "3.10": (*BINDINGS, *LOOPS),
    **dict.fromkeys(("3.11", "3.12", "3.13", "3.14"), (*BINDINGS[:3], *LOOPS)),
    "3.13t": ("tkinter", "asyncio"),
}
"""Which bindings have wheels for which Python; the last one has none of Qt."""

EACH_S = 1.5
"""No freeze takes so long, with the rest after it, on a machine that is busy."""


def pairs() -> list[tuple[str, str]]:
    """Every Python with each event loop that it may have; small, what Thaw itself runs in."""
    if SMOKE:
        return [("here", loop) for loop in here().loops]
    return [(python, loop) for python, loops in HAVE_WHEELS.items() for loop in loops]


def environment(python: str, loop: str) -> Environment:
    """The environment of that name with that loop. Raises Missing where there is none."""
    for one in (here(), *environments()):
        if one.name == python and loop in one.loops:
            return one
    raise Missing(f"there is no Python {python} with {loop} in .cache/watch: {ASK}")


def rightly_blamed(truth: Sequence[dict[str, Any]], said: Sequence[dict[str, Any]]) -> list[tuple[bool, str]]:
    """Of each freeze that there was, whether it was blamed rightly, and what was said of it.

    Of several that were seen at the time the longest is the one that is meant.
    """
    found = []
    for one in truth:
        there = [
            each
            for each in said
            if each["began"] < one["ended"] and each["began"] + each["lag_s"] > one["began"]
        ]
        seen = max(there, key=lambda each: float(each["lag_s"]), default=None)
        line = seen["line"] if seen is not None else None
        right = (
            seen is not None
            and line is not None
            and line["file"].endswith("frozen_ways.py")
            and (line["number"], seen["kind"], seen["holder"]) == (one["line"], one["kind"], one["holder"])
        )
        told = (
            "nothing"
            if seen is None
            else f"{seen['kind']} by {seen['holder']} at {line and (line['file'], line['number'])}"
        )
        found.append(
            (right, f"{one['name']} (line {one['line']}): {told}, for {one['kind']} by {one['holder']}")
        )
    return found


def guilty(python: str, loop: str) -> Measure:
    """How many of the freezes of one program were blamed rightly."""
    wanted = Wanted(
        f"guilty_{python}_{loop}",
        f"guilty line right, Python {python} with {loop}, of {FREEZES} freezes",
        FREEZES,
        "calls",
        True,
    )

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        chosen, folder = environment(python, loop), laid_out(bench)
        truth = folder / "truth.json"
        program = (folder / "freezer.py", loop, str(FREEZES), truth)
        seen = watch(bench, *program, python=chosen.python, timeout=LONG_S + FREEZES * EACH_S)
        judged = rightly_blamed(json.loads(truth.read_text()), seen.freezes)
        for right, told in judged:
            if not right:
                tell(told)
        return {wanted.key: [float(sum(right for right, _ in judged))]}

    return Measure((wanted,), take)


def measures() -> dict[str, Measure]:
    """One for each pair."""
    return {f"guilty_{python}_{loop}": guilty(python, loop) for python, loop in pairs()}
