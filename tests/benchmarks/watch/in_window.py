"""Starts Thaw's window as main.py does, with what no command line can ask for: a layout, other constants, a workload.

    python -m tests.benchmarks.watch.in_window --set workers.utils.gil.polite:TURN_S=0.02 --start ...

What it does not know itself it hands on to the program.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import sys
import time
from ast import literal_eval
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication

from gui.app import App
from gui.controllers.poll_hook import PollHook
from gui.widgets.spinner import Heartbeat
from tests.benchmarks.sizes import IDLE_AFTER_S, IDLE_S, size
from workers.catalog.entry import read_entry
from workers.catalog.lookup import named
from workers.command_line.parser import parse
from workers.reports.summary import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

WIDTH, HEIGHT = 1920, 1080
GRAPHS = 0.40
"""How much of the window the graphs take."""

TASKS_TAB = "Timeline"
SETTLED_MS = size(800, 300)


def constant(text: str) -> tuple[str, str, Any]:
    """MODULE:NAME=VALUE, the value as Python writes it."""
    place, _, value = text.partition("=")
    module, _, name = place.partition(":")
    return module, name, literal_eval(value)


def arrange(app: App) -> float:
    """The window as it is measured; returns how much of it the graphs take."""
    window = app.window
    window.setGeometry(0, 0, WIDTH, HEIGHT)
    window.pages.show_page(window.pages.page(TASKS_TAB))
    height = round(GRAPHS * WIDTH * HEIGHT / window.graphs.width())
    window.middle.setSizes([height, sum(window.middle.sizes()) - height])
    return window.graphs.width() * window.graphs.height() / (window.width() * window.height())


def slider_of(app: App) -> list[int]:
    """Where the slider to try is in the window: left, top, width and height, in pixels."""
    slider = app.window.controls.try_it.slider
    corner = slider.mapTo(app.window, QPoint(0, 0))
    return [corner.x(), corner.y(), slider.width(), slider.height()]


class Watch:
    """Looks at a window that has nothing to do, and writes what it saw to a file."""

    def __init__(self, app: App, path: Path) -> None:
        self._app, self._path = app, path
        self._beats = 0
        paint = Heartbeat.paintEvent

        def counted(heartbeat: Heartbeat, event: QPaintEvent) -> None:
            self._beats += 1
            paint(heartbeat, event)

        Heartbeat.paintEvent = counted  # type: ignore[method-assign,assignment]
        QTimer.singleShot(round(IDLE_AFTER_S * 1e3), self._begin)

    def _begin(self) -> None:
        self._began = time.perf_counter(), time.time()
        self._before = self._beats, self._app.window.graphs.frames
        QTimer.singleShot(round(IDLE_S * 1e3), self._end)

    def _end(self) -> None:
        now = time.perf_counter()
        lag, took = self._app.core.lag.summary(self._began[0], now), now - self._began[0]
        frames = self._app.window.graphs.frames - self._before[1]
        seen = {
            "lag_ms": lag._asdict(),
            "graph_frames_per_s": frames / took,
            "heartbeat_frames_per_s": (self._beats - self._before[0]) / took,
            "began": self._began[1],
            "ended": time.time(),
        }
        write(self._path, seen)


def main(arguments: Sequence[str]) -> int:
    """Run the window; returns its exit code."""
    parser = argparse.ArgumentParser(description="Start Thaw's window for a measurement.", allow_abbrev=False)
    add = parser.add_argument
    add(
        "--set",
        type=constant,
        action="append",
        default=[],
        metavar="MODULE:NAME=VALUE",
        help="change a constant",
    )
    add("--no-gate", action="store_true", help="leave the event loop's poll as it is")
    add("--own", metavar="MODULE:FUNCTION", help="a workload that the menu does not have")
    add("--given", metavar="JSON", default="{}", help="the parameters of that workload")
    add("--idle", type=Path, metavar="FILE", help="look at the idle window and write to this file")
    add(
        "--tell-slider",
        type=Path,
        metavar="FILE",
        help="write where the slider is, once the window has settled",
    )
    add("--save-layout", action="store_true", help="lay the window out, print what it is like, and leave")
    own, rest = parser.parse_known_args(arguments)
    for module, name, value in own.set:
        if not hasattr(importlib.import_module(module), name):
            raise SystemExit(f"in_window: {module} has no {name}")
        setattr(importlib.import_module(module), name, value)
    if own.no_gate:
        PollHook.install = lambda hook: False  # type: ignore[method-assign,assignment]
    options = parse(rest)
    if own.own:
        given = tuple(json.loads(own.given).items())
        options = options._replace(
            settings=options.settings._replace(workload_entry=named("workloads", own.own), params=given)
        )
    gc.disable()  # as in main.py
    application = QApplication(["thaw"])
    application.setApplicationName("Thaw")
    app = App(application, options)
    if own.own:
        entry = read_entry(Path(str(importlib.import_module(own.own.partition(":")[0]).__file__)))
        assert entry is not None
        app.core.catalog.workloads[own.own] = entry
    watch = Watch(app, own.idle) if own.idle else None  # noqa: F841 (held)
    app.begin()
    if own.tell_slider:
        QTimer.singleShot(SETTLED_MS, lambda: write(own.tell_slider, {"slider": slider_of(app)}))
    if own.save_layout:
        QTimer.singleShot(SETTLED_MS, lambda: arrange(app))
        QTimer.singleShot(2 * SETTLED_MS, lambda: print(json.dumps({"graphs": arrange(app)})))
        QTimer.singleShot(3 * SETTLED_MS, app.window.close)
    code = application.exec()
    app.close()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
