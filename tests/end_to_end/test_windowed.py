"""The real window on a real display: what its reports say of a blocking run and of runs in threads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QImage

from tests.end_to_end.test_offscreen import colours
from tests.support.program import run
from tests.support.report_shape import check_shape

if TYPE_CHECKING:
    from pathlib import Path


def run_in_window(environment: dict[str, str], folder: Path, arguments: list[str]) -> dict[str, Any]:
    """Run once in the window; returns the report, and checks the picture."""
    file, shot = folder / "report.json", folder / "window.png"
    ended = run(
        [*arguments, "--start", "--exit-after-run", "--report", str(file), "--screenshot", str(shot)],
        environment,
    )
    assert (ended.code, ended.err) == (0, "")
    picture = QImage(str(shot))
    assert picture.width() >= 1000
    assert picture.height() >= 640
    assert colours(picture) > 50
    report: dict[str, Any] = json.loads(file.read_text())
    check_shape(report)
    assert report["run"]["tasks"] == report["counts"]["done"]
    lag = report["gui"]["lag_ms"]
    assert 0 <= lag["p50"] <= lag["p95"] <= lag["p99"] <= lag["max"]
    return report


def test_the_gui_thread_freezes_the_window(windowed: dict[str, str], tmp_path: Path) -> None:
    report = run_in_window(windowed, tmp_path, ["--blocking", "--workload", "primes", "--tasks", "12"])
    gui = report["gui"]
    assert gui["freezes"] == 1
    assert gui["blocked_s"] >= 0.95 * report["wall_s"]
    assert gui["longest_freeze_s"] >= 0.95 * report["wall_s"]
    assert gui["lag_ms"]["max"] >= 950 * report["wall_s"]
    assert gui["beats"] <= 2
    assert report["run"]["runner"] == "gui_thread"


@pytest.mark.parametrize("runner", ["thread_pool", pytest.param("qthread", marks=pytest.mark.long)])
def test_threads_leave_the_window_free(runner: str, windowed: dict[str, str], tmp_path: Path) -> None:
    arguments = ["--runner", runner, "--workload", "download", "--tasks", "24", "--workers", "4"]
    report = run_in_window(windowed, tmp_path, arguments)
    gui = report["gui"]
    # Loose, for the tests may share a busy machine: how smooth it is, is for the benchmarks to measure.
    assert gui["beats"] > 20 * report["wall_s"]
    assert gui["blocked_s"] < 0.5 * report["wall_s"]
    assert gui["frames_per_s"] > 4


def test_the_comparison_tells_of_both(windowed: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    arguments = ["--compare", "--exit-after-run", "--workload", "sleep", "--tasks", "4", "--workers", "4"]
    ended = run([*arguments, "--report", str(file)], windowed)
    assert (ended.code, ended.err) == (0, "")
    report = json.loads(file.read_text())
    blocking, other = report["runs"]
    assert blocking["gui"]["longest_freeze_s"] > 0.9
    assert other["gui"]["longest_freeze_s"] < blocking["gui"]["longest_freeze_s"]
    assert ended.out.strip() == report["verdict"]
