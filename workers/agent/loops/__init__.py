"""Event loops, one small file a kind: which module tells of it, and how it is made to beat in its own thread.

Each has `found(module, agent)`, which is called when that module has been imported, before anybody can use it.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..protocols import Host

MODULES = {
    "PySide6.QtCore": "qt",
    "PyQt6.QtCore": "qt",
    "PyQt5.QtCore": "qt",
    "PySide2.QtCore": "qt",
    "_tkinter": "tk",
    "asyncio.events": "asyncio_events",
}
"""The module whose import tells of a kind of event loop -> the file that knows it."""

GRAPHICAL = ("qt", "tk")
"""Kinds that are watched before others: they have a window that freezes."""


def found(module: Any, agent: Host) -> None:
    """A module of MODULES has been imported."""
    import_module(f".{MODULES[module.__name__]}", __package__).found(module, agent)
