"""What a run costs: its processor time and memory, over all of its processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import psutil
import pytest

from workers.monitors.resources import (
    MIB,
    Costly,
    ResourceMeter,
    Resources,
    processor_seconds,
    resident_bytes,
)


class CheapRun:
    """A run, as the meter sees it."""

    def __init__(self, startup_s: float | None = None) -> None:
        self.startup_s = startup_s
        self.span = (0.0, 1.0)
        self.resources: Resources | None = None


def measured(meter: ResourceMeter, runner: object, startup_s: float | None = None) -> Resources:
    """What a run cost that burnt 50 ms of processor time."""
    run = CheapRun(startup_s)
    meter.begin(run, runner)
    burn(0.05)
    meter.finish(run)
    meter.abandon()
    assert run.resources is not None
    return run.resources


class Two:
    """A runner with two processes, one of which has gone."""

    def processes(self) -> dict[int, float]:
        return {os.getpid(): 1.5, 2**22 + 1: 0.25}


class Asked:
    """A runner that counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0
        self.often = threading.Event()

    def processes(self) -> dict[int, float]:
        self.times += 1
        if self.times > 3:
            self.often.set()
        return {}


def burn(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_a_runner_without_processes_costs_what_the_program_does() -> None:
    assert not isinstance(object(), Costly)
    burn(0.05)
    found = measured(ResourceMeter(), object(), 0.125)
    assert 0.05 <= found.cpu_s < 0.1
    assert found.startup_s == 0.125
    assert found.peak_memory_mib == pytest.approx(psutil.Process().memory_info().rss / MIB, rel=0.2)


def test_the_processor_time_of_its_processes_is_added() -> None:
    found = measured(ResourceMeter(), Two())
    assert 1.8 <= found.cpu_s < 1.9
    assert found.startup_s is None


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells it in a file")
def test_a_process_that_has_told_nothing_yet_is_counted() -> None:
    burn(0.05)
    used = time.process_time()
    assert processor_seconds({os.getpid(): 0.0, 2**22 + 1: 0.25}) == pytest.approx(used + 0.25, abs=0.1)
    assert processor_seconds({os.getpid(): used + 7.0}) == used + 7.0, "it knows better"


def test_it_looks_again_and_again() -> None:
    meter, runner = ResourceMeter(), Asked()
    meter.begin(CheapRun(), runner)
    assert runner.often.wait(5)
    meter.abandon()
    meter.abandon()
    times = runner.times
    measured(meter, object())
    assert runner.times == times, "it has forgotten the one before"


def test_the_memory_of_several_processes_is_summed_and_of_one_that_has_gone_is_none() -> None:
    code = "import sys; held = bytearray(50_000_000); print('ready', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == b"ready"
        mine, both = resident_bytes([os.getpid()]), resident_bytes([os.getpid(), child.pid])
        child.communicate()
    assert mine is not None
    assert both is not None
    assert both - mine > 50_000_000
    assert resident_bytes([child.pid]) == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere it is psutil that is asked anyway")
def test_elsewhere_psutil_is_asked_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    here = resident_bytes([os.getpid()])
    assert here is not None
    monkeypatch.setattr(sys, "platform", "other")
    assert resident_bytes([os.getpid(), 2**22 + 1]) == pytest.approx(here, rel=0.2)
    monkeypatch.setitem(sys.modules, "psutil", None)
    assert resident_bytes([os.getpid()]) is None
