"""The line of throughput and lag in rooms without the live graphs."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetricsF

from gui.live import pulse as pulse_module
from gui.live.pulse import Pulse
from tests.support.live_graphs import run_of
from workers.utils import formatting

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from gui.live.graphs import LiveGraphs
    from gui.theme.theme import Theme


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The rates that were painted as text."""
    texts: list[str] = []

    def kept(per_s: float, unit: str) -> str:
        texts.append(formatting.rate(per_s, unit))
        return texts[-1]

    monkeypatch.setattr(pulse_module, "rate", kept)
    return texts


@pytest.fixture
def pulse(graphs: LiveGraphs, theme: Theme, qtbot: QtBot) -> Pulse:
    made = Pulse(theme, graphs.scene)
    qtbot.addWidget(made)
    made.resize(900, made.height())
    made.show()
    return made


def colors(pulse: Pulse, left: float, right: float) -> set[str]:
    """Of the pixels between two shares of the width."""
    image = pulse.grab().toImage()
    wide = image.width()
    part = image.copy(QRect(round(left * wide), 0, round((right - left) * wide), image.height()))
    return {part.pixelColor(x, y).name() for x in range(part.width()) for y in range(part.height())}


def test_it_tells_the_rate_of_now_whatever_the_graphs_show(
    graphs: LiveGraphs, pulse: Pulse, told: list[str]
) -> None:
    run = run_of("qthread", 12, None, 31e6)
    graphs.add_run(run, "QThread", "bytes", 1)
    graphs.scene.pan(-300.0, time.perf_counter())
    pulse.refresh()
    pulse.grab()
    assert told[-1] == "31 MB/s"


def test_a_long_rate_is_not_cut_off(
    graphs: LiveGraphs, pulse: Pulse, theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    graphs.add_run(run_of("qthread", 5, None, 31e6), "QThread", "bytes", 1)
    said = "888,888 numbers/s"
    monkeypatch.setattr(pulse_module, "rate", lambda *about: said)
    width = QFontMetricsF(theme.numbers_font(0.88)).horizontalAdvance
    left, right = (
        (pulse_module.MARGIN + width(text)) / pulse.width()
        for text in (pulse_module.WIDEST, f"Throughput {said}")
    )
    ground = {theme.color(role).name() for role in ("panel", "line")}
    assert colors(pulse, left, right) > ground


def test_a_run_that_has_ended_has_a_curve_and_no_rate(
    graphs: LiveGraphs, pulse: Pulse, theme: Theme, told: list[str]
) -> None:
    graphs.add_run(run_of("qthread", 30, 10, 31e6), "QThread", "bytes", 1)
    assert theme.runner_color("qthread").name() in colors(pulse, 0.2, 0.5)
    assert not told


def test_a_run_that_has_just_begun_has_no_rate_yet(graphs: LiveGraphs, pulse: Pulse, told: list[str]) -> None:
    graphs.add_run(run_of("qthread", 0.01, None), "QThread", "bytes", 1)
    pulse.grab()
    assert not told


def test_the_lag_is_drawn(graphs: LiveGraphs, pulse: Pulse, theme: Theme) -> None:
    assert theme.color("text").name() in colors(pulse, 0.6, 1.0)
