"""Finds runners and workloads, and says what they are, without importing them.

Nothing is imported until it is chosen: a catalogue entry is read from the file's source (its docstring, its literal
constants, the signature of its function), so that a menu of twenty costs a few milliseconds and needs none of their
libraries. A workload that takes the fields of a dataclass names that by PARAMETERS = "..folder.file:Class": a person
may choose those that are keyword-only. A parameter that had another name is still found by that: RENAMED = {old: new}.
"""

from __future__ import annotations

import ast
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..monitors.syntax import parse
from ..utils.child import IS_INSTALLED
from ..utils.formatting import listed
from .fields import Field, fields_of
from .traits import Traits, read_traits
from .user_names import is_own, title

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GIVEN = frozenset({"index", "tasks", "seed", "server", "control", "shared"})
"""Parameters that Thaw fills in by their names; all others are a person's to choose."""


class Facts(NamedTuple):
    """What is known of a person's own function, beside its entry.

    Attributes:
        function: its name.
        kind: "plain", "generator", "async" or "async generator".
        given: those of its parameters that Thaw fills in.
        needs_gui: why it can run in the GUI thread only, as the end of a sentence; empty where it can run elsewhere.
        cannot_travel: why it cannot be sent to another process, as a sentence; empty where it can.
        imports: the packages that its file imports when it is imported itself, but for those beside it; and REQUIRES.
        is_workload: whether it is a workload of Thaw's own form, which is run as one.
        state: when its file was changed, in ns, and the file's size, as of when it was read.
        clash: the module of its project whose name has another owner in Thaw's own process; mostly empty.
        is_installed: whether its module came with Python or a package, and is no file of the person's.
        in_c: whether its module has no source to read.
        lacks: those of `imports` that Thaw's own Python has not.
        least_python: the oldest version of Python that it runs in; empty: any.
        python: the interpreter of its project, which has packages of its own; empty where there is none.
    """

    function: str
    kind: str
    given: tuple[str, ...] = ()
    needs_gui: str = ""
    cannot_travel: str = ""
    imports: tuple[str, ...] = ()
    is_workload: bool = False
    state: tuple[int, int] = (0, 0)
    clash: str = ""
    is_installed: bool = False
    in_c: bool = False
    lacks: tuple[str, ...] = ()
    least_python: tuple[int, ...] = ()
    python: str = ""

    @property
    def is_async(self) -> bool:
        return self.kind.startswith("async")


class Entry(NamedTuple):
    """What is known of a runner or workload before it is imported.

    Attributes:
        name: as on the command line; the file's name without `.py`.
        title: as in a menu (the literal TITLE).
        summary: the first line of the file's docstring.
        missing: why it cannot be used here, in a sentence; empty where it can.
        path: the source file, which the page Code shows.
        constants: the file's upper-case literals.
        fields: the parameters that a person may choose: a workload's, or those of a runner's `__init__`.
        own: what is known besides of a person's own function (`user_functions`); None where it is none, and where
            nobody has looked for it.
        traits: what is true of a runner; of all else it says nothing.
    """

    name: str
    title: str
    summary: str
    missing: str
    path: Path
    constants: Mapping[str, Any]
    fields: tuple[Field, ...]
    own: Facts | None = None
    traits: Traits = Traits()

    @property
    def is_workload(self) -> bool:
        """Whether it is a workload of Thaw's own form, and no other function of a person's own."""
        return not is_own(self.name) if self.own is None else self.own.is_workload

    @property
    def function(self) -> str:
        """The name of its function in its file, or of its class's file."""
        return self.own.function if self.own is not None else self.name.rpartition(".")[2]

    def new_name(self, parameter: str) -> str:
        """What a parameter is called now: by the literal RENAMED, old name -> new name, of its file."""
        return str(self.constants.get("RENAMED", {}).get(parameter, parameter))

    @property
    def where(self) -> str:
        """Where a run of this runner is, in a sentence: "on QThread", "in cooperative slices"."""
        return self.traits.where or f"on {self.title}"

    def is_like(self, other: Entry) -> bool:
        """Whether it says the same as another: most edits of a file change nothing that is told of it here."""
        if self.own is None or other.own is None:
            return self == other
        return self == other._replace(own=other.own._replace(state=self.own.state))


def unknown(name: str) -> Entry:
    """Stands for a runner or workload that a file names, and that is not here or that nobody has looked for."""
    return Entry(name, title(name), "", "is not known here", Path(), {"UNIT": "tasks"}, ())


def read_entry(path: Path) -> Entry | None:
    """Read one file's entry from its source; None where the file has no TITLE and so is no runner or workload.

    A file that Python cannot read is an entry that is not available, with the reason.
    """
    try:
        tree = parse(path.read_text(encoding="utf-8"), path.name)
        constants = dict(literals(tree))
        if "TITLE" not in constants:
            return None
        summary = (ast.get_docstring(tree) or "").partition("\n")[0]
        makers: list[ast.FunctionDef | ast.ClassDef] = [
            *functions_of(tree, "plan"),
            *functions_of(tree, path.stem),
        ]
        runners = [
            node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.endswith("Runner")
        ]
        makers += [node for runner in runners for node in functions_of(runner, "__init__")]
        traits = read_traits(constants) if runners else Traits()
        if "PARAMETERS" in constants:
            makers.append(_named_class(path, constants["PARAMETERS"]))
        labels = constants.get("LABELS", {})
        fields = tuple(
            field._replace(label=labels.get(field.name, ""))
            for maker in makers
            for field in fields_of(maker)
            if field.name not in GIVEN
        )
    except (SyntaxError, ValueError) as error:  # a file that is half written must not take the others with it
        return Entry(path.stem, path.stem, "", f"cannot be read: {error}", path, {}, ())
    return Entry(
        path.stem, constants["TITLE"], summary, missing(constants), path, constants, fields, None, traits
    )


LITERALS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(
        ("TITLE", "SHORT", "UNIT", "WHEN", "GIL", "RUNNER", "SHARED", "NEEDS_FOLDER", "EXTRA", "NOT_MEASURED"),
        (str,),
    ),
    **dict.fromkeys(("TASKS", "WORKERS", "FILES", "THREADS", "BENCHMARKED"), (int,)),
    **dict.fromkeys(("ORDER", "SWITCH_MS"), (int, float)),
    **dict.fromkeys(("LABELS", "RENAMED", "VERSIONS"), (dict,)),
    **dict.fromkeys(("ONLY", "REQUIRES", "REQUIRES_PYTHON"), (tuple, list)),
}
"""What a literal has to be; others are used with care, or mean nothing."""

NOT_ADDED = {"REFUSES", "CHOOSES", "TELLS", "TAKES_ORDER"}
"""Literals that only runners of Thaw's own have: with them a runner's code is asked before it is chosen."""


def wrong_literal(constants: Mapping[str, Any]) -> str:
    """The first of LITERALS that a file has otherwise, with what it is; empty where there is none."""
    for name, kinds in LITERALS.items():
        if name in constants and not isinstance(constants[name], kinds):
            return f"{name} = {constants[name]!r}"
    return ""


def read_added(path: Path, kind: str) -> Entry | None:
    """The same of a file that a person has added, whatever is in it.

    Args:
        path: the file.
        kind: "runners" or "workloads".
    """
    try:
        entry = read_entry(path)
        if entry is None or entry.missing:
            return entry
        tree = parse(path.read_text(encoding="utf-8"), path.name)
        why = f"says {wrong}, which is of another kind" if (wrong := wrong_literal(entry.constants)) else ""
        classes = [
            node for node in tree.body if isinstance(node, ast.ClassDef) and node.name.endswith("Runner")
        ]
        if kind == "runners" and len(classes) != 1:
            why = "needs one class whose name ends in Runner"
        elif kind == "workloads" and not functions_of(tree, path.stem):
            why = f"needs a function {path.stem}"
        if not why:
            constants = {name: value for name, value in entry.constants.items() if name not in NOT_ADDED}
            return entry._replace(constants=constants)
    except Exception as error:  # it must take neither the others with it nor the program
        why = f"cannot be read: {str(error) or repr(error)}"
    return Entry(path.stem, path.stem, "", why, path, {}, ())


def functions_of(node: ast.Module | ast.ClassDef, name: str) -> list[ast.FunctionDef]:
    """The last function of that name in a file or a class, in a list; an empty one where there is none."""
    return [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name == name][-1:]


def _named_class(path: Path, name: str) -> ast.ClassDef:
    """The source of a class that a file of `path`'s neighbour folders has: "..folder.file:Class"."""
    module, _, wanted = name.partition(":")
    file = path.parents[1].joinpath(f"{module.strip('.').replace('.', '/')}.py")
    tree = parse(file.read_text(encoding="utf-8"), file.name)
    return next(node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == wanted)


def literals(tree: ast.Module) -> list[tuple[str, Any]]:
    """The upper-case names of a file that are given a literal at its top level, with their values."""
    found = []
    for node in tree.body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and node.targets[0].id.isupper()
        ):
            try:
                found.append((node.targets[0].id, ast.literal_eval(node.value)))
            except (ValueError, TypeError):  # the second where it has a list as a key
                continue  # computed, and so of no concern to a catalogue
    return found


def missing(constants: Mapping[str, Any]) -> str:
    """Why it cannot be used here, by the literals REQUIRES_PYTHON and REQUIRES; empty where it can.

    EXTRA names what of pyproject.toml installs these packages: then the reason says how.
    """
    least = constants.get("REQUIRES_PYTHON", ())
    if sys.version_info[: len(least)] < least:
        here = ".".join(str(number) for number in sys.version_info[:2])
        return f"needs Python {'.'.join(str(number) for number in least)} or later, and this is Python {here}"
    lacks = absent(constants.get("REQUIRES", ()))
    if not lacks:
        return ""
    why = f"needs the package {listed(lacks)}, which is not installed here"
    if extra := constants.get("EXTRA"):
        what = f'"thaw-lab[{extra}]"' if IS_INSTALLED else " ".join(constants["REQUIRES"])
        why += f": pip install {what}"
    return why


def absent(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these packages that this Python has not."""
    return tuple(name for name in names if not _is_installed(name))


def _is_installed(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # the package around it is missing already
        return False
