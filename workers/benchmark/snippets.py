"""Programs to paste: one for each runner, from workers/snippets/, with a person's own function filled in.

The programs are files of Python that run as they are, so that they are checked like all other code. For any thread.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalog import user_functions, user_names
from ..utils.child import PACKAGE
from ..utils.errors import BadInput

if TYPE_CHECKING:
    from ..catalog.entry import Entry

HERE = PACKAGE / "snippets"
IMPORT = "from workers.snippets.work import work\n"
EMPTY = "ARGUMENTS: dict[str, Any] = {}\n"
STEPS = "(work(**ARGUMENTS) for _ in range(10))"

TO_ITS_END = '''

def call_{name}(**arguments: Any) -> None:
    """Take every step. Each is a place to tell of progress, and to stop."""
    for _ in {name}(**arguments):
        pass
'''
ASYNC_TO_ITS_END = '''

async def call_{name}(**arguments: Any) -> None:
    """Take every step. Each is a place to tell of progress, and to stop."""
    async for _ in {name}(**arguments):
        pass
'''


def snippet(runner: str, name: str, params: tuple[tuple[str, Any], ...] = (), python: str = "") -> str:
    """A short program that runs a function in a place.

    Args:
        runner: a runner's name.
        name: the function's, as in `workers.catalog.user_functions.entry`.
        params: its arguments.
        python: the path of the other Python, where that is the place.

    Returns:
        The text of a program; empty where there is none for the runner: it is no place to recommend, or of Thaw alone.
    """
    path = HERE / f"{runner}.py"
    if runner == "work" or not runner.isidentifier() or not path.is_file():
        return ""
    try:
        entry = user_functions.entry(name)
    except BadInput:
        return ""
    assert entry.own is not None
    function, kind = entry.own.function, entry.own.kind
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"  # type: ignore\[.*", "", text)
    arguments = _arguments(entry, dict(params))
    called, helper = function, ""
    if kind == "generator" and STEPS in text:  # in slices: a slice is some of its steps
        text = text.replace(STEPS, "work(**ARGUMENTS)")
        text = text.replace("A short function, many times,", "A generator,")
    elif "generator" in kind:
        called = f"call_{function}"
        helper = (ASYNC_TO_ITS_END if entry.own.is_async else TO_ITS_END).format(name=function)
    if entry.own.is_async:
        text = text.replace("asyncio.to_thread(work, **ARGUMENTS)", "work(**ARGUMENTS)")
    text = text.replace('PYTHON = "pypy3"', f"PYTHON = {python or 'pypy3'!r}")
    module = (
        Path(user_names.parse(name).where).stem
        if user_names.parse(name).is_path
        else user_names.parse(name).where
    )
    text = text.replace(IMPORT, f"from {module} import {function}\n")
    text = text.replace(EMPTY, f"ARGUMENTS: dict[str, Any] = {arguments}\n{helper}")
    if "Path(" in arguments and "from pathlib import Path" not in text:
        text = text.replace("from typing import Any\n", "from pathlib import Path\nfrom typing import Any\n", 1)
    return re.sub(r"\bwork(?=\(\*\*|, \*\*)", called, text)


def _arguments(entry: Entry, params: dict[str, Any]) -> str:
    assert entry.own is not None
    given = {"index": 0, "tasks": 1, "seed": 1}
    parts = [f"{name!r}: {given[name]}" for name in entry.own.given if name in given]
    for field in entry.fields:
        value = params.get(field.name, field.default)
        if value is None or (value == "" and field.optional):
            continue
        parts.append(
            f"{field.name!r}: {f'Path({str(value)!r})' if field.kind in {'file', 'folder'} else repr(value)}"
        )
    return "{" + ", ".join(parts) + "}"
