"""What can be seen of one order: what is shared, after each step and at the end, and where threads are."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .left import portrait
from .played import Place, Step

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

    from ..sync.waits import Waits
    from .left.portrait import Portrait
    from .left.sections import Sections
    from .played import Job
    from .stand_ins.stepped import Stepped
    from .stepper import Stepper
    from .world import World

PRINTED = "what is printed"


class Seen:
    """Looks at what the threads of one order share.

    Attributes:
        shared: what was made for the tasks.
        before: what they share at the beginning, as texts.
        steps: what has happened, where `note_step` was told of it.
    """

    def __init__(self, job: Job, world: World, stepper: Stepper, waits: Waits) -> None:
        self._job, self._world, self._stepper, self._waits = job, world, stepper, waits
        self.shared: Any = None
        self.before: dict[str, str] = {}
        self.steps: list[Step] = []
        self._latest: dict[str, str] = {}
        self._lines: dict[int, int] = {}
        self._shapes: dict[Hashable, Portrait] = {}

    def begin(self) -> None:
        """Remember what is shared before the first step."""
        self.before = self.values()
        self._latest = dict(self.before)

    def kept(self) -> dict[str, Any]:
        """What is shared, by its names, and what was printed when all other threads had ended."""
        world = self._world
        found = portrait.shared_values(self.shared, vars(world.module), world.data, self._job.file.stored)
        return {**found, PRINTED: world.printed} if world.printed else found

    def values(self) -> dict[str, str]:
        """The same as texts."""
        return portrait.shown(self.kept())

    def portrait(self, results: Sequence[Any]) -> Portrait:
        """What is left of it all, to be compared with other orders."""
        floats = not self._world.has_read_clock
        kept = sorted(self.kept().items())
        state = tuple((name, portrait.portrait(one, floats=floats)) for name, one in kept)
        return (state, portrait.results(results, floats=floats))

    # ---------------------------------------------------------------- step by step

    def note_step(self, one: Stepped) -> None:
        """Note what a step has changed."""
        values = self.values()
        changed = tuple((name, said) for name, said in values.items() if self._latest.get(name) != said)
        self._latest = values
        threads = self._stepper.threads
        places = tuple(self._place(other) for other in threads)
        ran = self._lines.get(one.number, 0)
        self._lines[one.number] = one.line
        self.steps.append(Step(one.number, ran, changed, places, tuple(self._stepper.ready())))

    def _place(self, one: Stepped) -> Place:
        own = one.frame.f_locals if one.frame is not None else {}
        texts = portrait.shown({name: value for name, value in own.items() if name != "shared"})
        return Place(one.line, one.function, self._waiting(one), tuple(texts.items()), one.has_ended)

    def _waiting(self, one: Stepped) -> str:
        for member in list(self._waits._members):
            if member.title == one.name and member.wait is not None:
                return member.wait.what
        return ""

    def note_changes(self, one: Stepped, sections: Sections) -> None:
        """Tell which of what several threads can reach a step has changed, while others were about."""
        threads = self._stepper.threads
        everybody = set(range(len(threads)))
        found: dict[Hashable, tuple[Any, set[int]]] = {
            name: (value, everybody) for name, value in self.kept().items() if name != PRINTED
        }
        for other in threads:
            for key, value in self._reached(other):
                found.setdefault(key, (value, set()))[1].add(other.number)
        shapes = {key: portrait.portrait(value) for key, (value, _) in found.items()}
        before, self._shapes = self._shapes, shapes
        if any(not other.has_ended for other in threads if other is not one):
            known = {key: shape for key, shape in shapes.items() if key in before and shape != before[key]}
            sections.step(one.number, {key: found[key][1] for key in known})

    def _reached(self, one: Stepped) -> Iterator[tuple[Hashable, Any]]:
        """What a thread's functions have at hand that others may have, too: objects, and variables of closures."""
        frame = one.frame
        while frame is not None and frame.f_code.co_filename in self._job.file.files:
            cells = {*frame.f_code.co_cellvars, *frame.f_code.co_freevars}
            for name, value in list(frame.f_locals.items()):
                if not isinstance(value, (*portrait.PLAIN, float, threading.Thread)) and not portrait.is_code(
                    value
                ):
                    yield id(value), value
                elif name in cells:
                    yield ("closure", name), value
            frame = frame.f_back
