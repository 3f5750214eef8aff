"""`--offscreen` as a process: the whole window without a display, which starts by itself and leaves by itself."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from tests.end_to_end.test_headless import SHORT
from tests.support.program import START_S, run
from tests.support.report_shape import check_shape

if TYPE_CHECKING:
    from pathlib import Path

COMPARED = ("--offscreen", "--compare", *SHORT[:2], "--param", "seconds=0.1", "--tasks", "9", "--workers", "9")


def colours(picture: QImage) -> int:
    """How many different colours a picture has, looking at every 3rd pixel."""
    return len(
        {picture.pixel(x, y) for x in range(0, picture.width(), 3) for y in range(0, picture.height(), 3)}
    )


def test_the_picture_is_of_the_real_window_and_the_log_says_when_it_was_shown(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "window.png"
    arguments = ["--offscreen", "--workload", "download", "--tasks", "8", "--workers", "8"]
    ended = run([*arguments, "--screenshot", str(file), "--log-level", "info"], environment)
    assert ended.code == 0
    assert {line.split()[1] for line in ended.err.splitlines()} == {"INFO"}
    (shown,) = (line for line in ended.err.splitlines() if "INFO window shown in" in line)
    assert 0.05 < float(shown.split()[-2]) < START_S
    assert "INFO page Gallery made in" in ended.err
    assert "INFO run ended: download on thread_pool, 8 done, 0 failed, 0 cancelled in" in ended.err
    assert ended.out.startswith("8 tasks done in ")
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (1280, 800)
    assert colours(picture) > 500  # pictures are in the gallery; an empty window has some 100
    assert not list((tmp_path / "home" / "config").rglob("*.conf"))  # what a script asks for is not remembered


def test_a_comparison_says_which_one_froze_and_judges_the_runner(
    environment: dict[str, str], tmp_path: Path
) -> None:
    file, shot = tmp_path / "report.json", tmp_path / "window.png"
    files = ["--report", str(file), "--screenshot", str(shot)]
    ended = run([*COMPARED, *files, "--budget", "lag_max<700"], environment)
    assert ended.code == 0
    assert ended.err.startswith("kept: lag_max is ")
    assert len(ended.err.splitlines()) == 1
    report = json.loads(file.read_text())
    assert list(report) == ["runs", "verdict"]
    blocking, other = report["runs"]
    assert other.pop("budget")[0]["kept"] is True
    check_shape(blocking)
    check_shape(other)
    assert blocking["gui"]["freezes"] == 1
    assert blocking["gui"]["longest_freeze_s"] > 0.85
    assert other["gui"]["beats"] > 0
    assert other["gui"]["lag_ms"]["max"] < 700
    assert ended.out.strip() == report["verdict"]
    assert "frozen for" in report["verdict"]
    assert shot.is_file()


def test_a_budget_of_the_window_decides_the_exit_code(environment: dict[str, str]) -> None:
    frozen = ["--offscreen", "--blocking", *SHORT[:2], "--param", "seconds=0.1", "--tasks", "9", "--json"]
    ended = run([*frozen, "--budget", "freezes=0, failed=0"], environment)
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "missed: freezes is 1, the budget says = 0",
        "kept: failed is 0, the budget says = 0",
    ]
    report = json.loads(ended.out)
    assert [each["kept"] for each in report["budget"]] == [False, True]
    assert report["gui"]["freezes"] == report["budget"][0]["measured"] == 1
