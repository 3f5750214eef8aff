"""Whether a person's function can run in Thaw's own Python, with the packages of its project's; and what is said of it.

Packages are looked for in folders; an interpreter is asked what it is where that is not known. For any thread.
"""

from __future__ import annotations

import platform
import sys
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING, Any, Protocol

from ..utils.errors import BadInput
from ..utils.folder_files import tilde
from ..utils.formatting import listed
from . import asking
from .lending import fits, packages

if TYPE_CHECKING:
    from collections.abc import Mapping


class Needs(Protocol):
    """What is known of a function; `workers.catalog.entry.Facts` says what each means."""

    @property
    def function(self) -> str: ...
    @property
    def imports(self) -> tuple[str, ...]: ...
    @property
    def lacks(self) -> tuple[str, ...]: ...
    @property
    def least_python(self) -> tuple[int, ...]: ...
    @property
    def python(self) -> str: ...


def ours() -> str:
    """The Python that runs Thaw, for people."""
    return f"Thaw's own Python {platform.python_version()}"


def unmet(needs: Needs, there: str, *, ask: bool) -> str:
    """Why a function cannot run in Thaw's own Python, as a sentence; empty where it can, or nobody knows yet.

    Args:
        needs: the function's.
        there: how a run in another Python is asked for, such as "--runner NAME".
        ask: whether the Python of its project may be asked what it is; else it may be that nobody knows yet.
    """
    if needs.least_python > sys.version_info[:3]:
        least = ".".join(map(str, needs.least_python))
        return (
            f"{needs.function} needs Python {least} or later, and this is {ours()}: choose another ({there})."
        )
    if not needs.lacks:
        return ""
    is_one = len(needs.lacks) == 1
    what = f"{needs.function} needs the package{'' if is_one else 's'} {listed(needs.lacks)}"
    here = f"{what}, which {'is' if is_one else 'are'} not installed here"
    if not needs.python:
        return (
            f"{here}. Name the Python of your project (--python PATH): then it runs with the packages of that one, or "
            f"in that Python itself ({there})."
        )
    try:
        python = asking.ask(needs.python) if ask else asking.known(needs.python)
    except BadInput as problem:
        return f"{here}, and the Python of its project cannot be used: {problem}"
    if python is None:
        return ""
    if not fits(python):
        return (
            f"{here}, and {ours()} cannot use the packages of {python.told}: run it in that Python ({there})."
        )
    folders = list(packages(needs.python))
    if all(PathFinder.find_spec(name.partition(".")[0], folders) for name in needs.lacks):
        return ""
    return f"{here}, nor in {python.told}: install what it needs there, or name another Python (--python PATH)."


def note(needs: Needs | None, gil: str, params: Mapping[str, Any]) -> str:
    """What is to be said of the Python of a function's project in a run, as a sentence; empty where that is nothing.

    Args:
        needs: the function's; None of what is no person's own.
        gil: that of the place, as `workers.catalog.traits` says.
        params: of the run.
    """
    python = asking.known(needs.python) if needs is not None else None
    if needs is None or python is None:
        return ""
    if gil == "other":
        is_named = any(value in (needs.python, tilde(needs.python)) for value in params.values())
        return f"It ran in {python.told}." if is_named else ""
    if fits(python):
        return f"Packages that Thaw has not come from {python.told}." if packages(needs.python) else ""
    is_mixed = bool(needs.imports)
    return f"{ours()} cannot use the packages of {python.told}: it ran with Thaw's own." if is_mixed else ""
