"""The files that version 0.1 wrote and what it read out of each; tests/fixtures/written_by_0.1/README.md tells more."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[1] / "fixtures" / "written_by_0.1"
NEAR = 2e-6
"""A time is kept as a difference of two clock readings, and some figures are rounded to six digits."""


def files(folder: str, suffix: str) -> list[Path]:
    """The five files of one kind; fails where any is missing, for a test without a file would pass."""
    found = sorted(
        path for path in (FIXTURES / folder).glob(f"*{suffix}") if not path.name.endswith(".read.json")
    )
    assert len(found) == 5, found
    return found


def read_then(path: Path) -> Any:
    """What version 0.1 read out of a file, or held when it wrote it."""
    text = path.with_suffix(".read.json").read_text(encoding="utf-8")
    return json.loads(text.replace('"most_m', '"max_m'))  # what two parameters of downloads are called since


def differences(found: Any, then: Any, at: str = "") -> list[str]:
    """Where something is not as it was; objects may have gained keys since."""
    if isinstance(then, dict) and isinstance(found, dict):
        missing = [f"{at}/{key} is missing" for key in then.keys() - found.keys()]
        return missing + [line for key in then.keys() & found.keys() for line in _each(found, then, key, at)]
    if isinstance(then, list) and isinstance(found, list | tuple) and len(then) == len(found):
        return [line for index in range(len(then)) for line in _each(found, then, index, at)]
    numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in (found, then))
    if numbers and math.isclose(found, then, rel_tol=1e-8, abs_tol=NEAR):
        return []
    return [] if type(found) is type(then) and found == then else [f"{at}: {found!r} was {then!r}"]


def _each(found: Any, then: Any, key: Any, at: str) -> list[str]:
    return differences(found[key], then[key], f"{at}/{key}")
