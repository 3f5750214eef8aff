"""A lesson of a person's own as a file, whole or with something in it that is another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = '''"""Two tasks sleep."""

TITLE = "Two sleep"
ASKS = "How many are done?"
ANSWERS = {"One": "There are two.", "Two": "So it is."}
RIGHT = "Two"
STEPS = (
    {"says": "Asleep", "workload": "sleep", "runner": "thread_pool", "tasks": 2, "params": {"seconds": 0.01}},
)
TAKE_HOME = "All wake up."
SNIPPET = "print(2)"


def claims(run):
    yield run.recorder.done == 2, f"{run.recorder.done} are done."
'''
CLAIM = 'yield run.recorder.done == 2, f"{run.recorder.done} are done."'


def write_lesson(path: Path, *changes: tuple[str, str]) -> Path:
    """Write it, with each first text replaced by the second one."""
    source = SOURCE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    path.write_text(source, encoding="utf-8")
    return path
