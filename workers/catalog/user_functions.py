"""Your own function: reads one from a file's source, of which nothing is imported or run. For any thread.

Its conventions, all optional, are literals in its file, or for one function of several an attribute (`resize.GIL =`):

    GIL = "holds"              calls take turns, so that the window stays smooth ("releases": at a lower priority)
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
import tokenize
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ..monitors import syntax
from ..utils.errors import BadInput
from . import entry as entries
from . import user_names
from .user_imports import clash, needed
from .user_parameters import fields, given
from .user_syntax import is_guard, needs_gui, statements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .entry import Entry
    from .user_parameters import Function

TASKS = 16
"""How many calls a run has, where neither the file nor anybody else says so."""

MAX_TASKS = 1_000_000
MAX_BYTES = 5_000_000
"""A larger file is data, and no program of a person's."""


def functions(path: str | Path) -> list[str]:
    """The functions of a file that can be run, in their order; those whose names begin with _ come last.

    Args:
        path: a file of Python, read but not run.

    Raises:
        BadInput: it cannot be read, or has no function; a sentence for people, with the line where there is one.
    """
    where = user_names.locate(user_names.Name(str(path), "", True))
    found = _functions(parse_file(where))
    if not found:
        raise BadInput(f"{where.name} has no function: write one, such as def work(): ...")
    return sorted(found, key=lambda name: name.startswith("_"))


def form(name: str) -> str:
    """What kind of function it is, or "workload" for one of Thaw's own form; empty where its file cannot be read."""
    try:
        parsed = user_names.parse(name)
        tree = parse_file(user_names.locate(parsed))
    except BadInput:
        return ""
    node = _functions(tree).get(parsed.function)
    kind = "generator" if node is None else kind_of(node)  # a module may have a workload in its async form only
    return "workload" if _is_workload(parsed, kind, dict(entries.literals(tree))) else kind


def _is_workload(name: user_names.Name, kind: str, constants: dict[str, Any]) -> bool:
    return not name.is_path and kind == "generator" and isinstance(constants.get("UNIT"), str)


def _parsed(name: str) -> user_names.Name:
    """The parts of a name; where it has no function, the error says which there are."""
    try:
        return user_names.parse(name)
    except BadInput as error:
        if not name.endswith((".py", ".pyw")):
            raise
        raise BadInput(f"{error} There are: {', '.join(functions(name))}.") from None


def entry(name: str) -> Entry:
    """What is known of a function before it is imported; with `own` set, and the file's path.

    Args:
        name: `path/to/file.py:function` or `package.module:function`.

    Raises:
        BadInput: there is no such function, or it cannot be run; a sentence for people that says what to do.
    """
    parsed = _parsed(name)
    path = user_names.locate(parsed)
    state = _state(path)  # before it is read: what is saved meanwhile is seen by the next look
    tree = parse_file(path)
    node = _find(tree, parsed.function, path)
    constants = {**dict(entries.literals(tree)), **_attributes(tree, parsed.function)}
    kind = kind_of(node)
    as_workload = _is_workload(parsed, kind, constants)
    if not isinstance(constants.get("UNIT"), str):
        constants["UNIT"] = "steps" if "generator" in kind else "calls"
    if type(tasks := constants.get("TASKS")) is not int or not 1 <= tasks <= MAX_TASKS:
        constants["TASKS"] = TASKS
    # Where its imports are looked for at first: beside a file, and around a module's outermost package.
    folder = path.parents[0 if parsed.is_path else parsed.where.count(".") + (path.name == "__init__.py")]
    imports = needed(path, folder, tree, node)
    missing = entries.missing(_requirements(constants, imports))
    problem = clash(folder, tree)
    if parsed.is_path and any(isinstance(node, ast.ImportFrom) and node.level for node in tree.body):
        problem = (
            f"{path.name} imports from the package that it is in: name it as package.module:{parsed.function}."
        )
    if problem:
        raise BadInput(f"{user_names.title(name)} cannot be run: {problem}")
    try:
        own_fields = fields(node, constants)
    except BadInput as error:
        raise BadInput(f"{user_names.title(name)} cannot be run: its parameter {error}.") from None
    facts = entries.Facts(
        parsed.function,
        kind,
        given(node),
        "" if as_workload else needs_gui(tree, constants, parsed.function, path),
        f"{parsed.function} is a lambda, which cannot be pickled: write it as def {parsed.function}(...)."
        if isinstance(node, ast.Lambda)
        else "",
        imports,
        as_workload,
        state,
    )
    docstring = "" if isinstance(node, ast.Lambda) else ast.get_docstring(node) or ""
    title, summary = user_names.title(name), docstring.partition("\n")[0]
    return entries.Entry(name, title, summary, missing, path, constants, own_fields, facts)


def current(known: Entry) -> Entry:
    """The entry of an own function as of now; any other as it is.

    It is read again where its file has changed, where a package was missing, and where nobody has looked for it.

    Raises:
        BadInput: there is no such function any more, or it cannot be run; a sentence for people.
    """
    facts = known.own
    if facts is None:
        return entry(known.name) if user_names.is_own(known.name) else known
    return known if not known.missing and _state(known.path) == facts.state else entry(known.name)


def _state(path: Path) -> tuple[int, int]:
    """What tells that a file was changed; no file has this of one that is not there."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_mtime_ns, found.st_size)


def _requirements(constants: dict[str, Any], imports: tuple[str, ...]) -> dict[str, Any]:
    """REQUIRES and REQUIRES_PYTHON, where a person's file has such and they are what we mean by them."""
    named = constants.get("REQUIRES", ())
    named = (named,) if isinstance(named, str) else named if isinstance(named, (tuple, list)) else ()
    packages = [one for one in named if isinstance(one, str) and one.replace(".", "_").isidentifier()]
    python = constants.get("REQUIRES_PYTHON")
    is_version = isinstance(python, tuple) and all(type(part) is int for part in python)
    return {
        "REQUIRES": tuple(dict.fromkeys([*packages, *imports])),
        **({"REQUIRES_PYTHON": python} if is_version else {}),
    }


def parse_file(path: Path) -> ast.Module:
    """The source of a file as a tree. Raises BadInput with a sentence where there is none."""
    try:
        if path.is_dir():
            raise BadInput(f"{path} is a folder: name a file of Python in it.")
        if path.stat().st_size > MAX_BYTES:
            raise BadInput(f"{path} has more than {MAX_BYTES // 1_000_000} MB: that is no program.")
        with tokenize.open(path) as file:
            return syntax_tree(file.read(), path.name)
    except BadInput:
        raise
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}: check the path, or the folder that you are in.") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror or error}.") from None
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        text = f": {error.text.strip()}" if error.text and error.text.strip() else ""
        raise BadInput(f"{path.name}{line} is no valid Python ({error.msg}){text}") from None
    except UnicodeDecodeError:
        raise BadInput(
            f"{path.name} is not UTF-8: save it as that, or name its encoding in its first line."
        ) from None
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadInput(f"{path.name} is no file of Python ({error}).") from None


@lru_cache(maxsize=1)
def syntax_tree(source: str, name: str) -> ast.Module:
    """A program as a tree, which nobody may change: each function of a file asks for that of the same text."""
    return syntax.parse(source, name)


# ---------------------------------------------------------------- functions


def _functions(tree: ast.Module) -> dict[str, Function]:
    """By name; of several definitions the last one counts."""
    found: dict[str, Function] = {}
    for node in statements(tree.body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found[node.name] = node
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Lambda):
            found.update((target.id, node.value) for target in node.targets if isinstance(target, ast.Name))
    return found


def _find(tree: ast.Module, function: str, path: Path) -> Function:
    found = _functions(tree)
    if function not in found:
        raise BadInput(_why_no_function(tree, function, path, list(found)))
    return found[function]


def _why_no_function(tree: ast.Module, function: str, path: Path, there: list[str]) -> str:
    last = function.rpartition(".")[2]
    top = list(statements(tree.body))
    for node in top:
        if isinstance(node, ast.ClassDef) and node.name == function:
            return f"{function} in {path.name} is a class, and Thaw runs functions: write one that uses it."
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if any((one.asname or one.name) == function for one in node.names):
                return f"{function} is only imported in {path.name}: name the file or module that it is written in."
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(isinstance(target, ast.Name) and target.id == function for target in targets):
                return (
                    f"{function} in {path.name} is a value, made when the file runs: "
                    f"write a function that calls it, such as def run_{function}(): ..."
                )
    for outer in ast.walk(tree):
        inside = getattr(outer, "body", None)
        if outer is tree or not isinstance(inside, list):
            continue
        for node in inside:
            if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) or node.name != last:
                continue
            if isinstance(outer, ast.ClassDef):
                return f"{last} in {path.name} is a method of {outer.name}: write a function that calls it."
            if isinstance(outer, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return (
                    f"{last} in {path.name} is written inside of {outer.name}, and nobody else can call it or "
                    "pickle it: move it to the top level of the file."
                )
            if is_guard(outer):  # type: ignore[arg-type]  # an If, if it is one
                return (
                    f'{last} in {path.name} is written under `if __name__ == "__main__"`, so it is not there when the '
                    "file is imported: move it above that line."
                )
    if not there:
        return f"{path.name} has no function: write one, such as def {last if last.isidentifier() else 'work'}(): ..."
    return f"There is no function {function} in {path.name}. There are: {', '.join(there)}."


def kind_of(node: Function) -> str:
    """Of a function: plain, generator, async or async generator."""
    body = node.body if isinstance(node.body, list) else [node.body]
    yields = any(isinstance(one, (ast.Yield, ast.YieldFrom)) for one in _own_nodes(body))
    if isinstance(node, ast.AsyncFunctionDef):
        return "async generator" if yields else "async"
    return "generator" if yields else "plain"


def _own_nodes(body: list[Any]) -> Iterator[ast.AST]:
    """All of a function's own code, without that of functions and classes inside of it."""
    todo: list[ast.AST] = list(body)
    while todo:
        node = todo.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            todo.extend(ast.iter_child_nodes(node))


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
