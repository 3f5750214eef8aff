"""A lesson of a person's own as a file, whole or with something in it that is another way."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workers.utils.child import ROOT

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
STEP = SOURCE[SOURCE.index("(\n") : SOURCE.index("TAKE_HOME")]
CLAIM = 'yield run.recorder.done == 2, f"{run.recorder.done} are done."'


def write_lesson(path: Path, *changes: tuple[str, str]) -> Path:
    """Write it, with each first text replaced by the second one."""
    source = SOURCE
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    path.write_text(source, encoding="utf-8")
    return path


def example_lesson() -> str:
    """The whole lesson that docs/write-a-lesson.md shows."""
    found = re.search(
        r"^```python\n(.*?)^```$", (ROOT / "docs/write-a-lesson.md").read_text("utf-8"), re.M | re.S
    )
    assert found is not None
    return found[1]
