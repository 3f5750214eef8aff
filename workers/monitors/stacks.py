"""Looks at what other threads do: their stacks, and the processor time that each has used.

The watchdog's thread calls it. Each look is a single call into C that runs no Python on the way, so the GIL is not
handed on in its middle: nobody's function can return meanwhile and leave its last reference to a widget to us, which
would then be destroyed in the wrong thread. No frame outlives the look.

`sys._current_frames` makes objects while it keeps a lock that threads need for their start and their end. Before Python
3.13 that may collect garbage, and whoever is destroyed by it may want the lock, or let the GIL go to one who does: then
the process stands still for ever (https://github.com/python/cpython/issues/106883). So nothing is collected meanwhile.

Nor is it called while there are other interpreters, for it makes objects of their frames without their GIL: see
`interpreters`.
"""

from __future__ import annotations

import dis
import os
import sys
import threading
import time
from contextlib import suppress
from itertools import accumulate, chain, repeat, starmap, tee
from operator import attrgetter, getitem, methodcaller, or_
from typing import TYPE_CHECKING, Any, NamedTuple

from .process import collector, interpreters
from .process.collector import unheld
from .process.own_file import OwnFile, moved_up

if sys.platform == "linux":
    from resource import RUSAGE_THREAD, getrusage

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator
    from types import CodeType, FrameType

Place = tuple[str, int, str]
"""A file, a line's number and a function."""

PARTS = attrgetter("f_code", "f_lineno", "f_lasti", "f_globals")
_SPIN = range(1_500)
"""Summing it takes some 20 microseconds in C, with the GIL held."""

PEEKS = 6
"""Without a GIL a thread that is found in the same call so many times in a row is taken to be in the midst of it. So
often a look is taken again, too, while the thread is quicker."""

MAX_BYTES = 100
"""As much of a file of /proc is read."""

MAX_STACKS = 64
"""Of so many threads at the most all stacks are taken at once."""


class Call(NamedTuple):
    """Where one function of a stack was.

    Attributes:
        code: the function's code.
        line: the line's number; None where the compiler made something that has none.
        instruction: the offset of the current instruction in the code.
        names: the module's global names.
    """

    code: CodeType
    line: int | None
    instruction: int
    names: dict[str, Any]

    @property
    def place(self) -> Place:
        """The file, the line and the function; where the line has no number, that in which the function begins."""
        return self.code.co_filename, self.line or self.code.co_firstlineno, self.code.co_name


def _current_frames(use: Callable[[Any, Any], Any], other: object) -> Iterator[Any]:
    """What a function in C makes of all threads' frames, by ident, and another object, when it is asked for it."""
    if interpreters.are_several():
        return map(use, interpreters.main_frame(), [other])
    frames = starmap(sys._current_frames, [()])
    if sys.version_info >= (3, 13):
        return map(use, frames, [other])
    # All of it in the one call: a program that turns collecting off meanwhile would find it on. What these return is
    # left out: they are called on the way to the frames, and from there.
    after: list[Callable[[], object]] = []
    asked: Iterator[Any] = filter(
        None, map(after.append, map((bool, collector.enable).__getitem__, starmap(collector.is_enabled, [()])))
    )
    off: Iterator[Any] = filter(None, starmap(collector.disable, [()]))
    on: Iterator[Any] = filter(None, map(methodcaller("__call__"), after))
    return map(use, chain(asked, off, frames), chain(on, [other]))


def frames_of(ident: int) -> Iterator[FrameType]:
    """The frames of one thread, the innermost first. After the last it raises AttributeError; without one KeyError."""
    return accumulate(chain(_current_frames(getitem, ident), repeat("f_back")), getattr)


def current_frames() -> Iterator[dict[int, FrameType]]:
    """The innermost frames of all threads that run Python, by ident, once."""
    return _current_frames(or_, {})


def thread_idents() -> set[int]:
    """All threads that run Python."""
    return set(chain.from_iterable(current_frames()))


def stack_of(ident: int) -> list[Call]:
    """The stack of one thread, the innermost call first; empty where that thread runs no Python."""
    found: list[tuple[Any, ...]] = []
    try:
        found.extend(map(PARTS, frames_of(ident)))
    except (AttributeError, KeyError):  # the outermost has None behind it; or there is no such thread
        pass
    return [Call(*parts) for parts in found]


def _has_returned(call: Call) -> bool:
    """Whether a function has ended since it was stopped: its line is that of its end, wherever it was."""
    return dis.opname[call.code.co_code[call.instruction]].startswith("RETURN_")


def _calls(frames: Iterator[Any]) -> list[Call]:
    found: list[tuple[Any, ...]] = []
    with suppress(AttributeError):  # the outermost has None behind it
        found.extend(map(PARTS, frames))
    return [Call(*parts) for parts in found]


def has_gil() -> bool:
    """Whether threads take turns in this Python. Without a GIL a look at stacks stops all threads for a moment."""
    return bool(getattr(sys, "_is_gil_enabled", lambda: True)())


def all_stacks(first: int) -> dict[int, list[Call]]:
    """The stacks of all threads but the calling one, by ident; that of one thread before all others.

    With a GIL, nobody goes on meanwhile unless it takes as long as the switch interval. Without one they are stopped
    together, and the first is looked at before it has woken again.
    """
    if has_gil():
        idents = sorted(thread_idents() - {threading.get_ident()}, key=lambda ident: ident != first)
        return {ident: stack_of(ident) for ident in idents[:MAX_STACKS]}
    for _ in range(PEEKS):
        found = _stopped_stacks(first)
        if not (stack := found.get(first)) or not _has_returned(stack[0]):
            break
    return found


def _stopped_stacks(first: int) -> dict[int, list[Call]]:
    [frames] = current_frames()
    idents = sorted(frames.keys() - {threading.get_ident()}, key=lambda ident: ident != first)
    walks: dict[int, Iterator[Any]] = {ident: chain([frames[ident]], repeat("f_back")) for ident in idents}
    return {ident: _calls(accumulate(walk, getattr)) for ident, walk in walks.items()}


def processor_times(idents: Iterable[int] | None = None) -> dict[int, float]:
    """Seconds of processor time of threads by their idents, all that run Python; empty where the system cannot tell."""
    if not hasattr(time, "pthread_getcpuclockid"):
        return {}
    # A thread's clock can be asked for only while it lives: all in one call, for until it returns nobody can end.
    idents, same = tee(chain.from_iterable(current_frames()) if idents is None else idents)
    try:
        return dict(zip(idents, map(time.clock_gettime, map(time.pthread_getcpuclockid, same))))  # noqa: B905 (Python 3.9)
    except OSError:
        return {}


def goes_on_without_gil(ident: int) -> bool | None:
    """Whether a thread computes at this moment, though the caller holds the GIL; None: cannot be told.

    A thread that computes in Python stands still while another one has the GIL. It says no also of a thread that
    waits, and of one that would compute and has no processor.
    """
    if not hasattr(time, "pthread_getcpuclockid"):
        return None
    clock = time.pthread_getcpuclockid(ident)
    if not has_gil():
        return _stays_in_a_call(ident, clock)
    try:
        mine, other = time.thread_time(), time.clock_gettime(clock)
        began = time.perf_counter()
        sum(_SPIN)
        took, used, moved = (
            time.perf_counter() - began,
            time.thread_time() - mine,
            time.clock_gettime(clock) - other,
        )
    except OSError:  # it has ended meanwhile, as the GUI thread does while the program leaves
        return None
    if used < took / 2:
        return None  # somebody else had our processor: the GIL may have gone round meanwhile
    return moved > took / 2


def _stays_in_a_call(ident: int, clock: int) -> bool | None:
    """Without a GIL: whether a thread computes, and is in the midst of one call however often it is looked at.

    To look at it stops it where it could let others on: one that runs Python is somewhere else each time. None: it had
    no processor meanwhile.
    """
    try:
        before = time.clock_gettime(clock)
        places = {stack[0][:3] for stack in starmap(stack_of, repeat((ident,), PEEKS)) if stack}
        moved = time.clock_gettime(clock) - before
    except OSError:
        return None
    return None if not moved and len(places) == 1 else len(places) == 1


def processor_waits(thread: str = "thread-self") -> Generator[float, None, None]:
    """At each step, how long a thread was ready and had no processor since the last, in seconds; 0.0 off Linux.

    A step costs a call into the system.

    Args:
        thread: its folder in /proc; that of the calling one, which is to begin it.
    """
    waited = ProcessorWaits(thread)
    try:
        before = 0.0
        with suppress(ProcessLookupError):  # it has ended
            while True:
                now = waited.total_s()
                yield now - before
                before = now
        yield from repeat(0.0)
    finally:
        waited.close()


class ProcessorWaits:
    """How long one thread was ready and had no processor, as Linux counts it; 0.0 elsewhere."""

    def __init__(self, thread: str = "thread-self") -> None:
        """Make it.

        Args:
            thread: which one, below /proc; as it stands, that which calls.
        """
        try:
            self._file = OwnFile(moved_up(os.open(f"/proc/{thread}/schedstat", os.O_RDONLY)))
        except OSError:
            self._file = OwnFile(-1)
        self._is_there = self._file.fd >= 0

    def total_s(self) -> float:
        """Since the thread began, in seconds. Raises ProcessLookupError where it has ended."""
        # It may be a file of the program's by now, which this harms not.
        try:
            told = unheld(os.pread, self._file.fd, MAX_BYTES, 0).split() if self._is_there else []
        except ProcessLookupError:
            raise
        except OSError:  # it is closed, or a pipe
            told = []
        self._is_there = len(told) == 3 and all(map(bytes.isdigit, told))
        return int(told[1]) / 1e9 if self._is_there else 0.0

    def close(self) -> None:
        """May be called again."""
        self._file.close()


def times_blocked() -> int:
    """How often the calling thread has given its processor up to wait for something; always 0 where nobody counts.

    It tells a wait for the GIL from one for a processor, which the clock cannot.
    """
    return getrusage(RUSAGE_THREAD).ru_nvcsw if sys.platform == "linux" else 0


def thread_names() -> dict[int, str]:
    """What the threads that Python started are called, by their idents."""
    threads = [one for one in threading.enumerate() if not isinstance(one, threading._DummyThread)]
    return {thread.ident or 0: thread.name.replace("_", " ") for thread in threads}


def unnamed() -> str:
    """What a thread is called that Python did not start."""
    is_qt = any(binding in sys.modules for binding in ("PySide6", "PyQt6", "PyQt5", "PySide2"))
    return "a QThread" if is_qt else "another thread"


def title(code: CodeType) -> str:
    """What people call a function; with its place where its name alone says little."""
    name: str = getattr(code, "co_qualname", code.co_name).replace("<locals>.", "")
    named = "." in name and "<" not in name
    return name if named else f"{name} ({os.path.basename(code.co_filename)}:{code.co_firstlineno})"
