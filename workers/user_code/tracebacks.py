"""Tells an error of a person's own function from its own first line on, without ours above it. Runs on Python 3.9.

Called where the work is driven, in whichever thread, process or interpreter that is.
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

from ..catalog.user_names import is_own, locate, module_name, parse
from ..monitors import syntax
from ..utils.child import PACKAGE, PRIVATE, PUBLIC
from ..utils.errors import limit_of
from .modules import known
from .results import Ended

if TYPE_CHECKING:
    from types import TracebackType

OURS = f"{PACKAGE}{os.sep}"
"""Where our own source is."""

SYNC = os.path.join(OURS, "sync", "")


MAX_LETTERS = 200_000
"""Of a longer one the rest is left out: somebody may have put a whole file into a message."""


def error_text(workload: str) -> str:
    """The traceback of the error that is being handled, as a text; to be called in an `except` block.

    Of an own function it begins where that does: at its call, or at the line of its file that failed when it was
    imported. Of all others it is whole, but for what is in `workers.sync`: it ends where that is called.
    """
    kind, error, trace = sys.exc_info()
    if isinstance(error, Ended):
        error = error.error
        kind, trace = type(error), error.__traceback__
    assert kind is not None
    _cut(trace)
    path = ""
    if is_own(workload):
        with contextlib.suppress(ValueError, OSError):  # where it is, or would be
            path = str(known[workload].path if workload in known else locate(parse(workload)))
        while trace is not None and _is_ours(trace.tb_frame.f_code.co_filename, path):
            trace = trace.tb_next
    text = syntax.error_text(kind, error, trace)
    if len(text) > MAX_LETTERS:
        text = f"{text[:MAX_LETTERS]} ...\n"
    if isinstance(error, MemoryError) and not str(error):  # Python says nothing more of it
        text = f"{text.rstrip()}: {limit_of(error)}\n"
    # Sentences for people, who know nothing of our rooms; and our package has but one name for them.
    text = text.replace(f"{PRIVATE}.", f"{PUBLIC}.")
    if kind.__module__.startswith(f"{__package__}."):
        text = text.replace(f"{PUBLIC}.{kind.__module__.partition('.')[2]}.", "")
    # Its classes are named after the module that its file was imported as, which is nobody's word but ours.
    return (
        text.replace(f"{module_name(path)}.", f"{os.path.splitext(os.path.basename(path))[0]}.")
        if path
        else text
    )


def _cut(trace: TracebackType | None) -> None:
    """Take the lines of `workers.sync` away that an error was raised in."""
    last = None
    while trace is not None:
        if not trace.tb_frame.f_code.co_filename.startswith(SYNC):
            last = trace
        trace = trace.tb_next
    if last is not None:
        last.tb_next = None


def _is_ours(file: str, path: str) -> bool:
    return file != path and (file.startswith((OURS, "<frozen importlib")) or file == "<string>")
