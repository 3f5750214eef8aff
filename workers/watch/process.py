"""The process of a program that is watched: started as it would start by itself, and what its end means."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from typing import TYPE_CHECKING

from ..utils.child import AT_START
from ..utils.errors import BadInput, fatal, limit_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from .program import Program

SIGNALLED = 128
"""Exit codes from here on are of signals, as in a shell."""


def start(program: Program, invited: Callable[[dict[str, str]], dict[str, str]]) -> subprocess.Popen[bytes]:
    """Start a program with our own standard streams, in the environment and with the open files that we were given.

    Args:
        program: what to start.
        invited: makes the environment of a program that is watched from another one.

    Raises:
        BadInput: it cannot be started, with a sentence.
    """
    try:
        return subprocess.Popen(
            program.command, env=invited(dict(AT_START)), cwd=program.folder or None, close_fds=os.name == "nt"
        )
    except (OSError, ValueError) as error:  # a ValueError: a byte 0 in an argument
        why = limit_of(error) or getattr(error, "strerror", None) or str(error)
        raise BadInput(f"{program.name} cannot be started with {program.python}: {why}.") from error


def exit_code(returned: int) -> int:
    """The exit code that a shell would tell: 128 and more for a signal."""
    return SIGNALLED - returned if returned < 0 else returned


def signal_name(code: int) -> str:
    """The signal that an exit code tells of, such as "SIGSEGV", or Windows' exception; empty where it is neither."""
    if os.name == "nt":
        return fatal(code)
    with suppress(ValueError):
        return signal.Signals(code - SIGNALLED).name if code > SIGNALLED else ""
    return ""
