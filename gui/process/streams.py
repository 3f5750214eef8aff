"""Standard input, output and error, whatever they are: closed, full, of few letters, or replaced by somebody's code.

`begin` makes all three usable and `keep` keeps standard output for the program's own words. Loads no Qt.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

from workers.transport.redaction import without_secrets
from workers.utils import atomic_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NAMES = ("stdin", "stdout", "stderr")
INPUT_PATHS = ("/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")
"""How a file of a person's can be standard input."""

_kept: TextIO | None = None
_errors: TextIO | None = None
problem = ""
"""Why standard output did not take all that was to be printed, as a sentence; empty where it did."""


def begin() -> None:
    """Open what is closed, on nothing at all, and let no letter be too strange to be printed."""
    for descriptor, name in enumerate(NAMES):
        try:
            os.fstat(descriptor)
        except OSError:
            # The next file that anybody opens would get its number, and whatever C prints.
            opened = os.open(os.devnull, os.O_RDWR)
            if opened == descriptor:
                os.set_inheritable(descriptor, True)
        if getattr(sys, name) is None:  # so it is, too, where Windows starts a program without a terminal
            nothing = open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8")
            setattr(sys, name, nothing)
            setattr(sys, f"__{name}__", nothing)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    global _errors
    _errors = sys.stderr


def keep(*, alone: bool, words: Iterable[str] | None) -> None:
    """Keep standard output as it is now for `printing`: a function of somebody's may put another one in its place.

    Args:
        alone: nothing else is to be printed there: what the work prints, and its children, goes to standard error.
        words: of the command line. Where none of them names standard input, that is empty from now on: work that reads
            it would wait for ever, in silence. None: whoever runs is to have it, whatever that is.
    """
    global _kept
    sys.stdout.flush()
    _kept = open(os.dup(sys.stdout.fileno()), "w", encoding=sys.stdout.encoding, errors="replace")
    atomic_file.kept[sys.stdout.fileno()] = _kept.fileno()
    if alone:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    if words is not None and not any(path in word for word in words for path in INPUT_PATHS):
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        os.close(nowhere)


@contextmanager
def printing() -> Iterator[TextIO]:
    """Print to what this gives. A reader such as `head` may have left, which is no error; another one is `problem`."""
    stream = _kept or sys.stdout
    with suppress(
        Exception
    ):  # the work's own, which came first; it may be anything, and nobody need mind where it goes
        sys.stdout.flush()
    with _told(stream):
        yield stream
        stream.flush()


def flush() -> None:
    """Write out what is still held, and drop what nobody takes."""
    ours = _kept or sys.stdout
    with _told(ours):
        ours.flush()
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):  # it may be somebody's own by now, whatever that is
            stream.flush()


@contextmanager
def _told(stream: TextIO) -> Iterator[None]:
    global problem
    try:
        yield
    except (BrokenPipeError, SystemExit):  # the second is how rich says it
        _drop(stream)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        problem = f"Not all could be printed: standard output says {why!r}. Give it room, or use --report FILE."
        _drop(stream)


def complain(sentence: str) -> None:
    """Say on standard error what went wrong, if it takes it."""
    say(f"thaw: {without_secrets(sentence)}")


def say(line: str) -> None:
    """Print a line on standard error as it was at the start, if it takes it."""
    stream = _errors or sys.stderr
    with suppress(OSError, ValueError):
        stream.write(f"{line}\n")
        stream.flush()


def _drop(stream: TextIO) -> None:
    """What it still holds goes nowhere: Python would complain at its end that it cannot be written."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()
