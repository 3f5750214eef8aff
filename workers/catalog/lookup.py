"""TODO."""

from __future__ import annotations

from ..utils.child import PACKAGE
from ..utils.errors import BadInput
from .entry import Entry, read_entry
from .user_names import is_own


def runners() -> dict[str, Entry]:
    """Every runner in workers/runners/, by name, in the order of their literal ORDER."""
    return _entries("runners")


def workloads() -> dict[str, Entry]:
    """Every workload in workers/workloads/, by name, in the order of their literal ORDER."""
    return _entries("workloads")


def _entries(folder: str) -> dict[str, Entry]:
    found = []
    for path in (PACKAGE / folder).glob("*.py"):
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
        except BadInput:
            return None
    path = PACKAGE / kind / f"{name}.py"
    return read_entry(path) if name.isidentifier() and path.exists() else None
