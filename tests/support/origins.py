"""Where a thread or a Qt timer was started: the nearest line of this checkout, noted in the thread that starts it."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

ROOT = f"{Path(__file__).parents[2]}{os.sep}"
UNKNOWN = "an unknown line"
_lines: WeakKeyDictionary[object, str] = WeakKeyDictionary()


def with_origin(name: str, thing: object) -> str:
    """The name in quotes and the line that started the thing last: "'pool 1', started at gui/x.py:12"."""
    return f"{name!r}, started at {_lines.get(thing, UNKNOWN)}"


def note_starts(kind: type[Any]) -> None:
    """From now on, note where objects of this class are started; a second call does nothing."""
    start: Callable[..., Any] = kind.start
    if getattr(start, "__module__", "") == __name__:
        return

    def noting(thing: object, *arguments: Any) -> Any:
        _lines[thing] = _caller()
        return start(thing, *arguments)

    kind.start = noting


def _caller() -> str:
    """The nearest line of this checkout outside of this file."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if name.startswith(ROOT) and name != __file__ and "site-packages" not in name:
            return f"{Path(name).relative_to(ROOT).as_posix()}:{frame.f_lineno}"
        frame = frame.f_back
    return UNKNOWN


note_starts(threading.Thread)
