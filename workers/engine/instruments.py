"""Imports the instruments of workers/monitors/ and makes them, for one GUI thread."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ..catalog import lookup
from ..monitors.probe import Instrument

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..monitors.lag import LagMonitor


def make_instruments(lag: LagMonitor) -> dict[str, Instrument[Any]]:
    """Every instrument by its name on the command line; none is started. To be called in the GUI thread.

    Args:
        lag: that thread's beats.
    """
    made: dict[str, Instrument[Any]] = {}
    for name, (file, _) in lookup.instruments().items():
        module = importlib.import_module(f"..monitors.{file}", __package__)
        (kind,) = [
            value
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Instrument) and value.__module__ == module.__name__
        ]
        make: Callable[[LagMonitor], Instrument[Any]] = kind
        made[name] = make(lag)
    return made
