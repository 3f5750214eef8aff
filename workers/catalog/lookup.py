"""Every runner and workload that there is, by name, a person's own functions too. For any thread."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from ..additions.files import files
from ..utils.child import PACKAGE
from ..utils.errors import BadInput
from . import labs
from .entry import Entry, read_added, read_entry, unknown
from .traits import SPARE_COLORS, SPARE_MARKERS, UNKNOWN_COLOR, Traits
from .user_names import is_own

if TYPE_CHECKING:
    from collections.abc import Iterable

WATCH = "watch"
"""How the runner and the workload of a program are called that was watched (`workers.watch`); no menu has them."""

_NO_START = "is a program of its own: watch it once more"
_WATCHED = {
    "runners": Entry(
        WATCH,
        "Its own process",
        "A program that is watched runs by itself.",
        _NO_START,
        Path(),
        {},
        (),
        traits=Traits(
            "its own process", "in its own process", gil="own", advise=0, where="in its own process", marker="◆"
        ),
    ),
    "workloads": Entry(
        WATCH,
        "Your own program",
        "A program of your own, watched from outside.",
        _NO_START,
        Path(),
        {"UNIT": "programs"},
        (),
    ),
}

_TEXT = re.compile(r'^([A-Z]+) = "(.+)"$', re.MULTILINE)


def runners() -> dict[str, Entry]:
    """Every runner in workers/runners/, and the person's own, by name, in the order of their literal ORDER."""
    return dict(_runners(PACKAGE))


def workloads() -> dict[str, Entry]:
    """Every workload in workers/workloads/, and the person's own, by name, in the order of their literal ORDER."""
    return dict(_entries(PACKAGE / "workloads"))


def traits(runner: str) -> Traits:
    """What is true of a runner; of one that is not here, as a file of another version may name it, next to nothing."""
    found = _WATCHED["runners"] if runner == WATCH else _runners(PACKAGE).get(runner)
    return found.traits if found is not None else Traits(runner, f"on {runner}", marker=SPARE_MARKERS[-1])


def simplest(runners: Iterable[Entry]) -> Entry | None:
    """Of runners that do as well the one to advise; None where none of them is for anybody to use."""
    return min((one for one in runners if one.traits.advise), key=lambda one: one.traits.advise, default=None)


@functools.cache  # charts ask for colours while they paint
def _runners(package: Path) -> dict[str, Entry]:
    found = dict(_entries(package / "runners"))
    said = [entry.traits for entry in found.values()]
    markers = iter([one for one in SPARE_MARKERS if one not in {traits.marker for traits in said}])
    colors = iter([one for one in SPARE_COLORS if one not in {traits.color for traits in said}])
    for name, entry in found.items():
        marker, color = entry.traits.marker, entry.traits.color
        traits = entry.traits._replace(
            marker=marker or next(markers, SPARE_MARKERS[-1]),
            color=next(colors, UNKNOWN_COLOR) if color == UNKNOWN_COLOR else color,
        )
        found[name] = entry._replace(traits=traits)
    return found


@functools.cache  # the command line and the window both ask, and to read them all takes 50 ms
def _entries(folder: Path) -> dict[str, Entry]:
    read = [
        *map(read_entry, folder.glob("*.py")),
        *(read_added(path, folder.name) for path in files(folder.name)),
    ]
    found = [entry for entry in read if entry is not None]
    found.sort(key=lambda entry: (entry.constants.get("ORDER", 1000), entry.name))
    return {entry.name: entry for entry in found}


def entry(kind: str, name: str) -> Entry | None:
    """The entry of one runner or workload; None where there is none of that name.

    Args:
        kind: "runners" or "workloads".
        name: as on the command line; of workloads also that of an own function (`user_functions`), or of a lab's
            version (`labs`).
    """
    if name == WATCH:
        return _WATCHED.get(kind)
    if kind == "workloads" and is_own(name):
        from . import user_functions  # which reads our own files by what is here

        try:
            return user_functions.entry(name)
        except BadInput:
            return None
    if kind == "workloads" and "." in name:
        return labs.versions().get(name)
    return (_runners(PACKAGE) if kind == "runners" else _entries(PACKAGE / kind)).get(name)


def named(kind: str, name: str) -> Entry:
    """The entry of that name; where there is none, one that says so."""
    return entry(kind, name) or unknown(name)


@functools.cache
def instruments() -> dict[str, tuple[str, str]]:
    """Every instrument in workers/monitors/ by its name on the command line: its file's name, and its title."""
    files = texts(PACKAGE / "monitors")
    return {
        its["NAME"]: (file, its["TITLE"]) for file, its in files.items() if "NAME" in its and "TITLE" in its
    }


def texts(folder: Path) -> dict[str, dict[str, str]]:
    """The constants of a folder's files that are texts of one line, by the file's name: not even parsed, for a menu."""
    files = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))}
    return {file: dict(_TEXT.findall(source)) for file, source in files.items()}
