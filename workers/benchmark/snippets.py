"""Programs to paste: one for each runner, from workers/snippets/, with a person's own function filled in.

The programs are files of Python that run as they are, so that they are checked like all other code. For any thread.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from ..catalog import user_projects
from ..catalog.entry import functions_of
from ..catalog.user_parameters import said
from ..monitors.syntax import parse
from ..user_code.call_words import helper_name, helper_of, needs_words
from ..utils.child import PACKAGE

if TYPE_CHECKING:
    from ..catalog.entry import Entry

HERE = PACKAGE / "snippets"
IMPORT = "from workers.snippets.work import work\n"
EMPTY = "ARGUMENTS: dict[str, Any] = {}\n"
STEPS = "(work(**ARGUMENTS) for _ in range(10))"
GIVEN = {"index": "0", "tasks": "1", "seed": "1"}

CALL = """

def call_{name}(**arguments: Any) -> Any:
    return {name}(**arguments{more})
"""
TO_ITS_END = """

def call_{name}(**arguments: Any) -> None:
    # Each step is a place to tell of progress, and to stop.
    for _ in {name}(**arguments{more}):
        pass
"""
ASYNC_TO_ITS_END = """

async def call_{name}(**arguments: Any) -> None:
    # Each step is a place to tell of progress, and to stop.
    async for _ in {name}(**arguments{more}):
        pass
"""
PLAIN_SYNC = """import queue, sys, threading, time, types

# {module} imports its locks from Thaw. Elsewhere they are Python's: import them from threading and queue, and sleep
# from time; then these lines can go.
sync: Any = types.SimpleNamespace(**{{**vars(queue), **vars(threading), "sleep": time.sleep}})
sys.modules["workers.sync"] = sync

"""
NO_GAUGES = """

class NoGauges:  # only Thaw draws them
    amount = 0.0

    def sample(self, gauge: str, value: float) -> None: ...

    def watch(self, gauge: str, read: Any) -> None: ...
"""
NO_CONTROL = """
from contextlib import nullcontext


class NoControl:  # here nobody cancels or pauses
    cancelled = paused = False

    def is_paused(self, number: int) -> bool:
        return False

    def wait_while_paused(self, number: int = -1) -> None: ...

    def away(self) -> Any:
        return nullcontext()

    def on_cancel(self, close: Any) -> Any:
        return nullcontext()
"""
MAKE_SHARED = """

SHARED = {make}({arguments})  # by all calls, in each process that makes some
"""


def snippet(runner: str, entry: Entry, params: tuple[tuple[str, Any], ...] = (), python: str = "") -> str:
    """A short program that runs a function in a place.

    Args:
        runner: a runner's name.
        entry: the function's.
        params: its arguments.
        python: the path of the other Python, where that is the place.

    Returns:
        The text of a program; empty where there is none for the runner: it is no place to recommend, or of Thaw alone.
    """
    path = HERE / f"{runner}.py"
    if entry.own is None or runner == "work" or not runner.isidentifier() or not path.is_file():
        return ""
    function, kind = entry.own.function, entry.own.kind
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"  # type: ignore\[.*", "", text)
    arguments = _arguments(entry, dict(params))
    imports, shared = _shared(entry, arguments)
    more = ", shared=SHARED" if shared else ""
    if "control" in entry.own.given:
        shared, more = NO_CONTROL + shared, f"{more}, control=NoControl()"
    imports.append(function.partition(".")[0])
    if needs_words(entry, arguments):
        shared += f"\n\n{helper_of(entry, arguments, dict(params), bool(more))}\n"
        function = helper_name(entry)
    called, helper = function, ""
    if kind == "generator" and STEPS in text:  # in slices: a slice is some of its steps
        text = text.replace(STEPS, "work(**ARGUMENTS)")
        text = text.replace("A short function, many times,", "A generator,")
        helper = CALL if more else ""
    elif "generator" in kind:
        helper = ASYNC_TO_ITS_END if entry.own.is_async else TO_ITS_END
    elif more:
        helper = CALL
    if helper:
        called = f"call_{function}"
        helper = helper.format(name=function, more=more) + "\n"
    if entry.own.is_async:
        text = text.replace("asyncio.to_thread(work, **ARGUMENTS)", "work(**ARGUMENTS)")
    text = text.replace('PYTHON = "pypy3"', f"PYTHON = {python or 'pypy3'!r}")
    where = user_projects.source(entry.name)
    module = where.path.stem if where.is_lone else where.module
    begin = f"{_import(module, imports)}{shared}{helper}"
    if "SHARED" in more and _needs_sync(entry):
        begin = PLAIN_SYNC.format(module=module) + begin
    if f'"""\nimport json, sys\n{IMPORT}' in text:  # a program within the program, which knows no Any
        begin = re.sub(r": Any\b| -> Any\b", "", begin)
    # The calls first: the person's own function may be called work, too.
    text = re.sub(r"\bwork(?=\(\*\*|, \*\*)", called, text).replace(IMPORT, begin)
    given = "{" + ", ".join(f"{name!r}: {value}" for name, value in arguments.items()) + "}"
    text = text.replace(EMPTY, f"ARGUMENTS: dict[str, Any] = {given}\n")
    if "Path(" in given and "from pathlib import Path" not in text:
        text = text.replace("from typing import Any\n", "from pathlib import Path\nfrom typing import Any\n", 1)
    return text


def _import(module: str, names: list[str]) -> str:
    if all(part.isidentifier() for part in module.split(".")):
        return f"from {module} import {', '.join(names)}\n"
    # Such as of a file named my-file.py: no statement can import it.
    lines = "".join(f"{name} = mine.{name}\n" for name in names)
    return f"from importlib import import_module\n\nmine = import_module({module!r})\n{lines}"


def _arguments(entry: Entry, params: dict[str, Any]) -> dict[str, str]:
    """What the function is called with, as source."""
    assert entry.own is not None
    found = {name: value for name, value in GIVEN.items() if name in entry.own.given}
    kinds = {field.name: field.kind for field in entry.fields}
    stars = {field.by: field.name for field in entry.fields if "*" in field.by}
    for key, value in said(entry, params).items():
        name = stars.get(key, key)
        if kinds[name] != "expression":
            found[name] = f"Path({str(value)!r})" if kinds[name] in {"file", "folder"} else repr(value)
    return found


def _shared(entry: Entry, arguments: dict[str, str]) -> tuple[list[str], str]:
    """The name of what makes what calls share, and the lines that have it made; empty where they share nothing."""
    assert entry.own is not None
    versions = entry.constants.get("VERSIONS", {})
    name = versions.get(entry.own.function, {}).get("SHARED") or entry.constants.get("SHARED", "")
    if not name:
        return [], ""
    tree = _tree(entry)
    function, make = (functions_of(tree, one)[:1] for one in (entry.own.function, str(name)))
    if not (function and make and "shared" in _names(function[0])):
        return [], ""
    known = {**GIVEN, **arguments, "control": "NoControl()", "waits": "NoGauges()"}
    given = ", ".join(f"{one}={known[one]}" for one in _names(make[0]) if one in known)
    gauges = NO_GAUGES if "waits" in _names(make[0]) else ""
    return [str(name)], gauges + MAKE_SHARED.format(make=name, arguments=given)


def _names(function: ast.FunctionDef) -> list[str]:
    return [one.arg for one in (*function.args.args, *function.args.kwonlyargs)]


def _needs_sync(entry: Entry) -> bool:
    """Whether its file imports `workers.sync` when it is imported, and nothing else of Thaw."""
    imports = [node.module or "" for node in _tree(entry).body if isinstance(node, ast.ImportFrom)]
    return {one for one in imports if one.partition(".")[0] == "workers"} == {"workers.sync"}


def _tree(entry: Entry) -> ast.Module:
    in_c = entry.own is not None and entry.own.in_c
    return parse("" if in_c else entry.path.read_text(encoding="utf-8"), entry.path.name)
