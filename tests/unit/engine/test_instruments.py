"""Instruments are found by their files: a new one needs no other edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workers.catalog import lookup
from workers.engine.instruments import make_instruments
from workers.monitors.gil_meter import GilMeter
from workers.monitors.lag import LagMonitor
from workers.monitors.main_thread import MainThread
from workers.monitors.probe import Instrument
from workers.monitors.watchdog import Watchdog
from workers.utils.child import PACKAGE

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

MADE_UP = '''"""Made up.

default, classes and definitions are words like others, @ the line's beginning too.
"""
NAME = "thermometer"
TITLE = "&Thermometer"
'''


def test_each_is_made_with_the_lag_monitor() -> None:
    made = make_instruments(LagMonitor())
    kinds = {name: type(one) for name, one in made.items()}
    assert {"gil": GilMeter, "main": MainThread, "watchdog": Watchdog}.items() <= kinds.items()
    assert all(isinstance(one, Instrument) for one in made.values())


def test_a_file_with_a_name_and_a_title_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "monitors").mkdir()
    for path in (PACKAGE / "monitors").glob("*.py"):
        (tmp_path / "monitors" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "monitors" / "thermometer.py").write_text(MADE_UP)
    monkeypatch.setattr(lookup, "PACKAGE", tmp_path)
    lookup.instruments.cache_clear()
    try:
        assert lookup.instruments()["thermometer"] == ("thermometer", "&Thermometer")
        assert {"gil", "main", "watchdog"} < set(lookup.instruments())
    finally:
        lookup.instruments.cache_clear()
