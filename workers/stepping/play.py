"""Runs a function's tasks in one order, to the end, and tells what came of it. Called in any thread, which waits."""

from __future__ import annotations

import inspect
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from ..catalog.callables.literals import anew
from ..catalog.user_names import slug
from ..engine.task import Control, Crew, Phase
from ..pythons.lending import lent
from ..sync.samples import EACH_S
from ..sync.thing import Deadlock, Stopped
from ..user_code.calling import named, prepared
from ..user_code.forks import NoFork
from ..user_code.loading import maker
from .left import portrait
from .played import (
    BLOCKED,
    CHECK,
    DEADLOCK,
    ENDLESS,
    ERROR,
    RETURNED,
    RIGHT,
    Job,
    Played,
    until_stuck,
)
from .seen import Seen
from .stand_ins.stepped import TURNS
from .stand_ins.threads import task_thread
from .stepper import Stepper
from .world import World, alone, nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

    from ..sync.samples import Sample
    from .left.sections import Sections
    from .stand_ins.stepped import Stepped
    from .stepper import Choose

HANGS_S = 5.0
"""No step takes so long, unless it waits for something that no thread of these gives."""


def play(
    job: Job, choose: Choose, *, watch: bool = False, sections: Sections | None = None, rate: float = 1.0
) -> Played:
    """Run it once.

    Args:
        job: what.
        choose: the order.
        watch: whether to tell all steps.
        sections: is told what was changed under which locks.
        rate: how fast the clock goes.

    Raises:
        Exception: whatever the file raises when it is imported.
    """
    interval, hook = sys.getswitchinterval(), threading.gettrace()
    try:
        with lent(job.python):
            return _Play(job, choose, watch, sections, rate).run()
    finally:
        threading.settrace(hook)
        sys.setswitchinterval(interval)  # its file may have said another one


class _Play:
    def __init__(self, job: Job, choose: Choose, watch: bool, sections: Sections | None, rate: float) -> None:
        threading.settrace(self._note_stray)
        self._job, self._stray = job, ""
        self._watching, self._sections = watch, sections
        look = self._look if watch or sections is not None else None
        self._stepper = Stepper(
            choose, job.file.files, opcodes=job.opcodes, naps=job.naps, most=job.most, look=look
        )
        self._places = min(job.places or job.tasks, job.tasks)
        self._left = iter(range(self._places, job.tasks))
        self._control = Control(crew=Crew(0, job.tasks, self._places, "", self._stepper))
        self._waits = self._control.waits
        self._world = World(job.file, self._waits, rate=rate, rounds=job.rounds)
        self._seen = Seen(job, self._world, self._stepper, self._waits)
        self._stepper.sections = sections
        self._deadlocks: list[str] = []
        self._results: list[Any] = [None] * job.tasks

    # ---------------------------------------------------------------- running

    def run(self) -> Played:
        job, stepper = self._job, self._stepper
        steps, make, arguments = self._steps_of(job.file.function)
        seen = self._seen
        seen.shared = self._waits.shared(make, arguments(0))
        if self._watching:
            seen.begin()
        before = seen.before
        called = slug(job.name)
        for number in range(self._places):
            self._start(number, called, steps, make, arguments)
        kind, why = self._finish()
        count = len(stepper.threads)
        if kind == RIGHT:
            kind, why = self._check()
        values = seen.values() if self._watching or kind != RIGHT else {}
        for name in [one for one in values if one.isupper() and before.get(one, values[one]) == values[one]]:
            del values[name]  # a constant, which nobody changes
            before.pop(name, None)
        if any(one is not None for one in self._results):
            values[RETURNED] = portrait.text(self._results)
        left = None if kind == BLOCKED else seen.portrait(self._results)
        order = tuple(stepper.choices)
        names = tuple(one.name for one in stepper.threads[:count])
        return Played(
            kind,
            why,
            order,
            stepper.switches,
            left,
            stepper.waited,
            names,
            count - self._places,
            tuple(values.items()),
            tuple(until_stuck(seen.steps) if kind == DEADLOCK else seen.steps),
            tuple(before.items()),
            stepper.has_expired,
        )

    def _steps_of(
        self, function: str
    ) -> tuple[Callable[..., Any], Callable[..., Any], Callable[[int], dict[str, Any]]]:
        """The function's steps, what makes what its tasks share, and the arguments of each task."""
        found = named(self._world.module, function)
        known = found.known or {}
        make = maker(self._world.module, function, known)
        call, fixed = prepared(found, function), tuple(self._job.arguments.items())
        again = anew(fixed)

        def arguments(number: int) -> dict[str, Any]:
            given = {"index": number, "tasks": self._job.tasks, "seed": 1, "control": self._control}
            own = {name: value for name, value in given.items() if name in known}
            wanted = inspect.signature(make).parameters if make is not None else {}
            also = {name: value for name, value in given.items() if name in wanted}
            return {**also, **dict(again() if again is not None else fixed), **own}

        def steps(**given: Any) -> Generator[float, None, Any]:
            own = set(self._job.arguments)
            value = call(**{name: value for name, value in given.items() if name in known or name in own})
            if inspect.isgenerator(value):
                value = yield from value
            yield 0
            return value

        return (steps if make is not None else alone(steps)), make or nothing, arguments

    def _start(
        self,
        number: int,
        name: str,
        steps: Callable[..., Any],
        make: Callable[..., Any],
        arguments: Callable[[int], dict[str, Any]],
    ) -> None:
        one = self._stepper.add(f"{name} {number + 1}")

        def work() -> None:
            task: int | None = number
            while task is not None:
                follow = self._waits.follow(task, name, self._tell, steps, make, arguments(task))
                try:
                    self._results[task] = _through(follow)
                except Stopped:
                    raise
                except BaseException as error:  # sys.exit(), too
                    one.error = one.error or error  # the next task comes all the same
                task = next(self._left, None)

        task_thread(one, work).start()

    def _look(self, one: Stepped) -> None:
        if self._watching:
            self._seen.note_step(one)
        if self._sections is not None:
            self._seen.note_changes(one, self._sections)

    def _note_stray(self, frame: FrameType, event: str, argument: Any) -> None:
        """Note whether a thread comes into the file that nobody steps: one of a library."""
        if threading.gettrace() != self._note_stray:  # that order is over
            sys.settrace(None)
        elif frame.f_code.co_filename in self._job.file.files and TURNS.mine is None:
            self._stray = (
                f"{frame.f_code.co_name} runs in a thread that is not stepped: a library has started it, or the file "
                "itself while it was imported."
            )

    def _tell(self, phase: int, detail: Any, moment: float) -> None:
        rows: tuple[Sample, ...] = detail if phase == Phase.PROGRESS else ()
        self._deadlocks += [name for kind, name, _, _ in rows if kind == "deadlock"]

    def _finish(self) -> tuple[str, str]:
        """Let them go on, and wait for their end; tells what was wrong."""
        stepper = self._stepper
        stepper.begin()
        seen, since = -1, time.perf_counter()
        while not stepper.over.acquire(timeout=0.5):
            now = time.perf_counter()
            if len(stepper.choices) != seen:
                seen, since = len(stepper.choices), now
            elif now - since > HANGS_S:
                stepper.is_ending = True
                return BLOCKED, self._where_blocked()
        if cannot := self._world.cannot or self._stray:
            return BLOCKED, cannot
        self._tell(Phase.PROGRESS, self._waits.samples.take(stepper.now_s + EACH_S, are_last=True), 0.0)
        if self._deadlocks:
            return DEADLOCK, f"{_upper(self._deadlocks[0])}."
        for one in stepper.threads:
            if isinstance(one.error, Deadlock):
                return DEADLOCK, f"{_upper(str(one.error))}."
            if isinstance(one.error, NoFork):
                return BLOCKED, "It starts another process, and that is not stepped."
            if one.error is not None and not self._job.may_fail:
                return ERROR, self._error_words(one)
        if stepper.is_endless:
            return ENDLESS, f"It had not come to an end after {len(stepper.choices):,} steps."
        return RIGHT, ""

    def _where_blocked(self) -> str:
        line = next((one.line for one in self._stepper.threads if one is self._stepper.current), 0)
        return (
            f"{self._at(line)} it waits for something that is not stepped: a file, a socket, another process, or a "
            "thread of a library."
        )

    def _at(self, line: int) -> str:
        return f"In line {line} of {self._job.file.path.name}" if line else f"In {self._job.file.path.name}"

    def _error_words(self, one: Stepped) -> str:
        error = one.error
        assert error is not None
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        line = self._job.file.line_of(error)
        return f"{_upper(one.name)} failed{f' in line {line}' if line else ''}: {said}."

    # ---------------------------------------------------------------- what came of it

    def _check(self) -> tuple[str, str]:
        """What the file's own `check` says."""
        check: Any = getattr(self._world.module, "check", None)
        if not self._job.file.has_check:
            return RIGHT, ""
        known, found = inspect.signature(check).parameters, [None]
        given = {"shared": self._seen.shared, "results": list(self._results)}

        def call(**arguments: Any) -> Generator[float, None, None]:
            found[0] = check(**{name: given[name] for name in known if name in given})
            yield 0

        stepper = self._stepper
        before, stepper.look, stepper.tracer.files = list(stepper.choices), None, frozenset()
        stepper.is_ending = stepper.is_endless = False
        one = stepper.add("check")
        follow = self._waits.follow(self._job.tasks, "check", self._tell, alone(call), nothing, {})
        threading.Thread(target=stepper.carry_out, args=(one, lambda: list(follow)), daemon=True).start()
        try:
            stepper.begin()
            if not stepper.over.acquire(timeout=HANGS_S):
                return BLOCKED, "Its check does not come to an end."
        finally:
            stepper.choices = before
        if isinstance(one.error, AssertionError):
            said = f": {one.error}" if str(one.error) else ""
            line = self._job.file.line_of(one.error)
            return CHECK, f"Its check does not hold in line {line}{said}."
        if one.error is not None:
            return CHECK, self._error_words(one)
        return (CHECK, "Its check says that it is wrong.") if found[0] is False else (RIGHT, "")


def _through(steps: Generator[float, None, Any]) -> Any:
    """Go through steps to their end; returns their result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
