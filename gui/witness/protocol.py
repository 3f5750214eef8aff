"""What the program and the witness say to each other: lines over the pipes of the witness. No Qt, no threads.

    witness -> program                              program -> witness
    ready     its window is to be seen              heard N   its reader thread has the ping
    ping N    N counts from 1                       pong N    its GUI thread has it, and all before it
    stop      cancel the run                        stopping  the run was told to end
    top 1     a person wants it on top in a freeze  look X S  colours (light or dark) and the size of texts
    closed    a person has closed it                {...}     a line that freezes the window, as JSON
                                                    froze {}  the same of a freeze that is over, and its length
                                                    beside R  the window, and what is read in it, as `rectangles`

What is no such line is a complaint, such as a traceback. Whoever loses a ping or a pong loses nothing: the next one
answers for it. So nobody ever waits to write.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from workers.monitors.freeze import KINDS, Line

NOWHERE = Line("", 0, "", "")
"""In place of a line that is not known."""

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workers.monitors.freeze import Freeze, Sighting

MAX_TEXT = 400
"""Characters of a path or of a source line that travel: the whole message then fits a pipe of 4 KiB."""

Rectangle = tuple[int, int, int, int]
"""The left and upper edge of something on the screen, its width and height, in pixels."""


UNNAMED = ""
"""The holder where only so much is known that it is not the GUI thread: a dump has no names of threads."""


class Guilt(NamedTuple):
    """Which line froze the window, and what it did.

    Attributes:
        kind: a key of `freeze.KINDS`.
        holder: the name of the thread that did it, or UNNAMED.
        line: where; NOWHERE where that is not known.
        started: when the window fell silent, in seconds of `time.perf_counter`, which all processes of a machine share.
    """

    kind: str
    holder: str
    line: Line
    started: float


class Message(NamedTuple):
    """A line that begins with a word: that, and what follows it; `number` is 0 where that is no count."""

    word: str
    rest: str = ""

    @property
    def number(self) -> int:
        return int(self.rest) if self.rest.isascii() and self.rest.isdigit() and len(self.rest) < 16 else 0


FROM_WITNESS = frozenset({"ready", "ping", "stop", "top", "closed"})
FROM_PROGRAM = frozenset({"heard", "pong", "stopping", "look", "froze", "beside"})


def encoded(word: str, *rest: object) -> bytes:
    """Such a line, ready for a pipe."""
    return " ".join([word, *map(str, rest)]).encode() + b"\n"


def parsed(line: bytes, words: frozenset[str]) -> Message | None:
    """What a line says, if it begins with one of these words; None for all else."""
    word, _, rest = line.decode(errors="replace").strip().partition(" ")
    return Message(word, rest) if word in words else None


def encoded_rectangles(rectangles: Iterable[Rectangle]) -> str:
    """Rectangles as a word of a line or of a command line."""
    return ";".join(",".join(map(str, one)) for one in rectangles)


def parsed_rectangles(text: str) -> list[Rectangle]:
    """Such a word's rectangles. Raises ValueError where it is none."""
    found = []
    for one in text.split(";"):
        x, y, width, height = map(int, one.split(","))
        found.append((x, y, width, height))
    return found


def encoded_sighting(sighting: Sighting) -> bytes:
    """What the watchdog has seen, ready for a pipe."""
    return json.dumps(_content(sighting, sighting.line)).encode() + b"\n"


def parsed_sighting(line: bytes) -> Guilt | None:
    """What the watchdog has seen; None where the line is nothing of the kind."""
    try:
        return _guilt(json.loads(line))
    except (ValueError, KeyError, TypeError):
        return None


def encoded_verdict(freeze: Freeze) -> bytes:
    """What the program says of a freeze that is over, ready for a pipe."""
    return encoded("froze", json.dumps({**_content(freeze, freeze.line or NOWHERE), "length": freeze.lag_s}))


def parsed_verdict(rest: str) -> tuple[Guilt, float]:
    """Whom such a line blames, and the length of the freeze in seconds. Raises ValueError where it is none."""
    try:
        content = json.loads(rest)
        return _guilt(content), float(content["length"])
    except (KeyError, TypeError) as error:
        raise ValueError(rest) from error


def _content(seen: Sighting | Freeze, line: Line) -> dict[str, object]:
    return {
        "started": seen.started,
        "kind": seen.kind,
        "holder": seen.holder[:MAX_TEXT],
        "file": line.file[-MAX_TEXT:],  # of a long path the end tells more
        "number": line.number,
        "function": line.function[:MAX_TEXT],
        "text": line.text[:MAX_TEXT],
    }


def _guilt(content: Any) -> Guilt:
    """Raises ValueError, KeyError or TypeError where it is nothing of the kind."""
    kind = content["kind"] if content["kind"] in KINDS else "unknown"
    where = Line(str(content["file"]), int(content["number"]), str(content["function"]), str(content["text"]))
    return Guilt(kind, str(content["holder"]), where, float(content["started"]))
