"""A module that is like another one, but for some of what is in it."""

from __future__ import annotations

from types import ModuleType
from typing import Any


def like(module: ModuleType, **others: Any) -> ModuleType:
    """A module with other things in it than another one."""
    made = ModuleType(module.__name__, module.__doc__)
    made.__dict__.update({name: value for name, value in vars(module).items() if name != "__loader__"})
    made.__dict__.update(others)
    return made
