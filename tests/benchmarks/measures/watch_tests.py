"""The pytest plugin: no alarm in good suites, and all slow slots found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.sizes import SMOKE
from tests.benchmarks.watch.suites import LIMIT, PUBLISHED, PYTHON, own, put_plugin, run, source

if TYPE_CHECKING:
    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from tests.benchmarks.watch.suites import Outcome

SLOW = 20


def measures() -> dict[str, Measure]:
    """All of them, by name."""
    return {"good_suites": good_suites(), "slow_slots": slow_slots()}


def good_suites() -> Measure:
    """Suites of our own and published ones, in which nothing is slow: nobody is to be alarmed, nothing is to change."""
    alarms = Wanted("good_suites_alarms", "alarms in good suites of tests", 0, "calls")
    changed = Wanted(
        "good_suites_changed", "good suites with another outcome when they are watched", 0, "calls"
    )
    suites = Wanted("good_suites", "good suites", None if SMOKE else 20, "calls", at_least=True)

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        folder = bench.new_folder()
        plugin, found = put_plugin(folder), [0.0, 0.0, 0.0]

        def count(name: str, watched: Outcome, alone: Outcome | None) -> None:
            tell(f"{name}: {watched.passed} passed, {watched.failed} failed, {len(watched.alarms)} alarms")
            if not watched.passed:
                raise Missing(f"none of {name}'s tests passed: {watched.text[-300:]}")
            found[0] += len(watched.alarms)
            found[1] += alone is not None and (alone.passed, alone.failed) != (watched.passed, watched.failed)
            found[2] += 1

        for file in own("good", folder)[: 1 if SMOKE else None]:
            count(file.name, run(sys.executable, folder, [str(file)], plugin, LIMIT), None)
        for suite in () if SMOKE else PUBLISHED:
            where = source(suite)
            alone = run(PYTHON, where, suite.folders, plugin, None)
            count(suite.name, run(PYTHON, where, suite.folders, plugin, suite.limit), alone)
        return {alarms.key: [found[0]], changed.key: [found[1]], suites.key: [found[2]]}

    return Measure((alarms, changed, suites), take)


def slow_slots() -> Measure:
    """Twenty slots, timers, events and paints that block: each is to fail its test."""
    wanted = Wanted("slow_slots", f"slow slots found, of {SLOW}", SLOW, "calls", at_least=True)

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        folder = bench.new_folder()
        plugin, found = put_plugin(folder), []
        files = [str(file) for file in own("slow", folder)]
        for _ in range(runs):
            outcome = run(sys.executable, folder, files, plugin, LIMIT)
            found.append(float(len(outcome.alarms)))
            tell(f"{len(outcome.alarms)} of {outcome.passed + outcome.failed}")
        return {wanted.key: found}

    return Measure((wanted,), take)
