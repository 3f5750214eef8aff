"""Whether a workload can be imported in another interpreter of this process: some modules in C know but one."""

from __future__ import annotations

import functools
import importlib
from typing import TYPE_CHECKING, Any

from workers.far.pythons import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping


def refusal(workload: str, params: Mapping[str, Any]) -> str:
    """Why a workload cannot run in a pool of interpreters; empty where it can. It is tried, and the answer is kept."""
    return _tried(workload)


@functools.lru_cache(maxsize=64)
def _tried(workload: str) -> str:
    interpreters = importlib.import_module("concurrent.interpreters")  # from Python 3.14 on
    module = workload.partition(":")[0] if ":" in workload else f"workers.workloads.{workload}"
    guest = interpreters.create()
    try:
        guest.exec(f"import site; site.addsitedir({ROOT!r}); import workers.far.end; __import__({module!r})")
    except interpreters.ExecutionFailed as error:
        why = f"{error.excinfo.type.__name__}: {error.excinfo.msg}"
        return f"The workload {workload} cannot be imported in another interpreter of this process: {why}."
    finally:
        guest.close()
    return ""
