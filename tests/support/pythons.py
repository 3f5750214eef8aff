"""Pythons that few systems have, where `scripts/other-pythons` got them: CPython 3.14, and one without a GIL."""

from __future__ import annotations

from pathlib import Path

KEPT = Path(__file__).parents[2] / ".cache" / "pythons"


def kept() -> list[Path]:
    """Their programs, the oldest version first; none where they were not got."""
    # Beside them are programs of other names: a debugger's helper, a tool for linkers, and more names of the same.
    found = {
        *KEPT.glob("3.[0-9][0-9]/bin/python3.[0-9][0-9]"),
        *KEPT.glob("3.[0-9][0-9]t/bin/python3.[0-9][0-9]t"),
    }
    return sorted(path for path in found if path.exists())


def folders() -> list[str]:
    """Where they are, as for PATH."""
    return [str(path.parent) for path in kept()]
