"""What another Python can do with a workload: it tries, in a process of its own, and the answer is kept.

May be called in any thread. Nothing of a person's own file runs there, and nothing is installed or written.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from ..catalog.user_names import module_of
from ..pythons import finding
from ..pythons.asking import FLAGS, USER_SITE, place, run, state_of
from ..utils.child import PRIVATE, private
from ..utils.errors import BadInput
from ..utils.folder_files import stamp
from .errors import no_packages, why_not_imported

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..catalog.entry import Entry
    from ..pythons.asking import Python, State

TRY = f"{USER_SITE}import sys, {PRIVATE}.remote.worker; {PRIVATE}.engine.loading.load_workload(sys.argv[1])"

LOOK = f"""{USER_SITE}
import ast, importlib.util, json, sys, {PRIVATE}.remote.worker, {PRIVATE}.user_code.loading
path, *names = sys.argv[1:]
try:
    body, wrong = ast.parse(open(path, "rb").read() if path else b"").body, None
except SyntaxError as error:
    body, wrong = [], [error.lineno, error.msg]
# What came with Python here may not have come with that one yet, or no more.
imported = [one.name for node in body if isinstance(node, ast.Import) for one in node.names]
imported += [node.module for node in body if isinstance(node, ast.ImportFrom) and not node.level]
tops = {{name.partition(".")[0] for name in imported}} & set({sorted(sys.stdlib_module_names)})
beside = os.listdir(os.path.dirname(path)) if path else []
names += sorted(name for name in tops if name not in beside and name + ".py" not in beside)

def is_there(name):
    try:
        return importlib.util.find_spec(name) is not None
    except ModuleNotFoundError:  # the package around it is missing already
        return False

print(json.dumps([wrong, [name for name in names if not is_there(name)]]))
"""
"""Reads a person's file and runs nothing of it."""


def refusal(workload: Entry, params: Mapping[str, Any]) -> str:
    """Why a workload cannot run in the interpreter that `params` choose, or its project; empty where it can."""
    own = workload.own
    try:
        python = finding.choose(str(params.get("python", "")) or (own.python if own is not None else ""))
    except BadInput as problem:
        return str(problem)
    state = state_of(python)
    if workload.is_workload:
        return _tried(python, workload.name, state)
    assert own is not None  # or `compatibility.refusal` has said that it is missing
    if python.version < own.least_python:
        least = ".".join(map(str, own.least_python))
        return f"{own.function} needs Python {least} or later, and {place(python.path)} is {python.name}."
    path = "" if own.is_installed or own.in_c else str(workload.path)  # there it has files of its own
    return _looked_at(python, path, own.function, own.imports, state, stamp(path))


@functools.lru_cache(maxsize=256)
def _tried(python: Python, workload: str, state: State) -> str:
    """Why a workload cannot be imported there; empty where it can."""
    module = module_of(workload, f"{PRIVATE}.")
    try:
        done = run(private(TRY, workload, python=python.path, flags=FLAGS))
    except BadInput as problem:
        return str(problem)
    if done.returncode == 0:
        return ""
    return why_not_imported(f"the workload {workload}", _name(python), _last_line(done.stderr), module)


@functools.lru_cache(maxsize=256)
def _looked_at(
    python: Python,
    path: str,
    function: str,
    imports: tuple[str, ...],
    state: State,
    file_state: tuple[int, int],
) -> str:
    """Why a person's own function cannot be imported there; empty where it can, for all that its source tells."""
    try:
        done = run(private(LOOK, path, *imports, python=python.path, flags=FLAGS))
    except BadInput as problem:
        return str(problem)
    try:
        wrong, absent = json.loads(_last_line(done.stdout))
    except ValueError:
        return why_not_imported(function, _name(python), _last_line(done.stderr))
    if wrong is not None:
        return f"{os.path.basename(path)}, line {wrong[0]}, is no valid Python for {python.name} ({wrong[1]})."
    return no_packages(function, _name(python), absent) if absent else ""


def _name(python: Python) -> str:
    """What it is called where it matters which one of several of that version it is."""
    return f"{python.name} at {place(python.path)}"


def _last_line(text: str) -> str:
    return text.rstrip().rpartition("\n")[2]
