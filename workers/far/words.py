"""What is said of far ends that ended, and of errors on the way to them."""

from __future__ import annotations

import signal
import traceback


def how_it_ended(code: int | None) -> str:
    """The end of a process in words, after its name.

    Args:
        code: its exit code; a signal's number with a minus where that ended it; None while it runs.
    """
    if code is None:
        return "has not ended"
    if code >= 0:
        return f"ended with the exit code {code}"
    try:
        return f"was ended by the signal {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by the signal {-code}"


def failure(error: BaseException) -> str:
    """The traceback of an error, with that of its cause."""
    return "".join(traceback.format_exception(error))
