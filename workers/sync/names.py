"""What things are called: by the names under which the tasks of a run share them. Runs on Python 3.9."""

from __future__ import annotations

from typing import Any

from .thing import Thing


def name_things(made: Any, before: str = "", depth: int = 2) -> None:
    """Call things by the names under which what the tasks share has them."""
    if isinstance(made, Thing):
        if before:
            made.call(before)
        return
    if not depth:
        return
    if isinstance(made, dict):
        parts = [(str(key), one) for key, one in made.items()]
    elif isinstance(made, (list, tuple)):
        parts = [(str(number), one) for number, one in enumerate(made, 1)]
    else:
        parts = list(getattr(made, "__dict__", {}).items())
    for name, one in parts:
        own = name.replace("_", " ").strip()
        is_own_kind = before and isinstance(one, Thing) and own == one.kind
        name_things(one, before if is_own_kind else f"{before} {own}".strip(), depth - 1)
