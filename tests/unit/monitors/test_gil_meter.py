"""The GIL meter: what it keeps, for how long, and that it measures."""

from __future__ import annotations

import ctypes
import os
import threading
import time
from typing import Any

import pytest

from workers.monitors import gil_meter
from workers.monitors.gil_meter import GilMeter

WITH_GIL: Any = ctypes.PyDLL(None) if os.name == "posix" else None
POSIX = pytest.mark.skipif(os.name != "posix", reason="the sleep that keeps the GIL is POSIX's")


def test_waits_are_told_of_the_time_asked_for() -> None:
    meter = GilMeter()
    for moment in range(10):
        meter._add(float(moment), moment / 10)
    assert meter.waits(3, 5) == [(3.0, 0.3), (4.0, 0.4), (5.0, 0.5)]
    assert meter.waits(100, 200) == []
    assert list(meter.trace)[-1] == (9.0, 0.9)


def test_old_samples_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gil_meter, "MAX_SAMPLES", 100)
    meter = GilMeter()
    for moment in range(1_000):
        meter._add(float(moment), 0.0)
    kept = meter.waits(0, 1_000)
    assert 90 <= len(kept) <= 100
    assert kept[-1] == (999.0, 0.0)


def test_the_trace_is_bounded() -> None:
    meter = GilMeter()
    for moment in range(gil_meter.TRACE_POINTS + 10):
        meter._add(float(moment), 0.0)
    assert len(meter.trace) == gil_meter.TRACE_POINTS


@POSIX
def test_it_measures_by_itself_and_notices_who_keeps_the_gil() -> None:
    meter = GilMeter()
    meter.start()
    try:
        before = time.perf_counter()
        threading.Event().wait(0.2)
        assert meter.waits(before, time.perf_counter())
        WITH_GIL.usleep(200_000)
        WITH_GIL.usleep(200_000)
        threading.Event().wait(0.2)
        waits = meter.waits(before, time.perf_counter())
    finally:
        meter.close()
    assert max(wait for _, wait in waits) > 100
    assert [moment for moment, _ in waits] == sorted(moment for moment, _ in waits)


def test_a_meter_may_be_closed_without_a_start_and_twice() -> None:
    GilMeter().close()
    meter = GilMeter()
    meter.start()
    meter.close()
    meter.close()


@POSIX
def test_a_call_that_begins_in_a_pause_is_seen_and_the_meter_starts_again() -> None:
    meter = GilMeter()
    for _ in range(2):
        meter.start()
        meter.start()  # without effect
        try:
            before = time.perf_counter()
            WITH_GIL.usleep(250_000)  # longer than pause and sleep together: one of them ends much too late
            threading.Event().wait(0.2)
            waits = meter.waits(before, time.perf_counter())
        finally:
            meter.close()
        assert max(wait for _, wait in waits) > 150
