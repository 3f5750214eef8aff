"""What a person names to be called: its file, what it takes, and where nothing can be called a sentence on why.

Reads source; asks Python in a process of its own where there is none. For any thread.
"""

from __future__ import annotations

import ast
from pathlib import Path

from ...utils.errors import BadInput
from .. import user_names, user_projects
from ..user_syntax import is_guard, statements
from .asked import ask, unknown
from .decorators import DEFS, is_property
from .files import parse_file
from .find import bindings, find, stars
from .parameters import Found, Source, chain, last_name


def source_of(name: user_names.Name, project: user_projects.Source) -> Source:
    """The file that a name leads to; an empty one where it has no source. Raises BadInput where there is none."""
    path = project.path
    if not name.is_path and path.suffix not in user_names.PYTHON:
        return Source(path, ast.Module([], []), path.parent)
    if project.roots:
        return Source(path, parse_file(path), Path(project.roots[0]))
    # Around the outermost package of what is installed.
    return Source(path, parse_file(path), path.parents[name.where.count(".") + (path.name == "__init__.py")])


def called(name: user_names.Name, source: Source) -> Found:
    """What is to be called.

    Raises:
        BadInput: there is nothing of that name, or it cannot be called; a sentence.
    """
    names = tuple(name.function.split("."))
    found = find(source, names)
    if found is not None:
        return found
    if not name.is_path and user_projects.is_installed(source.path):
        return ask(name.where, name.function, source)
    if not bindings(source.tree, names[0]) and not stars(source.tree):
        raise BadInput(_why_none(source.tree, name.function, source.path))
    return unknown(source)


def listed(tree: ast.Module) -> dict[str, ast.stmt]:
    """What a file offers to be called, by name: its functions, and then its classes and their own methods."""
    functions: dict[str, ast.stmt] = {}
    members: dict[str, ast.stmt] = {}
    for node in statements(tree.body):
        if isinstance(node, DEFS):
            functions[node.name] = node
        elif isinstance(node, ast.ClassDef):
            members[node.name] = node
            members.update(_methods(node))
        elif isinstance(node, ast.Assign) and _is_callable(node.value, {**functions, **members}):
            functions.update((target.id, node) for target in node.targets if isinstance(target, ast.Name))
    return {**functions, **members}


def function_at(path: Path, line: int) -> str:
    """The name by which the function around a line of a file can be called; empty where there is none, or no source."""
    try:
        tree = parse_file(path)
    except BadInput:
        return ""
    functions = ((name, node) for name, node in listed(tree).items() if isinstance(node, DEFS))
    return next((name for name, node in functions if node.lineno <= line <= (node.end_lineno or 0)), "")


def hidden(tree: ast.Module) -> dict[str, ast.stmt]:
    """Functions that are there only where the file is run itself."""
    known = listed(tree)
    guarded = [inner for node in tree.body if is_guard(node) for inner in getattr(node, "body", ())]
    found: dict[str, ast.stmt] = {}
    for node in statements(guarded):
        if isinstance(node, DEFS) and node.name not in known:
            found[node.name] = node
    return found


def _methods(owner: ast.ClassDef) -> dict[str, ast.stmt]:
    found: dict[str, ast.stmt] = {}
    for node in statements(owner.body):
        if isinstance(node, DEFS) and not is_property(node):
            if not node.name.startswith("__") or node.name == "__call__":
                found[f"{owner.name}.{node.name}"] = node
    return found


def _is_callable(value: ast.expr, known: dict[str, ast.stmt]) -> bool:
    """Whether what is assigned is for sure to be called."""
    if isinstance(value, ast.Call) and last_name(value) == "partial":
        return True
    return isinstance(value, ast.Lambda) or ".".join(chain(value)) in known


def _why_none(tree: ast.Module, function: str, path: Path) -> str:
    last = function.rpartition(".")[2]
    for outer in ast.walk(tree):
        inside = getattr(outer, "body", None)
        if outer is tree or not isinstance(inside, list):
            continue
        for node in inside:
            if not isinstance(node, DEFS) or node.name != last:
                continue
            if isinstance(outer, ast.ClassDef):
                return f"{last} in {path.name} is a method: name it as {outer.name}.{last}."
            if isinstance(outer, DEFS):
                return (
                    f"{last} in {path.name} is written inside of {outer.name}, and nobody else can call it or "
                    "pickle it: move it to the top level of the file."
                )
            if is_guard(outer):  # type: ignore[arg-type]  # an If, if it is one
                return (
                    f'{last} in {path.name} is written under `if __name__ == "__main__"`, so it is not there when the '
                    "file is imported: move it above that line."
                )
    there = [name for name in listed(tree) if "." not in name]
    if not there:
        return f"{path.name} has no function: write one, such as def {last if last.isidentifier() else 'work'}(): ..."
    return f"There is no function {function} in {path.name}. There are: {', '.join(there)}."
