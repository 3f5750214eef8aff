"""Whether a workload can be imported in another interpreter of this process: some modules in C know but one."""

from __future__ import annotations

import functools
import importlib
import re
from typing import TYPE_CHECKING, Any

from ..catalog.user_names import module_of, without_ours
from ..pythons.lending import packages
from ..utils.child import LOAD, PACKAGE, PRIVATE
from .errors import why_not_imported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry

ONE_ONLY = re.compile(r"module (\w+)\S* does not support loading in subinterpreters")


def refusal(workload: Entry, params: Mapping[str, Any]) -> str:
    """Why a workload cannot run in a pool of interpreters; empty where it can. It is tried, and the answer is kept."""
    own, name = workload.own, workload.name
    if workload.is_workload:
        return _tried(f"the workload {name}", module_of(name, f"{PRIVATE}."))
    assert own is not None  # or `compatibility.refusal` has said that it is missing
    # Of a person's own file nothing runs before a run begins: the packages are tried that it imports.
    more = packages(own.python)
    return next((why for package in own.imports if (why := _tried(own.function, package, more))), "")


@functools.lru_cache(maxsize=64)
def _tried(what: str, module: str, more: tuple[str, ...] = ()) -> str:
    interpreters = importlib.import_module("concurrent.interpreters")  # from Python 3.14 on
    guest = interpreters.create()
    try:
        guest.exec(
            f"import sys\npackage = {str(PACKAGE)!r}\n{LOAD}\nfrom {PRIVATE}.remote.worker import prepare\n"
            f"prepare({[*without_ours(), *more]!r}, {bool(more)})\n__import__({module!r})"
        )
    except interpreters.ExecutionFailed as error:
        message = str(error.excinfo.msg)
        found = ONE_ONLY.search(message)
        if found is not None:
            return f"{found[1]} is written in C for one interpreter, and {what} imports it: choose processes."
        return why_not_imported(
            what, "another interpreter of this process", f"{error.excinfo.type.__name__}: {message}", module
        )
    finally:
        guest.close()
    return ""
