"""Your own function: reads one from a file's source, of which nothing is imported or run. For any thread.

Its conventions, all optional, are literals in its file, or for one function of several an attribute (`resize.GIL =`):

    GIL = "holds"              calls take turns, so that the window stays smooth ("releases": at a lower priority;
                               "waits": none; without it, it is learned from the first calls)
    UNIT = "pictures"          what is counted; "calls" without it, for generators "steps"
    TASKS = 40                 how many calls a run has unless somebody says otherwise
    NEEDS_GUI_THREAD = True    it may run in the GUI thread only (False: it can run elsewhere all the same)
    REQUIRES = ("numpy",)      packages without which it is told not to be available
    SHARED = "make"            makes what calls share, once a run and process; gets parameters of theirs, and `waits`
    MEETS = True               they wait for each other, and so must share memory

Parameters named index (0, 1, ...), tasks, seed, control, and shared where there is SHARED, are filled in by Thaw.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

from ..pythons.finding import of_project
from ..pythons.lending import lent
from ..pythons.needs import unmet
from ..utils.errors import BadInput
from ..utils.folder_files import GONE, stamp
from . import entry as entries
from . import user_names, user_projects
from .callables.called import called, listed, source_of
from .callables.files import parse_file
from .callables.find import bindings
from .user_imports import Scan
from .user_names import PYTHON
from .user_parameters import fields, given
from .user_projects import is_installed
from .user_syntax import changes_path, needs_gui, own_nodes, statements

if TYPE_CHECKING:
    from pathlib import Path

    from .callables.parameters import Function, Source
    from .entry import Entry

TASKS = 16
"""How many calls a run has, where neither the file nor anybody else says so."""

MAX_TASKS = 1_000_000


def functions(path: str | Path) -> list[str]:
    """What can be run of a file, in its order: functions, then classes and their methods; last what begins with _.

    Args:
        path: a file of Python, read but not run.

    Raises:
        BadInput: it cannot be read, or has nothing that could be run; a sentence for people, with the line where there
            is one.
    """
    where = user_names.locate(user_names.Name(str(path), "", True))
    found = list(listed(parse_file(where)))
    if not found:
        raise BadInput(f"{where.name} has no function: write one, such as def work(): ...")
    return sorted(found, key=lambda name: name.rpartition(".")[2].startswith("_"))


def form(name: str) -> str:
    """What kind of function it is, or "workload" for one of Thaw's own form; empty where its file cannot be read."""
    try:
        parsed = user_names.parse(name)
        source = source_of(parsed, user_projects.source(name))
        # A module may have a workload in its async form only.
        is_there = bool(bindings(source.tree, parsed.function.partition(".")[0])) or parsed.is_path
        kind = kind_of(called(parsed, source).node) if is_there else "generator"
    except BadInput:
        return ""
    return "workload" if _is_workload(parsed, kind, dict(entries.literals(source.tree))) else kind


def _is_workload(name: user_names.Name, kind: str, constants: dict[str, Any]) -> bool:
    return not name.is_path and kind == "generator" and isinstance(constants.get("UNIT"), str)


def _parsed(name: str) -> user_names.Name:
    """The parts of a name; where it has no function, the error says which there are."""
    try:
        return user_names.parse(name)
    except BadInput as error:
        if not name.endswith(PYTHON):
            raise
        raise BadInput(f"{error} There are: {', '.join(functions(name))}.") from None


class File(NamedTuple):
    """A file as it is now, for one function of it or for all.

    Attributes:
        project: where it belongs.
        state: what tells that it was changed.
        source: what it says.
        constants: its literals.
    """

    project: user_projects.Source
    state: tuple[int, int]
    source: Source
    constants: dict[str, Any]


def read(name: str) -> File:
    """Read the file of a function. Raises BadInput where there is none, with a sentence for people."""
    project = user_projects.source(name)
    state = stamp(project.path)  # before it is read: what is saved meanwhile is seen by the next look
    source = source_of(user_names.parse(name), project)
    return File(project, state, source, dict(entries.literals(source.tree)))


def entry(name: str, python: str | None = None, scan: Scan | None = None, file: File | None = None) -> Entry:
    """What is known of a function before it is imported; with `own` set, and the file's path.

    Args:
        name: `path/to/file.py:function` or `package.module:function`.
        python: the interpreter of its project; None: the one that is found in the folders around its file.
        scan: what was seen of its project so far, where that is enough, and `current` looks at the rest before a run;
            None: all of it is looked at.
        file: what `read` found, where several functions of it are asked for.

    Raises:
        BadInput: there is no such function, or it cannot be run; a sentence for people that says what to do.
    """
    parsed = _parsed(name)
    with lent("" if parsed.is_path else python or ""):  # a module may be installed there alone
        project, state, source, literals = file or read(name)
        path, tree, _ = source
        found = called(parsed, source)
    node = found.node
    constants = {**literals, **_attributes(tree, parsed.function)}
    kind = kind_of(node)
    as_workload = _is_workload(parsed, kind, constants)
    if not isinstance(constants.get("UNIT"), str):
        constants["UNIT"] = "steps" if "generator" in kind else "calls"
    if type(tasks := constants.get("TASKS")) is not int or not 1 <= tasks <= MAX_TASKS:
        constants["TASKS"] = TASKS
    as_installed = not parsed.is_path and is_installed(path) and not as_workload
    in_c = not parsed.is_path and path.suffix not in PYTHON
    seen = (scan or Scan.whole(project, tree)).look(project, tree, node)
    needs = () if changes_path(tree) else seen.packages  # where they are found then only the run can tell
    imports, least_python = _requirements(constants, needs)
    filled = (*given(node), *(["shared"] if isinstance(constants.get("SHARED"), str) else []))
    if as_installed:
        filled = ()  # who wrote it knew nothing of Thaw, and means something else by these names
    owner = parsed.function.rpartition(".")[0] if found.is_method else ""
    around = literals if found.source.tree is tree else dict(entries.literals(found.source.tree))
    own_fields = fields(node, around, filled, owner, is_loose=as_installed)
    facts = entries.Facts(
        parsed.function,
        kind,
        tuple(one for one in filled if one != "shared"),
        "" if as_workload else needs_gui(tree, constants, parsed.function.partition(".")[0], path),
        f"{parsed.function} is a lambda, which cannot be pickled: write it as def {parsed.function}(...)."
        if isinstance(node, ast.Lambda)
        else "",
        imports,
        as_workload,
        state if seen.is_whole else GONE,  # then it is read again before a run
        seen.clash,
        as_installed,
        in_c,
        entries.absent(imports),
        least_python,
        of_project(path) if python is None else python,
    )
    docstring = "" if isinstance(node, ast.Lambda) else ast.get_docstring(node) or ""
    title, summary = user_names.title(name), docstring.partition("\n")[0]
    return entries.Entry(name, title, summary, "", path, constants, own_fields, facts)


def current(known: Entry) -> Entry:
    """The entry of an own function as of now; any other as it is.

    It is read again where its file has changed, where a package is missing, and where nobody has looked for it.

    Raises:
        BadInput: there is no such function any more, or it cannot be run; a sentence for people.
    """
    facts = known.own
    if facts is None:
        return entry(known.name) if user_names.is_own(known.name) else known
    # What lacks something may lack it no more: it was installed meanwhile, or another file of the project was edited.
    is_same = stamp(known.path) == facts.state and not unmet(facts, "", ask=False)
    return known if is_same else entry(known.name, facts.python)


def _requirements(
    constants: dict[str, Any], imports: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The packages that it needs and the least Python, also by REQUIRES and REQUIRES_PYTHON where these mean that."""
    named = constants.get("REQUIRES", ())
    named = (named,) if isinstance(named, str) else named if isinstance(named, (tuple, list)) else ()
    packages = [one for one in named if isinstance(one, str) and one.replace(".", "_").isidentifier()]
    python = constants.get("REQUIRES_PYTHON")
    least = python if isinstance(python, tuple) and all(type(part) is int for part in python) else ()
    return tuple(dict.fromkeys([*packages, *imports])), least


def kind_of(node: Function) -> str:
    """Of a function: plain, generator, async or async generator."""
    body = node.body if isinstance(node.body, list) else [node.body]
    yields = any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in own_nodes(body))
    if isinstance(node, ast.AsyncFunctionDef):
        return "async generator" if yields else "async"
    return "generator" if yields else "plain"


def _attributes(tree: ast.Module, function: str) -> dict[str, Any]:
    """What the file says of one function: `resize.GIL = "holds"`."""
    found = {}
    for node in statements(tree.body):
        if isinstance(node, ast.Assign) and isinstance(target := node.targets[0], ast.Attribute):
            if isinstance(target.value, ast.Name) and target.value.id == function and target.attr.isupper():
                try:
                    found[target.attr] = ast.literal_eval(node.value)
                except (ValueError, TypeError):
                    continue
    return found
