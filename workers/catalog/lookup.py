"""TODO."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ..utils.child import PACKAGE
from .entry import Entry, read_entry
from .user_names import is_own

if TYPE_CHECKING:
    from pathlib import Path


def runners() -> dict[str, Entry]:
    """Every runner in workers/runners/, by name, in the order of their literal ORDER."""
    return dict(_entries(PACKAGE / "runners"))


def workloads() -> dict[str, Entry]:
    """Every workload in workers/workloads/, by name, in the order of their literal ORDER."""
    return dict(_entries(PACKAGE / "workloads"))


@functools.cache  # the command line and the window both ask, and to read them all takes 50 ms
def _entries(folder: Path) -> dict[str, Entry]:
    found = []
    for path in folder.glob("*.py"):
        entry = read_entry(path)
        if entry is not None:
            found.append(entry)
    found.sort(key=lambda entry: (entry.constants.get("ORDER", 1000), entry.name))
    return {entry.name: entry for entry in found}


def entry(kind: str, name: str) -> Entry | None:
    """The entry of one runner or workload; None where there is none of that name.

    Args:
        kind: "runners" or "workloads".
        name: as on the command line; of workloads also that of an own function (`user_functions`).
    """
    if kind == "workloads" and is_own(name):
        from . import user_functions  # which reads our own files by what is here

        try:
            return user_functions.entry(name)
        except ValueError:
            return None
    path = PACKAGE / kind / f"{name}.py"
    return read_entry(path) if name.isidentifier() and path.exists() else None
