"""The room Lessons in the whole program, and lessons of one's own to open there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.lesson_files import STEP, write_lesson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QUICK = {
    **{"says": "Two that wait", "workload": "sleep", "runner": "thread_pool", "tasks": 2, "workers": 2},
    **{"params": {"seconds": 0.01}, "look": "timeline"},
}
TRY = 'TRY = ({"says": "With three", "step": 1, "tasks": 3},)'


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a lesson of one's own, and returns its file."""
    (tmp_path / "mine").mkdir()

    def write(name: str = "one", *, holds: str = "True", more: str = "", order: int = 1, **step: Any) -> Path:
        return write_lesson(
            tmp_path / "mine" / f"{name}.py",
            ("sleep.", "sleep.\n\nThey sleep at once.\n"),
            ("Two sleep", name.capitalize()),
            ('"One": "There are two.", "Two": "So it is."', '"Two": "So it is.", "One": "There are two."'),
            (STEP, f"{({**QUICK, **step},)!r}\n"),
            ("TAKE_HOME", f"ORDER = {order}\n{TRY}\n{more}\nTAKE_HOME"),
            ("run.recorder.done == 2", holds),
        )

    return write
