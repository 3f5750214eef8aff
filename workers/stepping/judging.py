"""Whether a function goes wrong in some order of its threads: many are tried, and the shortest wrong one is told.

Wrong is an error, a deadlock, a `check` of the file's own that does not hold, or what no order of whole tasks gives.
Where nothing of that can be seen nobody can judge; and what was right in all orders that were tried is just that.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from ..monitors.syntax import error_text
from ..utils.errors import BadInput
from .left.portrait import is_seen
from .left.sections import Sections
from .orders import DEFAULT_ORDERS, Listed, OneByOne, Seeded, text_of
from .play import play
from .played import BLOCKED, ENDLESS, RETURNED, RIGHT, Job, Played, job_of
from .seen import PRINTED
from .short import shorten
from .shrink import Shrink, beginning
from .verdict import CANNOT, CHANCE, ENDLESS_FILE, LATE, NOTHING_LEFT, ORDERED, WRONG, Verdict
from .world import ends_in_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..catalog.entry import Entry
    from .short import Reduced

MAX_TASKS, USUAL_TASKS = 4, 3
"""More tasks make more orders, and few faults need more."""

MAX_ONE_BY_ONE, ENOUGH_ONE_BY_ONE, SOME_ONE_BY_ONE = 150, 24, 12
"""So many orders of whole tasks are compared; where they are more, and these all come to the same, some of them."""

MAX_S = 60.0
"""So long orders are tried."""

ENOUGH_ORDERED = 12
"""Once so many orders differ only by the order of what is locked, no other is looked at for that."""

MORE_BY_LINES = 150
"""So many orders that change between lines only are tried once more where one within lines was wrong."""

NOTHING: Any = (None, (), 0)
"""The results of tasks that return nothing."""


def judge(
    entry: Entry,
    params: Mapping[str, Any],
    *,
    orders: int = DEFAULT_ORDERS,
    tasks: int | None = None,
    told: Callable[[int], bool] = lambda done: True,
) -> Verdict:
    """Try a function in many orders. Called in any thread, for some seconds; its file is run in here.

    Args:
        entry: of a person's own function, or of a lab's version.
        params: its parameters, as chosen.
        orders: how many orders are tried, unless one before is wrong.
        tasks: how often it is called at once; None: as its file says, and once where it starts threads itself.
        told: is called with how many orders have been tried; ends it by returning False.

    Raises:
        BadInput: a parameter lacks, with a sentence.
    """
    facts = entry.own
    if facts is not None and facts.is_async:
        return Verdict(CANNOT, "It is async: all of it runs in one thread, which is not stepped.")
    if facts is not None and facts.needs_gui:
        return Verdict(CANNOT, f"It belongs to the GUI thread, which is not stepped: {facts.needs_gui}.")
    said = int(entry.constants.get("TASKS", USUAL_TASKS))
    usual = USUAL_TASKS if facts is not None and said > MAX_TASKS else min(said, MAX_TASKS)
    try:
        job = job_of(entry, params, tasks or usual)
        if not ends_in_time(job.file, job.python):
            return Verdict(CANNOT, ENDLESS_FILE)
        chosen = frozenset(params)
        return _Trial(job, orders, told, is_free=tasks is None).run(chosen)
    except BadInput:
        raise
    except (Exception, SystemExit) as error:  # whatever the file raises when it is imported
        return Verdict(CANNOT, f"Its file cannot be run: {error_text(type(error), error, None).strip()}")


class _Trial:
    def __init__(self, job: Job, orders: int, told: Callable[[int], bool], *, is_free: bool) -> None:
        self._job, self._orders, self._told, self._is_free = job, orders, told, is_free
        self._one_by_one: list[Played] = []
        self._are_all = False
        self._seen: set[Any] = set()
        self._by_chance: frozenset[str] = frozenset()
        self._ordered = self._late = 0
        self._can_see = self._can_compare = False
        self._has_check = job.file.has_check
        self._reduced: Reduced = ()
        self._varies = 0
        self._next_script: list[int] | None = None

    def run(self, chosen: frozenset[str]) -> Verdict:
        self._job, self._reduced = shorten(self._job, chosen, is_free=self._is_free)
        first = play(self._job._replace(naps=False), OneByOne())
        if first.kind in {BLOCKED, ENDLESS}:
            return self._cannot(first.why)
        self._by_chance = self._differing(first)
        wrong = self._try_one_by_one()
        if wrong is not None and wrong.kind == BLOCKED:
            return self._cannot(wrong.why)
        if wrong is not None and self._job.rounds:
            return self._cannot(f"It takes too many steps, and with fewer it goes wrong by that: {wrong.why}")
        if wrong is not None:
            return self._wrong(self._job._replace(naps=False), wrong, 0, 0)
        done = by_lines = 0
        ends = time.perf_counter() + MAX_S
        for done in range(1, self._orders + 1):
            job = self._job_of(done)
            played = play(job, Seeded(done))
            by_lines += not job.opcodes
            if played.kind == BLOCKED:
                return self._cannot(played.why, done)
            if self._is_wrong(played):
                if played.is_wrong or (
                    self._ordered < ENOUGH_ORDERED and not self._is_ordered(job, played.order)
                ):
                    return self._wrong(*self._by_lines_too(job, played, done), done, by_lines)
                self._ordered += 1
            self._late += self._can_compare and played.has_expired and self._left(played) not in self._seen
            self._varies += self._can_see and self._is_unlike(played)
            if not self._told(done) or time.perf_counter() > ends:
                break
        return self._right(done, by_lines)

    # ---------------------------------------------------------------- what is tried

    def _try_one_by_one(self) -> Played | None:
        """Orders without a switch, whose results are right; returns one that is wrong, or cannot be stepped."""
        job = self._job._replace(naps=False)
        for script in self._scripts():
            choose = OneByOne(script)
            played = play(job, choose)
            self._next_script = choose.next_script()
            if played.kind == ENDLESS:
                continue  # one that waits in a loop for another may never let it on
            if played.is_wrong or played.kind == BLOCKED:
                return played
            self._one_by_one.append(played)
            self._seen.add(self._left(played))
        self._are_all = self._next_script is None
        self._can_see = bool(self._one_by_one) and is_seen(self._left(self._one_by_one[0]))
        waited = any(one.waited for one in self._one_by_one)
        is_known = self._are_all or len(self._seen) == 1
        self._can_compare = self._can_see and is_known and not waited and not self._has_check
        return None

    def _differing(self, first: Played) -> frozenset[str]:
        """What the same order leaves otherwise each time: by chance, or as the clock goes at another rate then."""
        again = play(self._job._replace(naps=False), OneByOne(), rate=1.7)
        if first.seen is None or again.seen is None:
            return frozenset()
        (state, results), (others, other_results) = first.seen, again.seen
        differing = {name for name, _ in set(state) ^ set(others)}
        return frozenset(differing | ({RETURNED} if results != other_results else set()))

    def _left(self, played: Played) -> Any:
        """What an order has left that is the same each time."""
        if played.seen is None:
            return None
        state, results = played.seen
        kept = tuple(one for one in state if one[0] not in self._by_chance)
        return (kept, NOTHING if RETURNED in self._by_chance else results)

    def _is_ordered(self, job: Job, order: tuple[int, ...]) -> bool:
        """Whether an order leaves something else only for its parts, each under a lock, come in another order."""
        sections = Sections()
        play(job, Listed(order), sections=sections)
        return sections.are_whole

    def _by_lines_too(self, job: Job, found: Played, done: int) -> tuple[Job, Played]:
        """An order that changes threads between lines only, where there is one that is wrong in the same way."""
        if job.opcodes:
            by_lines = job._replace(opcodes=False)
            for schedule in range(done + 1, done + 1 + MORE_BY_LINES):
                played = play(by_lines, Seeded(schedule))
                if played.kind == found.kind and self._is_wrong(played):
                    return by_lines, played
        return job, found

    def _scripts(self) -> Iterator[list[int]]:
        """One after the other; where there are many, and they seem to come to the same, some of them at random."""
        draw = random.Random(1)
        self._next_script = []
        for _ in range(MAX_ONE_BY_ONE):
            if self._next_script is None:
                return
            if len(self._one_by_one) >= ENOUGH_ONE_BY_ONE and len(self._seen) == 1:
                following = self._next_script
                for _ in range(SOME_ONE_BY_ONE):
                    yield [draw.randrange(12) for _ in range(len(following))]
                self._next_script = following
                if len(self._seen) == 1:
                    return
            yield self._next_script

    def _job_of(self, number: int) -> Job:
        """Half of the orders switch between lines, the others within them; in half of each a sleep may be short."""
        in_lines = number > (self._orders + 1) // 2
        return self._job._replace(opcodes=in_lines, naps=bool(number // 4 % 2))

    def _is_wrong(self, played: Played) -> bool:
        return played.is_wrong or (self._can_compare and self._is_unlike(played))

    def _is_unlike(self, played: Played) -> bool:
        """Whether it has left what no order of whole tasks leaves, and not for want of time."""
        return played.kind == RIGHT and not played.has_expired and self._left(played) not in self._seen

    # ---------------------------------------------------------------- what is told

    def _wrong(self, job: Job, found: Played, done: int, by_lines: int) -> Verdict:
        is_endless = found.kind == ENDLESS

        def is_wrong(one: Played) -> bool:
            if not self._is_wrong(one) or (one.kind == ENDLESS) is not is_endless:
                return False
            return one.is_wrong or not self._ordered or not self._is_ordered(job, one.order)

        shrink = Shrink(job, found, is_wrong)
        is_always = not done
        if not is_always:
            shrink.run(self._one_by_one, self._are_all)
        failing = play(job, Listed(shrink.best.order), watch=True)
        why = failing.why or self._unlike_words(failing)
        return Verdict(
            WRONG,
            why,
            done,
            by_lines,
            0 if self._has_check else len(self._one_by_one) * self._can_compare,
            self._has_check,
            job,
            failing,
            shrink.is_shortest or is_always,
            is_always,
            self._reduced,
            text_of(beginning(job, failing)),
        )

    def _unlike_words(self, failing: Played) -> str:
        """What is left that no order of whole tasks leaves."""
        usual = play(self._job._replace(naps=False), OneByOne(), watch=True)
        should = dict(usual.values)
        alike = {*dict(set(usual.seen[0]) & set(failing.seen[0])), *self._by_chance}  # times are not compared
        others = [
            (name, said) for name, said in failing.values if name not in alike and should.get(name) != said
        ]
        what = "threads" if failing.begun_here else "tasks"
        count = len(self._one_by_one)
        compared = f"{count} such order{'s' if count != 1 else ''} compared"
        name, said = others[0] if others else failing.values[-1]
        subject = f"{name[:1].upper()}{name[1:]}" if name in {RETURNED, PRINTED} else name
        return (
            f"{subject} is {said} at the end; where the {what} run one after the other it is {should.get(name)} "
            f"({compared})."
        )

    def _right(self, done: int, by_lines: int) -> Verdict:
        if not self._has_check:
            if not self._can_see:
                return self._cannot(CHANCE if self._by_chance else NOTHING_LEFT, done)
            if self._ordered:
                return self._cannot(ORDERED, done)
            if self._late:
                return self._cannot(LATE, done)
            if self._varies and not self._can_compare:
                return self._cannot(
                    "Its threads wait for each other, and what they leave depends on the order: only a check can tell "
                    "what is right.",
                    done,
                )
        compared = 0 if self._has_check else len(self._one_by_one)
        return Verdict(
            RIGHT,
            "",
            done,
            by_lines,
            compared,
            self._has_check,
            self._job,
            reduced=self._reduced,
        )

    def _cannot(self, why: str, done: int = 0) -> Verdict:
        return Verdict(CANNOT, why, done, job=self._job, reduced=self._reduced)
