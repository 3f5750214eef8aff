"""What crosses between a watched program and who watches it; how each proves that it knows the key, `proof` says.

One JSON object a frame, with its length before it in 4 bytes. Used on both sides; runs on Python 3.9. All moments are
seconds of the watched program's `time.perf_counter`, which on Linux is one clock for all processes of a machine.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, NamedTuple, Union, get_args, get_origin, get_type_hints

from ..monitors.freeze import KINDS, Freeze, Line, Sighting
from ..monitors.threads.changes import STATES, Change

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1
"""Of all this; an agent of another version is refused."""

MAX_FRAME = 16 << 20
"""No frame is longer, in bytes: a freeze with a hundred stacks of two hundred calls takes some MB."""

DELIVERIES = ("event", "slot", "timer", "task", "callback", "")
"""What an event loop calls: a handler of events, what a signal or a timer called, a coroutine, a plain callback."""


class BadMessage(ValueError):
    """What came is no message of ours."""


class Hello(NamedTuple):
    """The first message.

    Attributes:
        version: see VERSION.
        pid: the process.
        python: its version, such as "3.12.1".
        executable: its interpreter.
        argv: its `sys.argv`.
        folder: that of the program itself, whose lines are blamed first.
        libraries: the folders of its Python in which libraries lie.
        has_gil: whether this Python has one.
        wall: `time.time` at `moment`.
        moment: when the agent began, before the program's first line.
    """

    version: int
    pid: int
    python: str
    executable: str
    argv: tuple[str, ...]
    folder: str
    libraries: tuple[str, ...]
    has_gil: bool
    wall: float
    moment: float


class Loop(NamedTuple):
    """An event loop begins to be watched; may come again, of a loop in another thread too.

    Attributes:
        kind: "qt", "tk" or "asyncio".
        binding: such as "PySide6", "tkinter", "asyncio" or "uvloop".
        version: the binding's; empty where it has none.
        thread: its ident.
        name: the thread's name.
        moment: when.
    """

    kind: str
    binding: str
    version: str
    thread: int
    name: str
    moment: float


class Beats(NamedTuple):
    """The loop's beats since the last such message; beats stand for the time of the program's own lines, too."""

    moments: tuple[float, ...]


class Waits(NamedTuple):
    """Samples of the GIL meter: when it woke, and how much too late, in ms."""

    samples: tuple[tuple[float, float], ...]


class Held(NamedTuple):
    """When code in C held the GIL."""

    spans: tuple[tuple[float, float], ...]


class Away(NamedTuple):
    """When the program was in its own lines and ran no event loop, longer than a card's freeze."""

    started: float
    ended: float


class Delivery(NamedTuple):
    """What an event loop had called when it was seen.

    Attributes:
        kind: one of DELIVERIES; empty where nothing of Python was seen inside of the loop.
        name: the function's name, with its class where Python knows it.
        file: where it is.
        line: where it begins.
    """

    kind: str
    name: str
    file: str
    line: int


class Seen(NamedTuple):
    """A new guilty line of a freeze that still lasts."""

    sighting: Sighting
    delivery: Delivery


class Frozen(NamedTuple):
    """A freeze that is over, as the watchdog judges it: all gaps that get a card."""

    freeze: Freeze
    delivery: Delivery


class Threads(NamedTuple):
    """What threads do, as far as it has changed since it was told last."""

    changes: tuple[Change, ...]


class Left(NamedTuple):
    """A thread that still runs when the program ends."""

    ident: int
    name: str
    is_daemon: bool
    line: Line


class Leaks(NamedTuple):
    """The threads that the program began and has not ended; before `Bye`."""

    threads: tuple[Left, ...]


class Usage(NamedTuple):
    """What the process has used so far, every second: processor time, resident memory (0 where it cannot be told)."""

    moment: float
    cpu_s: float
    memory_mib: float
    threads: int


class Uncaught(NamedTuple):
    """An exception that nobody caught, of a slot or of the whole program: its traceback, as Python prints it."""

    moment: float
    text: str


class Trouble(NamedTuple):
    """Something of ours went wrong in there: a sentence, or a traceback."""

    text: str


class ThreadStack(NamedTuple):
    """One thread's calls, the outermost first."""

    ident: int
    name: str
    stack: tuple[Line, ...]


class Dumped(NamedTuple):
    """The answer to `Dump`."""

    moment: float
    threads: tuple[ThreadStack, ...]


class Interrupted(NamedTuple):
    """The answer to `Interrupt`: whether it was done; else why not, as a sentence."""

    done: bool
    why: str


class Bye(NamedTuple):
    """The program ends by itself; the last message."""

    moment: float


class Dump(NamedTuple):
    """Asks for the stacks of all threads."""


class Interrupt(NamedTuple):
    """Asks to raise KeyboardInterrupt in the main thread; done only while its event loop is silent."""


_Told = Union[Hello, Loop, Beats, Waits, Held, Away, Seen, Frozen, Threads, Leaks, Usage, Uncaught, Trouble]  # noqa: UP007
Message = Union[_Told, Dumped, Interrupted, Bye, Dump, Interrupt]  # noqa: UP007 (Python 3.9)

_CLASSES: dict[str, Any] = {one.__name__.lower(): one for one in get_args(Message)}
_HINTS: dict[Any, dict[str, Any]] = {}


def encode(message: Message) -> bytes:
    """A message as a frame."""
    fields: dict[str, Any] = message._asdict()
    payload = json.dumps({"message": type(message).__name__.lower(), **fields}, separators=(",", ":")).encode()
    if len(payload) > MAX_FRAME:
        raise BadMessage(f"a message has {len(payload)} bytes")
    return len(payload).to_bytes(4, "big") + payload


def decode(payload: bytes) -> Message:
    """Read what a frame holds. Raises BadMessage."""
    try:
        told = json.loads(payload)
        message: Message = _tuple(_CLASSES[told.pop("message")], told)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadMessage(f"this is no message: {payload[:80]!r} ({error})") from error
    if isinstance(message, Frozen) and not -1 <= message.freeze.guilty < len(message.freeze.stack):
        raise BadMessage("a freeze blames a line that it does not have")
    return message


class Frames:
    """Takes bytes as they come, and gives messages."""

    def __init__(self, limit: int = MAX_FRAME) -> None:
        self._limit = limit
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that are whole now. Raises BadMessage."""
        self._bytes += data
        while len(self._bytes) >= 4:
            end = 4 + int.from_bytes(self._bytes[:4], "big")
            if end - 4 > self._limit:
                raise BadMessage(f"a frame of {end - 4} bytes is announced")
            if len(self._bytes) < end:
                return
            payload = bytes(self._bytes[4:end])
            del self._bytes[:end]
            yield decode(payload)


def _tuple(kind: Any, told: Any) -> Any:
    """A named tuple of plain data, field by field."""
    hints = _HINTS.get(kind)
    if hints is None:
        hints = _HINTS[kind] = get_type_hints(kind)
    if isinstance(told, list):
        told = dict(zip(hints, told)) if len(told) == len(hints) else {}  # noqa: B905 (Python 3.9)
    if told.keys() != hints.keys():
        raise ValueError(f"{kind.__name__} has other fields")
    found = kind(**{name: _value(hint, told[name]) for name, hint in hints.items()})
    words = {Freeze: KINDS, Sighting: KINDS, Change: STATES, Delivery: DELIVERIES}.get(kind)
    if words is not None and (found.state if kind is Change else found.kind) not in words:
        raise ValueError(f"{kind.__name__} is of no such kind")
    return found


def _value(hint: Any, told: Any) -> Any:
    if hint is float and type(told) in (int, float) and math.isfinite(told):
        return float(told)
    if hint is str and type(told) is str:
        # What is no text, such as a name of a file in another encoding, would go wrong wherever it is written.
        return told if told.isascii() else told.encode(errors="backslashreplace").decode()
    if hint in (int, bool) and type(told) is hint:
        return told
    if hasattr(hint, "_fields"):
        return _tuple(hint, told)
    if get_origin(hint) is tuple and type(told) is list:
        kinds = get_args(hint)
        if kinds[1:] == (...,):
            return tuple(_value(kinds[0], one) for one in told)
        if len(kinds) == len(told):
            return tuple(map(_value, kinds, told))
    raise ValueError(f"{told!r:.80} is not of {hint}")
