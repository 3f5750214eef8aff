"""The labs that there are, and their versions, which are workloads; read from source and never imported.

A lab is a file of workers/labs/. Its literals are those of a workload's file, and besides:

    RUNNER = "thread_per_task"   where it is to be seen at first; WORKERS likewise, and SWITCH_MS (--switch-interval)
    SHARED = "make"              the function that makes, once a run, what the tasks share
    MEETS = True                 its tasks wait for each other, so they must share memory
    VERSIONS = {"broken": {"right": False, "shows": "..."}, ...}
                                 its functions, each with whether it is right, and what it shows; upper-case names in
                                 there are literals of that version alone: {..., "TASKS": 2}
"""

from __future__ import annotations

import ast
import functools
from typing import TYPE_CHECKING, NamedTuple

from ..additions.files import read_each
from ..monitors.syntax import parse
from ..utils.child import PACKAGE
from .entry import GIVEN, Entry, functions_of, literals, missing, wrong_literal
from .fields import fields_of

if TYPE_CHECKING:
    from pathlib import Path


USUAL = {
    "ORDER": 1000,
    "TASKS": 4,
    "WORKERS": 4,
    "SWITCH_MS": 5.0,
    "UNIT": "steps",
}
"""What a lab need not say."""


class Version(NamedTuple):
    """One way to write a lab's work.

    Attributes:
        function: its function's name: "fixed".
        is_right: whether it does what is expected of it.
        shows: what there is to be seen, in a sentence.
        entry: it as a workload, with a name such as "counter.fixed".
    """

    function: str
    is_right: bool
    shows: str
    entry: Entry


class Lab(NamedTuple):
    """What is known of a lab before it is imported.

    Attributes:
        name: its file's, without `.py`.
        title: as in a menu.
        text: the docstring of its file: what it teaches.
        path: its file.
        versions: in the order of the file.
    """

    name: str
    title: str
    text: str
    path: Path
    versions: tuple[Version, ...]


def labs() -> dict[str, Lab]:
    """Every lab in workers/labs/, and the person's own, by name, in the order of their literal ORDER."""
    return dict(_labs(PACKAGE / "labs"))


def versions() -> dict[str, Entry]:
    """The versions of all labs, as workloads, by names such as "counter.fixed"."""
    return {
        version.entry.name: version.entry
        for lab in _labs(PACKAGE / "labs").values()
        for version in lab.versions
    }


def is_wrong(entry: Entry) -> bool:
    """Whether it is a version of a lab that goes wrong, as it is to. A person's copy of one may have been mended."""
    version = entry.constants.get("VERSIONS", {}).get(entry.name.rpartition(".")[2], {})
    return entry.own is None and not version.get("right", True)


@functools.cache  # each is read as a whole
def _labs(folder: Path) -> dict[str, Lab]:
    found = [_read(path) for path in folder.glob("*.py") if path.stem != "__init__"]
    found += read_each(folder.name, _read_added)
    found.sort(key=lambda pair: (pair[0], pair[1].name))
    return {lab.name: lab for _, lab in found}


def _read_added(path: Path) -> tuple[int, Lab]:
    """The same of a file that a person has added. Raises anything at all where it is no lab."""
    order, lab = _read(path)
    if len(lab.versions) < 2:
        raise ValueError("a lab has two versions or more, of which one is right")
    if wrong := wrong_literal(lab.versions[0].entry.constants):
        raise ValueError(f"it says {wrong}, which is of another kind")
    return order, lab


def _read(path: Path) -> tuple[int, Lab]:
    """The lab of a file, and where in a list it comes."""
    tree = parse(path.read_text(encoding="utf-8"), path.name)
    constants = {**USUAL, **dict(literals(tree))}
    for name in ("TITLE", "RUNNER", "VERSIONS"):
        if name not in constants:
            raise ValueError(f"it has no literal {name}")
    text = ast.get_docstring(tree) or ""
    found = []
    for name, told in constants["VERSIONS"].items():
        if not (functions := functions_of(tree, name)):
            raise ValueError(f"it has no function {name}")
        own = {**constants, **{key: value for key, value in told.items() if key.isupper()}}
        fields = tuple(field for field in fields_of(functions[0]) if field.name not in GIVEN)
        entry = Entry(
            f"{path.stem}.{name}", f"{own['TITLE']}: {name}", told["shows"], missing(own), path, own, fields
        )
        found.append(Version(name, told["right"], told["shows"], entry))
    return constants["ORDER"], Lab(path.stem, constants["TITLE"], text, path, tuple(found))
