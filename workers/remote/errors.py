"""What is said of remote workers that ended, and of errors on the way to them."""

from __future__ import annotations

import re
import signal

from ..monitors.syntax import error_text
from ..utils.errors import fatal
from ..utils.formatting import listed

_NO_MODULE = re.compile(r"No module named '([^']+)'")


def how_it_ended(code: int | None) -> str:
    """The end of a process in words, after its name.

    Args:
        code: its exit code; a signal's number with a minus where that ended it; None while it runs.
    """
    if code is None:
        return "has not ended"
    if what := fatal(code):
        return f"was ended by {what}"
    if code >= 0:
        return f"ended with the exit code {code}"
    try:
        return f"was ended by the signal {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by the signal {-code}"


def failure(error: BaseException) -> str:
    """The traceback of an error, with that of its cause."""
    return error_text(type(error), error, error.__traceback__)


def why_not_imported(what: str, where: str, error: str, own: str = "") -> str:
    """Why work cannot be imported somewhere, as a sentence.

    Args:
        what: the work, such as "the workload download".
        where: what is to import it, such as "PyPy 3.9.16".
        error: the last line of the traceback.
        own: the module of the work itself: where that is not found, no package is missing.
    """
    found = _NO_MODULE.search(error)
    if found is not None and not f"{own}.".startswith(f"{found[1]}."):
        return no_packages(what, where, [found[1].partition(".")[0]])
    return f"{what[:1].upper()}{what[1:]} cannot be imported by {where}: {error}."


def no_packages(what: str, where: str, names: list[str]) -> str:
    """That packages are missing somewhere, as a sentence: "PyPy 3.9.16 has no package requests, which ... needs."."""
    packages = f"package{'s' if len(names) > 1 else ''} {listed(names)}"
    return f"{where[:1].upper()}{where[1:]} has no {packages}, which {what} needs."
