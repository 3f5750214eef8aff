"""The keys of a report: other tools read these names, so there are all of them, in this order, and no others."""

from __future__ import annotations

from typing import Any

KEYS = "thaw environment run began wall_s counts amount tasks_per_s gui resources errors".split()
INNER = {
    "environment": "python gil_enabled pyside6 qt pyqtgraph platform cpus switch_interval_ms".split(),
    "run": ["runner", "workload", "tasks", "workers", "params", "seed"],
    "counts": ["done", "failed", "cancelled"],
    "amount": ["unit", "total", "per_s"],
    "resources": ["cpu_s", "peak_memory_mib", "startup_s"],
    "gui": ["beats", "lag_ms", "blocked_s", "freezes", "longest_freeze_s", "frames_per_s", "freeze_causes"],
}


def check_shape(report: dict[str, Any]) -> None:
    """Fail a report that has other keys; without a window it has nothing on the GUI thread."""
    assert list(report) == KEYS
    for name, keys in INNER.items():
        if name != "gui" or report[name] is not None:
            network = (
                ["weather"] if name == "run" and "weather" in report[name] else []
            )  # of our own image server
            assert list(report[name]) == [*keys, *network]
    if report["gui"] is not None:
        assert list(report["gui"]["lag_ms"]) == ["p50", "p95", "p99", "max"]
