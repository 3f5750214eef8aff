"""What every probe promises, tested on all that there are, with real runs."""

from __future__ import annotations

import importlib
import pkgutil
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.runner_harness import Harness
from workers import monitors
from workers.catalog.lookup import named
from workers.engine import session as session_module
from workers.engine.plan import Settings
from workers.monitors.gil_meter import GilMeter
from workers.monitors.lag import LagMonitor
from workers.monitors.main_thread import MainThread
from workers.monitors.probe import Instrument, Probe
from workers.monitors.resources import ResourceMeter
from workers.monitors.watchdog import Watchdog
from workers.utils.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from workers.engine.run import Run

# A run that waits never holds the GIL in C, so `held` stays empty.
PUTS = {
    LagMonitor: {"lag", "beats"},
    Watchdog: {"freezes"},
    GilMeter: {"waits"},
    MainThread: {"main_thread"},
    ResourceMeter: {"resources"},
}
FREEZING = Settings.named("gui_thread", "tests.contract.work:stands_still", 1, 1)


class Stage:
    """One probe, at work, with a harness whose runs it measures."""

    def __init__(self, kind: type[Probe[Any]]) -> None:
        self.lag = LagMonitor()
        self.probe: Probe[Any]
        if kind is LagMonitor:
            self.probe = self.lag
        else:
            self.probe = Watchdog(self.lag, make_dumps=None) if kind is Watchdog else kind()
        if isinstance(self.probe, LagMonitor | Instrument):
            self.probe.start()
        self.puts = PUTS[kind]
        self.harness = Harness("thread_pool", probes=[self.probe])
        self.session = self.harness.session

    def measured(self, settings: Settings) -> Run:
        """A run with one beat, at its start."""
        self.session.start(settings, lambda run: self.lag.beat())
        return self.harness.finish()

    def close(self) -> None:
        assert self.harness.until(lambda: self.session.close(0))
        if isinstance(self.probe, Instrument):
            self.probe.close()


@pytest.fixture(params=PUTS, ids=lambda kind: kind.__name__)
def stage(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[Stage]:
    made = Stage(request.param)
    yield made
    made.close()


def filled(run: Run) -> set[str]:
    """What a run has been told by probes."""
    names = ("lag", "beats", "freezes", "held", "waits", "main_thread", "resources")
    return {name for name in names if getattr(run, name)}


def test_all_probes_are_tested_here() -> None:
    for module in pkgutil.iter_modules(monitors.__path__, "workers.monitors."):
        importlib.import_module(module.name)
    found = {*Probe.__subclasses__(), *Instrument.__subclasses__()} - {Instrument}
    assert found == set(PUTS)


def test_it_puts_what_it_saw_into_the_run_and_no_more(stage: Stage) -> None:
    assert filled(stage.measured(FREEZING)) == stage.puts


def test_it_measures_one_run_after_another(stage: Stage) -> None:
    first, second = stage.measured(FREEZING), stage.measured(FREEZING)
    assert filled(first) == filled(second) == stage.puts
    assert all(getattr(first, name) != getattr(second, name) for name in stage.puts)


def test_a_run_without_any_event_is_finished_too(stage: Stage) -> None:
    run = stage.session.start(
        FREEZING._replace(runner_entry=named("runners", "thread_pool")), lambda run: run.control.cancel()
    )
    stage.harness.finish()
    assert stage.harness.events == []
    assert (run.recorder.cancelled, run.startup_s) == (1, None)
    assert filled(run) <= stage.puts


def test_a_start_that_fails_leaves_no_thread_of_its_own_and_the_next_run_is_measured(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def start(self, *_: object) -> None:
            raise RuntimeError("can't start new thread")

        def close(self, timeout: float) -> bool:
            return True

    before = set(threading.enumerate())
    with monkeypatch.context() as patched:
        patched.setattr(session_module, "load_runner", lambda name, params: (Broken(), params))
        with pytest.raises(BadInput, match="no more threads"):
            stage.session.start(FREEZING)
    assert set(threading.enumerate()) == before
    assert stage.session.run is not None
    assert filled(stage.session.run) == set()
    assert filled(stage.measured(FREEZING)) == stage.puts


def test_one_that_was_abandoned_still_tells_what_it_saw(stage: Stage) -> None:
    """The program leaves: nobody waits for the end, which comes even so."""
    stage.probe.abandon()
    before = set(threading.enumerate())
    run = stage.session.start(FREEZING, lambda run: stage.lag.beat())
    stage.probe.abandon()
    stage.probe.abandon()
    assert set(threading.enumerate()) == before
    stage.harness.finish()
    assert filled(run) == stage.puts
