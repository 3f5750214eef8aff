"""The room Lessons in the whole program, and lessons of one's own to open there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LESSON = '''"""Some tasks wait. That is all.

They wait at once.
"""

TITLE = {title!r}
ORDER = {order}
ASKS = "How many tasks are there?"
ANSWERS = {{"Two": "There are two.", "Three": "There are two, and no third."}}
RIGHT = "Two"
STEPS = {steps!r}
TAKE_HOME = "Waiting costs nothing."
TRY = ({{"says": "With three", "step": 1, "tasks": 3}},)
SNIPPET = "print(2)"
{more}


def claims(*runs):
    yield {holds}, f"There were {{runs[0].recorder.count}} tasks."
'''
QUICK = {
    **{"says": "Two that wait", "workload": "sleep", "runner": "thread_pool", "tasks": 2, "workers": 2},
    **{"params": {"seconds": 0.01}, "look": "timeline"},
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a lesson of one's own, and returns its file."""
    (tmp_path / "mine").mkdir()

    def write(name: str = "one", *, holds: str = "True", more: str = "", order: int = 1, **step: Any) -> Path:
        path = tmp_path / "mine" / f"{name}.py"
        steps = ({**QUICK, **step},)
        path.write_text(
            LESSON.format(title=name.capitalize(), order=order, steps=steps, more=more, holds=holds)
        )
        return path

    return write
