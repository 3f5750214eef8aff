"""What tests of the live graphs share: the light theme, a window's beats, and the graphs."""

from __future__ import annotations

import time
from collections import deque
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from gui.live.graphs import LiveGraphs
from tests.support.live_graphs import FREEZE_S, beats_of, monitor_of, show

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.theme.theme import Theme
    from workers.monitors.lag import LagMonitor


@pytest.fixture
def theme(theme: Theme) -> Theme:
    theme.set_choice("light")
    return theme


@pytest.fixture
def now() -> float:
    return time.perf_counter()


@pytest.fixture
def lag(now: float) -> LagMonitor:
    """Of a window that has been there for ten minutes, with a freeze of 4 s that ended 10 s ago."""
    return monitor_of(beats_of(now - 600, now, [(now - 10 - FREEZE_S, now - 10)]))


@pytest.fixture
def graphs(qtbot: QtBot, theme: Theme, lag: LagMonitor) -> LiveGraphs:
    """Of throughput and lag."""
    meter = SimpleNamespace(trace=deque(), waits=lambda start, end: [])
    made = LiveGraphs(theme, lag, meter, SimpleNamespace(held=lambda start, end: []))
    made.set_gil_visible(False)
    return show(made, qtbot)
