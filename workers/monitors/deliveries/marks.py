"""Where a thread's event loop is: it marks each of its turns, before it delivers anything. No Qt, no threads.

A stack is inside of something that the loop delivered when the frame that runs the loop is in it, and others inside of
that. Which frame that is, only the loop can tell: whoever is called by it finds that frame behind its own.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..stacks import PARTS, Call, frames_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Result = TypeVar("Result")


class Level(NamedTuple):
    """A call of a stack, with which activation of its function it is.

    Attributes:
        frame: the `id` of its frame, which another one may have as soon as this one has ended.
        call: where it is.
    """

    frame: int
    call: Call


def levels_of(ident: int) -> list[Level]:
    """As `stacks.stack_of`, with the frames: a thread's stack, the innermost call first."""
    found: list[tuple[int, tuple[Any, ...]]] = []
    try:
        # Both walk the same stack, in one call into C: nobody's function returns meanwhile.
        found.extend(zip(map(id, frames_of(ident)), map(PARTS, frames_of(ident))))  # noqa: B905 (Python 3.9)
    except (AttributeError, KeyError):  # the outermost has None behind it; or there is no such thread
        pass
    return [Level(number, Call(*parts)) for number, parts in found]


class Marks:
    """What one thread's event loop tells. Its own thread writes, any other may read.

    Attributes:
        count: how many marks there were.
        moment: the newest, in seconds of `time.perf_counter`.
    """

    def __init__(self) -> None:
        self.count, self.moment = 0, 0.0
        self._places: dict[tuple[int, object, int], int] = {}

    def mark(self, *_told: object) -> None:
        """Called by the loop: all is done that it delivered before."""
        frame = sys._getframe(1)
        self.count += 1
        self._places[id(frame), frame.f_code, frame.f_lasti] = self.count
        self.moment = time.perf_counter()

    def click(self, function: Callable[..., Result], *arguments: Any, **named: Any) -> Result:
        """Call what delivers events without a loop, such as a function that plays a click."""
        self.count += 1
        try:
            return function(*arguments, **named)
        finally:
            self.count += 1

    def clicks(self, function: Callable[..., object], *arguments: Any, **named: Any) -> None:
        """The same with a function that types a text, its second argument: each letter is one thing."""
        if len(arguments) > 1 and isinstance(arguments[1], str) and arguments[1]:
            for letter in arguments[1]:
                self.click(function, arguments[0], letter, *arguments[2:], **named)
        else:
            self.click(function, *arguments, **named)

    def loop_of(self, levels: Sequence[Level], count: int) -> int:
        """Which level of a stack, the innermost first, runs an event loop: the innermost that does; -1 without one.

        Args:
            levels: the stack.
            count: how many marks there were when it was taken.
        """
        here = [(frame, call.code, call.instruction) for frame, call in levels]
        found = [at for at, place in enumerate(here) if place in self._places or place[1] is CLICK]
        # A loop that has ended delivers nothing more, and its frame's number may come again.
        for place, marked in list(self._places.items()):
            if marked <= count and place not in here:
                self._places.pop(place, None)
        return found[0] if found else -1


CLICK = Marks.click.__code__
