"""What is measured of lessons: claims that hold, saboteurs that are found out, and how long a course takes.

All of it by the program as people start it, off screen and headless (off screen as well where a lesson needs a window).
"""

from __future__ import annotations

import json
import time
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from tests.benchmarks.figures import Missing, Wanted
from tests.benchmarks.measure import Measure
from tests.benchmarks.program import HERE, LONG_S, ROOT
from tests.benchmarks.sizes import BUSY_PROCESSES, LESSON_COURSE_S, LESSON_RUNS, LESSONS_IN_PROCESS
from workers.utils.formatting import plural

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.benchmarks.measure import Tell, Values
    from tests.benchmarks.program import Bench
    from workers.catalog.lessons import Lesson

PROGRAM, OFTEN = ROOT / "main.py", HERE / "watch" / "lesson_often.py"
WHOLE, WITH_SABOTEUR = "whole", "sabotaged"


def gone_through(bench: Bench, *command: str | Path) -> list[dict[str, Any]]:
    """What came of the lessons that a command line names, one after the other in one process."""
    with bench.process(*command, "--json") as process:
        process.wait(0, 1, timeout=LONG_S)
        said = process.said()
    try:
        told, _ = json.JSONDecoder().raw_decode(said, said.index("{"))
    except ValueError:
        raise Missing(f"the process said {said[:200]!r} in place of results") from None
    return list(told["lessons"])


def often(bench: Bench, how: str, name: str, where: str) -> list[dict[str, Any]]:
    """What came of one lesson, many times: a few in each process, for the first in one is not like the others."""
    found: list[dict[str, Any]] = []
    while left := LESSON_RUNS[where] - len(found):
        times = min(LESSONS_IN_PROCESS, left)
        found += gone_through(bench, OFTEN, str(times), how, "--lesson", name, where)
    return found


def told_of(lesson: Lesson, key: str, title: str) -> tuple[Wanted, Wanted]:
    """The two figures of a lesson: the runs that went wrong, and those that were not judged, which are neither."""
    is_judged = not lesson.cores and not any(step.may_lack for step in lesson.steps)
    return (
        Wanted(f"{lesson.name}.{key}.wrong", f"{lesson.name}: {title}", 0.0, "calls"),
        Wanted(f"{lesson.name}.{key}.not_judged", "  not judged", 0.0 if is_judged else None, "calls"),
    )


def claims(lesson: Lesson, busy: bool) -> Measure:
    """In how many runs something that a lesson claims was not so."""
    beside = f", beside {BUSY_PROCESSES} busy processes" if busy else ""
    wanted = told_of(lesson, "busy" if busy else "quiet", f"runs with a claim that failed{beside}")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        found = []
        with bench.busy(BUSY_PROCESSES) if busy else nullcontext():
            for where in LESSON_RUNS:
                found += often(bench, WHOLE, lesson.name, where)
        judged = [result for result in found if result["judged"]]
        for result in judged:
            for claim in result["claims"]:
                if not claim["holds"]:
                    tell(f"is not so: {claim['text']}")
        for why in {result["why_not_judged"] for result in found if not result["judged"]}:
            tell(why)
        failed = sum(not result["holds"] for result in judged)
        tell(
            f"{len(judged) - failed} of {len(found)} held, {failed} failed, {len(found) - len(judged)} not judged"
        )
        return _values(wanted, failed, len(found) - len(judged))

    return Measure(wanted, take)


def saboteur(lesson: Lesson) -> Measure:
    """In how many runs all that a lesson claims held in spite of its saboteur."""
    wanted = told_of(lesson, "saboteur", "runs with a saboteur that all claims passed")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        found = often(bench, WITH_SABOTEUR, lesson.name, "--headless")
        judged = [result for result in found if result["judged"]]
        unseen = sum(result["holds"] for result in judged)
        tell(f"{len(judged) - unseen} of {len(found)} found out, {len(found) - len(judged)} not judged")
        return _values(wanted, unseen, len(found) - len(judged))

    return Measure(wanted, take)


def _values(wanted: tuple[Wanted, Wanted], *counts: int) -> Values:
    return {one.key: [float(count)] for one, count in zip(wanted, counts, strict=True)}


def course(names: Sequence[str]) -> Measure:
    """How long it takes to go through all lessons, from the start of the program to its end."""
    wanted = Wanted("course.s", f"a course of {plural(len(names), 'lesson')}, headless", LESSON_COURSE_S, "s")

    def take(bench: Bench, runs: int, tell: Tell) -> Values:
        took = []
        listed = bench.new_folder() / "lessons.course"
        listed.write_text("\n".join(names))
        for _ in range(runs):
            began = time.perf_counter()
            gone_through(bench, PROGRAM, "--course", listed, "--headless")
            took.append(time.perf_counter() - began)
            tell(f"{took[-1]:.1f} s")
        return {wanted.key: took}

    return Measure((wanted,), take)
